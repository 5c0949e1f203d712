"""Rows of a file of marks: whom they name, what their cells say, and what becomes of them (section 8)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from maristan.assessment.rules.marks import BadMarks, read_marks
from maristan.assessment.rules.results import IMMUTABLE
from maristan.assessment.rules.states import EntryState, ResultStatus
from maristan.kernel.tables.cells import Cell, Row
from maristan.kernel.tables.outcomes import CellFault, Note, RowAction, RowOutcome

PERSON = ("reg_no", "email")
PASSED_OVER = ("full_name", "name")
WORDS = {"ab": EntryState.ABSENT, "absent": EntryState.ABSENT, "ex": EntryState.EXEMPT, "exempt": EntryState.EXEMPT}
WRITTEN = {EntryState.ABSENT: "AB", EntryState.EXEMPT: "EX"}
Said = tuple[EntryState, Decimal | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A component that a column may fill; `is_own` when the writer may enter its marks."""

    id: int
    name: str
    least: Decimal
    most: Decimal
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class KnownCandidate:
    """A candidate with what stands in the cells; `code` says why one is not admitted."""

    id: int
    is_admitted: bool
    code: str
    status: ResultStatus | None
    cells: Mapping[int, Said]


@dataclass(frozen=True, slots=True)
class KnownExam:
    """What a file is compared with; persons by the `match_key` of their numbers and addresses."""

    is_marking: bool
    parts: Mapping[str, Part]  # by the heading of a column
    candidates: Mapping[int, KnownCandidate]  # by person
    reg_nos: Mapping[str, Collection[int]]
    emails: Mapping[str, Collection[int]]


@dataclass(frozen=True, slots=True)
class Written:
    """A cell that will change."""

    component: int
    state: EntryState
    marks: Decimal | None


@dataclass(frozen=True, slots=True)
class MarkRow:
    """The cells of one candidate that a row changes."""

    candidate: int
    cells: tuple[Written, ...]


def said(entry: Said) -> str:
    """A cell as a file writes it: 45.50, AB, EX."""
    state, marks = entry
    return WRITTEN.get(state) or f"{marks:.2f}"


def plan(rows: Sequence[Row], known: KnownExam, *, key: Callable[[str], str]) -> list[RowOutcome[MarkRow]]:
    """What becomes of each row; `key` is `match_key`."""
    seen: dict[int, int] = {}
    return [_Judged(row, known, key, seen).outcome() for row in rows]


class _Judged:
    """One row being judged; every fault of it is collected."""

    def __init__(self, row: Row, known: KnownExam, key: Callable[[str], str], seen: dict[int, int]) -> None:
        self.row, self.known, self.key, self.seen = row, known, key, seen
        self.faults: list[CellFault] = []

    def fault(self, column: str, code: str, detail: str) -> None:
        self.faults.append(CellFault(column, code, detail))

    def outcome(self) -> RowOutcome[MarkRow]:
        """The row with what a commit would do."""
        if self.row.surplus:
            self.fault("", "too_many_cells", "The row has more cells than the header.")
        candidate, cells = self._candidate(), self._cells()
        if candidate is None or self.faults:
            return self._wrong()
        changed = {part: each for part, each in cells.items() if candidate.cells.get(part.id) != each}
        if not changed:
            return RowOutcome(self.row.number, RowAction.SKIP, None)
        self._must_be_open(candidate, changed)
        if self.faults:
            return self._wrong()
        written = tuple(Written(part.id, state, marks) for part, (state, marks) in changed.items())
        notes = tuple(
            Note("marks_change", f"{part.name}: {said(candidate.cells[part.id])} → {said(each)}")
            for part, each in changed.items()
            if part.id in candidate.cells
        )
        return RowOutcome(self.row.number, RowAction.UPDATE, MarkRow(candidate.id, written), notes=notes)

    def _wrong(self) -> RowOutcome[MarkRow]:
        return RowOutcome(self.row.number, RowAction.ERROR, None, tuple(self.faults))

    def _candidate(self) -> KnownCandidate | None:
        person = self._person()
        if person is None:
            return None
        first = self.seen.setdefault(person, self.row.number)
        if first != self.row.number:
            self.fault("", "duplicate_row", f"The same candidate stands in row {first}.")
        return self.known.candidates[person]

    def _person(self) -> int | None:
        texts = {name: self.row.cell(name).text for name in PERSON}
        found = [
            set(people.get(self.key(texts[name]), ()))
            for name, people in zip(PERSON, (self.known.reg_nos, self.known.emails), strict=True)
            if texts[name].strip()
        ]
        column = next((name for name in PERSON if texts[name].strip()), PERSON[0])
        if not found or not all(each & self.known.candidates.keys() for each in found):
            self.fault(column, "not_a_candidate", "No candidate of this exam has that number or address.")
            return None
        both = set.intersection(*found) & self.known.candidates.keys()
        if len(both) != 1:
            code = "person_ambiguous" if both else "person_mismatch"
            detail = "Two candidates are named by it." if both else "Number and address name different people."
            self.fault(column, code, detail)
            return None
        return both.pop()

    def _cells(self) -> dict[Part, Said]:
        found: dict[Part, Said] = {}
        for heading, part in self.known.parts.items():
            cell = self.row.cell(heading)
            if cell.is_blank:
                continue
            if part in found:
                self.fault(heading, "duplicate_cell", "The component stands in two columns.")
            entry = self._entry(heading, part, cell)
            if entry is not None:
                found[part] = entry
        return found

    def _entry(self, heading: str, part: Part, cell: Cell) -> Said | None:
        word = WORDS.get(cell.text.strip().casefold())
        if word is not None:
            return word, None
        value = cell.native if isinstance(cell.native, float) else cell.text
        try:
            return EntryState.MARKED, read_marks(value, least=part.least, most=part.most)
        except BadMarks as bad:
            self.fault(heading, bad.code, bad.detail)
        return None

    def _must_be_open(self, candidate: KnownCandidate, changed: Collection[Part]) -> None:
        """The same as for a cell of the grid: a draft, of who is admitted, while the exam is marked."""
        foreign = [part.name for part in changed if not part.is_own]
        if candidate.status not in (None, ResultStatus.DRAFT):
            self.fault("", IMMUTABLE, "The result is no draft any more.")
        elif not self.known.is_marking:
            self.fault("", "exam_not_marking", "Marks are entered once the exam has begun, until it is completed.")
        elif not candidate.is_admitted:
            self.fault("", "candidate_not_admitted", f"The candidate is not admitted: {candidate.code}.")
        elif foreign:
            self.fault(foreign[0], "not_your_component", "You examine other components of this exam.")
