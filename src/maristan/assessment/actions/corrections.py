"""Corrections of results: proposed by one, and by another made the next revision or refused (R4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from maristan.assessment.actions.computing import NUMBERS, Judging
from maristan.assessment.actions.marks import differs
from maristan.assessment.models import Exam, Result, ResultCorrection, ResultEntry
from maristan.assessment.queries import corrections as queries
from maristan.assessment.queries import exams, results
from maristan.assessment.rules.corrections import CORRECTION, KINDS, ProposalFacts, proposal_requirements
from maristan.assessment.rules.marks import BadMarks, read_marks
from maristan.assessment.rules.states import CorrectionStatus, EntryState, Outcome, Perm, ResultStatus
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, NotAllowed, NotFound, NotNow
from maristan.kernel.workflow import Requirement, refuse

SUBJECT = "result_correction"
OPEN = NotNow(
    "not_now",
    "No other correction is proposed",
    missing=[Requirement("no_open_correction", "No other correction is proposed").as_dict()],
)
STAMPS = ("verified", "published", "frozen")
Wanted = dict[str, dict[str, str | None]]  # by component: state and marks


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """What a component shall say."""

    component: int
    state: EntryState
    marks: object = None


@transaction.atomic
def propose(*, result: int, cells: Sequence[Proposed], reason: str, by: Actor) -> ResultCorrection:
    """Propose other entries for a published result.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, and each cell by rule M1), and `NotNow` (`result_published`,
    `still_current`, `no_open_correction`, `something_changes`, `outcome_decided`).
    """
    by.demand(Perm.RESULT_PROPOSE)
    found = rows.reference(results.visible_to(actor=by), result, "/result")
    assert found is not None
    exam = exams.get(found.exam_id, actor=by, lock=True)
    by.demand(Perm.RESULT_PROPOSE, within=exams.may_in(exam, by)(Perm.RESULT_PROPOSE), pointer="/result")
    if by.person_id is None:
        raise NotAllowed.without(Perm.RESULT_PROPOSE)
    row = rows.one(Result.objects.all(), result, lock=True)
    judging = Judging(exam)
    wanted = _read(judging, cells)
    present = {each.component_id: each for each in ResultEntry.objects.filter(result=row)}
    wanted = {pk: each for pk, each in wanted.items() if _changes(present.get(pk), each)}
    would_be = _corrected(judging, row, present, wanted)[0]
    open_ones = ResultCorrection.objects.filter(result=row, status=CorrectionStatus.PROPOSED)
    facts = ProposalFacts(
        ResultStatus(row.status), row.is_current, open_ones.exists(), len(wanted), Outcome(would_be.final_outcome)
    )
    refuse([each for each in proposal_requirements(facts) if not each.met])
    made = ResultCorrection(result=row, entries=_written(wanted), reason=reason, requested_by_id=by.person_id)
    with rows.refusing(assessment_resultcorrection_one_open=OPEN):
        made.save()
    changes = {"result": row.pk, "exam": exam.pk, "person": row.person_id, "entries": _said(judging, present, wanted)}
    journal.record("result_correction.proposed", (SUBJECT, made.pk), by=by, changes=changes, reason=reason[:500])
    return made


def _read(judging: Judging, cells: Sequence[Proposed]) -> dict[int, Any]:
    """The entries that are proposed, by component, not saved; raises `Invalid` naming every wrong cell."""
    faults, found = Faults(), dict[int, Any]()
    components = {each.pk: each for each in judging.rows}
    for position, cell in enumerate(cells):
        at = f"/entries/{position}"
        component = components.get(cell.component)
        if component is None:
            faults.unknown(f"{at}/component")
            continue
        if cell.component in found:
            faults.add(at, "duplicate_cell", "The cell is named before.")
        entry = ResultEntry(
            component=component, state=cell.state, max_marks=component.max_marks, min_marks=component.min_marks
        )
        found[cell.component] = entry
        if cell.state is EntryState.MARKED:
            try:
                entry.marks = read_marks(cell.marks, least=component.min_marks, most=component.max_marks)
            except BadMarks as bad:
                faults.add(f"{at}/marks", bad.code, bad.detail)
        elif cell.marks is not None:
            faults.add(f"{at}/marks", "marks_without_state", "Only a marked cell has marks.")
    faults.stop()
    return found


def _changes(present: Any, wanted: Any) -> bool:
    return differs(present, wanted.state, wanted.marks)


def _corrected(
    judging: Judging, row: Result, present: Mapping[int, Any], wanted: Mapping[int, Any]
) -> tuple[Result, list[ResultEntry]]:
    """The next revision of a result with its entries, judged anew; nothing is saved."""
    following = Result(exam_id=row.exam_id, person_id=row.person_id, revision=row.revision + 1)
    kept = ("state", "marks", "max_marks", "min_marks", "entered_at", "entered_by_id")
    entries = []
    for pk in {**present, **wanted}:
        entry = wanted.get(pk)
        if entry is None:
            entry = ResultEntry(component_id=pk, **{name: getattr(present[pk], name) for name in kept})
        entry.result = following
        entries.append(entry)
    judging(following, entries)
    return following, entries


def _written(wanted: Mapping[int, Any]) -> Wanted:
    return {
        str(pk): {
            "state": str(EntryState(each.state).value),
            "marks": None if each.marks is None else f"{each.marks:.2f}",
        }
        for pk, each in wanted.items()
    }


def _said(judging: Judging, present: Mapping[int, Any], wanted: Mapping[int, Any]) -> list[dict[str, Any]]:
    return [
        {"field": each.name, "old": _cell(present[each.pk]), "new": _cell(wanted[each.pk])}
        for each in judging.rows
        if each.pk in wanted
    ]


def _cell(entry: Any) -> str:
    return f"{entry.marks:.2f}" if entry.state == EntryState.MARKED else str(EntryState(entry.state).value)


@transaction.atomic
def move(*, pk: int, name: str, reason: str | None, version: int | None = None, by: Actor) -> None:
    """Approve, reject or withdraw a correction; an approved one becomes the next revision in the same moment.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`), `Stale`, `NotNow` (`decided_by_other`,
    `still_current`).
    """
    if name not in KINDS:
        raise NotFound()
    seen = rows.one(queries.visible_to(actor=by), pk)
    exam = exams.get(seen.exam, actor=by, lock=True)
    row: Any = rows.one(queries.visible_to(actor=by), pk, lock=True)
    permitted = queries.may(row, actor=by)
    permission = CORRECTION.transition(name).permission
    if not permitted(permission):
        raise NotAllowed.without(permission)
    rows.must_match(row, version, (SUBJECT, pk), required=False)
    transition, _ = CORRECTION.check(queries.facts(row, actor=by), name, by, clock.now(), reason=reason, may=permitted)
    said = (reason or "").strip()
    values: dict[str, Any] = {"status": CorrectionStatus(transition.target), "answer": said[:500]}
    if name != "withdraw":
        values |= {"decided_by_id": by.person_id, "decided_at": clock.now()}
    told: dict[str, Any] = {"result": row.result_id, "exam": exam.pk, "person": row.person}
    if name == "approve":
        told |= _correct(exam, row, by)
    changes = rows.change(row, values)
    rows.save_changes(row, changes)
    journal.record(KINDS[name], (SUBJECT, pk), by=by, changes={**changes, **told}, reason=said or row.reason[:500])


def _correct(exam: Exam, row: Any, by: Actor) -> dict[str, Any]:
    """Put the next revision in the place of the result; gives what the journal tells of it."""
    old = Result.objects.select_for_update().get(pk=row.result_id)
    judging, now = Judging(exam), clock.now()
    present = {each.component_id: each for each in ResultEntry.objects.filter(result=old)}
    cells = [Proposed(int(pk), EntryState(each["state"]), each["marks"]) for pk, each in row.entries.items()]
    wanted = _read(judging, cells)
    for entry in wanted.values():
        entry.entered_by_id, entry.entered_at = row.requested_by_id, row.created_at
    new, entries = _corrected(judging, old, present, wanted)
    old.is_current, old.version = False, old.version + 1
    old.save(update_fields=["is_current", "version", "updated_at"])
    # Entries go into a draft alone: only then does the revision take the place and the state of the one before.
    new.save()
    ResultEntry.objects.bulk_create(entries)
    new.status = old.status
    for stamp in STAMPS:
        if getattr(old, f"{stamp}_at") is not None:
            setattr(new, f"{stamp}_at", now)
            setattr(new, f"{stamp}_by_id", by.person_id)
    new.save()
    return {
        "result": [old.pk, new.pk], "revision": [old.revision, new.revision],
        "entries": _said(judging, present, wanted), "requested_by": row.requested_by_name,
        **{each: [_plain(getattr(old, each)), _plain(getattr(new, each))] for each in NUMBERS
           if getattr(old, each) != getattr(new, each)},
    }  # fmt: skip


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
