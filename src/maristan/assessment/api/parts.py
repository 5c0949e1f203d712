"""Routes of the components and examiners of an exam."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.assessment.actions import components as actions
from maristan.assessment.actions import examiners
from maristan.assessment.api.shapes import NotNegative, Percent, ReasonIn
from maristan.assessment.queries import exams as queries
from maristan.assessment.rules.states import Perm
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    PlainPaging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    no_content,
    page_of,
)

routes = Routes()
COMPONENTS, EXAMINERS = "/exams/{int:pk}/components/", "/exams/{int:pk}/examiners/"
Name = Annotated[str, Field(min_length=1, max_length=100)]
Sequence = Annotated[int, Field(ge=1, le=1000)]
Above = Annotated[Decimal, Field(max_digits=7, decimal_places=2, gt=0, allow_inf_nan=False)]
Below = Annotated[Decimal, Field(max_digits=7, decimal_places=2, le=0, allow_inf_nan=False)]


class ComponentOut(Out):
    """A part of an exam with its own marks."""

    id: int
    name: str
    sequence: int
    department: int | None = Field(alias="department_id")
    department_name: str | None
    max_marks: Decimal
    min_marks: Decimal
    pass_marks: Decimal | None
    pass_percent: Decimal | None
    is_mandatory_to_pass: bool
    version: int


class ComponentIn(In):
    """A component to be added; without a place it comes last."""

    name: Name
    sequence: Sequence | None = None
    department: Id | None = None
    max_marks: Above
    min_marks: Below = Decimal(0)
    pass_marks: NotNegative | None = None
    pass_percent: Percent | None = None
    is_mandatory_to_pass: bool = False
    reason: Annotated[str, Field(max_length=1000)] | None = None


class ComponentPatch(In):
    """The fields to change; an amendment while the exam is marked gives a reason."""

    name: Name = ""
    sequence: Sequence = 1
    department: Id | None = None
    max_marks: Above = Decimal(1)
    min_marks: Below = Decimal(0)
    pass_marks: NotNegative | None = None
    pass_percent: Percent | None = None
    is_mandatory_to_pass: bool = False
    reason: Annotated[str, Field(max_length=1000)] | None = None


class ExaminerOut(Out):
    """Somebody who marks an exam, or one component of it."""

    id: int
    person: int = Field(alias="person_id")
    person_name: str
    component: int | None = Field(alias="component_id")
    component_name: str | None


class ExaminerIn(In):
    """Who examines."""

    person: Id
    component: Id | None = None


@routes.get(COMPONENTS, response=Page[ComponentOut], **needs(Perm.EXAM_VIEW))
def list_components(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """The components of an exam."""
    return page_of(request, queries.components(pk, actor=actor(request)), paging)


@routes.get(f"{COMPONENTS}export/", response=None, **needs(Perm.EXAM_VIEW))
def export_components(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    names = ("sequence", "name", "max_marks", "min_marks", "pass_marks", "pass_percent", "is_mandatory_to_pass")
    columns = {name: lambda row, name=name: getattr(row, name) for name in names}
    return export(queries.components(pk, actor=actor(request)), wanted, name="components", columns=columns)


@routes.post(COMPONENTS, response={201: ComponentOut}, **needs(Perm.EXAM_EDIT))
def create_component(request: HttpRequest, pk: Id, body: ComponentIn) -> Any:
    """Add a component."""
    values = body.dict()
    reason = values.pop("reason")
    made = actions.create(exam_id=pk, values=values, reason=reason, by=actor(request))
    return created(_component(request, pk, made.pk))


def _component(request: HttpRequest, exam_id: int, pk: int) -> Any:
    return queries.components(exam_id, actor=actor(request)).get(pk=pk)


@routes.patch(COMPONENTS + "{int:component}/", response=ComponentOut, **needs(Perm.EXAM_EDIT))
def update_component(request: HttpRequest, pk: Id, component: Id, body: ComponentPatch) -> Any:
    """Change a component."""
    values = body.dict(exclude_unset=True)
    reason = values.pop("reason", None)
    actions.update(
        exam_id=pk, pk=component, version=expected_version(request), values=values, reason=reason, by=actor(request)
    )
    return _component(request, pk, component)


@routes.post(COMPONENTS + "{int:component}/remove/", response={204: None}, **needs(Perm.EXAM_EDIT))
def remove_component(request: HttpRequest, pk: Id, component: Id, body: ReasonIn) -> Any:
    """Take a component out, with a reason while the exam is marked."""
    actions.delete(exam_id=pk, pk=component, reason=body.reason, by=actor(request))
    return no_content()


@routes.get(EXAMINERS, response=Page[ExaminerOut], **needs(Perm.EXAM_VIEW))
def list_examiners(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """Who examines an exam."""
    return page_of(request, queries.examiners(pk, actor=actor(request)), paging)


@routes.get(f"{EXAMINERS}export/", response=None, **needs(Perm.EXAM_VIEW))
def export_examiners(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {"person_name": lambda row: row.person_name, "component_name": lambda row: row.component_name or ""}
    return export(queries.examiners(pk, actor=actor(request)), wanted, name="examiners", columns=columns)


@routes.post(EXAMINERS, response={201: ExaminerOut}, **needs(Perm.EXAM_EDIT))
def name_examiner(request: HttpRequest, pk: Id, body: ExaminerIn) -> Any:
    """Name an examiner."""
    made = examiners.name(exam_id=pk, **body.dict(), by=actor(request))
    return created(queries.examiners(pk, actor=actor(request)).get(pk=made.pk))


@routes.delete(EXAMINERS + "{int:examiner}/", response={204: None}, **needs(Perm.EXAM_EDIT))
def remove_examiner(request: HttpRequest, pk: Id, examiner: Id) -> Any:
    """Take an examiner off."""
    examiners.remove(exam_id=pk, pk=examiner, by=actor(request))
    return no_content()
