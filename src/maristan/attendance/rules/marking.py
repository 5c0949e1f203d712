"""Marks on the lines of one register: what a request changes, and what stands against it (A2, A7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maristan.attendance.rules.states import PROTECTED, Mark, Source
from maristan.kernel.errors import Faults, NotNow


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the rules see it."""

    id: int
    status: Mark | None = None
    source: Source | None = None
    expected: bool = True
    version: int = 1
    check_in_at: datetime | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mark asked for; what is None stays as it is. `version` is the one that the writer has seen."""

    status: Mark
    check_in_at: datetime | None = None
    remarks: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a line."""

    line: Line
    status: Mark
    source: Source
    check_in_at: datetime | None
    remarks: str

    @property
    def is_mark(self) -> bool:
        """True when the mark itself differs, not only what was noted beside it."""
        return self.line.status is not self.status


@dataclass(frozen=True, slots=True)
class Plan:
    """What a request does: lines to write, and how many it found as asked for."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What stands against a request: lines to be seen first, seen in an older version, or kept by a decision."""

    unseen: tuple[Line, ...] = ()
    stale: tuple[Line, ...] = ()
    protected: tuple[Line, ...] = ()


def plan(wanted: Mapping[int, Wanted], rest: Mark | None, lines: Sequence[Line], *, source: Source) -> Plan:
    """The changes that marks by line id, and `rest` for expected lines left unmarked, amount to (A7)."""
    changes, unchanged = [], 0
    for line in lines:
        ask = wanted.get(line.id)
        if ask is None:
            if rest is not None and line.expected and line.status is None:
                changes.append(Change(line, rest, Source.BULK, line.check_in_at, line.remarks))
            continue
        change = _change(line, ask, source)
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    return Plan(tuple(changes), unchanged)


def _change(line: Line, ask: Wanted, source: Source) -> Change | None:
    check_in = line.check_in_at if ask.check_in_at is None else ask.check_in_at
    remarks = line.remarks if ask.remarks is None else ask.remarks
    if (line.status, line.check_in_at, line.remarks) == (ask.status, check_in, remarks):
        return None
    kept = line.source if line.status is ask.status and line.source else source
    return Change(line, ask.status, kept, check_in, remarks)


def judge(found: Plan, wanted: Mapping[int, Wanted], *, may_override: bool) -> Judgement:
    """What stands against the changes; `may_override`: the actor repairs and gives a reason."""
    marked = [each for each in found.changes if each.line.status is not None and each.line.id in wanted]
    versions = {each.line.id: wanted[each.line.id].version for each in marked}
    return Judgement(
        unseen=tuple(each.line for each in marked if versions[each.line.id] is None),
        stale=tuple(each.line for each in marked if versions[each.line.id] not in (None, each.line.version)),
        protected=()
        if may_override
        else tuple(each.line for each in marked if each.is_mark and each.line.source in PROTECTED),
    )


def refuse_protected(lines: Iterable[Line]) -> None:
    """Raise `NotNow` (`mark_protected`) for lines whose mark a decision wrote."""
    kept = [line.id for line in lines]
    if kept:
        raise NotNow(
            "mark_protected", "An excuse or a correction stands there; repairing it needs a reason.", lines=kept
        )


def counts(lines: Iterable[Line]) -> dict[str, int]:
    """How many lines of each mark, unmarked, expected and not expected; marks of unexpected people are not counted."""
    found = {**{mark.value: 0 for mark in Mark}, "unmarked": 0, "expected": 0, "unexpected": 0}
    for line in lines:
        if not line.expected:
            found["unexpected"] += line.status is not None
            continue
        found["expected"] += 1
        found[line.status.value if line.status else "unmarked"] += 1
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a mark names: a line, a registration number or a student."""

    line: int | None = None
    reg_no: str = ""
    student: int | None = None


def lines_named(
    named: Sequence[Named], *, by_student: Mapping[int, int], by_reg_no: Mapping[str, Sequence[int]], known: set[int]
) -> list[int]:
    """The line of each mark; `by_reg_no` is keyed as the numbers are given here.

    Raises `Invalid` with pointers: `required` (nobody or several named), `not_expected`, `person_ambiguous`,
    `duplicate_line`.
    """
    faults, found = Faults(), list[int]()
    for at, each in enumerate(named):
        pointer = f"/marks/{at}"
        candidates = _candidates(each, by_student, by_reg_no, known)
        if candidates is None:
            faults.add(pointer, "required", "Name one of line, reg_no and student_id.")
        elif not candidates:
            faults.add(pointer, "not_expected", "Nobody of that name is in the register.")
        elif len(candidates) > 1:
            faults.add(f"{pointer}/reg_no", "person_ambiguous", "Two people bear this number.")
        elif candidates[0] in found:
            faults.add(pointer, "duplicate_line", "This line is marked twice.")
        else:
            found.append(candidates[0])
    faults.stop()
    return found


def _candidates(
    each: Named, by_student: Mapping[int, int], by_reg_no: Mapping[str, Sequence[int]], known: set[int]
) -> Sequence[int] | None:
    """Lines that one mark may mean; none when it names nobody, or names somebody twice."""
    if sum((each.line is not None, bool(each.reg_no), each.student is not None)) != 1:
        return None
    if each.line is not None:
        return [each.line] if each.line in known else []
    if each.student is not None:
        return [by_student[each.student]] if each.student in by_student else []
    return by_reg_no.get(each.reg_no, ())
