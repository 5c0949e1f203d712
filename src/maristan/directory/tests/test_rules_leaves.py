"""Leave is decided by somebody else, and study pauses exactly while it lasts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.directory.rules.leaves import (
    LEAVE,
    LeaveFacts,
    SuspendingLeave,
    counts_toward_graduation,
    end_faults,
    study_switches,
    suspends_study_by_default,
)
from maristan.directory.rules.states import LeaveKind, LeaveStatus, Perm
from maristan.kernel.errors import Invalid, NotAllowed, NotNow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
PENDING, APPROVED, REJECTED, CANCELLED, COMPLETED = LeaveStatus
DAY = timedelta(days=1)
ASKED = LeaveFacts(PENDING, TODAY + DAY, TODAY + 5 * DAY, TODAY)
OF_ANOTHER = replace(ASKED, may_decide=True)
OWN = replace(ASKED, is_own=True, is_requester=True)


class Registrar:
    def may(self, permission: str) -> bool:
        return permission in (Perm.LEAVE_REQUEST, Perm.LEAVE_DECIDE)


class Teacher:
    def may(self, permission: str) -> bool:
        return permission == Perm.LEAVE_REQUEST


def target(facts: LeaveFacts, move: str, actor: Registrar | Teacher, reason: str | None = None) -> str:
    return LEAVE.check(facts, move, actor, NOW, reason=reason)[0].target


def missing(facts: LeaveFacts, move: str, actor: Registrar | Teacher, reason: str | None = None) -> list[str]:
    with pytest.raises(NotNow) as refused:
        target(facts, move, actor, reason)
    return [each["code"] for each in refused.value.extra["missing"]]


def test_a_registrar_decides_the_leave_of_others() -> None:
    assert target(OF_ANOTHER, "approve", Registrar()) == APPROVED
    assert target(OF_ANOTHER, "reject", Registrar(), "No substitute") == REJECTED
    with pytest.raises(Invalid) as refused:
        target(OF_ANOTHER, "reject", Registrar())
    assert refused.value.code == "REASON_REQUIRED"


def test_nobody_decides_their_own() -> None:
    own = replace(OWN, may_decide=True)
    assert missing(own, "approve", Registrar()) == ["own_leave"]
    assert missing(own, "reject", Registrar(), "Because of me") == ["own_leave"]
    assert missing(replace(own, status=APPROVED), "end", Registrar()) == ["own_leave"]


def test_a_teacher_decides_nothing() -> None:
    for move in ("approve", "reject", "end", "complete"):
        with pytest.raises(NotAllowed):
            target(OF_ANOTHER, move, Teacher(), "Because I say so")


@pytest.mark.parametrize("status", [APPROVED, REJECTED, CANCELLED, COMPLETED])
def test_only_what_is_pending_is_decided(status: LeaveStatus) -> None:
    assert missing(replace(OF_ANOTHER, status=status), "approve", Registrar()) == ["wrong_status"]


@pytest.mark.parametrize("status", [PENDING, APPROVED])
def test_the_requester_cancels_before_the_first_day(status: LeaveStatus) -> None:
    asked = replace(OWN, status=status)
    assert target(asked, "cancel", Teacher()) == CANCELLED
    assert missing(replace(asked, today=asked.start_date), "cancel", Teacher()) == ["leave_started"]


def test_later_somebody_else_who_decides_cancels() -> None:
    running = replace(OF_ANOTHER, status=APPROVED, today=ASKED.start_date)
    assert target(running, "cancel", Registrar()) == CANCELLED
    own = replace(running, is_own=True, is_requester=True)
    assert missing(own, "cancel", Registrar()) == ["own_leave"]


def test_a_stranger_cancels_nothing() -> None:
    assert missing(ASKED, "cancel", Teacher()) == ["not_yours"]


def test_what_is_over_is_not_cancelled() -> None:
    for status in (REJECTED, CANCELLED, COMPLETED):
        assert missing(replace(OF_ANOTHER, status=status), "cancel", Registrar()) == ["wrong_status"]


def test_leave_is_completed_on_the_day_after_its_last() -> None:
    running = replace(OF_ANOTHER, status=APPROVED)
    assert running.end_date is not None
    assert missing(replace(running, today=running.end_date), "complete", Registrar()) == ["leave_not_over"]
    assert missing(replace(running, end_date=None), "complete", Registrar()) == ["leave_not_over"]
    assert target(replace(running, today=running.end_date + DAY), "complete", Registrar()) == COMPLETED


def test_ending_sets_the_last_day_and_not_before_the_first() -> None:
    running = replace(OF_ANOTHER, status=APPROVED)
    assert target(running, "end", Registrar()) == APPROVED
    assert end_faults(running, running.start_date) == []
    assert [fault.pointer for fault in end_faults(running, running.start_date - DAY)] == ["/date"]


def test_kinds_have_their_consequences() -> None:
    assert [kind for kind in LeaveKind if suspends_study_by_default(kind)] == [LeaveKind.ACADEMIC]
    assert [kind for kind in LeaveKind if not counts_toward_graduation(kind)] == [LeaveKind.ABSENCE]
    assert not counts_toward_graduation(LeaveKind.MEDICAL, asked=False)


ALI, HINA = 1, 2
TERM = SuspendingLeave(1, ALI, APPROVED, date(2026, 3, 2), date(2026, 3, 4))


class Study:
    """Who is away as the job sees it day by day; each leave remembers whether it has taken somebody out of study."""

    def __init__(self, *leaves: SuspendingLeave) -> None:
        self.leaves = list(leaves)

    def on(self, day: date) -> tuple[set[int], set[int]]:
        found = study_switches(self.leaves, today=day)
        self.leaves = [replace(leave, is_pausing=leave.id in found.pausing) for leave in self.leaves]
        return set(found.begin), set(found.finish)


def test_study_pauses_on_the_first_day_and_goes_on_after_the_last() -> None:
    study = Study(TERM)
    assert {day: study.on(date(2026, 3, day)) for day in range(1, 7)} == {
        1: (set(), set()),
        2: ({ALI}, set()),
        3: (set(), set()),
        4: (set(), set()),
        5: (set(), {ALI}),
        6: (set(), set()),
    }


def test_leave_approved_late_begins_at_once_and_one_that_is_over_never() -> None:
    assert Study(TERM).on(date(2026, 3, 3)) == ({ALI}, set())
    assert Study(TERM).on(date(2026, 3, 9)) == (set(), set())


def test_leave_not_approved_pauses_nothing_and_a_cancelled_one_gives_back() -> None:
    for status in (PENDING, REJECTED, CANCELLED, COMPLETED):
        assert Study(replace(TERM, status=status)).on(TERM.start_date) == (set(), set())
        running = replace(TERM, status=status, is_pausing=True)
        assert Study(running).on(TERM.start_date) == (set(), {ALI})


def test_missed_nights_are_made_up_for() -> None:
    study = Study(TERM)
    assert study.on(date(2026, 3, 4)) == ({ALI}, set())
    assert study.on(date(2026, 3, 20)) == (set(), {ALI})


def test_a_person_on_another_leave_stays_away() -> None:
    following = replace(TERM, id=2, start_date=date(2026, 3, 5), end_date=None)
    study = Study(TERM, following, replace(TERM, id=3, person=HINA))
    assert study.on(date(2026, 3, 4)) == ({ALI, HINA}, set())
    assert study.on(date(2026, 3, 5)) == (set(), {HINA})


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=5),
    st.lists(st.integers(0, 4), min_size=1, max_size=12),
)
def test_whoever_is_covered_today_is_away_however_often_the_job_runs(
    spans: list[tuple[int, int]], steps: list[int]
) -> None:
    study = Study(
        *(
            SuspendingLeave(number, ALI, APPROVED, TODAY + start * DAY, TODAY + (start + length) * DAY)
            for number, (start, length) in enumerate(spans)
        )
    )
    away, today = False, TODAY
    for step in steps:
        today += step * DAY
        begin, finish = study.on(today)
        assert not (begin if away else finish)
        away = (away or ALI in begin) and ALI not in finish
        assert away == any(leave.holds(today) for leave in study.leaves)
