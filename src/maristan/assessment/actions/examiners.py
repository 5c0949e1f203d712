"""Writes of examiners: who marks an exam, or one component of it."""

from django.db import transaction

from maristan.assessment.actions import calendar
from maristan.assessment.models import Exam, ExamComponent, Examiner
from maristan.assessment.queries import exams as queries
from maristan.assessment.rules.states import ExamStatus, Perm
from maristan.directory.queries import people
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow

ONCE = {"assessment_examiner_once": NotNow("already_named", "This person examines it already.")}


@transaction.atomic
def name(*, exam_id: int, person: int, component: int | None, by: Actor) -> Examiner:
    """Name an examiner. Raises `NotFound`, `NotAllowed`, `Invalid`, `NotNow` (`already_named`, `exam_closed`)."""
    exam = _locked(exam_id, by)
    who = rows.reference(people.visible_to(actor=by).filter(is_active=True), person, "/person")
    part = rows.reference(ExamComponent.objects.filter(exam=exam), component, "/component")
    row = Examiner(exam=exam, person=who, component=part)
    with rows.refusing(**ONCE):
        row.save()
    changes = {"person": [None, person], "component": [None, part.name if part else None]}
    journal.record("exam_examiner.named", ("exam", exam.pk), by=by, changes=changes)
    calendar.follow(exam=exam, by=by)
    return row


@transaction.atomic
def remove(*, exam_id: int, pk: int, by: Actor) -> None:
    """Take an examiner off; what they entered stays. Raises `NotFound`, `NotAllowed`, `NotNow` (`exam_closed`)."""
    exam = _locked(exam_id, by)
    row = rows.one(Examiner.objects.filter(exam=exam), pk, lock=True)
    row.delete()
    journal.record("exam_examiner.removed", ("exam", exam.pk), by=by, changes={"person": [row.person_id, None]})
    calendar.follow(exam=exam, by=by)


def _locked(exam_id: int, by: Actor) -> Exam:
    exam = queries.get(exam_id, actor=by, lock=True)
    by.demand(Perm.EXAM_EDIT, within=queries.may_in(exam, by)(Perm.EXAM_EDIT))
    if exam.status in (ExamStatus.COMPLETED, ExamStatus.CANCELLED):
        raise NotNow("exam_closed", "The exam is completed or cancelled.")
    return exam
