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
    joined,
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


def test_a_finding_names_the_process_and_what_only_workers_serve() -> None:
    (found,) = running.processes([replace(WEB, build_id=THEIRS), WORKER], WANTED)
    assert (found.subject, found.expected, found.found) == ("web h:1", OURS, THEIRS)
    idle = running.processes([replace(WEB, queues=["*"]), replace(WORKER, queues=[])], WANTED)
    assert [(each.code, each.subject) for each in idle] == [("queue_unserved", each) for each in sorted(WANTED.queues)]
    assert running.processes([WEB, WORKER], replace(WANTED, released_at=NOW)) == []
    assert running.processes([WEB, WORKER], replace(WANTED, released_at=None)) == []


def test_what_only_a_container_or_a_developer_may_do() -> None:
    wide = [replace(WEB, listen=["0.0.0.0:8010"], is_debug_server=True), WORKER]
    assert running.processes(wide, replace(WANTED, is_container=True, is_development=True)) == []


def test_databases_that_everybody_reaches_are_named() -> None:
    assert running.exposed(["127.0.0.1:5432", "0.0.0.0:8010"]) == []
    (found,) = running.exposed(["0.0.0.0:6379", "127.0.0.1:5432"])
    assert (found.code, found.subject, found.severity) == ("service_exposed", "Redis", Severity.WARN)
    wide = running.exposed(["[::]:6432", "0.0.0.0:5432"])
    assert [(each.subject, each.found) for each in wide] == [
        ("PostgreSQL", "0.0.0.0:5432"), ("PgBouncer", "[::]:6432"),
    ]  # fmt: skip


def test_what_runs_by_schedule() -> None:
    late = [Periodic(name, NOW - timedelta(hours=1), timedelta(minutes=15)) for name in ("c.d", "a.b")]
    assert running.periodics({"a.b"}, {"a.b"}, []) == []
    (found,) = running.periodics({"a.b"}, {"a.b"}, late)
    assert (found.code, found.subject, found.severity) == ("periodic_overdue", "a.b", Severity.WARN)
    assert (found.expected, found.found) == (
        (NOW - timedelta(minutes=45)).isoformat(), (NOW - timedelta(hours=1)).isoformat(),
    )  # fmt: skip
    assert codes(running.periodics({"a.b"}, set(), [])) == ["periodic_missing"]
    gone = running.periodics({"a.b", "c.d", "e.f", "g.h"}, {"g.h"}, late)
    assert [(each.code, each.subject) for each in gone] == [
        ("periodic_missing", "a.b"), ("periodic_missing", "c.d"), ("periodic_missing", "e.f"),
        ("periodic_overdue", "a.b"), ("periodic_overdue", "c.d"),
    ]  # fmt: skip


SAFE = running.Effective(False, {}, {"SESSION_COOKIE_SECURE": True}, 31_536_000, False, False)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (SAFE, []),
        (replace(SAFE, weak={"DEBUG": "expected false"}), [("insecure_setting", "DEBUG")]),
        (
            replace(SAFE, weak={"Z": "", "A": ""}, switches={"Y": False, "X": True, "B": False}),
            [("insecure_setting", name) for name in "AZBY"],
        ),
        (replace(SAFE, switches={"SESSION_COOKIE_SECURE": False}), [("insecure_setting", "SESSION_COOKIE_SECURE")]),
        (replace(SAFE, hsts_seconds=31_535_999), [("insecure_setting", "SECURE_HSTS_SECONDS")]),
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
    due = replace(young, backup=NOW - timedelta(hours=26), drill=NOW - timedelta(days=8))
    assert running.ages(replace(due, host=NOW - timedelta(seconds=5))) == []
    assert codes(running.ages(replace(young, host=NOW - timedelta(seconds=5.1)))) == ["clock_skew"]
    assert codes(running.ages(replace(young, host=NOW + timedelta(seconds=10)))) == ["clock_skew"]
    old, none = running.ages(replace(young, backup=NOW - timedelta(hours=26.1), drill=None))
    assert (old.found, none.found) == ((NOW - timedelta(hours=26.1)).isoformat(), "none")
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


@pytest.mark.parametrize(
    "path", ["/api/health/", "/accounts/login/", "/media/", "/static/", "/_allauth/browser/v1/config"]
)
def test_each_part_of_the_product_is_reached_through_the_proxy(path: str) -> None:
    for reply in (None, served.Reply(200, {})):
        assert site(**{path: reply}) == [("proxy_route_missing", path)]


@pytest.mark.parametrize(
    "name",
    ["x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy",
     "permissions-policy", "content-security-policy"],
)  # fmt: skip
def test_each_header_of_the_page_is_missed(name: str) -> None:
    said = {each: value for each, value in SOUND.items() if each != name}
    assert site(**{"/": served.Reply(200, said, HOME)}) == [("security_header_missing", name)]


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
        ({"/api/v1/a/": served.Reply(503, {"x-maristan-build": OURS})}, [("endpoint_error", "GET /api/v1/a/")]),
        ({"/api/v1/a/": None}, [("endpoint_missing", "GET /api/v1/a/")]),
        (
            {"/api/v1/a/": served.Reply(404, {"content-type": "application/problem+json"})},
            [("endpoint_missing", "GET /api/v1/a/")],
        ),
        (
            {"/api/v1/a/": served.Reply(404, {"x-maristan-build": OURS, "content-type": "text/html"})},
            [("endpoint_missing", "GET /api/v1/a/")],
        ),
        ({"/api/v1/a/": served.Reply(499, {})}, []),
        ({"/": home(cache_control="no-store")}, []),
        ({"/": home(b"<script src=/assets/z.js></script><link href=/assets/old.css>")}, [("bundle_stale", "/")]),
        ({"/assets/a.js": None}, [("bundle_missing", "assets/a.js"), ("screen_missing", "a.Page")]),
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


def test_what_was_found_instead_is_said() -> None:
    given: dict[str, served.Reply | None] = {
        "/": home(cache_control="max-age=60"), "/static/": None, "/media/": served.Reply(404, {}),
        "/assets/a.js": served.Reply(410, {}), "/assets/b.js": None, "/api/v1/a/": served.Reply(404, {}),
        "/api/v1/b/": None, "/healthz/": None, "/livez/": served.Reply(200, {"content-type": "text/html"}),
    }  # fmt: skip
    files = [{"path": "assets/b.js", "sha256": digest_of(b"")}, *MANIFEST["bundle"]["files"]]
    manifest = {
        "bundle": {**MANIFEST["bundle"], "files": files, "screens": []},
        "endpoints": [{"method": "GET", "path": f"/api/v1/{name}/", "permission": ""} for name in "ab"],
        "public": [{"method": "GET", "path": path, "reason": ""} for path in ("/healthz/", "/livez/")],
    }
    found = served.web(
        manifest,
        lambda path: given.get(path, OURS_REPLY),
        build_id=OURS,
        schema={"GET a/", "GET b/", "GET d/", "GET c/"},
    )
    assert [(each.code, each.subject, each.found) for each in found] == [
        ("index_cached", "/", "max-age=60"),
        ("proxy_route_missing", "/media/", "404 of somebody else"), ("proxy_route_missing", "/static/", "none"),
        ("bundle_missing", "assets/a.js", "410"), ("bundle_missing", "assets/b.js", "no answer"),
        ("endpoint_missing", "GET /api/v1/a/", "404"), ("endpoint_missing", "GET /api/v1/b/", "none"),
        ("endpoint_unexpected", "GET c/", ""), ("endpoint_unexpected", "GET d/", ""),
        ("endpoint_missing", "GET /healthz/", "none"), ("endpoint_missing", "GET /livez/", "200 text/html"),
    ]  # fmt: skip
    (stale,) = served._entry("index.html", {}, home(b"<script src=/assets/z.js></script><link href=/assets/b.css>"))
    assert stale.found == "assets/b.css, assets/z.js"
    (uncached,) = served._home(MANIFEST, home(cache_control=""), OURS)
    assert uncached.found == "no Cache-Control"


def test_a_screen_is_read_in_programs_alone_whatever_their_quotes() -> None:
    bodies = {"assets/z.mjs": b'"a.Page"', "assets/b.css": b'"a.Sheet"', "frame.html": b"`a.Frame`"}
    bundle = {
        "entry": "", "files": [{"path": path, "sha256": digest_of(body)} for path, body in bodies.items()],
        "screens": ["a.Page", "a.Sheet", "a.Frame"],
    }  # fmt: skip
    replies = {f"/{path}": served.Reply(200, {"content-type": "text/html"}, body) for path, body in bodies.items()}
    replies["/assets/z.mjs"] = served.Reply(200, {}, bodies["assets/z.mjs"])
    found = list(served._bundle(bundle, home(), replies.get))
    assert [(each.code, each.subject) for each in found] == [
        ("bundle_served_as_html", "assets/b.css"), ("screen_missing", "a.Sheet"), ("screen_missing", "a.Frame"),
    ]  # fmt: skip


SAFE_COOKIE, UNSAFE_COOKIE = "__Host-csrftoken=x; Path=/; SameSite=Lax; Secure", "csrftoken=x; Path=/; SameSite=Lax"
NO_STRICT = ("security_header_missing", "strict-transport-security")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (STRICT, []),
        ({**STRICT, "set_cookie": SAFE_COOKIE}, []),
        ({}, [NO_STRICT]),
        ({"strict_transport_security": "max-age=31535999"}, [NO_STRICT]),
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
    for wrong in ("clock_skew", "clock_skew:x", "clock_skew:x= ", "clock_skew:=x", ":x=y", "unheard:x=y"):
        with pytest.raises(ValueError):
            read_acceptance(wrong)


def test_of_two_reasons_for_one_finding_the_later_counts() -> None:
    one, other = Acceptance("clock_skew", "h", "First."), Acceptance("backup_old", "h", "Second.")
    third, later = Acceptance("clock_skew", "i", "Third."), Acceptance("clock_skew", "h", "Later.")
    assert joined([one, other], [third, later]) == [later, other, third]


def test_findings_mean_one_of_three_things() -> None:
    assert result([]) == "verified"
    assert result([finding("backup_old", "x")]) == "verified_with_warnings"
    assert result([finding("backup_old", "x"), finding("table_missing", "y")]) == "not_verified"
    assert not WARNINGS & FAILURES
    with pytest.raises(KeyError):
        finding("unheard", "x")


SAID: dict[str, Any] = {
    "build_id": OURS, "version": "1", "at": NOW, "environment": "test", "host": "h", "base_url": "",
    "scope": "full", "result": "not_verified", "checked": {}, "processes": ["web h:1"], "contents": {"tables": 1},
    "findings": [
        finding("table_missing", "a_b", expected="the table", found="no such table", hint="x").shown(),
        {**finding("backup_old", "y").shown(), "accepted_reason": "The disk is new."},
    ],
    "expected": {"a.b": ["t: present"]}, "command": "maristan release verify",
}  # fmt: skip


def sections(text: str) -> dict[str, list[str]]:
    """The lines of a report by their heading, in its order."""
    parts = (part.splitlines() for part in text.split("\n\n## ")[1:])
    return {heading: lines for heading, _, *lines in parts}


def test_the_report_has_its_headings_in_order() -> None:
    text = report.markdown(SAID)
    assert text.startswith(f"# Verification of build {OURS}\n\n## Environment\n\n")
    assert sections(text) == {
        "Environment": ["- environment: test", f"- at: {NOW}", "- base_url: none", "- scope: full", "- host: h"],
        "Backup": ["- not checked"],
        "Release contents": ["- tables: 1", "- expected `a.b`:", "-   t: present"],
        "Build and dependencies": [f"- build {OURS} version 1", "- not checked"],
        "Migrations": ["- not checked"],
        "Schema": ["- not checked", "- journal: not checked"],
        "Processes and ports": ["- not checked", "- web h:1"],
        "Smoke tests": ["- web: not checked", "- smoke: not run by this command"],
        "Findings": [
            "- fail `table_missing` a_b; expected: the table; found: no such table; hint: x",
            "- warn `backup_old` y; accepted: The disk is new.",
        ],
        "Commands executed": ["- `maristan release verify`"],
        "Result": ["- NOT VERIFIED"],
    }
    assert list(sections(text)) == [
        "Environment", "Backup", "Release contents", "Build and dependencies", "Migrations", "Schema",
        "Processes and ports", "Smoke tests", "Findings", "Commands executed", "Result",
    ]  # fmt: skip


def test_the_report_says_what_was_looked_at_and_what_a_deployment_adds() -> None:
    looked = {"backup": "b", "code": "c", "database": "d", "journal": "j", "processes": "p", "web": "w"}
    more = {"Backup": ["set x"], "Result": ["next"]}
    said = {**SAID, "findings": [], "result": "verified", "checked": looked, "more": more, "smoke": "12 roles"}
    text = report.markdown({**said, "title": "Deployment"})
    assert text.startswith("# Deployment\n")
    found = sections(text)
    assert (found["Backup"], found["Build and dependencies"][1:]) == (["- b", "- set x"], ["- c"])
    assert (found["Migrations"], found["Schema"]) == (["- d"], ["- d", "- journal: j"])
    assert (found["Processes and ports"][0], found["Smoke tests"]) == ("- p", ["- web: w", "- smoke: 12 roles"])
    assert (found["Findings"], found["Result"]) == (["- none"], ["- VERIFIED", "- next"])
    warned = report.markdown({**SAID, "result": "verified_with_warnings"})
    assert sections(warned)["Result"] == ["- VERIFIED WITH WARNINGS"]


def test_the_word_of_the_moment_is_no_difference() -> None:
    built = b'<style nonce="__CSP_NONCE__"></style>'
    digests = {"index.html": digest_of(built)}
    assert list(served._entry("index.html", digests, home(built.replace(b"__CSP_NONCE__", b"Zm9v")))) == []
    assert codes(list(served._entry("index.html", digests, home(b"<p>")))) == ["bundle_differs"]
