"""The register of one session: who may mark it, until when, and how far it has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from maristan.attendance.rules import windows
from maristan.attendance.rules.states import Perm, RegisterStatus
from maristan.kernel.errors import NotNow
from maristan.kernel.workflow import Mover, Requirement, Severity, Transition, Workflow


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """A register as the rules see it.

    `unmarked` are the names of expected people without a mark. `may_repair`: the actor holds attendance.repair over the
    session. The settings and the policy of the session give the days and minutes.
    """

    status: RegisterStatus
    starts_at: datetime
    ends_at: datetime
    zone: str
    is_cancelled: bool = False
    may_repair: bool = False
    unmarked: tuple[str, ...] = ()
    attending: int = 0
    in_frozen_lists: tuple[str, ...] = ()
    opens_minutes: int = 15
    teacher_days: int = 0
    lock_days: int = 7
    kept_years: int = 0


def session_started(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`session_started`: no register is complete before its session has begun."""
    yield Requirement("session_started", "The session has started", met=facts.starts_at <= now)


def session_ended(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`session_ended`."""
    yield Requirement("session_ended", "The session has ended", met=facts.ends_at <= now)


def session_not_cancelled(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`session_not_cancelled`."""
    yield Requirement("session_not_cancelled", "The session is not cancelled", met=not facts.is_cancelled)


def all_marked(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`all_marked`, naming up to five who are not."""
    named = ", ".join(facts.unmarked[:5])
    count = len(facts.unmarked)
    yield Requirement(
        "all_marked",
        "Everybody expected is marked",
        met=not facts.unmarked,
        detail=named if count <= 5 else f"{named} and {count - 5} more",
        where={"unmarked": count},
    )


def nobody_marked_attending(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`nobody_marked_attending`: a session that somebody attended was held."""
    yield Requirement("nobody_marked_attending", "Nobody is marked present or late", met=not facts.attending)


def marking_day_open(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`marking_day_open` (A5): until the end of the day for the session's teachers, later for who repairs."""
    until = windows.teachers_until(facts.ends_at, facts.zone, facts.teacher_days)
    yield Requirement(
        "marking_day_open",
        "The day for marking is not over",
        met=facts.may_repair or now < until,
        where={"until": until.isoformat()},
    )


def lock_days_passed(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`lock_days_passed` (A6)."""
    day = windows.locks_on(facts.starts_at, facts.zone, facts.lock_days)
    met = windows.local_day(now, facts.zone) >= day
    yield Requirement("lock_days_passed", "The days until it locks have passed", met=met, where={"on": day.isoformat()})


def in_frozen_list(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`in_frozen_list`, a warning: lists of who may sit an exam were made from it."""
    yield Requirement(
        "in_frozen_list",
        "No frozen eligibility list counts it",
        met=not facts.in_frozen_lists,
        detail=", ".join(facts.in_frozen_lists),
        severity=Severity.WARN,
    )


def kept_long_enough(facts: RegisterFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`kept_long_enough`: the years of keeping attendance are over; they never are where the institution set none."""
    met = facts.kept_years > 0 and facts.starts_at < windows.kept_since(now, facts.zone, facts.kept_years)
    yield Requirement("kept_long_enough", "It was kept long enough", met=met)


OPEN, SUBMITTED, LOCKED, NOT_HELD, FORGOTTEN = RegisterStatus
REGISTER: Workflow[RegisterFacts] = Workflow(
    "register",
    tuple(RegisterStatus),
    (
        Transition(
            "submit", frozenset({OPEN}), SUBMITTED, Perm.SUBMIT,
            requirements=(session_started, session_not_cancelled, all_marked, marking_day_open),
        ),
        Transition(
            "reopen", frozenset({SUBMITTED}), OPEN, Perm.SUBMIT, requirements=(marking_day_open,), needs_reason=True
        ),
        Transition("lock", frozenset({SUBMITTED}), LOCKED, Perm.UNLOCK, requirements=(lock_days_passed,)),
        Transition(
            "unlock", frozenset({LOCKED}), OPEN, Perm.UNLOCK, requirements=(in_frozen_list,), needs_reason=True
        ),
        Transition(
            "not_held", frozenset({OPEN}), NOT_HELD, Perm.REPAIR,
            requirements=(session_ended, nobody_marked_attending), needs_reason=True,
        ),
        Transition("restore", frozenset({NOT_HELD}), OPEN, Perm.REPAIR, needs_reason=True),
        Transition(
            "forget", frozenset({OPEN, SUBMITTED, LOCKED, NOT_HELD}), FORGOTTEN, Perm.UNLOCK,
            requirements=(kept_long_enough,),
        ),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip
REQUESTED_MOVES = ("submit", "reopen", "unlock", "not_held", "restore")
KINDS: Mapping[str, str] = {
    "submit": "register.submitted",
    "reopen": "register.reopened",
    "lock": "register.locked",
    "unlock": "register.unlocked",
    "not_held": "register.not_held",
    "restore": "register.restored",
    "forget": "register.forgotten",
}


def marking_refusal(facts: RegisterFacts, now: datetime) -> NotNow | None:
    """Why the register takes no marks now, none when it does (A4, A5)."""
    if facts.is_cancelled:
        return NotNow("session_cancelled", "The session is cancelled.")
    if facts.status is not RegisterStatus.OPEN:
        return NotNow("register_closed", f"The register is {facts.status.value.replace('_', ' ')}.")
    opens = windows.opens_at(facts.starts_at, facts.opens_minutes)
    if now < opens:
        return NotNow("session_not_started", "Marking has not begun.", opens_at=opens)
    until = windows.teachers_until(facts.ends_at, facts.zone, facts.teacher_days)
    if now >= until and not facts.may_repair:
        return NotNow("marking_day_open", "The day for marking is over; a coordinator may repair it.", until=until)
    return None
