"""Scores that integrations of the system before write: marks of exams of one component, like any others."""

from django.db import transaction

from maristan.assessment.actions import marks
from maristan.assessment.models import Candidate, ResultEntry
from maristan.assessment.queries import exams, legacy
from maristan.assessment.rules.states import EntryState, Perm
from maristan.kernel import rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, Invalid, NotNow
from maristan.kernel.unjournaled import unjournaled


@unjournaled("the marks that it enters leave the line")
@transaction.atomic
def enter_score(*, pk: int, student: int, score: object, by: Actor) -> None:
    """Enter the marks of a student in the exam of an item, over what stands there.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`unknown_reference`, M1 at `/score`), `NotNow` (`several_components`,
    and as `marks.enter`).
    """
    item = rows.one(legacy.assessments(actor=by), pk)
    exam = exams.get(item.exam_id, actor=by, lock=True)
    by.demand(Perm.RESULT_ENTER, within=exams.may_in(exam, by)(Perm.RESULT_ENTER))
    candidate = Candidate.objects.filter(exam=exam, student_id=student).first()
    if candidate is None:
        raise Invalid.unknown("/student")
    components = exams.components_of(exam.pk)
    if len(components) != 1:
        raise NotNow("several_components", "The exam has not just one component: enter its marks in the grid.")
    present = ResultEntry.objects.filter(
        component=components[0], result__person_id=candidate.person_id, result__is_current=True
    )
    version = present.values_list("version", flat=True).first()
    cell = marks.Cell(candidate.pk, components[0].pk, EntryState.MARKED, score, version or 0)
    try:
        marks.enter(exam_id=exam.pk, cells=[cell], by=by)
    except Invalid as refused:
        faults = Faults()
        for fault in refused.faults:
            faults.add("/score", fault.code, fault.detail)
        faults.stop()
