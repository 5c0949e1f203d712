"""Writes of marks: many cells of one exam at once, all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from maristan.assessment.actions import candidates
from maristan.assessment.actions.computing import NUMBERS, Judging
from maristan.assessment.models import Candidate, Exam, ExamComponent, Result, ResultEntry
from maristan.assessment.queries import exams as queries
from maristan.assessment.queries.grid import numbers
from maristan.assessment.queries.mark_files import own_components
from maristan.assessment.rules.marks import BadMarks, read_marks
from maristan.assessment.rules.results import IMMUTABLE
from maristan.assessment.rules.states import Admission, EntryState, ExamStatus, Perm, ResultStatus
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, NotAllowed, NotNow, Stale, VersionRequired
from maristan.kernel.workflow import Requirement


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What a cell shall say; no state empties it. `version` is what the writer has seen, 0 for an empty cell."""

    candidate: int
    component: int
    state: EntryState | None
    marks: object = None
    version: int | None = None


@dataclass(slots=True)
class Sheet:
    """What the cells of one request touch, read in a constant number of queries."""

    exam: Exam
    judging: Judging
    components: dict[int, ExamComponent]
    candidates: dict[int, Candidate]
    results: dict[int, Result]
    entries: dict[int, dict[int, Any]]  # by person, by component

    def entry(self, cell: Cell) -> Any:
        """What stands in a cell now."""
        return self.entries[self.candidates[cell.candidate].person_id].get(cell.component)


@transaction.atomic
def enter(*, exam_id: int, cells: Sequence[Cell], by: Actor) -> dict[str, Any]:
    """Write cells of an exam, all or none; gives the counts and the results as they stand then.

    Raises `NotFound`, `NotAllowed`, `Invalid` for each wrong cell (M1), `Stale` with what others wrote,
    `VersionRequired`, and `NotNow` (`IMMUTABLE_RESULT`, `exam_not_marking`, `candidate_not_admitted`).
    """
    exam = queries.get(exam_id, actor=by, lock=True)
    may = queries.may_in(exam, by)
    by.demand(Perm.RESULT_ENTER, within=may(Perm.RESULT_ENTER))
    if by.person_id is None:
        raise NotAllowed.without(Perm.RESULT_ENTER)
    if exam.requires_eligibility and exam.status == ExamStatus.MARKING:
        candidates.settle(exam=exam, by=by)
    sheet = _sheet(exam, cells)
    wanted = read(sheet, cells)
    _must_be_own(exam, cells, by)
    changed = [each for each in cells if differs(sheet.entry(each), each.state, wanted[each])]
    _must_be_fresh(sheet, changed)
    must_be_open(sheet, changed)
    return {"changed": len(changed), "unchanged": len(cells) - len(changed), "results": write(
        sheet=sheet, cells=changed, wanted=wanted, by=by)}  # fmt: skip


def _sheet(exam: Exam, cells: Sequence[Cell]) -> Sheet:
    judging = Judging(exam)
    wanted = Candidate.objects.filter(exam=exam, pk__in={each.candidate for each in cells})
    return load(exam, judging, list(wanted))


def load(exam: Exam, judging: Judging, found: Sequence[Candidate]) -> Sheet:
    """Candidates with their results, locked, and what stands in their cells: two queries."""
    persons = [each.person_id for each in found]
    results = (
        Result.objects.filter(exam=exam, is_current=True, person_id__in=persons).select_for_update().order_by("pk")
    )
    of_person = {each.person_id: each for each in results}
    by_result = {each.pk: person for person, each in of_person.items()}
    entries = ResultEntry.objects.filter(result_id__in=list(by_result)).annotate(entered_by_name=F("entered_by__name"))
    of_cells: dict[int, dict[int, Any]] = {each: {} for each in persons}
    for entry in entries:
        of_cells[by_result[entry.result_id]][entry.component_id] = entry
    components, listed = {each.pk: each for each in judging.rows}, {each.pk: each for each in found}
    return Sheet(exam, judging, components, listed, of_person, of_cells)


def read(sheet: Sheet, cells: Sequence[Cell]) -> dict[Cell, Decimal | None]:
    """The marks of each cell; raises `Invalid` naming every wrong cell."""
    faults, seen = Faults(), set[tuple[int, int]]()
    found: dict[Cell, Decimal | None] = {}
    for position, cell in enumerate(cells):
        at = f"/entries/{position}"
        component = sheet.components.get(cell.component)
        if cell.candidate not in sheet.candidates:
            faults.unknown(f"{at}/candidate")
        if component is None:
            faults.unknown(f"{at}/component")
            continue
        if (cell.candidate, cell.component) in seen:
            faults.add(at, "duplicate_cell", "The cell is named before.")
        seen.add((cell.candidate, cell.component))
        found[cell] = None
        if cell.state is EntryState.MARKED:
            try:
                found[cell] = read_marks(cell.marks, least=component.min_marks, most=component.max_marks)
            except BadMarks as bad:
                faults.add(f"{at}/marks", bad.code, bad.detail)
        elif cell.marks is not None:
            faults.add(f"{at}/marks", "marks_without_state", "Only a marked cell has marks.")
    faults.stop()
    return found


def _must_be_own(exam: Any, cells: Sequence[Cell], by: Actor) -> None:
    """Whoever examines single components alone enters nothing in the others."""
    own = own_components(exam, by)
    foreign = [] if own is None else sorted({each.component for each in cells} - own)
    if foreign:
        raise NotAllowed("not_your_component", "You examine other components of this exam.", components=foreign)


def differs(present: Any, state: EntryState | None, marks: Decimal | None) -> bool:
    """Whether a cell would say something else than it does."""
    if present is None or state is None:
        return (present is None) != (state is None)
    return (present.state, present.marks) != (state, marks)


def _must_be_fresh(sheet: Sheet, cells: Sequence[Cell]) -> None:
    """Raise `Stale` with every cell that somebody else has written since, or `VersionRequired`."""
    present = {each: sheet.entry(each) for each in cells}
    stale = [
        each for each, entry in present.items()
        if each.version is not None and each.version != (entry.version if entry is not None else 0)
    ]  # fmt: skip
    if stale:
        raise Stale(
            detail="Somebody else has written here meanwhile.", cells=[_theirs(each, present[each]) for each in stale]
        )
    if any(each.version is None and entry is not None for each, entry in present.items()):
        raise VersionRequired(detail="Name the version of each cell that you have seen.")


def _theirs(cell: Cell, entry: Any) -> dict[str, Any]:
    return {
        "candidate": cell.candidate, "component": cell.component, "state": entry.state if entry else None,
        "marks": entry.marks if entry else None, "version": entry.version if entry else 0,
        "by": entry.entered_by_name if entry else "", "at": entry.entered_at.isoformat() if entry else None,
    }  # fmt: skip


def must_be_open(sheet: Sheet, cells: Sequence[Cell]) -> None:
    """Raise `NotNow` unless every result of these cells is an admitted candidate's draft in an exam being marked."""
    touched = [sheet.candidates[each.candidate] for each in cells]
    decided = [each for each in touched if _status(sheet, each) not in (None, ResultStatus.DRAFT)]
    if decided:
        raise NotNow(IMMUTABLE, "The result is no draft any more.", candidates=sorted({each.pk for each in decided}))
    if cells and sheet.exam.status != ExamStatus.MARKING:
        raise NotNow("exam_not_marking", "Marks are entered once the exam has begun, until it is completed.")
    refused = {each.pk: each for each in touched if each.admission != Admission.ADMITTED}
    if refused:
        first = next(iter(refused.values()))
        missing = [
            Requirement("candidate_not_admitted", "The candidate is admitted", detail=each.code,
                        where={"candidate": each.pk}).as_dict()
            for each in refused.values()
        ]  # fmt: skip
        raise NotNow("candidate_not_admitted", first.code, missing=missing)


def _status(sheet: Sheet, candidate: Candidate) -> str | None:
    result = sheet.results.get(candidate.person_id)
    return None if result is None else result.status


def write(*, sheet: Sheet, cells: Sequence[Cell], wanted: Mapping[Cell, Decimal | None], by: Actor) -> list[Any]:
    """Write changed cells, judge their results anew, and leave one line; gives the results with their cells."""
    now, lines = clock.now(), []
    touched: dict[int, Result] = {}
    gone: list[int] = []
    for cell in cells:
        person = sheet.candidates[cell.candidate].person_id
        result, component = sheet.results[person], sheet.components[cell.component]
        if person not in touched:
            result.version += 1
            touched[person] = result
        entry: Any = sheet.entries[person].pop(cell.component, None)
        lines.append({"field": component.name, "person": person, "old": _said(entry), "new": None})
        if cell.state is None:
            gone.append(entry.pk)
            continue
        # Without a key all of them go the same way into the database, whether they are there already or not.
        entry = ResultEntry(result=result, component=component)
        entry.state, entry.marks, entry.version = cell.state, wanted[cell], result.version
        entry.max_marks, entry.min_marks = component.max_marks, component.min_marks
        entry.entered_at, entry.entered_by_id = now, by.person_id or 0
        entry.entered_by_name = by.name
        sheet.entries[person][cell.component] = entry
        lines[-1]["new"] = _said(entry)
    if cells:
        _save(sheet, touched, gone, cells)
        journal.record("marks.entered", ("exam", sheet.exam.pk), by=by, changes={"cells": lines, "count": len(lines)})
    return [_shown(sheet, each) for each in sheet.candidates.values() if each.person_id in touched]


def _said(entry: Any) -> str | None:
    if entry is None:
        return None
    return f"{entry.marks:.2f}" if entry.state == EntryState.MARKED else str(EntryState(entry.state).value)


def _save(sheet: Sheet, touched: Mapping[int, Result], gone: list[int], cells: Sequence[Cell]) -> None:
    for person, result in touched.items():
        sheet.judging(result, sheet.entries[person].values())
    if gone:
        ResultEntry.objects.filter(pk__in=gone).delete()
    ResultEntry.objects.bulk_create(
        [entry for each in cells if (entry := sheet.entry(each)) is not None],
        update_conflicts=True,
        unique_fields=["result", "component"],
        update_fields=["state", "marks", "max_marks", "min_marks", "outcome", "entered_at", "entered_by", "version",
                       "updated_at"],
    )  # fmt: skip
    Result.objects.bulk_update(list(touched.values()), [*NUMBERS, "version", "updated_at"])


def _shown(sheet: Sheet, candidate: Candidate) -> dict[str, Any]:
    own = sorted(
        sheet.entries[candidate.person_id].values(), key=lambda each: sheet.components[each.component_id].sequence
    )
    cells = [
        {"component": each.component_id, "state": each.state, "marks": each.marks, "outcome": each.outcome,
         "version": each.version, "entered_at": each.entered_at, "entered_by_name": each.entered_by_name}
        for each in own
    ]  # fmt: skip
    return {"candidate": candidate.pk, "result": numbers(sheet.results[candidate.person_id]), "cells": cells}
