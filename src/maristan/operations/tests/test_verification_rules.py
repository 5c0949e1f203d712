"""Each difference has a name of its own, and where there is none nothing is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maristan.operations.rules import installed, report, running, served
from maristan.operations.rules.figures import Periodic
from maristan.operations.rules.findings import (
    FAILURES,
    WARNINGS,
    Acceptance,
    Finding,
    Severity,
    accepted,
    finding,
    read_acceptance,
    result,
)
from maristan.operations.rules.manifest import digest_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OURS, THEIRS = "a" * 12, "b" * 12
WEB = running.Running("web", "h", 1, OURS, OURS, NOW, ["127.0.0.1:8010"])
WORKER = running.Running("worker", "h", 2, OURS, OURS, NOW, [], ["*"])
WANTED = running.Wanted(OURS, {"default", "operations"}, released_at=NOW - timedelta(hours=1))


def codes(found: list[Finding]) -> list[str]:
    return [each.code for each in found]


def test_sound_processes_are_not_spoken_of() -> None:
    assert running.processes([WEB, WORKER], WANTED) == []


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ([WORKER], ["web_absent"]),
        ([WEB], ["worker_absent"]),
        ([WEB, replace(WORKER, build_id=THEIRS, code_build_id=THEIRS)], ["worker_build_differs"]),
        ([replace(WEB, build_id=THEIRS), WORKER], ["build_mismatch"]),
        ([replace(WEB, code_build_id=THEIRS), WORKER], ["process_code_stale"]),
        ([replace(WEB, started_at=NOW - timedelta(hours=2)), WORKER], ["process_older_than_release"]),
        ([WEB, replace(WORKER, queues=["default"])], ["queue_unserved"]),
        ([replace(WEB, listen=["0.0.0.0:8010"]), WORKER], ["bound_all_interfaces"]),
        ([replace(WEB, listen=["[::]:8010"]), WORKER], ["bound_all_interfaces"]),
        ([replace(WEB, is_debug_server=True), WORKER], ["debug_server"]),
    ],
)
def test_a_fault_of_processes_has_its_name(there: list[running.Running], expected: list[str]) -> None:
    assert codes(running.processes(there, WANTED)) == expected


def test_what_only_a_container_or_a_developer_may_do() -> None:
    wide = [replace(WEB, listen=["0.0.0.0:8010"], is_debug_server=True), WORKER]
    assert running.processes(wide, replace(WANTED, is_container=True, is_development=True)) == []


def test_databases_that_everybody_reaches_are_named() -> None:
    assert running.exposed(["127.0.0.1:5432", "0.0.0.0:8010"]) == []
    (found,) = running.exposed(["0.0.0.0:6379", "127.0.0.1:5432"])
    assert (found.code, found.subject, found.severity) == ("service_exposed", "Redis", Severity.WARN)


def test_what_runs_by_schedule() -> None:
    late = [Periodic(name, NOW - timedelta(hours=1), timedelta(minutes=15)) for name in ("c.d", "a.b")]
    assert running.periodics({"a.b"}, {"a.b"}, []) == []
    (found,) = running.periodics({"a.b"}, {"a.b"}, late)
    assert (found.code, found.subject, found.severity) == ("periodic_overdue", "a.b", Severity.WARN)
    assert (found.expected, found.found) == (
        (NOW - timedelta(minutes=45)).isoformat(), (NOW - timedelta(hours=1)).isoformat(),
    )  # fmt: skip
    assert codes(running.periodics({"a.b"}, set(), [])) == ["periodic_missing"]


SAFE = running.Effective(False, {}, {"SESSION_COOKIE_SECURE": True}, 31_536_000, False, False)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (SAFE, []),
        (replace(SAFE, weak={"DEBUG": "expected false"}), [("insecure_setting", "DEBUG")]),
        (replace(SAFE, switches={"SESSION_COOKIE_SECURE": False}), [("insecure_setting", "SESSION_COOKIE_SECURE")]),
        (replace(SAFE, hsts_seconds=0), [("insecure_setting", "SECURE_HSTS_SECONDS")]),
        (replace(SAFE, legacy_writes=True), [("insecure_setting", "ALLOW_LEGACY_WRITES")]),
        (replace(SAFE, legacy_modules=True), [("legacy_enabled", "ENABLE_LEGACY_MODULES")]),
        (replace(SAFE, is_local=True, hsts_seconds=0, legacy_writes=True), []),
    ],
)
def test_settings(there: running.Effective, expected: list[tuple[str, str]]) -> None:
    assert [(each.code, each.subject) for each in running.settings(there)] == expected


def test_clocks_and_ages() -> None:
    oldest = {"oldest_backup": timedelta(hours=26), "oldest_drill": timedelta(days=8)}
    young = running.Ages(
        NOW, NOW, NOW - timedelta(days=30), NOW - timedelta(hours=25), NOW - timedelta(days=7), **oldest
    )
    assert running.ages(young) == []
    assert codes(running.ages(replace(young, host=NOW + timedelta(seconds=10)))) == ["clock_skew"]
    assert codes(running.ages(replace(young, backup=NOW - timedelta(hours=27)))) == ["backup_old"]
    assert codes(running.ages(replace(young, drill=None))) == ["drill_old"]
    assert codes(running.ages(replace(young, oldest_backup=timedelta(hours=24)))) == ["backup_old"]
    assert codes(running.ages(replace(young, oldest_drill=timedelta(days=6)))) == ["drill_old"]
    assert running.ages(running.Ages(NOW, NOW, NOW - timedelta(hours=1), None, None, **oldest)) == []


def test_what_is_installed() -> None:
    assert installed.files({"a": "1", "b": "2"}, {"a": "1", "b": "2"}) == []
    changed = installed.files({"a": "1", "b": "2"}, {"a": "9", "c": "3"})
    assert [(each.code, each.subject) for each in changed] == [("manifest_altered", each) for each in "abc"]
    assert installed.packages({"django": "5.2"}, {"django": "5.2"}) == []
    assert codes(installed.packages({"django": "5.2"}, {"django": "5.1"})) == ["dependency_differs"]
    assert codes(installed.duplicates({"operations 0009": ["0009_a.py", "0009_b.py"]})) == [
        "duplicate_migration_number"
    ]
    assert codes(installed.unwritten({"operations": ["Add field"]})) == ["models_without_migration"]


def test_a_capability_is_there_with_all_that_it_needs() -> None:
    plan = {"id": "timetable.week_plan", "tables": ["a"], "constraints": [], "endpoints": [], "screens": ["x.Y"],
            "jobs": [], "permissions": []}  # fmt: skip
    there = {"tables": {"a"}, "screens": {"x.Y"}}
    assert installed.capabilities(["timetable.week_plan"], [plan], there) == []
    (unknown,) = installed.capabilities(["timetable.week_plans"], [plan], there)
    assert (unknown.code, unknown.found) == ("capability_unknown", "nearest: timetable.week_plan")
    (missing,) = installed.capabilities(["timetable.week_plan"], [plan], {"tables": set(), "screens": {"x.Y"}})
    assert (missing.code, missing.found) == ("capability_missing", "table a")


CHUNK = b"x.displayName=`a.Page`"
HOME = b'<script src="/assets/a.js"></script>'
SOUND = {
    "content-type": "text/html", "cache-control": "no-cache", "x-maristan-build": OURS, "x-frame-options": "DENY",
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), usb=()",
    "content-security-policy": "default-src 'self'; script-src 'self' https://x.example; object-src 'none'",
}  # fmt: skip
STRICT = {"strict_transport_security": "max-age=31536000; includeSubDomains"}
MANIFEST: dict[str, Any] = {
    "bundle": {
        "entry": "index.html",
        "files": [
            {"path": "index.html", "sha256": digest_of(HOME)},
            {"path": "assets/a.js", "sha256": digest_of(CHUNK)},
        ],
        "screens": ["a.Page"],
    },
    "endpoints": [
        {"method": "GET", "path": "/api/v1/a/", "permission": "a.view"},
        {"method": "GET", "path": "/api/v1/a/{pk}/", "permission": "a.view"},
        {"method": "POST", "path": "/api/v1/a/", "permission": "a.edit"},
    ],
    "public": [
        {"method": "GET", "path": "/api/v1/a/", "reason": "everybody may"},
        {"method": "GET", "path": "/healthz/", "reason": "a probe"},
    ],
}
OF_ENDPOINT = {"x-maristan-build": OURS, "content-type": "application/problem+json"}
SCHEMA = {"GET a/", "GET a/{pk}/", "POST a/"}
OURS_REPLY = served.Reply(404, {"x-maristan-build": OURS})


def site(**changed: served.Reply | None) -> list[tuple[str, str]]:
    pages: dict[str, served.Reply | None] = {
        "/": served.Reply(200, SOUND, HOME),
        "/assets/a.js": served.Reply(200, {"content-type": "text/javascript"}, CHUNK),
        "/api/v1/a/": served.Reply(401, {"x-maristan-build": OURS}),
        "/healthz/": served.Reply(503, {"x-maristan-build": OURS, "content-type": "application/json"}),
        **changed,
    }
    found = served.web(MANIFEST, lambda path: pages.get(path, OURS_REPLY), build_id=OURS, schema=SCHEMA)
    return [(each.code, each.subject) for each in found]


def home(body: bytes = HOME, **headers: str) -> served.Reply:
    said = {**SOUND, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return served.Reply(200, {name: value for name, value in said.items() if value}, body)


PAGE = served.Reply(200, {"content-type": "text/html"}, HOME)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"/": None}, [("web_unreachable", "/")]),
        ({"/": home(x_maristan_build=THEIRS)}, [("build_mismatch", "/")]),
        ({"/": home(cache_control="max-age=60")}, [("index_cached", "/")]),
        ({"/": home(x_frame_options="")}, [("security_header_missing", "x-frame-options")]),
        (
            {"/": home(content_security_policy="default-src *")},
            [("security_header_missing", "content-security-policy")],
        ),
        ({"/": home(b'<script src="/assets/old.js"></script>')}, [("bundle_stale", "/")]),
        ({"/": home(HOME + b" ")}, [("bundle_differs", "index.html")]),
        ({"/media/": served.Reply(404, {})}, [("proxy_route_missing", "/media/")]),
        ({"/assets/a.js": served.Reply(404, {})}, [("bundle_missing", "assets/a.js"), ("screen_missing", "a.Page")]),
        ({"/assets/a.js": PAGE}, [("bundle_served_as_html", "assets/a.js"), ("screen_missing", "a.Page")]),
        (
            {"/assets/a.js": served.Reply(200, {}, CHUNK + b" ")},
            [("bundle_differs", "assets/a.js"), ("screen_missing", "a.Page")],
        ),
        ({"/api/v1/a/": served.Reply(500, {})}, [("endpoint_error", "GET /api/v1/a/")]),
        ({"/api/v1/a/": served.Reply(404, {})}, [("endpoint_missing", "GET /api/v1/a/")]),
        ({"/api/v1/a/": served.Reply(404, OF_ENDPOINT)}, []),
        (
            {"/api/v1/a/": served.Reply(404, {**OF_ENDPOINT, "x-maristan-route": "none"})},
            [("endpoint_missing", "GET /api/v1/a/")],
        ),
        ({"/api/v1/a/": served.Reply(429, {})}, [("not_checked", "GET /api/v1/a/")]),
        ({"/healthz/": PAGE}, [("endpoint_missing", "GET /healthz/")]),
        ({"/healthz/": OURS_REPLY}, [("endpoint_missing", "GET /healthz/")]),
        ({"/healthz/": None}, [("endpoint_missing", "GET /healthz/")]),
    ],
)
def test_a_fault_of_what_is_served_has_its_name(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert site(**changed) == expected


SAFE_COOKIE, UNSAFE_COOKIE = "__Host-csrftoken=x; Path=/; SameSite=Lax; Secure", "csrftoken=x; Path=/; SameSite=Lax"
NO_STRICT = ("security_header_missing", "strict-transport-security")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (STRICT, []),
        ({**STRICT, "set_cookie": SAFE_COOKIE}, []),
        ({}, [NO_STRICT]),
        ({"strict_transport_security": "max-age=3600"}, [NO_STRICT]),
        ({**STRICT, "set_cookie": UNSAFE_COOKIE}, [("insecure_setting", "CSRF_COOKIE_SECURE")]),
        (
            {**STRICT, "set_cookie": f"{SAFE_COOKIE}\nsessionid=insecure; HttpOnly"},
            [("insecure_setting", "SESSION_COOKIE_SECURE")],
        ),
    ],
)
def test_over_tls_the_browser_is_kept_there(headers: dict[str, str], expected: list[tuple[str, str]]) -> None:
    def fetch(path: str) -> served.Reply:
        return home(**headers) if path == "/" else served.Reply(401, {"x-maristan-build": OURS})

    nothing = {"bundle": {"entry": "", "files": [], "screens": []}, "endpoints": [], "public": []}
    found = served.web(nothing, fetch, build_id=OURS, schema=set(), is_public=True)
    assert [(each.code, each.subject) for each in found] == expected
    assert served.web(nothing, fetch, build_id=OURS, schema=set()) == []


def test_endpoints_are_held_against_what_the_server_names() -> None:
    def ask(schema: set[str] | None) -> list[str]:
        found = served.endpoints(MANIFEST["endpoints"], schema, lambda _: served.Reply(401))
        return [f"{each.code} {each.subject}" for each in found]

    assert ask(SCHEMA) == []
    assert ask(SCHEMA - {"POST a/"}) == ["endpoint_missing POST /api/v1/a/"]
    assert ask(SCHEMA | {"GET b/"}) == ["endpoint_unexpected GET b/"]
    assert ask(None) == ["endpoint_missing /api/schema/"]


def test_somebody_answers_for_a_finding() -> None:
    given = read_acceptance("clock_skew:host and database=The clock is set at noon.")
    assert given == Acceptance("clock_skew", "host and database", "The clock is set at noon.")
    found = accepted([finding("clock_skew", "host and database"), finding("web_absent", "web")], [given])
    assert [(each.severity, each.accepted_reason) for each in found] == [
        (Severity.WARN, "The clock is set at noon."),
        (Severity.FAIL, ""),
    ]
    for wrong in ("clock_skew", "clock_skew:x", "clock_skew:x= ", "unheard:x=y"):
        with pytest.raises(ValueError):
            read_acceptance(wrong)


def test_findings_mean_one_of_three_things() -> None:
    assert result([]) == "verified"
    assert result([finding("backup_old", "x")]) == "verified_with_warnings"
    assert result([finding("backup_old", "x"), finding("table_missing", "y")]) == "not_verified"
    assert not WARNINGS & FAILURES
    with pytest.raises(KeyError):
        finding("unheard", "x")


def test_the_report_has_its_headings_in_order() -> None:
    said: dict[str, Any] = {
        "build_id": OURS, "version": "1", "at": NOW, "environment": "test", "host": "h", "base_url": "",
        "scope": "full", "result": "not_verified", "findings": [finding("table_missing", "a_b", hint="x").shown()],
        "checked": {}, "processes": [], "contents": {"tables": 1}, "expected": {"a.b": ["t: present"]},
        "command": "maristan release verify",
    }  # fmt: skip
    text = report.markdown(said)
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(report.HEADINGS)
    assert "- fail `table_missing` a_b; hint: x" in text
    assert text.endswith("- NOT VERIFIED\n")


def test_the_word_of_the_moment_is_no_difference() -> None:
    built = b'<style nonce="__CSP_NONCE__"></style>'
    digests = {"index.html": digest_of(built)}
    assert list(served._entry("index.html", digests, home(built.replace(b"__CSP_NONCE__", b"Zm9v")))) == []
    assert codes(list(served._entry("index.html", digests, home(b"<p>")))) == ["bundle_differs"]
