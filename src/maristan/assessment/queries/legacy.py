"""Items of gradebooks and their results in the words of the system before."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from maristan.assessment.models import Candidate
from maristan.assessment.queries import gradebook, results
from maristan.kernel import rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound


def assessments(*, actor: Actor, section: int | None = None) -> "QuerySet[Any]":
    """Items that the actor may see, newest first."""
    found = gradebook.visible_items(actor=actor).order_by("-pk")
    return found if section is None else found.filter(section_id=section)


def assessment_shown(row: Any) -> dict[str, Any]:
    """An item in the words of before."""
    return {
        "id": row.pk, "section": row.section_id, "type": row.exam_type, "title": row.title, "weight": row.weight,
    }  # fmt: skip


def scores(pk: int, *, actor: Actor, student: int | None = None) -> "QuerySet[Any]":
    """Present results of students in the exam of an item, as far as the actor may see them; raises `NotFound`."""
    item = rows.one(assessments(actor=actor), pk)
    entered = Candidate.objects.filter(exam=OuterRef("exam"), person=OuterRef("person"))
    found = results.current(actor=actor).filter(exam_id=item.exam_id).annotate(
        student=Subquery(entered.values("student_id")[:1]), score=F("total_obtained"), max_score=F("total_max"),
    )  # fmt: skip
    found = found.filter(student__isnull=False).order_by("pk")
    return found if student is None else found.filter(student=student)


def score(pk: int, *, student: int, actor: Actor) -> Any:
    """The score of one student; raises `NotFound`."""
    found = scores(pk, actor=actor, student=student).first()
    if found is None:
        raise NotFound()
    return found


def score_shown(assessment: int, row: Any) -> dict[str, Any]:
    """A score in the words of before."""
    return {
        "id": row.pk, "assessment": assessment, "student": row.student, "score": row.score,
        "max_score": row.max_score,
    }  # fmt: skip
