"""Routes of the gradebook of a section."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.assessment.actions import gradebook as actions
from maristan.assessment.queries import gradebook as queries
from maristan.assessment.rules.states import Perm
from maristan.kernel.api import ExportFormat, Id, In, Out, Routes, actor, created, expected_version, needs
from maristan.kernel.exports import stream
from maristan.kernel.import_routes import download

routes = Routes()
PATH = "/sections/{int:pk}/gradebook/"
Weight = Annotated[Decimal, Field(max_digits=5, decimal_places=2, gt=0, le=100, allow_inf_nan=False)]


class GradebookItemOut(Out):
    """An exam with its weight in percent."""

    id: int
    exam: int
    title: str
    exam_type: str
    exam_status: str
    scheduled_at: datetime
    weight: Decimal
    version: int


class GradebookCell(Out):
    """What a learner obtained in an item, once published."""

    item: int
    result: int
    total_obtained: Decimal
    total_max: Decimal
    percentage: Decimal | None
    letter: str
    final_outcome: str


class GradebookLine(Out):
    """A learner with the published cells; `final` only at exactly 100 with every item published."""

    person: int
    reg_no: str
    full_name: str
    cells: list[GradebookCell]
    running: Decimal | None
    final: Decimal | None
    letter: str


class GradebookOut(Out):
    """Learners by items."""

    section: int
    section_name: str
    course_name: str
    weights_total: Decimal
    is_whole: bool
    may_manage: bool
    items: list[GradebookItemOut]
    rows: list[GradebookLine]


class GradebookItemIn(In):
    """Which exam counts, and how much."""

    exam: Id
    weight: Weight


class WeightIn(In):
    """How much it counts."""

    weight: Weight


@routes.get(PATH, response=GradebookOut, **needs(Perm.RESULT_VIEW_DECIDED))
def get_gradebook(request: HttpRequest, pk: Id) -> Any:
    """The gradebook: every learner, or for a learner the own line."""
    return queries.page(pk, actor=actor(request))


@routes.get(f"{PATH}export/", response=None, **needs(Perm.RESULT_VIEW_DECIDED))
def export_gradebook(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The gradebook as a file: a percentage for each item, and what they come to."""
    page = queries.page(pk, actor=actor(request))
    titles = [f"{each['title']} ({each['weight']} %)" for each in page["items"]]
    return download(
        stream(wanted.format, ["reg_no", "full_name", *titles, "running", "final", "letter"], _lines(page)),
        "gradebook", wanted,
    )  # fmt: skip


def _lines(page: dict[str, Any]) -> Iterator[list[Any]]:
    for line in page["rows"]:
        cells = {each["item"]: each["percentage"] for each in line["cells"]}
        values = [cells.get(each["id"]) for each in page["items"]]
        yield [line["reg_no"], line["full_name"], *values, line["running"], line["final"], line["letter"]]


@routes.post(f"{PATH}items/", response={201: GradebookOut}, **needs(Perm.GRADEBOOK_MANAGE))
def add_gradebook_item(request: HttpRequest, pk: Id, body: GradebookItemIn) -> Any:
    """Let an exam count."""
    actions.add(section=pk, exam=body.exam, weight=body.weight, by=actor(request))
    return created(queries.page(pk, actor=actor(request)))


@routes.patch(PATH + "items/{int:item}/", response=GradebookOut, **needs(Perm.GRADEBOOK_MANAGE))
def weigh_gradebook_item(request: HttpRequest, pk: Id, item: Id, body: WeightIn) -> Any:
    """Change a weight."""
    actions.weigh(section=pk, pk=item, weight=body.weight, version=expected_version(request), by=actor(request))
    return queries.page(pk, actor=actor(request))


@routes.delete(PATH + "items/{int:item}/", response=GradebookOut, **needs(Perm.GRADEBOOK_MANAGE))
def remove_gradebook_item(request: HttpRequest, pk: Id, item: Id) -> Any:
    """Let an exam count no longer."""
    actions.remove(section=pk, pk=item, by=actor(request))
    return queries.page(pk, actor=actor(request))
