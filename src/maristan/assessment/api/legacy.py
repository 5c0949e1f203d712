"""Assessments in the words of the system before: items of gradebooks, and the scores of their exams."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query

from maristan.assessment.actions import legacy as actions
from maristan.assessment.queries import legacy as queries
from maristan.assessment.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.api import Id, In, Out, Page, PlainPaging, Routes, actor, created, needs, page_of

routes = Routes()
ONE = "/assessments/{int:pk}/"


class LegacyAssessment(Out):
    """An item of a gradebook."""

    id: int
    section: int
    type: str
    title: str
    weight: Decimal


class LegacyScore(Out):
    """What a student obtained."""

    id: int
    assessment: int
    student: int
    score: Decimal
    max_score: Decimal


class LegacyScoreIn(In):
    """The marks of a student in an exam of one component."""

    student: Id
    score: Any


class LegacyAssessments(PlainPaging):
    """Filters of the list."""

    section: Id | None = None


class LegacyScores(PlainPaging):
    """Filters of the scores."""

    student: Id | None = None


@routes.get("/assessments/", response=Page[LegacyAssessment], **needs(Perm.RESULT_VIEW_DECIDED))
def list_assessments(request: HttpRequest, filters: Query[LegacyAssessments]) -> Any:
    """Items that one may see, newest first."""
    page = page_of(request, queries.assessments(actor=actor(request), section=filters.section), filters)
    return {**page, "results": [queries.assessment_shown(each) for each in page["results"]]}


@routes.get(ONE, response=LegacyAssessment, **needs(Perm.RESULT_VIEW_DECIDED))
def get_assessment(request: HttpRequest, pk: Id) -> Any:
    """One item."""
    return queries.assessment_shown(rows.one(queries.assessments(actor=actor(request)), pk))


@routes.get(f"{ONE}scores/", response=Page[LegacyScore], **needs(Perm.RESULT_VIEW_DECIDED))
def list_scores(request: HttpRequest, pk: Id, filters: Query[LegacyScores]) -> Any:
    """Scores from the present revisions that one may see."""
    page = page_of(request, queries.scores(pk, actor=actor(request), student=filters.student), filters)
    return {**page, "results": [queries.score_shown(pk, each) for each in page["results"]]}


@routes.post(f"{ONE}scores/", response={201: LegacyScore}, **needs(Perm.RESULT_ENTER))
def enter_score(request: HttpRequest, pk: Id, body: LegacyScoreIn) -> Any:
    """Enter or change the marks of a student in an exam of one component."""
    actions.enter_score(pk=pk, student=body.student, score=body.score, by=actor(request))
    return created(queries.score_shown(pk, queries.score(pk, student=body.student, actor=actor(request))))
