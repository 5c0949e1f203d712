"""Leave: who decides it, when it may be cancelled, and whom it takes out of study."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from maristan.directory.rules.states import LeaveKind, LeaveStatus, Perm
from maristan.kernel.errors import Fault
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    """A leave as seen by the one who acts.

    `today` is the institution's local date; `is_own` says the leave is the actor's own, `is_requester` that the actor
    asked for it, `may_decide` that the actor holds `leave.decide` over this person.
    """

    status: LeaveStatus
    start_date: date
    end_date: date | None
    today: date
    is_own: bool = False
    is_requester: bool = False
    may_decide: bool = False


@dataclass(frozen=True, slots=True)
class SuspendingLeave:
    """A leave with `suspends_study`; both days included, None means ongoing.

    `is_pausing` says that it has taken the person out of study and not yet given back.
    """

    id: int
    person: int
    status: LeaveStatus
    start_date: date
    end_date: date | None
    is_pausing: bool = False

    def holds(self, day: date) -> bool:
        """True on every day of an approved leave."""
        is_day = self.start_date <= day and (self.end_date is None or day <= self.end_date)
        return self.status is LeaveStatus.APPROVED and is_day


@dataclass(frozen=True, slots=True)
class StudySwitches:
    """People whose study pauses now, people whose study goes on again, and the leaves that pause study from now on."""

    begin: frozenset[int]
    finish: frozenset[int]
    pausing: frozenset[int]


def suspends_study_by_default(kind: LeaveKind) -> bool:
    """Only academic leave takes a student out of study unless said otherwise."""
    return kind is LeaveKind.ACADEMIC


def counts_toward_graduation(kind: LeaveKind, asked: bool = True) -> bool:
    """What is stored: as asked, but never for an absence."""
    return asked and kind is not LeaveKind.ABSENCE


def end_faults(facts: LeaveFacts, end_date: date) -> list[Fault]:
    """What is wrong with ending a leave on a day, its last: it cannot lie before the first."""
    if end_date < facts.start_date:
        return [Fault("/date", "out_of_range", "The leave begins later.")]
    return []


def study_switches(leaves: Iterable[SuspendingLeave], *, today: date) -> StudySwitches:
    """Whose study changes today, given every suspending leave of these people that holds or is pausing (D6).

    A person is named once when the first leave begins and once when the last is over, cancelled or cut short, however
    often it is asked: a status changed by hand in between is left alone.
    """
    known = list(leaves)
    holding = [leave for leave in known if leave.holds(today)]
    away = frozenset(leave.person for leave in holding)
    before = frozenset(leave.person for leave in known if leave.is_pausing)
    return StudySwitches(away - before, before - away, frozenset(leave.id for leave in holding))


def _not_own(facts: LeaveFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("own_leave", "Somebody else decides one's leave", met=not facts.is_own)


def _may_cancel(facts: LeaveFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    in_time = facts.is_requester and facts.today < facts.start_date
    decides = facts.may_decide and not facts.is_own
    code = "own_leave" if facts.is_own and facts.may_decide else "leave_started" if facts.is_requester else "not_yours"
    yield Requirement(code, "Its requester before it starts, later whoever decides leave", met=in_time or decides)


def _is_over(facts: LeaveFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    is_over = facts.end_date is not None and facts.end_date < facts.today
    yield Requirement("leave_not_over", "The last day has passed", met=is_over)


LEAVE: Workflow[LeaveFacts] = Workflow(
    name="leave",
    states=tuple(LeaveStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="approve",
            sources=frozenset({LeaveStatus.PENDING}),
            target=LeaveStatus.APPROVED,
            permission=Perm.LEAVE_DECIDE,
            requirements=(_not_own,),
        ),
        Transition(
            name="reject",
            sources=frozenset({LeaveStatus.PENDING}),
            target=LeaveStatus.REJECTED,
            permission=Perm.LEAVE_DECIDE,
            requirements=(_not_own,),
            needs_reason=True,
        ),
        Transition(
            name="cancel",
            sources=frozenset({LeaveStatus.PENDING, LeaveStatus.APPROVED}),
            target=LeaveStatus.CANCELLED,
            permission=Perm.LEAVE_REQUEST,
            requirements=(_may_cancel,),
        ),
        Transition(
            name="end",
            sources=frozenset({LeaveStatus.APPROVED}),
            target=LeaveStatus.APPROVED,
            permission=Perm.LEAVE_DECIDE,
            requirements=(_not_own,),
        ),
        Transition(
            name="complete",
            sources=frozenset({LeaveStatus.APPROVED}),
            target=LeaveStatus.COMPLETED,
            permission=Perm.LEAVE_DECIDE,
            requirements=(_is_over,),
        ),
    ),
)
