"""What a file of marks is compared with, and the grid as such a file: a constant number of queries."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F

from maristan.academics.queries import learners
from maristan.academics.queries.learners import match_key
from maristan.assessment.models import Candidate, Exam, ExamComponent, Examiner, Result, ResultEntry
from maristan.assessment.queries import exams, grid
from maristan.assessment.queries.candidates import reg_nos
from maristan.assessment.rules.mark_files import PASSED_OVER, PERSON, KnownCandidate, KnownExam, Part, said
from maristan.assessment.rules.states import Admission, EntryState, ExamStatus, Perm, ResultStatus
from maristan.kernel import imports, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.models import ImportRun
from maristan.kernel.tables.cells import ERROR_COLUMN, Row
from maristan.kernel.tables.reading import PASSWORD_COLUMN, column_key

KIND = "marks"
RESERVED = {column_key(name) for name in (*PERSON, *PASSED_OVER, PASSWORD_COLUMN, ERROR_COLUMN)}


def headings(components: Iterable[ExamComponent]) -> dict[str, ExamComponent]:
    """Under which headings the components of an exam stand in a file: their names, and C1, C2… by their sequence.

    A name that a file needs for something else, or that is the C1 of another, leaves the component its other heading.
    """
    listed = list(components)
    found: dict[str, ExamComponent] = {}
    taken = set(RESERVED)
    for heading, each in [(each.name, each) for each in listed] + [(f"C{each.sequence}", each) for each in listed]:
        if column_key(heading) not in taken:
            taken.add(column_key(heading))
            found[heading] = each
    return found


def columns(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of a file of marks of an exam, `options["exam"]`."""
    return (*PERSON, *PASSED_OVER, *headings(exams.components_of(int(options["exam"]))))


def own_components(exam: Any, actor: Actor) -> set[int] | None:
    """The components of an exam of `exams.get` that the actor alone may mark; none stands for all of them."""
    reach = actor.reach(Perm.RESULT_ENTER)
    departments = (exam.department_id, exam.course_department_id)
    if exam.is_taught or reach.covers(program=exam.program_id, batch=exam.batch_id, departments=departments):
        return None
    named = Examiner.objects.filter(exam_id=exam.pk, person_id=actor.person_id or 0)
    found = set(named.values_list("component_id", flat=True))
    return None if None in found else {pk for pk in found if pk is not None}


def known(exam: Any, rows: Sequence[Row], *, actor: Actor) -> KnownExam:
    """Candidates, components and cells of an exam, and whom a file names."""
    parts, own = headings(exams.components_of(exam.pk)), own_components(exam, actor)
    candidates = list(Candidate.objects.filter(exam=exam).annotate(reg_no=F("student__reg_no")))
    status, cells = _present(exam)
    return KnownExam(
        is_marking=exam.status == ExamStatus.MARKING,
        parts={
            heading: Part(each.pk, each.name, each.min_marks, each.max_marks, own is None or each.pk in own)
            for heading, each in parts.items()
        },
        candidates={
            each.person_id: KnownCandidate(
                each.pk, each.admission == Admission.ADMITTED, each.code, status.get(each.person_id),
                cells.get(each.person_id, {}),
            )
            for each in candidates
        },
        reg_nos=_by_number(candidates),
        emails=learners.by_email([row.cell("email").text for row in rows if not row.cell("email").is_blank]),
    )  # fmt: skip


def _present(exam: Exam) -> tuple[dict[int, ResultStatus], dict[int, dict[int, Any]]]:
    results = Result.objects.filter(exam=exam, is_current=True)
    status = {person: ResultStatus(each) for person, each in results.values_list("person_id", "status")}
    cells: dict[int, dict[int, Any]] = {}
    entries = ResultEntry.objects.filter(result__in=results)
    for person, component, state, marks in entries.values_list("result__person_id", "component_id", "state", "marks"):
        cells.setdefault(person, {})[component] = (EntryState(state), marks)
    return status, cells


def _by_number(candidates: Sequence[Any]) -> dict[str, set[int]]:
    without = [each.person_id for each in candidates if not each.reg_no]
    others = reg_nos(without) if without else {}
    found: dict[str, set[int]] = {}
    for each in candidates:
        number = match_key(each.reg_no or others.get(each.person_id, ""))
        if number:
            found.setdefault(number, set()).add(each.person_id)
    return found


def visible_to(exam_id: int, *, actor: Actor) -> Any:
    """Files of marks of one exam whose marks the actor enters; raises `NotFound`, `NotAllowed`."""
    to_enter(exam_id, actor=actor)
    return imports.visible_to(KIND, actor=actor).filter(options__exam=exam_id)


def to_enter(exam_id: int, *, actor: Actor) -> Exam:
    """An exam whose marks the actor enters; raises `NotFound`, `NotAllowed`."""
    exam = exams.get(exam_id, actor=actor)
    actor.demand(Perm.RESULT_ENTER, within=exams.may_in(exam, actor)(Perm.RESULT_ENTER))
    return exam


def exam_of(run_id: int) -> int | None:
    """The exam of a file of marks; none of another file."""
    found = ImportRun.objects.filter(pk=run_id, kind=KIND).values_list("options__exam", flat=True).first()
    return None if found is None else int(found)


def grid_file(exam_id: int, *, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
    """The grid as a file that may be handed in again: its header, and a row for each candidate; raises `NotFound`."""
    exam = grid.staffed(exam_id, actor=actor)
    parts = exams.components_of(exam.pk)
    named = list(headings(parts).items())
    first = {part.pk: next(heading for heading, each in named if each.pk == part.pk) for part in parts}
    sees_decided = exams.may_in(exam, actor)(Perm.RESULT_VIEW_DECIDED)
    institution_id = tenancy.current()

    def rows() -> Iterator[list[Any]]:
        with tenancy.acting_in(institution_id):
            for row in grid.rows_of(exam, sees_decided=sees_decided):
                yield [row["reg_no"], row["full_name"], *_texts(row["cells"], first)]

    return ["reg_no", "full_name", *first.values()], rows()


def _texts(cells: Iterable[Mapping[str, Any]], components: Collection[int]) -> list[str]:
    found = {each["component"]: said((EntryState(each["state"]), each["marks"])) for each in cells}
    return [found.get(pk, "") for pk in components]
