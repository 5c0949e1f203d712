"""Excuses: approved leave excuses who was unmarked or absent, and gives back what it set when it is withdrawn (A9)."""

from datetime import timedelta
from typing import Any

import pytest

from maristan.attendance.actions import excuses, rosters
from maristan.attendance.actions import registers as register_actions
from maristan.attendance.models import Correction, Excuse, MarkChange
from maristan.attendance.rules.excuses import Effect, ExcusableLine, effects
from maristan.attendance.rules.states import Mark, RegisterStatus, Source
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import BEFORE, DURING, MONDAY, Client, directory, local, run_jobs
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine

LEAVES = "/api/v1/directory/leaves/"
OPEN, LOCKED = RegisterStatus.OPEN, RegisterStatus.LOCKED
START, END = local(MONDAY, "10:00"), local(MONDAY, "11:00")


def approved(person: int, first: str = "2026-03-09", last: str = "2026-03-09", kind: str = "medical") -> int:
    """Leave that a registrar entered and another approved."""
    ruth, rita = (Client(directory.member(name, "registrar")) for name in ("Ruth", "Rita"))
    body = {"person": person, "kind": kind, "start_date": first, "end_date": last}
    made = ruth.post(LEAVES, body)
    assert made.status == 201, made.json
    answer = rita.post(f"{LEAVES}{made.json['id']}/moves/approve/", {"reason": "Get well"})
    assert answer.status == 200, answer.json
    run_jobs()
    return int(made.json["id"])


def cancel(leave: int) -> None:
    """A registrar cancels leave."""
    answer = Client(directory.member("Rana", "registrar")).post(f"{LEAVES}{leave}/moves/cancel/", {"reason": "Is back"})
    assert answer.status == 200, answer.json
    run_jobs()


def status(of: make.Class, number: str) -> tuple[str | None, str]:
    """Mark and source of a line."""
    line = make.lines(of.session)[number]
    return line.status, line.source


@pytest.mark.django_db
def test_approved_leave_excuses_the_unmarked_and_the_absent_and_never_who_came() -> None:
    of = make.a_class(4)
    with clock.stopped_at(DURING):
        marks = [{"reg_no": "MB-001", "status": "absent"}, {"reg_no": "MB-002", "status": "present"}]
        assert make.mark(of.khan, of, *marks).status == 200
        for student in of.students:
            approved(student.person_id)
        assert [status(of, each) for each in ("MB-001", "MB-002", "MB-003")] == [
            ("excused", "excuse"), ("present", "live"), ("excused", "excuse"),
        ]  # fmt: skip
        shown = {line["reg_no"]: line for line in make.register(of.khan, of)["lines"]}
    assert shown["MB-001"]["excuse"]["reason"] == "medical"
    assert MarkChange.objects.filter(source="excuse").count() == 2


@pytest.mark.django_db
def test_withdrawn_leave_gives_back_the_earlier_marks() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        make.register(of.khan, of)
        unmarked = approved(of.students[1].person_id)
        assert status(of, "MB-002") == ("excused", "excuse")
        cancel(unmarked)
        assert status(of, "MB-002") == (None, "")
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "absent"})
        cancel(approved(of.students[0].person_id))
    assert status(of, "MB-001")[0] == "absent"
    assert Excuse.objects.count() == 0


@pytest.mark.django_db
def test_leave_that_ends_earlier_gives_back_the_days_after_and_keeps_the_others() -> None:
    of = make.a_class()
    later = make.session(of.school, MONDAY + timedelta(days=2))
    with clock.stopped_at(BEFORE):
        rosters.settle(ids=[of.session.pk, later.pk], by=platform(of.session.institution_id))
        leave = approved(of.students[0].person_id, first="2026-03-08", last="2026-03-12")
        assert [make.lines(each)["MB-001"].status for each in (of.session, later)] == ["excused", "excused"]
        ruth = Client(directory.member("Rosa", "registrar"))
        ended = ruth.post(f"{LEAVES}{leave}/moves/end/", {"date": "2026-03-09", "reason": "Is well again"})
        assert ended.status == 200, ended.json
        run_jobs()
        assert [make.lines(each)["MB-001"].status for each in (of.session, later)] == ["excused", None]
        filed = JournalLine.objects.filter(kind="excuse.filed")
        assert (filed.count(), Excuse.objects.get().ends_at) == (2, local(MONDAY + timedelta(days=1), "00:00"))
        line = JournalLine.objects.get(kind="leave.ended")
        excuses.follow_leave(line_id=line.pk, by=platform(of.session.institution_id))
        assert filed.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "last"), [("absence", "2026-03-09"), ("medical", "2026-03-08")])
def test_absence_excuses_nobody_nor_leave_of_other_days(kind: str, last: str) -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        make.register(of.khan, of)
        approved(of.students[0].person_id, first="2026-03-07", last=last, kind=kind)
    assert status(of, "MB-001") == (None, "")


@pytest.mark.django_db
def test_leave_known_before_the_roster_is_fixed_excuses_in_it_too_and_the_session_may_still_be_deleted() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        approved(of.students[0].person_id)
        make.register(of.khan, of)
        assert status(of, "MB-001") == ("excused", "excuse")
        assert of.alice.delete(f"/api/v1/timetable/sessions/{of.session.pk}/").status == 204


@pytest.mark.django_db
def test_in_a_locked_register_leave_asks_for_a_correction() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="absent")
        make.move(of.khan, of, "submit")
    with clock.stopped_at(local(MONDAY + timedelta(days=9), "08:00")):
        register_actions.lock_due(by=platform(of.session.institution_id))
        approved(of.students[0].person_id)
        assert status(of, "MB-001")[0] == "absent"
        found = Correction.objects.get()
        assert (found.wanted, found.status) == ("excused", "pending")
        answer = of.alice.post(f"/api/v1/attendance/corrections/{found.pk}/moves/accept/", {})
        assert answer.status == 200, answer.json
    assert status(of, "MB-001") == ("excused", "correction")


def line(**values: Any) -> ExcusableLine:
    """A line of the session of Monday."""
    return ExcusableLine(**{"id": 1, "starts_at": START, "ends_at": END, "register": OPEN, **values})


@pytest.mark.parametrize(
    ("of", "span", "mark"),
    [
        (line(), (END, None), None),
        (line(), (START - timedelta(hours=2), START), None),
        (line(), (END - timedelta(seconds=1), None), Mark.EXCUSED),
        (line(), (START - timedelta(hours=2), START + timedelta(seconds=1)), Mark.EXCUSED),
        (line(status=Mark.LATE), (START, None), None),
        (line(register=RegisterStatus.NOT_HELD), (START, None), None),
    ],
)
def test_touching_ends_do_not_overlap_and_who_came_stays(of: ExcusableLine, span: Any, mark: Mark | None) -> None:
    assert [each.mark for each in effects([of], [span])] == ([mark] if mark else [])


def test_what_no_excuse_covers_any_more_goes_back_or_is_asked_for_where_it_is_locked() -> None:
    excused = {"status": Mark.EXCUSED, "source": Source.EXCUSE}
    was_absent = line(**excused, before=Mark.ABSENT)
    assert effects([was_absent], []) == [Effect(was_absent, Mark.ABSENT)]
    assert effects([line(**excused)], []) == [Effect(line(**excused), None)]
    locked = line(**excused, before=Mark.ABSENT, register=LOCKED)
    assert effects([locked, line(**excused, register=LOCKED)], []) == [Effect(locked, Mark.ABSENT, is_asked=True)]
    assert effects([line(status=Mark.EXCUSED, source=Source.LIVE)], []) == []
