"""Paths that integrations of the system before this one still speak; the work is done by the same actions (L3)."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from maristan.academics.actions import enrollments as actions
from maristan.academics.api.sections import AvailabilityOut
from maristan.academics.api.shapes import EnrollmentState, narrowed
from maristan.academics.queries import courses
from maristan.academics.queries import students as queries
from maristan.academics.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.api import (
    SIGNED_IN,
    Id,
    In,
    Out,
    Page,
    PlainPaging,
    Routes,
    actor,
    created,
    needs,
    no_content,
    page_of,
)

routes = Routes()
DROPPED = "Dropped by an integration."


class LegacyEnrollment(Out):
    """An enrolment in the words of before; `grade` is null until results are published here."""

    id: int
    student: int = Field(alias="student_id")
    section: int = Field(alias="section_id")
    academic_period: int = Field(alias="academic_period_id")
    status: str
    enrolled_at: datetime
    enrolled_by: str
    dropped_at: datetime | None
    drop_reason: str
    grade: str | None

    @staticmethod
    def resolve_grade(_row: Any) -> None:
        """No app gives grades yet."""
        return


class LegacyEnrollmentIn(In):
    """Who takes a seat, and where."""

    student: Id
    section: Id


class LegacyFilters(PlainPaging):
    """Filters of the list."""

    student: Id | None = None
    section: Id | None = None
    academic_period: Id | None = None
    status: EnrollmentState | None = None


class DropIn(Schema):
    """Why a seat is given back."""

    drop_reason: Annotated[str, Field(max_length=500)] = DROPPED


@routes.get("/enrollment/", response=Page[LegacyEnrollment], **needs(Perm.ENROLLMENT_VIEW))
def list_enrollments(request: HttpRequest, filters: Query[LegacyFilters]) -> Any:
    """Enrolments that one may see, newest first."""
    found = narrowed(
        queries.enrollments(actor=actor(request)), filters, student="student_id", section="section_id",
        academic_period="section__academic_period_id", status="status",
    )  # fmt: skip
    return page_of(request, found.order_by("-id"), filters)


@routes.post("/enrollment/", response={201: LegacyEnrollment}, **needs(SIGNED_IN, lent=True))
def enroll(request: HttpRequest, body: LegacyEnrollmentIn) -> Any:
    """Give a student a seat."""
    made, _ = actions.enroll(student=body.student, section=body.section, by=actor(request))
    return created(made)


@routes.get("/enrollment/{int:pk}/", response=LegacyEnrollment, **needs(Perm.ENROLLMENT_VIEW))
def get_enrollment(request: HttpRequest, pk: Id) -> Any:
    """One enrolment."""
    return rows.one(queries.enrollments(actor=actor(request)), pk)


@routes.delete("/enrollment/{int:pk}/", response={204: None}, **needs(Perm.ENROLLMENT_MANAGE))
def drop(request: HttpRequest, pk: Id, why: Query[DropIn]) -> Any:
    """Give the seat back: the enrolment is dropped, never deleted."""
    actions.move(pk=pk, name="drop", version=None, reason=why.drop_reason, by=actor(request))
    return no_content()


@routes.get("/enrollment/section/{int:pk}/availability/", response=AvailabilityOut, **needs(Perm.SECTION_VIEW))
def availability(request: HttpRequest, pk: Id) -> Any:
    """The seats that are left."""
    return courses.availability(pk, actor=actor(request))
