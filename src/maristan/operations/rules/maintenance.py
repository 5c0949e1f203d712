"""Maintenance: what keeps whom out, for how long, and what a move on a window needs."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import ceil

from maristan.kernel.errors import Invalid
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow, refuse
from maristan.operations.rules.states import MaintenanceLevel, Perm, WindowStatus

READING = frozenset({"GET", "HEAD", "OPTIONS"})
SHORTEST_RETRY = 30  # seconds
OVERDUE_AFTER = timedelta(minutes=15)
USUAL = timedelta(minutes=30)  # how long people are told that it takes where nobody says
ANNOUNCED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class State:
    """Whether maintenance is on, what it keeps out, what people are told, and until when (none: not known)."""

    is_on: bool = False
    level: MaintenanceLevel = MaintenanceLevel.FULL
    message: str = ""
    until: datetime | None = None

    def keeps_out(self, method: str) -> bool:
        """Whether a request by this method is answered with maintenance."""
        return self.is_on and (self.level is MaintenanceLevel.FULL or method not in READING)

    def retry_after(self, now: datetime, usual: int) -> int:
        """Seconds after which to ask again: until the announced end, at least 30; `usual` where none is known."""
        if self.until is None or self.until <= now:
            return usual
        return max(SHORTEST_RETRY, ceil((self.until - now).total_seconds()))

    def minutes_left(self, now: datetime) -> int:
        """Until the announced end, begun ones counted; 0 where it has come or none is known."""
        return 0 if self.until is None else max(0, ceil((self.until - now) / timedelta(minutes=1)))


OFF = State()


@dataclass(frozen=True, slots=True)
class Coming:
    """Maintenance that was announced and has not begun."""

    level: MaintenanceLevel
    message: str
    begins_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Before:
    """What was on before a run closed the doors: an operator's own window (`level` is none where there was none), and
    what the flag file had in it."""

    level: MaintenanceLevel | None = None
    message: str = ""
    until: datetime | None = None
    by: str = ""
    flag: str | None = None


def noted(before: Before) -> str:
    """As it is noted on the disk."""
    until = before.until.isoformat() if before.until else None
    return json.dumps({**asdict(before), "until": until})


def of_note(text: str) -> Before:
    """What such a note says."""
    said = json.loads(text)
    level = MaintenanceLevel(said["level"]) if said["level"] else None
    until = datetime.fromisoformat(said["until"]) if said["until"] else None
    return Before(level, said["message"], until, said["by"], said["flag"])


def of_file(content: bytes) -> State:
    """What a flag file says: nothing, a message, or JSON {message, until, level}; what cannot be read is full."""
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return State(True)
    if not text.startswith("{"):
        return State(True, message=text[:500])
    try:
        said = json.loads(text)
        level = MaintenanceLevel(said.get("level", MaintenanceLevel.FULL))
        until = datetime.fromisoformat(said["until"]) if said.get("until") else None
        message = said.get("message") or ""
    except (ValueError, TypeError, AttributeError, RecursionError):
        return State(True)
    if not isinstance(message, str):
        return State(True)
    return State(True, level, message[:500], until if until is None or until.tzinfo else None)


def strictest(*found: State) -> State:
    """The state that keeps out most; among equals the first, with whatever message and end are known."""
    on = [each for each in found if each.is_on]
    if not on:
        return OFF
    full = [each for each in on if each.level is MaintenanceLevel.FULL]
    chosen = (full or on)[0]
    message = next((each.message for each in [chosen, *on] if each.message), "")
    until = next((each.until for each in [chosen, *on] if each.until), None)
    return State(True, chosen.level, message, until)


PLANNED, OPEN, ENDED = WindowStatus.PLANNED, WindowStatus.OPEN, WindowStatus.ENDED


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """A window as its rules see it; `is_needed` says that a deployment runs which began it."""

    status: WindowStatus
    is_other_open: bool = False
    is_needed: bool = False
    is_forced: bool = False


def status_of(started_at: datetime | None, ended_at: datetime | None) -> WindowStatus:
    """Where a window stands."""
    if ended_at is not None:
        return ENDED
    return PLANNED if started_at is None else OPEN


def check_ahead(planned_from: datetime, now: datetime) -> None:
    """Raise `Invalid` (`from_is_past`) for a window that is announced after it begins."""
    if planned_from < now:
        raise Invalid.at("/from", "from_is_past", "What is announced begins later; leave it empty to begin now.")


def check_times(planned_from: datetime, until: datetime) -> None:
    """Raise `Invalid` (`until_after_start`) unless a window ends after it begins."""
    if until <= planned_from:
        raise Invalid.at("/until", "until_after_start", "Maintenance ends after it begins.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A time that another window has."""

    pk: int
    message: str
    planned_from: datetime
    until: datetime


def check_alone(overlapping: Iterable[Taken]) -> None:
    """Raise `NotNow` (`no_overlap`) with each other window that is planned or open in the same time."""
    refuse(
        [
            Requirement(
                "no_overlap", "No other window is planned or open in its time", detail=each.message,
                where={"window": each.pk, "from": each.planned_from.isoformat(), "until": each.until.isoformat()},
            )
            for each in overlapping
        ],
        code="no_overlap",
    )  # fmt: skip


def _alone(facts: WindowFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("no_overlap", "No other window is open", met=not facts.is_other_open)


def _not_needed(facts: WindowFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    met = facts.is_forced or not facts.is_needed
    yield Requirement("not_owned_by_running_deployment", "No running deployment needs it", met=met)


MAINTENANCE: Workflow[WindowFacts] = Workflow(
    name="maintenance",
    states=tuple(WindowStatus),
    status_of=lambda facts: facts.status,
    transitions=tuple(
        Transition(name, frozenset({source}), target, Perm.MAINTENANCE_MANAGE, requirements=requirements)
        for name, source, target, requirements in (
            ("start", PLANNED, OPEN, (_alone,)),
            ("change", OPEN, OPEN, ()),
            ("end", OPEN, ENDED, (_not_needed,)),
            ("withdraw", PLANNED, ENDED, ()),
        )
    ),
)
