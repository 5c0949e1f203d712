"""The weekly reminder, and groups that are added to a batch later."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.academics.actions import batches
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic_jobs
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable import jobs
from maristan.timetable.models import Session, SessionAllocation, SessionGroup, WeekPlan
from maristan.timetable.tests import factories as make

pytestmark = pytest.mark.django_db
INBOX = "/api/v1/work/inbox-items/"
NOTIFICATIONS = "/api/v1/comms/notifications/"
THURSDAY_AT_TEN = "2026-03-05T05:00:00+00:00"
THURSDAY_BEFORE = "2026-03-05T04:59:00+00:00"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def reminders(who: Client) -> list[str]:
    run_jobs()
    found = who.get(NOTIFICATIONS).json["results"]
    return [each["title"] for each in found if each["event"] == "week_plan.reminder"]


def waiting(who: Client, kind: str) -> list[str]:
    run_jobs()
    return [each["title"] for each in who.get(INBOX).json["results"] if each["kind"] == kind]


def test_coordinators_are_reminded_of_the_coming_week_from_ten_on_the_day_and_only_once() -> None:
    of = make.school()
    with clock.stopped_at(THURSDAY_BEFORE):
        jobs.remind_of_weeks.func(0)
        assert (reminders(of.alice), waiting(of.alice, "week_not_published")) == ([], [])
    for moment in (THURSDAY_AT_TEN, "2026-03-05T09:15:00+00:00"):
        with clock.stopped_at(moment):
            jobs.remind_of_weeks.func(0)
            assert reminders(of.alice) == ["The week of 9 March is not published yet"]
            assert waiting(of.alice, "week_not_published") == ["The week of 9 March is not published"]
    assert (reminders(of.bob), waiting(of.bob, "week_not_published")) == ([], [])


def test_the_weekday_is_the_institutions_own() -> None:
    of = make.school()
    make.directory.setting("timetable.reminder_weekday", 1)
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert reminders(of.alice) == []
    with clock.stopped_at("2026-03-03T05:00:00+00:00"):
        jobs.remind_of_weeks.func(0)
        assert len(reminders(of.alice)) == 1


@pytest.mark.parametrize("status", ["planned", "closed"])
def test_a_batch_without_an_open_period_is_not_missed(status: str) -> None:
    of = make.school()
    of.period.status = status
    of.period.save(update_fields=["status"])
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert reminders(of.alice) == []


def test_a_published_week_asks_for_nothing_and_a_draft_does() -> None:
    of = make.school()
    make.published(of)
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert reminders(of.alice) == []
        pk = WeekPlan.objects.get().pk
        make.move(of.alice, pk, "revert", reason="Wrong draft")
        jobs.remind_of_weeks.func(0)
        assert len(reminders(of.alice)) == 1


def test_the_week_that_runs_and_the_one_after_next_are_not_the_coming_one() -> None:
    of = make.school()
    for start in ("2026-03-02", "2026-03-16"):
        make.published(of, start=start)
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert reminders(of.alice) == ["The week of 9 March is not published yet"]


def test_a_published_week_of_the_institution_counts_for_every_batch() -> None:
    of = make.school()
    anna = Client(make.directory.member("Anna", "admin"))
    body = {"week_start_date": "2026-03-09", "scope": "institution", "academic_period": of.period.pk}
    pk = anna.post(make.WEEKS, body).json["id"]
    assert make.save(anna, pk, make.lesson(of), rows=[make.times()]).status == 200
    assert make.move(anna, pk, "verify").status == 200
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert len(reminders(of.alice)) == 1
    assert make.move(anna, pk, "publish").status == 200
    with clock.stopped_at(THURSDAY_AT_TEN):
        assert waiting(of.alice, "week_not_published") == []
        assert jobs.reminders.remind(by=platform(tenancy.current())) == 0


def test_a_batch_whose_open_period_is_over_by_then_is_not_missed() -> None:
    of = make.school()
    of.period.end_date = "2026-03-08"
    of.period.save(update_fields=["end_date"])
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert (reminders(of.alice), waiting(of.alice, "week_not_published")) == ([], [])


def test_a_reminder_closes_once_the_week_is_published() -> None:
    of = make.school()
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert len(waiting(of.alice, "week_not_published")) == 1
        make.published(of)
        assert waiting(of.alice, "week_not_published") == []


def test_a_reminder_closes_when_its_week_has_begun() -> None:
    of = make.school()
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert len(waiting(of.alice, "week_not_published")) == 1
    with clock.stopped_at("2026-03-09T05:00:00+00:00"):
        jobs.settle_inbox.func(0)
        assert waiting(of.alice, "week_not_published") == []


def test_where_nobody_coordinates_the_administrator_is_reminded() -> None:
    of = make.school()
    anna = Client(make.directory.member("Anna", "admin"))
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert (len(reminders(of.alice)), reminders(anna)) == (1, [])
    make.school("other")
    make.directory.Membership.objects.filter(role="coordinator").delete()
    yusuf = Client(make.directory.member("Yusuf", "admin"))
    with clock.stopped_at(THURSDAY_AT_TEN):
        jobs.remind_of_weeks.func(0)
        assert len(reminders(yusuf)) == 1


def for_all(of: make.School, day: int = 0, **values: Any) -> dict[str, Any]:
    """A lesson of every group."""
    cell = make.lesson(of, day=day, all_groups=True, **values)
    del cell["groups"]
    return cell


def groups_of(session: Session) -> set[int]:
    return set(SessionGroup.objects.filter(session=session).values_list("group_id", flat=True))


def new_group(of: make.School, name: str = "C") -> Any:
    return batches.create_group(values={"batch": of.batch.pk, "name": name}, by=platform(tenancy.current()))


def test_a_group_added_later_joins_sessions_to_come_that_are_for_all_groups() -> None:
    of = make.school()
    make.published(of, for_all(of, day=0), for_all(of, day=2), make.lesson(of, day=3))
    with clock.stopped_at("2026-03-10T05:00:00+00:00"):
        group = new_group(of)
        run_jobs()
    held, to_come, named = Session.objects.order_by("starts_at")
    before = {each.pk for each in of.groups}
    assert groups_of(held) == before
    assert groups_of(to_come) == before | {group.pk}
    assert groups_of(named) == {of.groups[0].pk}
    taken = SessionAllocation.objects.filter(session=to_come, kind="group", resource_id=group.pk)
    assert taken.get().is_live
    line = JournalLine.objects.get(kind="session_occurrence.changed")
    assert (line.subject_kind, line.subject_id) == ("session", str(to_come.pk))
    assert line.changes["groups"] == [sorted(before), sorted(before | {group.pk})]


def test_a_group_that_joined_sees_the_session_in_its_calendar_and_publishing_again_changes_nothing() -> None:
    of = make.school()
    pk = make.published(of, for_all(of))
    group = new_group(of)
    run_jobs()
    omar = make.directory.member("Omar", "student")
    make.academics.student(group, person=omar)
    shown = Client(omar).get("/api/v1/agenda/entries/?start_date=2026-03-09&end_date=2026-03-15").json["results"]
    assert [each["title"] for each in shown] == ["Pathology"]
    delta = make.move(of.alice, pk, "publish").json["delta"]
    assert (delta["updated"], delta["unchanged"]) == (0, 1)


def test_joining_again_changes_nothing_and_leaves_no_line() -> None:
    of = make.school()
    make.published(of, for_all(of))
    new_group(of)
    run_jobs()
    lines, version = JournalLine.objects.count(), Session.objects.get().version
    jobs.join_groups.func(0)
    assert (JournalLine.objects.count(), Session.objects.get().version) == (lines, version)


def test_a_clash_keeps_the_session_as_it_is_and_waits_until_it_is_solved() -> None:
    of = make.school()
    make.published(of, for_all(of, day=0), for_all(of, day=1))
    first, second = Session.objects.order_by("starts_at")
    group = new_group(of)
    busy = {
        "academic_period": of.period.pk, "group": group.pk, "department": of.department.pk, "topic": "Excursion",
        "starts_at": "2026-03-09T08:00:00+05:00", "ends_at": "2026-03-09T09:00:00+05:00",
    }  # fmt: skip
    made = of.alice.post("/api/v1/timetable/sessions/", busy)
    assert made.status == 201, made.json
    run_jobs()
    assert (group.pk in groups_of(first), group.pk in groups_of(second)) == (False, True)
    assert waiting(of.alice, "group_cannot_join") == ["A new group cannot join Pathology"]
    assert of.alice.delete(f"/api/v1/timetable/sessions/{made.json['id']}/").status == 204
    jobs.join_groups.func(0)
    assert group.pk in groups_of(first)
    assert waiting(of.alice, "group_cannot_join") == []


def test_a_draft_takes_a_new_group_only_when_it_is_published() -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, for_all(of), rows=[make.times()])
    group = new_group(of)
    run_jobs()
    assert not Session.objects.exists()
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    assert group.pk in groups_of(Session.objects.get())


def test_every_periodic_job_of_the_timetable_is_known_to_the_operations_screen() -> None:
    assert {name: cron for name, cron in periodic_jobs.items() if name.startswith("timetable.")} == {
        "timetable.settle_inbox": "17 * * * *",
        "timetable.join_groups": "23 * * * *",
        "timetable.remind_of_weeks": "*/15 * * * *",
    }
