"""Routes of the grid of marks."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from maristan.assessment.actions import marks as actions
from maristan.assessment.queries import grid as queries
from maristan.assessment.rules.states import EntryState, Perm
from maristan.kernel.answers import Shaped
from maristan.kernel.api import Id, In, Out, Routes, actor, any_case, needs

routes = Routes()


class GridComponent(Out):
    """A column of the grid."""

    id: int
    name: str
    sequence: int
    max_marks: Decimal
    min_marks: Decimal
    pass_marks: Decimal | None
    pass_percent: Decimal | None
    is_mandatory_to_pass: bool


class GridCellOut(Shaped):
    """What stands in a cell."""

    component: int
    state: str
    marks: Decimal | None
    outcome: str
    version: int
    entered_at: Any
    entered_by_name: str


class NumbersOut(Shaped):
    """A result within the grid."""

    id: int
    revision: int
    status: str
    total_obtained: Decimal
    total_max: Decimal
    percentage: Decimal | None
    letter: str
    point: Decimal | None
    final_outcome: str
    version: int


class GridRow(Shaped):
    """A candidate with the result and its cells."""

    candidate: int
    person: int
    reg_no: str
    full_name: str
    seat_no: str
    admission: str
    code: str
    result: NumbersOut | None
    cells: list[GridCellOut]


class GridOut(Shaped):
    """The grid of an exam."""

    exam: int
    title: str
    status: str
    version: int
    components: list[GridComponent]
    may_enter: bool
    rows: list[GridRow]


class CellIn(In):
    """What a cell shall say: a state, with marks where it is marked, or nothing to empty it."""

    candidate: Id
    component: Id
    state: Annotated[EntryState, any_case] | None = None
    marks: Any = None
    version: Annotated[int, Field(ge=0, le=2**31)] | None = None


class GridCellsIn(In):
    """Cells of one exam."""

    entries: Annotated[list[CellIn], Field(min_length=1, max_length=5000)]


class RowSaved(Shaped):
    """A result after its cells were written."""

    candidate: int
    result: NumbersOut
    cells: list[GridCellOut]


class MarksSaved(Shaped):
    """What a request changed."""

    changed: int
    unchanged: int
    results: list[RowSaved]


@routes.get("/exams/{int:pk}/grid/", response=GridOut, **needs(Perm.RESULT_VIEW))
def get_grid(request: HttpRequest, pk: Id) -> Any:
    """Every candidate with what stands in each cell."""
    return queries.grid(pk, actor=actor(request))


@routes.patch("/exams/{int:pk}/marks/", response=MarksSaved, **needs(Perm.RESULT_ENTER))
def enter_marks(request: HttpRequest, pk: Id, body: GridCellsIn) -> Any:
    """Write cells, all of them or none."""
    cells = [
        actions.Cell(
            each.candidate,
            each.component,
            EntryState.MARKED if each.state is None and each.marks is not None else each.state,
            each.marks,
            each.version,
        )
        for each in body.entries
    ]
    return actions.enter(exam_id=pk, cells=cells, by=actor(request))
