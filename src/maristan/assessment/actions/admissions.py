"""What follows from eligibility lists, condonations and obligations: whether the candidates of an exam may sit it."""

from django.db import transaction

from maristan.academics.queries import obligations
from maristan.assessment.actions import candidates
from maristan.assessment.models import Candidate, Exam
from maristan.assessment.queries.admission import LIST_OWNER
from maristan.attendance.queries import eligibility_lists
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled


@transaction.atomic
@unjournaled("the candidates whose admission changes leave the line")
def follow_list(*, line_id: int, by: Actor) -> None:
    """Judge the candidates of an exam anew when its list was frozen or renewed, or a line of it condoned."""
    line = JournalLine.objects.get(pk=line_id)
    is_list = line.kind.startswith("eligibility_list.")
    kind, pk = (
        eligibility_lists.owner_of(int(line.subject_id))
        if is_list
        else eligibility_lists.owner_of_line(line.changes["line"])
    )
    if kind != LIST_OWNER or pk is None:
        return
    found = Exam.objects.filter(pk=pk, requires_eligibility=True, status__in=candidates.OPEN)
    for exam in found.select_for_update():
        candidates.settle(exam=exam, by=by)


@transaction.atomic
@unjournaled("the candidates whose admission changes leave the line")
def follow_obligation(*, line_id: int, by: Actor) -> None:
    """Judge a person anew in the exams to come once what kept them from sitting was handed in."""
    person = obligations.person_of(int(JournalLine.objects.get(pk=line_id).subject_id))
    held = Candidate.objects.filter(person=person, code=obligations.UNMET, exam__status__in=candidates.OPEN)
    for exam in Exam.objects.filter(pk__in=held.values("exam")).select_for_update().order_by("pk"):
        candidates.settle(exam=exam, by=by)
