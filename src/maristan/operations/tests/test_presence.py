"""What is announced reads as there only where a full verification of the build looked for all of it and missed none."""

from datetime import UTC, datetime
from typing import Any

import pytest

from maristan.config import capabilities
from maristan.operations.rules import catalogue, installed, running, served
from maristan.operations.rules.findings import FAILURES, finding
from maristan.operations.rules.presence import MISSED, SCHEMA, UNTOLD, Look, told

WEEKS: dict[str, Any] = {
    "id": "timetable.weeks", "title": "Weeks", "since": "1.0.0", "tables": ["timetable_week"],
    "constraints": ["timetable_cell.once"], "endpoints": ["GET /api/v1/weeks/"], "screens": ["timetable.WeekPage"],
    "jobs": ["timetable.remind"], "permissions": ["week.publish"],
}  # fmt: skip
EVERY_NEED = ["tables", "constraints", "endpoints", "screens", "jobs", "permissions"]
NOTHING: dict[str, list[str]] = {kind: [] for kind in EVERY_NEED}
ROOMS = {**NOTHING, "id": "rooms", "title": "Rooms", "since": "1.0.0", "tables": ["rooms_room"]}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUEUES = {"timetable.remind": "mail"}
# What keeps a release from being verified without taking anything announced from it.
OF_NO_NEED = {
    "dependency_differs", "capability_unknown", "duplicate_migration_number", "models_without_migration",
    "migration_changed", "migration_pending", "migration_unknown", "runtime_role_too_strong", "journal_broken",
    "index_cached", "proxy_route_missing", "security_header_missing", "http_not_redirected", "web_absent",
    "process_older_than_release", "bound_all_interfaces", "debug_server", "insecure_setting", "clock_skew",
}  # fmt: skip


def look(*found: tuple[str, str], is_full: bool = True, has_called: bool = True) -> Look:
    return Look(is_full, has_called, [finding(code, subject).shown() for code, subject in found])


def of_weeks(*looks: Look) -> tuple[str, list[str], list[str]]:
    (row,) = (each for each in told([ROOMS, WEEKS], looks, queues=QUEUES) if each["id"] == WEEKS["id"])
    return row["presence"], [f"{each['code']} {each['subject']}" for each in row["faults"]], row["unchecked"]


def test_what_a_full_verification_missed_nothing_of_is_found() -> None:
    assert of_weeks(look()) == ("found", [], [])


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("table_missing", "timetable_week"),
        ("table_missing", "timetable_cell"),
        ("column_missing", "timetable_week.monday"),
        ("column_differs", "timetable_week.monday"),
        ("constraint_missing", "timetable_cell.once"),
        ("constraint_differs", "timetable_week.once"),
        ("index_missing", "timetable_week.by_day"),
        ("index_invalid", "timetable_week.by_day"),
        ("trigger_missing", "timetable_week.kept"),
        ("rls_missing", "timetable_week"),
        ("rls_not_forced", "timetable_week"),
        ("policy_differs", "timetable_week.own"),
        ("grant_differs", "timetable_week to maristan_app"),
        ("endpoint_missing", "GET /api/v1/weeks/"),
        ("endpoint_error", "GET /api/v1/weeks/"),
        ("screen_missing", "timetable.WeekPage"),
        ("periodic_missing", "timetable.remind"),
        ("queue_unserved", "mail"),
        ("worker_absent", "worker"),
        ("capability_missing", "timetable.weeks"),
    ],
)
def test_what_lacks_a_need_is_not_found_and_names_it(code: str, subject: str) -> None:
    assert of_weeks(look((code, subject))) == ("not_found", [f"{code} {subject}"], [])


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("table_missing", "timetable_weekend"),
        ("column_missing", "timetable_weekend.monday"),
        ("endpoint_missing", "POST /api/v1/weeks/"),
        ("screen_missing", "timetable.Week"),
        ("periodic_missing", "timetable.reminder"),
        ("queue_unserved", "documents"),
        ("capability_missing", "timetable.week"),
        ("bundle_missing", "assets/logo.svg"),
        ("manifest_altered", "timetable/week.typ"),
        ("clock_skew", "host and database"),
        ("table_unexpected", "timetable_week"),
    ],
)
def test_what_is_missed_elsewhere_takes_nothing_away(code: str, subject: str) -> None:
    assert of_weeks(look((code, subject))) == ("found", [], [])


@pytest.mark.parametrize(
    ("code", "subject", "unchecked"),
    [
        ("web_unreachable", "/", ["endpoints", "screens"]),
        ("build_mismatch", "/", ["endpoints", "screens"]),
        ("endpoint_missing", SCHEMA, ["endpoints"]),
        ("not_checked", "GET /api/v1/weeks/", ["endpoints"]),
        ("bundle_stale", "/", ["screens"]),
        ("bundle_differs", "index.html", ["screens"]),
        ("bundle_missing", "assets/a.js", ["screens"]),
        ("bundle_served_as_html", "assets/a.mjs", ["screens"]),
        ("worker_build_differs", "worker h:2", ["jobs"]),
        ("process_code_stale", "web h:1", ["endpoints", "jobs", "permissions"]),
        ("manifest_altered", "timetable/jobs.py", ["jobs", "permissions"]),
        ("database_unreachable", "database", ["tables", "constraints", "jobs"]),
    ],
)
def test_where_nobody_can_tell_nothing_is_claimed(code: str, subject: str, unchecked: list[str]) -> None:
    assert of_weeks(look((code, subject))) == ("not_checked", [], unchecked)


def test_another_endpoint_that_was_not_called_says_nothing() -> None:
    assert of_weeks(look(("not_checked", "GET /api/v1/rooms/"))) == ("found", [], [])


def test_before_a_full_verification_nothing_is_found_and_what_is_missed_is_named() -> None:
    assert of_weeks() == ("not_checked", [], EVERY_NEED)
    assert of_weeks(look(is_full=False, has_called=False)) == ("not_checked", [], EVERY_NEED)
    gone = look(("table_missing", "timetable_week"), is_full=False, has_called=False)
    assert of_weeks(gone) == ("not_found", ["table_missing timetable_week"], EVERY_NEED)


def test_what_is_served_counts_only_where_a_server_was_called() -> None:
    assert of_weeks(look(has_called=False)) == ("not_checked", [], ["endpoints", "screens"])
    assert of_weeks(look(has_called=False), look()) == ("found", [], [])
    (rooms,) = told([ROOMS], [look(has_called=False)], queues={})
    assert rooms["presence"] == "found"


def test_a_quick_one_takes_away_what_a_full_one_had_found() -> None:
    later = look(("rls_missing", "timetable_week"), is_full=False, has_called=False)
    assert of_weeks(later, look()) == ("not_found", ["rls_missing timetable_week"], [])


def test_what_somebody_answers_for_is_missed_all_the_same() -> None:
    answered = {
        **finding("screen_missing", "timetable.WeekPage").shown(),
        "severity": "warn",
        "accepted_reason": "later",
    }
    assert of_weeks(Look(True, True, [answered]))[0] == "not_found"


def test_where_nothing_is_named_nothing_can_be_found() -> None:
    (row,) = told([{**ROOMS, "tables": []}], [look()], queues={})
    assert row == {
        "id": "rooms", "title": "Rooms", "since": "1.0.0", "presence": "not_checked", "faults": [], "unchecked": [],
    }  # fmt: skip


def test_the_worst_comes_first() -> None:
    named = [{**ROOMS, "id": name, "tables": [table]} for name, table in (("a", "x"), ("b", "gone"), ("c", "y"))]
    bare = {**ROOMS, "id": "d", "tables": []}
    rows = told([bare, *reversed(named)], [look(("table_missing", "gone"))], queues={})
    assert [(each["id"], each["presence"]) for each in rows] == [
        ("b", "not_found"), ("d", "not_checked"), ("a", "found"), ("c", "found"),
    ]  # fmt: skip


def test_every_failure_has_its_place() -> None:
    places = [{*MISSED}, {*UNTOLD}, OF_NO_NEED]
    assert set.union(*places) == FAILURES
    assert sum(map(len, places)) == len(FAILURES)


def test_findings_name_needs_as_capabilities_do() -> None:
    endpoint = {"method": "GET", "path": "/api/v1/weeks/", "permission": ""}
    promised = {
        "endpoints": [endpoint],
        "public": [],
        "bundle": {"entry": "", "files": [], "screens": WEEKS["screens"]},
    }
    served_badly = served.web(promised, lambda path: served.Reply(200), build_id="a" * 12, schema=set())
    every = [
        *catalogue.compare({"timetable_week": {}}, catalogue.Catalogue({}, None), pending_apps=()),
        *running.periodics(WEEKS["jobs"], [], []),
        *running.processes([], running.Wanted("a" * 12, ["mail"])),
        *running.processes([running.Running("worker", "h", 2, "", "", NOW)], running.Wanted("", ["mail"])),
        *installed.capabilities([WEEKS["id"]], [WEEKS], {"jobs": ()}),
        *served_badly,
    ]
    wanted = {
        "table_missing", "periodic_missing", "worker_absent", "queue_unserved", "capability_missing",
        "endpoint_missing", "screen_missing",
    }  # fmt: skip
    assert {each.code for each in every if of_weeks(Look(True, True, [each.shown()]))[0] == "not_found"} == wanted


def test_every_need_of_the_product_is_missed_by_the_finding_that_names_it() -> None:
    naming = {
        "tables": "table_missing", "constraints": "constraint_missing", "endpoints": "endpoint_missing",
        "screens": "screen_missing",
    }  # fmt: skip
    for each in capabilities.read():
        for kind, code in naming.items():
            for need in each[kind]:
                (row,) = told([each], [look((code, need))], queues={})
                assert (need, row["presence"]) == (need, "not_found")
