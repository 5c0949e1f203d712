"""Routes of week plans."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from maristan.kernel import clock
from maristan.kernel.api import (
    ExportFormat,
    Id,
    Page,
    PlainPaging,
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
from maristan.timetable.actions import grid, moves, weeks
from maristan.timetable.api.conflict_shapes import ReportOut
from maristan.timetable.api.week_shapes import (
    ChangelogOut,
    CopyIn,
    GenerateIn,
    GenerateOut,
    MoveBody,
    MovedOut,
    NextFourIn,
    NextFourOut,
    SaveIn,
    SaveOut,
    WeekFilters,
    WeekHead,
    WeekIn,
    WeekOut,
)
from maristan.timetable.queries import changelog, consequences, shown
from maristan.timetable.queries import weeks as queries
from maristan.timetable.rules.states import Perm

routes = Routes()


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
    found = queries.matching(found, filters.search)
    return ordered(found, filters.ordering or "week_start_date", ("week_start_date", "status", "id"))


@routes.get("/weeks/", response=Page[WeekHead], **needs(Perm.WEEK_VIEW))
def list_weeks(request: HttpRequest, filters: Query[WeekFilters]) -> Any:
    """Week plans that the reader may see."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": [shown.head(plan) for plan in page["results"]]}


@routes.get("/weeks/export/", response=None, **needs(Perm.WEEK_VIEW))
def export_weeks(request: HttpRequest, filters: Query[WeekFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    names = (
        "week_start_date", "scope", "batch_name", "academic_period_name", "status", "version", "verified_by",
        "published_by", "edited_by",
    )  # fmt: skip
    columns = {name: partial(_of_head, name) for name in names}
    return export(_listed(request, filters), wanted, name="weeks", columns=columns)


def _of_head(name: str, plan: Any) -> Any:
    return shown.head(plan)[name]


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
def list_changelog(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """Amendments of a published week, newest first."""
    return page_of(request, changelog.of(queries.get(pk, actor=actor(request))), paging)


@routes.get("/weeks/{int:pk}/changelog/export/", response=None, **needs(Perm.WEEK_VIEW))
def export_changelog(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """Amendments as a file."""
    found = changelog.of(queries.get(pk, actor=actor(request)))
    columns = {name: partial(_of_amendment, name) for name in ("changed_at", "changed_by", "reason", "version_to")}
    fields = {"changes": changelog.sentence}
    return export(found, wanted, name="changelog", columns={**columns, **fields})


def _of_amendment(name: str, row: Any) -> Any:
    return getattr(row, name)


NO_BODY = MoveBody()


def _move(request: HttpRequest, pk: int, name: str, body: MoveBody, response: HttpResponse) -> Any:
    version = expected_version(request, body.version)
    moved = moves.move(pk=pk, name=name, version=version, reason=body.reason, preview=body.preview, by=actor(request))
    versioned(response, moved.context.plan.version)
    return consequences.of_move(moved, name, actor=actor(request), preview=body.preview, now=clock.now())


@routes.post("/weeks/{int:pk}/moves/verify/", response=MovedOut, **needs(Perm.WEEK_VERIFY))
def verify(request: HttpRequest, pk: Id, response: HttpResponse, body: MoveBody = NO_BODY) -> Any:
    """Verify a draft."""
    return _move(request, pk, "verify", body, response)


@routes.post("/weeks/{int:pk}/moves/return/", response=MovedOut, **needs(Perm.WEEK_VERIFY))
def return_to_draft(request: HttpRequest, pk: Id, response: HttpResponse, body: MoveBody = NO_BODY) -> Any:
    """Return a verified week to draft with a reason."""
    return _move(request, pk, "return", body, response)


@routes.post("/weeks/{int:pk}/moves/publish/", response=MovedOut, **needs(Perm.WEEK_PUBLISH))
def publish(request: HttpRequest, pk: Id, response: HttpResponse, body: MoveBody = NO_BODY) -> Any:
    """Publish a verified week, or publish a published one again."""
    return _move(request, pk, "publish", body, response)


@routes.post("/weeks/{int:pk}/moves/revert/", response=MovedOut, **needs(Perm.WEEK_REVERT))
def revert(request: HttpRequest, pk: Id, response: HttpResponse, body: MoveBody = NO_BODY) -> Any:
    """Take a published week back to draft with a reason."""
    return _move(request, pk, "revert", body, response)
