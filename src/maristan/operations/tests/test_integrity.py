"""What a check of stored facts says, who may ask for one, and how far it is."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from maristan.directory.tests import factories as make
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotAllowed, NotFound
from maristan.kernel.integrity import Unchecked
from maristan.kernel.journal import lines_of
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.actions import integrity as actions
from maristan.operations.actions import smoke
from maristan.operations.models import IntegrityRun
from maristan.operations.queries import integrity as queries
from maristan.operations.rules import integrity as rules
from maristan.operations.rules.integrity import Check, Found
from maristan.operations.tests import factories as run

INTEGRITY = "/api/v1/operations/integrity/"


def a_check(code: str = "wrong", **values) -> Check:
    return Check(**{"app": "agenda", "code": code, "subject": "entry", "find": lambda by: [], **values})


def test_findings_of_all_institutions_are_one_with_at_most_twenty_samples() -> None:
    wrong, lost = a_check(mend=lambda ids, by: {}), a_check("lost", is_platform=True)
    said = rules.findings(
        [Found(wrong, 1, (7, 8)), Found(lost, None, ("table",)), Found(wrong, 2, tuple(range(30))), Found(wrong, 3, ())]
    )
    assert [(each["code"], each["count"], each["fixable"]) for each in said] == [
        ("lost", 1, False),
        ("wrong", 32, True),
    ]
    assert said[0]["sample_ids"] == ["table"]
    assert (said[1]["sample_ids"][:3], len(said[1]["sample_ids"])) == (["1:7", "1:8", "2:0"], 20)


def test_a_finding_is_of_one_app_and_there_is_none_without_a_row() -> None:
    here, there = a_check(), a_check(app="work", subject="task", mend=lambda by, ids: {})
    assert rules.findings([Found(here, 1, ()), Found(here, None, ())]) == []
    assert rules.findings([Found(there, 1, (3,)), Found(here, 1, (3,)), Found(there, None, (4,))]) == [
        {"code": "wrong", "app": "agenda", "subject": "entry", "count": 1, "sample_ids": ["1:3"], "fixable": False},
        {"code": "wrong", "app": "work", "subject": "task", "count": 2, "sample_ids": ["1:3", "4"], "fixable": True},
    ]


@pytest.mark.parametrize(
    ("promised", "now", "lost"),
    [
        ({"line": 10}, {"line": 9}, ["line"]),  # rows of this table are never removed
        ({"line": 10}, {"line": 10}, []),
        ({"mark": 100}, {"mark": 50}, []),
        ({"mark": 100}, {"mark": 49}, ["mark"]),
        ({"mark": 49}, {"mark": 0}, []),  # so few say nothing
        ({"mark": 50}, {"mark": 24}, ["mark"]),
        ({"mark": 50, "line": 1, "entry": 90}, {"mark": 0, "line": 0, "entry": 0}, ["entry", "line", "mark"]),
        ({"mark": 100}, {}, []),  # the table is not there any more: a matter of the schema
    ],
)
def test_rows_are_lost_when_fewer_are_left_than_the_last_set_has(promised, now, lost) -> None:
    assert rules.lost_rows(promised, now, kept_for_ever={"line"}) == lost


@pytest.fixture
def olga(db, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Olga, and one check that finds what the test wants."""
    make.institution()
    monkeypatch.setattr(queries, "_checks", [a_check(find=lambda by: [3])])
    return Client(run.operator())


def test_an_operator_asks_for_a_check_and_sees_how_far_it_is_and_what_it_found(olga: Client) -> None:
    asked = olga.post(INTEGRITY, {})
    assert (asked.status, asked.json["progress_url"]) == (
        202, f"/api/v1/operations/progress/{asked.json['job_id']}/",
    )  # fmt: skip
    url = asked.json["progress_url"]
    assert olga.get(url).json == {"status": "queued", "percent": 0, "step": "queued", "message": "", "result": None}
    assert "operations.check_integrity" in run_jobs()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'started', now() - interval '1 minute')",
            [asked.json["job_id"]],
        )
    kept = IntegrityRun.objects.get()
    alone = actions.check(app="agenda", by=platform(None, "Olga")).row  # of one app: nobody waits for it
    assert olga.get(f"{url}?wait=1").json == {
        "status": "succeeded", "percent": 100, "step": "checked", "message": "",
        "result": {"run": kept.pk, "result": "findings"},
    }  # fmt: skip
    of_one, shown = olga.get(INTEGRITY).json["results"]
    assert (shown["result"], shown["started_by"], shown["findings"][0]["code"]) == ("findings", "olga", "wrong")
    assert (of_one["id"], of_one["app"], shown["app"]) == (alone.pk, "agenda", "")


def test_every_finding_is_a_line_of_the_file_and_a_sound_run_one_without(olga: Client) -> None:
    found = [
        {"code": "wrong", "app": "agenda", "subject": "entry", "count": 2, "sample_ids": ["1:7", "1:8"],
         "fixable": True},
        {"code": "astray", "app": "work", "subject": "=task", "count": 1, "sample_ids": ["2:3"], "fixable": False},
    ]  # fmt: skip
    now = clock.now()
    IntegrityRun.objects.create(at=now, result="findings", findings=found, not_checked=["rows: no set"], seconds=1.0)
    IntegrityRun.objects.create(at=now - timedelta(days=1), app="work", result="sound", seconds=1.0)
    body = olga.get(f"{INTEGRITY}export/?format=csv").body.decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(body))
    wanted = ("result", "checked_app", "not_checked", "code", "app", "subject", "count", "sample_ids", "fixable")
    assert [[dict(zip(head, line, strict=True))[key] for key in wanted] for line in lines] == [
        ["findings", "", "rows: no set", "wrong", "agenda", "entry", "2", "1:7; 1:8", "true"],
        ["findings", "", "rows: no set", "astray", "work", "'=task", "1", "2:3", "false"],
        ["sound", "work", "", "", "", "", "", "", ""],
    ]
    assert [line[head.index("at")] for line in lines[:2]] == [now.isoformat()] * 2


def test_nobody_of_an_institution_asks_for_checks_or_sees_them(olga: Client) -> None:
    with pytest.raises(NotAllowed):
        actions.ask(by=make.acting_as("admin"))
    for role in ("admin", "auditor"):
        alice = Client(make.member(f"Alice {role}", role))
        for answer in (alice.get(INTEGRITY), alice.post(INTEGRITY, {})):
            assert (answer.status, answer.json["code"]) == (403, "not_allowed")
    assert (IntegrityRun.objects.count(), run_jobs()) == (0, [])


def test_progress_of_work_that_is_none_of_operations_is_not_found(olga: Client) -> None:
    other = run.failed_job("kernel.deliver_line")
    assert olga.get(f"/api/v1/operations/progress/{other}/").status == 404
    failed = run.failed_job("operations.check_integrity")
    assert olga.get(f"/api/v1/operations/progress/{failed}/").json["status"] == "failed"


def test_what_cannot_be_checked_is_said_and_is_no_finding(db, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_to_say(by):
        raise Unchecked("there is no set")

    monkeypatch.setattr(queries, "_checks", [a_check("lost", find=nothing_to_say, is_platform=True)])
    looked = actions.check(by=platform(None, "Olga"))
    assert (looked.row.result, looked.row.not_checked) == ("sound", ["agenda lost: there is no set"])
    [line] = lines_of("integrity", looked.row.pk)
    assert (line.kind, line.changes["not_checked"]) == ("integrity.checked", looked.row.not_checked)
    with pytest.raises(NotFound):
        actions.check(app="nobody", by=platform(None, "Olga"))


@pytest.fixture
def promised(db: None, settings: Any, tmp_path: Path) -> Callable[[Any], None]:
    """Two institutions with three departments and three lines of the journal, one of it the platform's; gives what
    writes the manifest of the only set."""
    settings.BACKUP_DIR, settings.VAR = tmp_path / "sets", tmp_path / "var"
    for code, departments in (("fmu", 2), ("other", 1)):
        here = make.institution(code).pk
        for number in range(departments):
            make.department(f"{code} {number}")
        journal.record("department.created", ("department", 1), by=platform(here), changes={})
    with tenancy.acting_in(None):
        journal.record("backup.started", ("backup", 1), by=platform(None), changes={})

    def written(said: Any) -> None:
        folder = tmp_path / "sets" / "fmu_20260102_120323"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").write_text(said if isinstance(said, str) else json.dumps(said))

    return written


def a_manifest(**rows: int) -> dict[str, Any]:
    tables = {name: {"rows": count, "digest": ""} for name, count in rows.items()}
    return {"name": "fmu_20260102_120323", "created_at": "2026-01-02T12:03:23+00:00", "tables": tables}


LINES = "kernel_journalline"


@pytest.mark.parametrize(
    ("rows", "lost"),
    [
        ({}, []),
        ({LINES: 3}, []),
        ({LINES: 4}, [LINES]),
        ({LINES: 4, "directory_department": 50}, ["directory_department", LINES]),
        ({LINES: 3, "directory_department": 49}, []),
        ({"kernel_user": 1000, "of_tomorrow": 1000}, []),  # no table of institutions, and none at all
    ],
)
def test_rows_of_every_institution_and_of_none_are_counted_against_the_set(
    promised: Callable[[Any], None], rows: dict[str, int], lost: list[str]
) -> None:
    promised(a_manifest(**rows))
    assert sorted(queries.tables_that_lost_rows(by=platform(None))) == lost


def test_lines_of_smoke_tests_count_when_their_institution_has_gone(promised: Callable[[Any], None]) -> None:
    here = make.institution("_smoke")
    journal.record("leave.requested", ("leave", 1), by=platform(here.pk), changes={})
    smoke.keep(steps=[], institution=here.pk, base_url="", seconds=1.0, by=platform(None))
    here.delete()
    promised(a_manifest(**{LINES: 5}))
    assert queries.tables_that_lost_rows(by=platform(None)) == []
    promised(a_manifest(**{LINES: 6}))
    assert queries.tables_that_lost_rows(by=platform(None)) == [LINES]


def restored(at: datetime) -> None:
    with clock.stopped_at(at), tenancy.acting_in(None):
        journal.record("backup.restored", ("backup", "fmu"), by=platform(None), changes={})


def test_without_a_set_of_the_present_that_can_be_read_nothing_is_said_of_rows(promised: Callable[[Any], None]) -> None:
    def why() -> str:
        with pytest.raises(Unchecked) as said:
            queries.tables_that_lost_rows(by=platform(None))
        return str(said.value)

    assert why() == "there is no backup set to compare with"
    for unreadable in ("{half", "[]", {"name": "x"}, {**a_manifest(), "created_at": "yesterday"},
                       {**a_manifest(), "tables": {LINES: {"rows": "many"}}}):  # fmt: skip
        promised(unreadable)
        assert why() == "the manifest of fmu_20260102_120323 cannot be read"
    promised(a_manifest(**{LINES: 4}))
    made = datetime(2026, 1, 2, 12, 3, 23, tzinfo=UTC)
    restored(made - timedelta(seconds=1))
    run.drill(kind="restore")  # it undid itself: the former database has no line of it
    promised(a_manifest(**{LINES: 5}))
    assert queries.tables_that_lost_rows(by=platform(None)) == [LINES]
    restored(made)  # as a restore leaves it before the database serves
    assert why() == "no backup set was made since the last restore"
