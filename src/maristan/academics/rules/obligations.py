"""Obligations: what is owed by when, what stays closed until it is handed in, and who says that it is met (C1, C2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maristan.academics.rules.states import ObligationStatus, Perm, ProfileField, RequirementKind
from maristan.kernel.errors import Faults
from maristan.kernel.workflow import Mover, Severity, Transition, Workflow
from maristan.kernel.workflow import Requirement as Unmet

PENDING, SUBMITTED = ObligationStatus.PENDING, ObligationStatus.SUBMITTED
VERIFIED, REJECTED, WAIVED = ObligationStatus.VERIFIED, ObligationStatus.REJECTED, ObligationStatus.WAIVED
OPEN = frozenset({PENDING, REJECTED})
REMIND_DAYS = (14, 7, 4)
LEAD_AT_MOST = 720
EVIDENCE_BYTES = 3 * 2**20


@dataclass(frozen=True, slots=True)
class ObligationFacts:
    """What decides about an obligation."""

    status: ObligationStatus
    is_own: bool = False


def _own(facts: ObligationFacts, _actor: Mover, _now: datetime) -> Iterator[Unmet]:
    yield Unmet("own_obligation", "It is owed by you", met=facts.is_own)


def _not_own(facts: ObligationFacts, _actor: Mover, _now: datetime) -> Iterator[Unmet]:
    yield Unmet("not_own", "It is owed by somebody else", met=not facts.is_own)


OBLIGATION: Workflow[ObligationFacts] = Workflow(
    name="obligation",
    states=tuple(ObligationStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        # Never a lock, never a deadline: what is late is handed in late.
        Transition(
            "submit", frozenset({PENDING, REJECTED, SUBMITTED}), SUBMITTED, Perm.OBLIGATION_SUBMIT, requirements=(_own,)
        ),
        Transition("verify", frozenset({SUBMITTED}), VERIFIED, Perm.OBLIGATION_VERIFY, requirements=(_not_own,)),
        Transition(
            "reject",
            frozenset({SUBMITTED}),
            REJECTED,
            Perm.OBLIGATION_VERIFY,
            requirements=(_not_own,),
            needs_reason=True,
        ),
        Transition(
            "waive",
            frozenset({PENDING, SUBMITTED, REJECTED}),
            WAIVED,
            Perm.OBLIGATION_VERIFY,
            requirements=(_not_own,),
            needs_reason=True,
        ),
    ),
)


def due_at(due_on: date | None, due_after_days: int | None, assigned: date, zone: str) -> datetime | None:
    """The local midnight at which the due day ends, none for what has no term; days count from the assignment."""
    if due_on is None and due_after_days is None:
        return None
    day = due_on if due_on is not None else assigned + timedelta(days=due_after_days or 0)
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


def due_day(at: datetime, zone: str) -> date:
    """The day that ends at a due instant."""
    return (at.astimezone(ZoneInfo(zone)) - timedelta(seconds=1)).date()


def locked_since(status: ObligationStatus, due: datetime | None, lead_hours: int, now: datetime) -> datetime | None:
    """Since when an obligation closes what it locks; none while it closes nothing (C1)."""
    if due is None or status not in OPEN:
        return None
    begins = due - timedelta(hours=lead_hours)
    return begins if now >= begins else None


def unmet(title: str, is_own: bool) -> Unmet:
    """What a locking obligation leaves unmet: it stops one's own moves and warns those who act for somebody."""
    severity = Severity.BLOCK if is_own else Severity.WARN
    return Unmet("obligations_clear", "Every obligation that is due is handed in", detail=title, severity=severity)


def check_requirement(
    kind: RequirementKind, field: ProfileField | None, due_on: date | None, due_after_days: int | None
) -> None:
    """Raise `Invalid` unless a profile field is named just where one is asked for, with one rule of terms at most."""
    faults = Faults()
    if (kind is RequirementKind.PROFILE_FIELD) != (field is not None):
        faults.add("/field", "field_mismatch", "A field is named for what goes on the record, and for nothing else.")
    if due_on is not None and due_after_days is not None:
        faults.add("/due_after_days", "two_terms", "It is due on a day or after some days, not both.")
    faults.stop()
