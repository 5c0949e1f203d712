"""The route of the statistics of an exam."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from maristan.assessment.queries import statistics as queries
from maristan.assessment.rules.states import Perm
from maristan.kernel.api import Id, Out, Routes, actor, needs

routes = Routes()


class Figures(Out):
    """How marks are spread."""

    average_marks: Decimal | None
    median: Decimal | None
    standard_deviation: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None


class ComponentStatistics(Figures):
    """The same for one component."""

    id: int
    name: str
    max_marks: Decimal
    marked: int
    absent: int
    exempt: int
    passed: int
    failed: int
    pass_percentage: Decimal | None


class StatisticsOut(Figures):
    """What a class obtained."""

    total: int
    marked: int
    absent: int
    exempt: int
    passed: int
    failed: int
    pending: int
    pass_percentage: Decimal | None
    max_marks: Decimal
    passing_marks: Decimal | None
    by_letter: dict[str, int]
    histogram: list[int]
    components: list[ComponentStatistics]


@routes.get("/exams/{int:pk}/statistics/", response=StatisticsOut, **needs(Perm.RESULT_VIEW))
def get_statistics(request: HttpRequest, pk: Id) -> Any:
    """What a class obtained in an exam."""
    return queries.of_exam(pk, actor=actor(request))
