"""The tree of academic periods: what may stand where, and when a period is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from maristan.academics.rules.states import PeriodKind, PeriodStatus, Perm
from maristan.kernel.errors import Fault
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow

PARENTS: Mapping[PeriodKind, frozenset[PeriodKind | None]] = MappingProxyType(
    {
        PeriodKind.YEAR: frozenset({None}),
        PeriodKind.SEMESTER: frozenset({None, PeriodKind.YEAR}),
        PeriodKind.BLOCK: frozenset({PeriodKind.YEAR, PeriodKind.SEMESTER}),
        PeriodKind.ROTATION: frozenset({PeriodKind.YEAR, PeriodKind.SEMESTER, PeriodKind.BLOCK}),
        PeriodKind.MODULE: frozenset({PeriodKind.BLOCK}),
    }
)
TRACKED = frozenset({PeriodKind.BLOCK, PeriodKind.ROTATION})


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def holds(self, other: "DateSpan") -> bool:
        """True when the other span lies inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class PeriodNode:
    """A node of the tree as it is about to be saved; departments by id."""

    kind: PeriodKind
    parent_kind: PeriodKind | None = None
    primary_department: int | None = None
    sub_department: int | None = None
    sub_department_parent: int | None = None
    has_track: bool = False
    is_template: bool = False
    start_date: date | None = None
    end_date: date | None = None
    parent_dates: DateSpan | None = None
    children_dates: tuple[DateSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """What the moves of a period depend on."""

    status: PeriodStatus
    is_dated: bool


def period_faults(node: PeriodNode) -> list[Fault]:
    """Everything wrong with a node: its parent (A1), departments and track (A2), dates (A3)."""
    return [*_parent_faults(node), *_department_faults(node), *_track_faults(node), *_date_faults(node)]


def _parent_faults(node: PeriodNode) -> Iterator[Fault]:
    if node.parent_kind not in PARENTS[node.kind]:
        allowed = " or ".join(sorted(kind or "none" for kind in PARENTS[node.kind]))
        yield Fault("/parent", "parent_kind", f"The parent of a {node.kind} is {allowed}.")


def _department_faults(node: PeriodNode) -> Iterator[Fault]:
    if node.kind is PeriodKind.BLOCK:
        for name in ("primary_department", "sub_department"):
            if getattr(node, name) is not None:
                yield Fault(f"/{name}", "department_not_allowed", "A block has no departments.")
        return
    if node.kind is PeriodKind.ROTATION and node.primary_department is None:
        yield Fault("/primary_department", "required", "A rotation needs a primary department.")
    is_child = node.primary_department is not None and node.sub_department_parent == node.primary_department
    if node.sub_department is not None and not is_child:
        yield Fault("/sub_department", "not_sub_department", "It is no child of the primary department.")


def _track_faults(node: PeriodNode) -> Iterator[Fault]:
    if node.has_track and node.kind not in TRACKED:
        yield Fault("/track", "track_not_allowed", "Only blocks and rotations stand on a track.")


def _date_faults(node: PeriodNode) -> Iterator[Fault]:
    start, end = node.start_date, node.end_date
    if node.is_template and (start or end):
        yield Fault("/start_date", "template_undated", "A template has no dates.")
    if (start is None) != (end is None):
        yield Fault("/end_date" if start else "/start_date", "required", "Give both dates or neither.")
    if start and end and end < start:
        yield Fault("/end_date", "out_of_range", "The end is before the start.")
    elif start and end:
        yield from _nesting_faults(node, DateSpan(start, end))


def _nesting_faults(node: PeriodNode, own: DateSpan) -> Iterator[Fault]:
    if node.parent_dates and not node.parent_dates.holds(own):
        pointer = "/start_date" if own.start < node.parent_dates.start else "/end_date"
        within = f"{node.parent_dates.start.isoformat()} to {node.parent_dates.end.isoformat()}"
        yield Fault(pointer, "outside_parent", f"The parent lasts from {within}.")
    outside = [child for child in node.children_dates if not own.holds(child)]
    if outside:
        pointer = "/start_date" if outside[0].start < own.start else "/end_date"
        yield Fault(pointer, "children_outside", f"{len(outside)} periods below it would lie outside.")


def accepts_enrolment_switch(status: PeriodStatus) -> Iterator[Requirement]:
    """`is_enrollment_open` is switched by itself only while the period is OPEN."""
    yield Requirement("period_not_open", "The period is open", met=status is PeriodStatus.OPEN)


def accepts_writing(status: PeriodStatus) -> Iterator[Requirement]:
    """A CLOSED period takes no sections, enrolments or weeks (A6)."""
    yield Requirement("period_closed", "The period is not closed", met=status is not PeriodStatus.CLOSED)


def stays_dated(facts: PeriodFacts) -> Iterator[Requirement]:
    """Only a PLANNED period may be without dates."""
    planned = facts.status is PeriodStatus.PLANNED
    yield Requirement("period_not_dated", "A period that was opened has dates", met=planned or facts.is_dated)


def _is_dated(facts: PeriodFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("period_not_dated", "The period has dates", met=facts.is_dated)


def _not_open(facts: PeriodFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("ALREADY_OPEN", "The period is not open yet", met=facts.status is not PeriodStatus.OPEN)


def _not_closed(facts: PeriodFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("ALREADY_CLOSED", "The period is not closed yet", met=facts.status is not PeriodStatus.CLOSED)


# Each move has its own target among its sources only so that a second press is answered with its contract code.
_OPEN: Transition[PeriodFacts] = Transition(
    name="open",
    sources=frozenset(PeriodStatus),
    target=PeriodStatus.OPEN,
    permission=Perm.PERIOD_OPEN,
    requirements=(_not_open, _is_dated),
)
_CLOSE: Transition[PeriodFacts] = Transition(
    name="close",
    sources=frozenset({PeriodStatus.OPEN, PeriodStatus.CLOSED}),
    target=PeriodStatus.CLOSED,
    permission=Perm.PERIOD_OPEN,
    requirements=(_not_closed,),
)

PERIOD: Workflow[PeriodFacts] = Workflow(
    name="period",
    states=tuple(PeriodStatus),
    status_of=lambda facts: facts.status,
    transitions=(_OPEN, _CLOSE),
)
CLOSED_PERIOD: Workflow[PeriodFacts] = replace(PERIOD, transitions=(replace(_OPEN, needs_reason=True), _CLOSE))


def period_workflow(facts: PeriodFacts) -> Workflow[PeriodFacts]:
    """The workflow to ask for this period: opening a CLOSED one again needs a reason."""
    return CLOSED_PERIOD if facts.status is PeriodStatus.CLOSED else PERIOD
