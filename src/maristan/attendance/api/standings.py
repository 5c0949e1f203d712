"""Routes of how people stand: one's own, a list, an overview, and the summary of one person."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from maristan.attendance.queries import standings, summaries
from maristan.attendance.queries.summaries import SummaryAsked
from maristan.attendance.rules.percentages import Code
from maristan.attendance.rules.states import Perm
from maristan.kernel import clock
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    Out,
    Page,
    PlainPaging,
    Routes,
    actor,
    any_case,
    export,
    needs,
    page_of,
)

routes = Routes()
Word = Annotated[str, Field(max_length=254)]


class PolicyNamed(Out):
    """The version of a policy by which something was judged; number 0 where none is made."""

    scope: str
    number: int


class StandingOut(Out):
    """Counts, percentage and what is still possible."""

    total: int
    present: int
    late: int
    absent: int
    excused: int
    unmarked: int
    percentage: Decimal
    threshold: Decimal
    is_eligible: bool
    code: str
    policy: PolicyNamed
    to_come: int
    must_attend: int
    can_miss: int
    reachable: bool
    regain_after: int | None


class CourseStanding(StandingOut):
    """The same in one course."""

    course: int | None
    name: str


class MyAttendance(Out):
    """One's own attendance."""

    start_date: date
    end_date: date
    overall: StandingOut
    courses: list[CourseStanding]


class LearnerStanding(StandingOut):
    """How a learner stands."""

    person: int
    student: int | None
    reg_no: str
    full_name: str
    is_near: bool


class WindowFilters(Schema):
    """Days, or an academic period; the present one where nothing is said."""

    start_date: Day | None = None
    end_date: Day | None = None
    academic_period: Id | None = None


class EligibilityFilters(PlainPaging, WindowFilters):
    """Filters of the list."""

    search: Annotated[str, Field(max_length=200)] = ""
    course: Id | None = None
    section: Id | None = None
    group: Id | None = None
    code: Annotated[Code, any_case] | None = None
    near: bool = False


class LastDays(Out):
    """What was marked and what is missing."""

    total_marked: int
    absent_percent: float
    late_percent: float
    missing_entries: int


class OverviewOut(Out):
    """The last seven days."""

    last_7_days: LastDays


class SummaryOut(Out):
    """The attendance of one person over a span."""

    user_id: int | None
    username: str
    full_name: str
    person_id: int
    period: str
    start_date: date
    end_date: date
    total_sessions: int
    attended_sessions: int
    present_count: int
    late_count: int
    absent_count: int
    excused_count: int
    unmarked_count: int
    percentage_present: float
    threshold_percentage: float
    is_eligible: bool
    code: str
    policy: PolicyNamed


class SummaryFilters(Schema):
    """Whose attendance, over which time; each as it is written, because the contract has codes of its own."""

    user: Word = ""
    reg_no: Word = ""
    email: Word = ""
    period: Word = ""
    start_date: Word = ""
    end_date: Word = ""
    course: Word = ""
    section: Word = ""


def window_of(request: HttpRequest, filters: WindowFilters) -> Any:
    """The window that a request asks for."""
    return summaries.window_of(
        person=actor(request).person_id or 0, first=filters.start_date, last=filters.end_date,
        period=filters.academic_period, now=clock.now(),
    )  # fmt: skip


@routes.get("/mine/", response=MyAttendance, **needs(Perm.VIEW))
def my_attendance(request: HttpRequest, filters: Query[WindowFilters]) -> Any:
    """One's own attendance by course and in all."""
    return standings.mine(actor=actor(request), window=window_of(request, filters))


def _listed(request: HttpRequest, filters: EligibilityFilters) -> Any:
    wanted = {"course_id": filters.course, "section_id": filters.section}
    return standings.eligibility(
        actor=actor(request), window=window_of(request, filters), code=filters.code or "", text=filters.search,
        sessions={name: value for name, value in wanted.items() if value is not None},
        groups=[filters.group] if filters.group else [], only_near=filters.near,
    )  # fmt: skip


@routes.get("/eligibility/", response=Page[LearnerStanding], **needs(Perm.VIEW))
def list_eligibility(request: HttpRequest, filters: Query[EligibilityFilters]) -> Any:
    """How learners in reach stand, by registration number."""
    return page_of(request, _listed(request, filters), filters)


NAMES = (
    "reg_no", "full_name", "total", "present", "late", "absent", "excused", "unmarked", "percentage", "threshold",
    "is_eligible", "code", "to_come", "must_attend", "can_miss",
)  # fmt: skip


@routes.get("/eligibility/export/", response=None, **needs(Perm.VIEW))
def export_eligibility(request: HttpRequest, filters: Query[EligibilityFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns: dict[str, Any] = {name: lambda row, name=name: row[name] for name in NAMES}
    return export(_listed(request, filters), wanted, name="eligibility", columns=columns)


@routes.get("/overview/", response=OverviewOut, **needs(Perm.VIEW))
def overview(request: HttpRequest) -> Any:
    """What was marked in the last seven days, and what is missing."""
    window = summaries.last_days(7, now=clock.now())
    return {"last_7_days": standings.overview(actor=actor(request), window=window)}


@routes.get("/summary/", response=SummaryOut, **needs(Perm.VIEW))
def summary(request: HttpRequest, filters: Query[SummaryFilters]) -> Any:
    """The attendance of one person over a span."""
    return summaries.of(SummaryAsked(**filters.dict()), actor=actor(request), now=clock.now())
