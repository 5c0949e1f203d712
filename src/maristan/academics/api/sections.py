"""Routes of sections."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import sections as actions
from maristan.academics.api.shapes import Named, narrowed
from maristan.academics.queries import courses as queries
from maristan.academics.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
SectionName = Annotated[str, Field(min_length=1, max_length=60)]
Capacity = Annotated[int, Field(ge=1, le=5000)]
Teachers = Annotated[list[Id], Field(max_length=50)]


class SectionOut(Out):
    """One section with its seats."""

    id: int
    course: int = Field(alias="course_id")
    course_code: str
    course_name: str
    academic_period: int = Field(alias="academic_period_id")
    academic_period_name: str = Field(alias="academic_period.name")
    period_status: str = Field(alias="academic_period.status")
    name: str
    faculty: int | None = Field(alias="faculty_id")
    faculty_name: str | None = None
    teachers: list[Named]
    group: int | None = Field(alias="group_id")
    group_name: str | None = None
    capacity: int
    enrolled_count: int
    self_enrollment: bool
    version: int
    created_at: datetime
    updated_at: datetime


class SectionIn(In):
    """A new section; `teachers` are those besides `faculty`."""

    course: Id
    academic_period: Id
    name: SectionName
    faculty: Id | None = None
    teachers: Teachers = []
    group: Id | None = None
    capacity: Capacity = 50
    self_enrollment: bool = False


class SectionPatch(In):
    """The fields to change; a section keeps its course and period."""

    name: SectionName = ""
    faculty: Id | None = None
    teachers: Teachers = []
    group: Id | None = None
    capacity: Capacity = 50
    self_enrollment: bool = False


class SectionFilters(Paging):
    """Filters of the list."""

    course: Id | None = None
    academic_period: Id | None = None
    program: Id | None = None
    batch: Id | None = None
    group: Id | None = None
    faculty: Id | None = None
    department: Id | None = None
    self_enrollment: bool | None = None


class AvailabilityOut(Out):
    """The seats of a section."""

    section_id: int
    capacity: int
    enrolled: int
    available: int
    is_available: bool


def _sections(request: HttpRequest, filters: SectionFilters) -> Any:
    found = narrowed(
        queries.sections(actor=actor(request)), filters, course="course_id", academic_period="academic_period_id",
        program="academic_period__program_id", batch="academic_period__batch_id", group="group_id",
        department="course__department_id", self_enrollment="self_enrollment",
    )  # fmt: skip
    if filters.faculty is not None:
        found = queries.taught_by(found, filters.faculty)
    found = queries.matching_sections(found, filters.search)
    allowed = ("name", "course__code", "capacity", "enrolled_count", "id")
    return ordered(found, filters.ordering or "course__code,name", allowed)


@routes.get("/sections/", response=Page[SectionOut], **needs(Perm.SECTION_VIEW))
def list_sections(request: HttpRequest, filters: Query[SectionFilters]) -> Any:
    """Sections with their seats."""
    return page_of(request, _sections(request, filters), filters)


@routes.get("/sections/export/", response=None, **needs(Perm.SECTION_VIEW))
def export_sections(request: HttpRequest, filters: Query[SectionFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "course_code": lambda row: row.course_code,
        "course_name": lambda row: row.course_name,
        "name": lambda row: row.name,
        "academic_period": lambda row: row.academic_period.name,
        "faculty": lambda row: row.faculty_name,
        "group": lambda row: row.group_name,
        "capacity": lambda row: row.capacity,
        "enrolled_count": lambda row: row.enrolled_count,
    }
    return export(_sections(request, filters), wanted, name="sections", columns=columns)


@routes.post("/sections/", response={201: SectionOut}, **needs(Perm.SECTION_MANAGE))
def create_section(request: HttpRequest, body: SectionIn, response: HttpResponse) -> Any:
    """Enter a section of a course in a period."""
    made = actions.create(values=body.dict(), by=actor(request))
    versioned(response, made.version)
    return created(made)


@routes.get("/sections/{int:pk}/", response=SectionOut, **needs(Perm.SECTION_VIEW))
def get_section(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One section."""
    found = rows.one(queries.sections(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.patch("/sections/{int:pk}/", response=SectionOut, **needs(Perm.SECTION_MANAGE))
def update_section(request: HttpRequest, pk: Id, body: SectionPatch, response: HttpResponse) -> Any:
    """Change a section."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


@routes.delete("/sections/{int:pk}/", response={204: None}, **needs(Perm.SECTION_MANAGE))
def delete_section(request: HttpRequest, pk: Id) -> Any:
    """Delete a section that nothing refers to."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()


@routes.get("/sections/{int:pk}/availability/", response=AvailabilityOut, **needs(Perm.SECTION_VIEW))
def section_availability(request: HttpRequest, pk: Id) -> Any:
    """The seats that are left."""
    return queries.availability(pk, actor=actor(request))
