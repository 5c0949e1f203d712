"""After a restore nobody is told again what a schedule told since the set was made."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from maristan.comms.actions import announcements, notifications
from maristan.directory.tests import factories as make
from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import platform
from maristan.operations.actions import holding, retelling
from maristan.operations.rules import restoring
from maristan.operations.rules.restoring import moments
from maristan.operations.tests.made_sets import BY, asked, created, ended

LAHORE = "Asia/Karachi"  # five hours ahead of UTC
ANNOUNCED = """INSERT INTO comms_announcement (institution_id, title, body, category, priority, audience, send_email,
  publish_at, status, created_by_name, version, created_at, updated_at)
  SELECT id, 'Water', 'Off at noon.', '', 'normal', '[["institution"]]', true, now() - interval '1 second',
  'scheduled', 'Alice', 1, now(), now() FROM directory_institution"""
FANNED = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'comms.fan_out' AND scheduled_at"


@pytest.mark.parametrize(
    ("now", "since", "expected"),
    [
        ("2026-03-03T09:00", None, ["2026-03-02T21:30", "2026-03-03T09:00"]),
        ("2026-03-03T09:00", "2026-03-02T20:00", ["2026-03-02T21:30", "2026-03-03T09:00"]),
        ("2026-03-03T09:00", "2026-03-02T22:00", ["2026-03-03T09:00"]),
        ("2026-03-02T21:00", "2026-02-01T00:00", ["2026-03-01T21:30", "2026-03-02T21:00"]),
    ],
)
def test_a_schedule_is_taken_up_at_its_own_time_of_the_last_day_and_now(
    now: str, since: str | None, expected: list[str]
) -> None:
    def utc(moment: str) -> datetime:
        return datetime.fromisoformat(moment).replace(tzinfo=UTC)

    found = moments([time(2, 30)], LAHORE, since=utc(since) if since else None, now=utc(now))
    assert found == [utc(each) for each in expected]


def test_what_is_due_at_this_instant_is_taken_up_and_what_the_set_was_made_at_is_not() -> None:
    half_past_two, midnight = (datetime(2026, 3, 2, hour, minute, tzinfo=UTC) for hour, minute in ((21, 30), (18, 59)))
    both = [time(2, 30), time(23, 59)]
    assert moments(both, LAHORE, since=None, now=half_past_two) == [midnight, half_past_two, half_past_two]
    assert moments(both, LAHORE, since=midnight, now=half_past_two) == [half_past_two, half_past_two]


RESTORED: dict[str, Any] = {
    "set": "fmu_20260102_120323", "kind": "drill", "started_at": "then", "seconds": 7, "by": "Olga", "version": "1",
    "build_id": "b", "steps": [{"name": "compare", "detail": ""}, {"name": "look", "detail": "every role"}],
    "tables": 5, "rows": 40, "files": 2, "not_checked": [], "unreadable": None, "outcome": "passed", "fault": "",
    "next": [],
}  # fmt: skip


def test_the_report_of_a_restore_says_what_was_done_compared_and_left_out() -> None:
    assert restoring.markdown(RESTORED) == (
        "# Drill of fmu_20260102_120323\n\n"
        "## Set\n\n- set: fmu_20260102_120323\n- kind: drill\n- started_at: then\n- seconds: 7\n- by: Olga\n"
        "- version: 1\n- build_id: b\n\n"
        "## Steps\n\n- compare: done\n- look: every role\n\n"
        "## Compared\n\n- 5 tables, 40 rows, 2 files\n\n"
        "## Not checked\n\n- nothing was left out\n\n"
        "## Result\n\n- PASSED\n"
    )


def test_the_report_of_a_restore_names_what_does_not_open_and_what_is_to_be_done() -> None:
    lost = restoring.as_listed({"tokens": (3, "make new ones"), "factors": (1, "set up again")})
    assert lost is not None
    text = restoring.markdown({
        **RESTORED, "not_checked": ["smoke"], "unreadable": lost, "outcome": "needs_operator", "fault": "rename",
        "next": ["maristan restore --resume"],
    })  # fmt: skip
    assert text.partition("## Not checked")[2] == (
        "\n\n- smoke\n\n## Secrets\n\n- cannot be decrypted: 3 tokens; make new ones\n"
        "- cannot be decrypted: 1 factors; set up again\n\n"
        "## Result\n\n- OPERATOR NEEDED\n- rename\n- maristan restore --resume\n"
    )
    assert (restoring.as_listed(None), restoring.as_listed({}), restoring.secrets(None)) == (None, [], [])
    assert restoring.secrets([]) == ["all that is encrypted opens with this SECRET_KEY"]
    words = [restoring.markdown({**RESTORED, "outcome": each})[-20:] for each in ("failed", "rolled_back")]
    assert [each.partition("- ")[2].strip() for each in words] == ["FAILED", "PUT BACK"]
    assert restoring.held({"jobs": 3, "mails": 1}) == "3 jobs, 1 mails"


def test_whatever_tells_people_by_schedule_says_so() -> None:
    assert {name: list(each.times) for name, each in jobs.telling_jobs.items()} == {
        "academics.settle_obligations": [time(1, 30)],
        "academics.settle_placements": [],
        "academics.tell_materials": [],
        "assessment.publish_due": [],
        "assessment.remind_marks": [time(23, 59)],
        "attendance.chase_registers": [time(23, 59)],
        "attendance.warn_at_risk": [time(2, 30)],
        "comms.publish_announcements": [],
        "timetable.join_groups": [],
        "timetable.remind_of_weeks": [],
    }


def test_what_was_sent_since_the_set_is_held_and_not_sent_again(place: Path, own_database: Any, capsys: Any) -> None:
    own_database(ANNOUNCED)
    name = created(prove=False).row.name
    (here,) = asked("SELECT id FROM directory_institution")
    with tenancy.acting_in(here):
        assert announcements.send_due(by=platform(here)) == 1  # Bob is told, and then the database goes back
    code, said = ended(["restore", name, "--yes", "--no-backup", "--json"], capsys)
    assert code == 0, said
    told = json.loads(said)
    assert told["held"]["jobs"] >= 1
    assert told["not_checked"] == ["smoke: no web process lived when it began"]
    prepared = next(each["detail"] for each in told["steps"] if each["name"] == "preparing")
    assert prepared == f"held: {told['held']['jobs']} jobs, {told['held']['mails']} mails, 0 events"
    with tenancy.acting_in(here):
        assert announcements.send_due(by=platform(here)) == 0
    assert asked("SELECT status FROM comms_announcement") == ["sending"]
    assert asked(f"{FANNED} > {holding.HELD}") == [1]
    connections["default"].settings_dict["OPTIONS"].pop("options", None)
    connections.close_all()
    released = f"{sum(told['held'].values())} jobs, mails and events are released\n"
    assert ended(["jobs", "release", "--restored"], capsys) == (0, released)
    assert asked(f"{FANNED} <= now()") == [1]


def test_schedules_tell_each_institution_alone_and_what_cannot_tell_stops_nothing(
    place: Path, own_database: Any, capsys: Any, monkeypatch: Any
) -> None:
    with transaction.atomic():
        other = make.institution("other").pk
        make.email(make.member("Zara", "student"), "zara@example.edu")
    name = created(prove=False).row.name
    seen: list[tuple[int | None, list[str], datetime]] = []

    def tells() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, name FROM directory_person ORDER BY 2")
            found = dict(cursor.fetchall())
        seen.append((tenancy.current(), [*found.values()], clock.now()))
        message = notifications.Message(
            event="week_plan.reminder", once="once", params={"week_start_date": "2026-03-02", "batches": []}
        )
        notifications.notify(messages=dict.fromkeys(found, message), by=platform(tenancy.current()))

    def fails() -> None:
        raise KeyError("a name of somebody")

    telling = {"a.reminder": jobs.Telling(tells, ()), "a.fault": jobs.Telling(fails, ())}
    monkeypatch.setattr(jobs, "telling_jobs", telling)
    began = clock.now()
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert code == 0, said
    assert [names for _, names, _ in seen] == [["Alice", "Bob"], ["Zara"]]
    assert seen[1][0] == other
    assert all(began <= at <= began + timedelta(minutes=5) for _, _, at in seen)
    assert "a.fault tells again is not held: KeyError at test_retelling.py" in said
    assert "a name of somebody" not in said
    waiting = "SELECT count(*) FROM comms_delivery WHERE channel = 'email' AND settled_at IS NULL AND due_at"
    assert asked(f"{waiting} > {holding.HELD}") == [1]
    assert asked(f"{waiting} <= now()") == [0]


@pytest.mark.django_db
def test_a_set_of_a_release_that_knew_less_is_restored_and_what_is_told_again_is_named(monkeypatch: Any) -> None:
    make.institution()

    def lacks() -> Any:
        raise ProgrammingError("column directory_institution.motto does not exist")

    monkeypatch.setattr(retelling, "institution", lacks)
    found = retelling.take_up(since=None, role="nobody", by=BY)
    assert set(found) == set(jobs.telling_jobs)
    assert set(found.values()) == {"ProgrammingError: column directory_institution.motto does not exist"}
