"""Generating a program's period tree and laying it out in dates for a batch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maristan.academics.rules.periods import DateSpan
from maristan.academics.rules.programs import Structure
from maristan.academics.rules.states import PeriodKind, ProgramStructure
from maristan.kernel.dates import months_after
from maristan.kernel.errors import Fault

MONTHS_OF_A_YEAR = 12
ROOT_NAMES = {
    ProgramStructure.YEARLY: "Year",
    ProgramStructure.SEMESTER: "Semester",
    ProgramStructure.CUSTOM: "Period",
}


@dataclass(frozen=True, slots=True)
class RootPeriod:
    """A template root to be created; `position` and `level_no` count from 1."""

    kind: PeriodKind
    name: str
    position: int
    level_no: int


@dataclass(frozen=True, slots=True)
class TemplateNode:
    """A node of the template tree; `offset_days` counts from the parent's first day."""

    id: int
    parent: int | None
    position: int
    name: str
    offset_days: int | None = None
    length_days: int | None = None


@dataclass(frozen=True, slots=True)
class DatedNode:
    """The copy of a template node to be created; without dates where the template gives no offset or length."""

    template: int
    parent_template: int | None
    dates: DateSpan | None


@dataclass(frozen=True, slots=True)
class LayOut:
    """What is missing for the batch, parents first, and what of it does not fit."""

    missing: tuple[DatedNode, ...]
    faults: tuple[Fault, ...] = ()


def root_periods(structure: Structure) -> list[RootPeriod]:
    """`Year 1..n`, `Semester 1..n` or `Period 1..n` of a complete structure (A4)."""
    is_year = (structure.months or 0) >= MONTHS_OF_A_YEAR
    kind = PeriodKind.YEAR if is_year else PeriodKind.SEMESTER
    word = ROOT_NAMES[structure.structure_type]
    numbers = range(1, (structure.total_periods or 0) + 1)
    return [RootPeriod(kind, f"{word} {number}", number, number) for number in numbers]


def missing_roots(wanted: Sequence[RootPeriod], names: Collection[str], positions: Collection[int]) -> list[RootPeriod]:
    """Those to create; a root that has been renamed still holds its position and counts as existing."""
    return [root for root in wanted if root.name not in names and root.position not in positions]


def root_dates(structure: Structure, first_day: date, position: int) -> DateSpan:
    """The dates of the root at a position, always counted from the first day of the whole (A5).

    Raises `ValueError` for a structure without a length.
    """
    months = structure.months
    if not months:
        raise ValueError("the structure has no length")
    start = months_after(first_day, (position - 1) * months)
    return DateSpan(start, months_after(first_day, position * months) - timedelta(days=1))


def lay_out(
    template: Sequence[TemplateNode],
    structure: Structure,
    first_day: date,
    existing: Mapping[int, DateSpan | None],
) -> LayOut:
    """The copies a batch still lacks; `existing` has the dates of the copies there are, by template id.

    A child is counted from the dates its parent really has. A child that reaches outside its
    parent is a fault `outside_parent` at `/template/<id>`.
    """
    dates: dict[int, DateSpan | None] = dict(existing)
    missing, faults = [], []
    for node in _parents_first(template):
        if node.id in existing:
            continue
        parent_dates = dates.get(node.parent) if node.parent is not None else None
        own = root_dates(structure, first_day, node.position) if node.parent is None else _within(node, parent_dates)
        if own and parent_dates and not parent_dates.holds(own):
            faults.append(Fault(f"/template/{node.id}", "outside_parent", f"{node.name} lasts longer than its parent."))
        dates[node.id] = own
        missing.append(DatedNode(node.id, node.parent, own))
    return LayOut(tuple(missing), tuple(faults))


def _within(node: TemplateNode, parent: DateSpan | None) -> DateSpan | None:
    if parent is None or node.offset_days is None or not node.length_days:
        return None
    start = parent.start + timedelta(days=node.offset_days)
    return DateSpan(start, start + timedelta(days=node.length_days - 1))


def _parents_first(template: Sequence[TemplateNode]) -> list[TemplateNode]:
    below: dict[int | None, list[TemplateNode]] = {}
    for node in sorted(template, key=lambda node: node.position):
        below.setdefault(node.parent, []).append(node)
    ordered: list[TemplateNode] = list(below.get(None, []))
    for node in ordered:
        ordered.extend(below.get(node.id, []))
    return ordered
