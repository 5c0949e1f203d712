"""Routes of week plans."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import ConfigDict, Field

from maristan.kernel import clock
from maristan.kernel.api import (
    Id,
    In,
    MoveOut,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    created,
    expected_version,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)
from maristan.timetable.actions import grid, moves, weeks
from maristan.timetable.queries import changelog, consequences, shown
from maristan.timetable.queries import weeks as queries
from maristan.timetable.rules.states import Perm, WeekScope, WeekStatus

routes = Routes()


class WeekHead(Out):
    """A week plan as a list shows it."""

    id: int
    scope: WeekScope
    batch: int | None
    batch_name: str
    academic_period: int | None
    academic_period_name: str
    week_start_date: date
    status: WeekStatus
    version: int
    verified_at: datetime | None
    verified_by: str
    published_at: datetime | None
    published_by: str
    edited_at: datetime | None
    edited_by: str


class RowOut(Out):
    """One row of the grid; times HH:MM."""

    id: int | None
    row_index: int
    start_time: str | None
    end_time: str | None
    label: str
    lane: str
    is_break: bool


class CellOut(Out):
    """One cell of the grid."""

    id: int | None
    row_index: int
    day_of_week: int
    date: date
    status: str
    academic_period: int | None
    course: int | None
    section: int | None
    department: int | None
    topic: str
    faculty: int | None
    co_faculty: list[int]
    faculty_name: str
    room: int | None
    groups: list[int]
    all_groups: bool
    kind: str
    note: str


class NamesOut(Out):
    """What the ids of a grid are called."""

    people: dict[int, str]
    rooms: dict[int, str]
    groups: dict[int, str]
    courses: dict[int, str]
    sections: dict[int, str]
    departments: dict[int, str]


class ConflictName(Out):
    """Somebody or some place."""

    id: int | None
    name: str


class ConflictWhen(Out):
    """The local date and the instants."""

    date: str
    starts_at: str | None
    ends_at: str | None


class ConflictCell(Out):
    """A cell concerned."""

    id: int | None
    row_index: int
    day_of_week: int


class ConflictOther(Out):
    """The other side."""

    kind: str
    id: int | None
    label: str
    week_plan: int | None
    status: str | None


class ConflictOut(Out):
    """One conflict."""

    code: str
    severity: str
    who: ConflictName | None
    where: ConflictName | None
    when: ConflictWhen
    cells: list[ConflictCell]
    with_: ConflictOther | None = Field(None, alias="with", serialization_alias="with")
    detail: dict[str, Any] | None = None

    model_config = ConfigDict(populate_by_name=True)


class ReportOut(Out):
    """The first 200 conflicts by date, start and code, and how many there are."""

    count: int
    results: list[dict[str, Any]]


class HolidayBrief(Out):
    """A holiday that touches the week."""

    id: int
    name: str
    start_date: date
    end_date: date


class WeekOut(WeekHead):
    """A week plan with its grid, moves and conflicts."""

    rows: list[RowOut]
    cells: list[CellOut]
    names: NamesOut
    moves: list[MoveOut]
    conflicts: ReportOut | None
    may_edit: bool
    holidays: list[HolidayBrief]
    teaching_days: list[int]
    first_weekday: int


class WeekIn(In):
    """A new week around any of its days."""

    week_start_date: date
    scope: WeekScope
    batch: Id | None = None
    academic_period: Id | None = None
    slot_count: Annotated[int, Field(ge=1, le=40)] | None = None


class NextFourIn(In):
    """Four weeks."""

    scope: WeekScope
    batch: Id | None = None
    academic_period: Id | None = None
    from_week_start: date | None = None
    template_week: Id | None = None


class MadeWeek(Out):
    """A week and whether it was created now."""

    id: int
    week_start_date: date
    created: bool


class NextFourOut(Out):
    """Four weeks in order."""

    weeks: list[MadeWeek]


class GenerateIn(In):
    """Every week of a period."""

    academic_period: Id
    batch: Id | None = None
    template_week: Id | None = None


class GenerateOut(Out):
    """What was generated."""

    created_count: int
    existing_count: int
    total_weeks: int
    created_ids: list[int]


class CopyIn(In):
    """Which week to copy from."""

    source: Id
    overwrite: bool = False
    with_topics: bool = False
    version: int | None = None


class SaveIn(In):
    """A save of the grid; rows and cells are judged by the rules of the grid, which name every fault."""

    version: int | None = None
    reason: str | None = None
    preview: bool = False
    rows: Any = None
    remove_rows: Any = None
    cells: Any = None


class Counts(Out):
    """How many rows and cells were changed."""

    rows: int
    cells: int


class Delta(Out):
    """How many sessions a publication creates, updates, cancels and leaves."""

    created: int
    updated: int
    cancelled: int
    unchanged: int
    revived: int


class Consequence(Out):
    """One session in a consequence sheet."""

    action: str
    session: int | None
    cell: int | None
    date: date
    starts_at: datetime
    ends_at: datetime
    title: str
    room: str
    teachers: list[str]
    audience: list[str]
    changes: list[dict[str, Any]]


class PersonBrief(Out):
    """Somebody who will be told."""

    id: int
    name: str


class Consequences(Out):
    """What a publication or amendment does: sessions, and who will be told: how many, and the first 200 by name."""

    delta: Delta
    sessions: list[Consequence]
    persons_notified: int
    persons: list[PersonBrief]


class SaveOut(Out):
    """The grid after a save; `delta` and `consequences` for a published week or a preview."""

    id: int
    status: WeekStatus
    version: int
    rows: list[RowOut]
    cells: list[CellOut]
    changed: Counts
    delta: Delta | None = None
    consequences: Consequences | None = None
    missing: list[dict[str, Any]] = []
    warnings: list[dict[str, Any]] = []
    conflicts: ReportOut | None = None


class MoveBody(In):
    """A move of a week; `preview` writes nothing."""

    reason: str | None = None
    preview: bool = False
    version: int | None = None


class MovedOut(WeekOut):
    """The plan after the move, what it did, and the warnings that came with it."""

    delta: Delta
    warnings: list[dict[str, Any]]
    missing: list[dict[str, Any]] = []
    consequences: Consequences | None = None


class WeekFilters(Paging):
    """Filters of the list."""

    scope: WeekScope | None = None
    batch: Id | None = None
    academic_period: Id | None = None
    status: WeekStatus | None = None
    start_date: date | None = None
    end_date: date | None = None


class ChangelogOut(Out):
    """One amendment of a published week."""

    id: int
    version_from: int
    version_to: int
    changed_by: str
    changed_at: datetime
    reason: str
    changes: list[dict[str, Any]]
    sessions: dict[str, Any]


def _listed(request: HttpRequest, filters: WeekFilters) -> Any:
    found = queries.visible_to(actor=actor(request))
    for field in ("scope", "batch", "academic_period", "status"):
        value = getattr(filters, field)
        if value is not None:
            found = found.filter(**{field: value})
    if filters.start_date:
        found = found.filter(week_start_date__gte=filters.start_date)
    if filters.end_date:
        found = found.filter(week_start_date__lte=filters.end_date)
    return ordered(found, filters.ordering or "week_start_date", ("week_start_date", "status", "id"))


@routes.get("/weeks/", response=Page[WeekHead], **needs(Perm.WEEK_VIEW))
def list_weeks(request: HttpRequest, filters: Query[WeekFilters]) -> Any:
    """Week plans that the reader may see."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": [shown.head(plan) for plan in page["results"]]}


@routes.post("/weeks/", response={201: WeekHead}, **needs(Perm.WEEK_EDIT))
def create_week(request: HttpRequest, body: WeekIn) -> Any:
    """Create one week."""
    plan = weeks.create(**body.dict(), by=actor(request))
    return created(shown.head(queries.get(plan.pk, actor=actor(request))))


@routes.post("/weeks/create-next-4/", response={200: NextFourOut, 201: NextFourOut}, **needs(Perm.WEEK_EDIT))
def create_next_four(request: HttpRequest, body: NextFourIn) -> Any:
    """Create the next four weeks; those that exist stay."""
    made = weeks.create_next_four(**body.dict(), by=actor(request))
    answer = {
        "weeks": [
            {"id": plan.pk, "week_start_date": plan.week_start_date, "created": is_new} for plan, is_new in made.weeks
        ]
    }
    return created(answer) if made.created else answer


@routes.post("/weeks/generate/", response={200: GenerateOut, 201: GenerateOut}, **needs(Perm.WEEK_EDIT))
def generate_weeks(request: HttpRequest, body: GenerateIn) -> Any:
    """Create every week of a period."""
    made = weeks.generate(**body.dict(), by=actor(request))
    ids = [plan.pk for plan in made.created]
    total = len(made.weeks)
    answer = {
        "created_count": len(ids), "existing_count": total - len(ids), "total_weeks": total, "created_ids": ids,
    }  # fmt: skip
    return created(answer) if ids else answer


@routes.get("/weeks/{int:pk}/", response=WeekOut, **needs(Perm.WEEK_VIEW))
def get_week(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One week with its grid, moves and conflicts."""
    plan = queries.get(pk, actor=actor(request))
    versioned(response, plan.version)
    return shown.page(plan, actor=actor(request), now=clock.now())


@routes.delete("/weeks/{int:pk}/", response={204: None}, **needs(Perm.WEEK_EDIT))
def delete_week(request: HttpRequest, pk: Id) -> Any:
    """Delete a draft that was never published."""
    weeks.delete(pk=pk, by=actor(request))
    return no_content()


@routes.post("/weeks/{int:pk}/save-grid/", response=SaveOut, **needs(Perm.WEEK_EDIT))
def save_grid(request: HttpRequest, pk: Id, body: SaveIn, response: HttpResponse, include: str = "") -> Any:
    """Save rows and cells in one request."""
    version = expected_version(request, body.version)
    saved = grid.save(pk=pk, version=version, payload=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, saved.plan.version)
    with_conflicts = include == "conflicts"
    return consequences.of_save(
        saved, actor=actor(request), with_conflicts=with_conflicts, preview=body.preview, now=clock.now()
    )


@routes.post("/weeks/{int:pk}/copy-from/", response=WeekOut, **needs(Perm.WEEK_EDIT))
def copy_from(request: HttpRequest, pk: Id, body: CopyIn, response: HttpResponse) -> Any:
    """Copy another week into a draft."""
    version = expected_version(request, body.version)
    values = body.dict(exclude={"version"})
    plan = weeks.copy_from(pk=pk, version=version, **values, by=actor(request))
    versioned(response, plan.version)
    return shown.page(plan, actor=actor(request), now=clock.now())


@routes.get("/weeks/{int:pk}/conflicts/", response=ReportOut, **needs(Perm.WEEK_VIEW_DRAFTS))
def conflicts(request: HttpRequest, pk: Id) -> Any:
    """Every conflict of a week."""
    return shown.conflicts(queries.get(pk, actor=actor(request)), actor=actor(request), now=clock.now())


@routes.get("/weeks/{int:pk}/changelog/", response=Page[ChangelogOut], **needs(Perm.WEEK_VIEW))
def list_changelog(request: HttpRequest, pk: Id, paging: Query[Paging]) -> Any:
    """Amendments of a published week, newest first."""
    return page_of(request, changelog.of(queries.get(pk, actor=actor(request))), paging)


def _move(request: HttpRequest, pk: int, name: str, body: MoveBody, response: HttpResponse) -> Any:
    version = expected_version(request, body.version)
    moved = moves.move(pk=pk, name=name, version=version, reason=body.reason, preview=body.preview, by=actor(request))
    versioned(response, moved.context.plan.version)
    return consequences.of_move(moved, name, actor=actor(request), preview=body.preview, now=clock.now())


@routes.post("/weeks/{int:pk}/moves/verify/", response=MovedOut, **needs(Perm.WEEK_VERIFY))
def verify(request: HttpRequest, pk: Id, body: MoveBody, response: HttpResponse) -> Any:
    """Verify a draft."""
    return _move(request, pk, "verify", body, response)


@routes.post("/weeks/{int:pk}/moves/return/", response=MovedOut, **needs(Perm.WEEK_VERIFY))
def return_to_draft(request: HttpRequest, pk: Id, body: MoveBody, response: HttpResponse) -> Any:
    """Return a verified week to draft with a reason."""
    return _move(request, pk, "return", body, response)


@routes.post("/weeks/{int:pk}/moves/publish/", response=MovedOut, **needs(Perm.WEEK_PUBLISH))
def publish(request: HttpRequest, pk: Id, body: MoveBody, response: HttpResponse) -> Any:
    """Publish a verified week, or publish a published one again."""
    return _move(request, pk, "publish", body, response)


@routes.post("/weeks/{int:pk}/moves/revert/", response=MovedOut, **needs(Perm.WEEK_REVERT))
def revert(request: HttpRequest, pk: Id, body: MoveBody, response: HttpResponse) -> Any:
    """Take a published week back to draft with a reason."""
    return _move(request, pk, "revert", body, response)
