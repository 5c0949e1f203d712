"""Routes of courses."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import courses as actions
from maristan.academics.api.shapes import Name, Named, narrowed
from maristan.academics.queries import courses as queries
from maristan.academics.queries.structure import matching
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
Code = Annotated[str, Field(min_length=1, max_length=30)]
Credits = Annotated[Decimal, Field(ge=0, le=60, max_digits=4, decimal_places=1)]
Programs = Annotated[list[Id], Field(max_length=200)]


class CourseOut(Out):
    """One course."""

    id: int
    code: str
    name: str
    department: int = Field(alias="department_id")
    department_name: str = Field(alias="department.name")
    credits: Decimal
    is_active: bool
    programs: list[Named]
    version: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_programs(row: Any) -> list[dict[str, Any]]:
        """From what was fetched with the course."""
        programs = sorted((each.program for each in row.course_programs.all()), key=lambda each: (each.name, each.pk))
        return [{"id": each.pk, "name": each.name} for each in programs]


class CourseIn(In):
    """A new course."""

    code: Code
    name: Name
    department: Id
    credits: Credits = Decimal("3.0")
    is_active: bool = True
    programs: Programs = []


class CoursePatch(In):
    """The fields to change."""

    code: Code = ""
    name: Name = ""
    department: Id = 1
    credits: Credits = Decimal("3.0")
    is_active: bool = True
    programs: Programs = []


class CourseFilters(Paging):
    """Filters of the list."""

    department: Id | None = None
    program: Id | None = None
    is_active: bool | None = None


def _courses(request: HttpRequest, filters: CourseFilters) -> Any:
    found = narrowed(
        queries.courses(actor=actor(request)), filters, department="department_id",
        program="course_programs__program_id", is_active="is_active",
    )  # fmt: skip
    return ordered(matching(found, filters.search), filters.ordering or "code", ("code", "name", "credits", "id"))


@routes.get("/courses/", response=Page[CourseOut], **needs(Perm.COURSE_VIEW))
def list_courses(request: HttpRequest, filters: Query[CourseFilters]) -> Any:
    """Courses of the institution."""
    return page_of(request, _courses(request, filters), filters)


@routes.get("/courses/export/", response=None, **needs(Perm.COURSE_VIEW))
def export_courses(request: HttpRequest, filters: Query[CourseFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "code": lambda row: row.code,
        "name": lambda row: row.name,
        "department": lambda row: row.department.name,
        "credits": lambda row: row.credits,
        "programs": lambda row: ", ".join(sorted(each.program.code for each in row.course_programs.all())),
        "is_active": lambda row: row.is_active,
    }
    return export(_courses(request, filters), wanted, name="courses", columns=columns)


@routes.post("/courses/", response={201: CourseOut}, **needs(Perm.COURSE_MANAGE))
def create_course(request: HttpRequest, body: CourseIn, response: HttpResponse) -> Any:
    """Enter a course."""
    made = actions.create(values=body.dict(), by=actor(request))
    versioned(response, made.version)
    return created(made)


@routes.get("/courses/{int:pk}/", response=CourseOut, **needs(Perm.COURSE_VIEW))
def get_course(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One course."""
    found = rows.one(queries.courses(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.patch("/courses/{int:pk}/", response=CourseOut, **needs(Perm.COURSE_MANAGE))
def update_course(request: HttpRequest, pk: Id, body: CoursePatch, response: HttpResponse) -> Any:
    """Change a course or its programs."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


@routes.delete("/courses/{int:pk}/", response={204: None}, **needs(Perm.COURSE_MANAGE))
def delete_course(request: HttpRequest, pk: Id) -> Any:
    """Delete a course that nothing refers to."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()
