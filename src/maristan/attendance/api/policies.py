"""Routes of attendance policies."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from maristan.attendance.actions import policies as actions
from maristan.attendance.queries import policies as queries
from maristan.attendance.queries import previews
from maristan.attendance.rules.percentages import Code, Counts, Excusing, Terms
from maristan.attendance.rules.states import Perm, PolicyStatus
from maristan.kernel import clock, rows
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    In,
    MoveIn,
    MoveOut,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    created,
    expected_version,
    export,
    needs,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Weight = Annotated[Decimal, Field(ge=0, le=1, max_digits=3, decimal_places=2)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Minutes = Annotated[int, Field(ge=0, le=720)]


class PolicyOut(Out):
    """A version of a policy."""

    id: int
    scope: str
    number: int
    effective_from: date
    threshold: Decimal
    late_weight: Decimal
    excused: str
    check_in_opens_minutes: int
    late_after_minutes: int
    near_margin: Decimal
    condonation_max_points: Decimal
    condonations_per_period: int
    status: str
    version: int


class PolicyPage(PolicyOut):
    """A version with what may be done with it now."""

    moves: list[MoveOut]


class PolicyTerms(In):
    """What a version says."""

    threshold: Percent = Decimal("75.00")
    late_weight: Weight = Decimal("1.00")
    excused: Annotated[Excusing, any_case] = Excusing.EXCLUDE
    check_in_opens_minutes: Minutes = 15
    late_after_minutes: Minutes = 10
    near_margin: Percent = Decimal("5.00")
    condonation_max_points: Percent = Decimal("5.00")
    condonations_per_period: Annotated[int, Field(ge=0, le=100)] = 1


class PolicyIn(PolicyTerms):
    """The next version of a scope."""

    scope: Annotated[str, Field(max_length=60)]
    effective_from: Day


class PolicyPatch(PolicyTerms):
    """The fields of a draft to change."""

    effective_from: Day = date(2000, 1, 1)


class PolicyFilters(Paging):
    """Filters of the list."""

    scope: Annotated[str, Field(max_length=60)] = ""
    status: Annotated[PolicyStatus, any_case] | None = None


class PolicyPreview(Out):
    """Whose eligibility a draft would change."""

    people: int
    gain: int
    lose: int
    start_date: date
    end_date: date
    sample: list[dict[str, Any]]


class PolicyTrial(Schema):
    """Terms that are being written, and the counts of somebody they may be tried on."""

    threshold: Percent = Decimal("75.00")
    late_weight: Weight = Decimal("1.00")
    excused: Annotated[Excusing, any_case] = Excusing.EXCLUDE
    near_margin: Percent = Decimal("5.00")
    condonation_max_points: Percent = Decimal("5.00")
    present_count: Count = 0
    late_count: Count = 0
    absent_count: Count = 0
    excused_count: Count = 0


class PolicyTried(Out):
    """How somebody with these counts would stand."""

    percentage: Decimal
    threshold: Decimal
    is_eligible: bool
    is_near: bool
    is_condonable: bool
    code: Code


def _listed(request: HttpRequest, filters: PolicyFilters) -> Any:
    wanted = {"scope": filters.scope or None, "status": filters.status, "scope__icontains": filters.search or None}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    found = queries.visible_to(actor=actor(request)).filter(**chosen)
    return ordered(found, filters.ordering or "scope,-number", queries.ORDERINGS)


def _page(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = rows.one(queries.visible_to(actor=actor(request)), pk)
    versioned(response, found.version)
    return queries.page(found, actor=actor(request), now=clock.now())


@routes.get("/policies/", response=Page[PolicyOut], **needs(Perm.VIEW))
def list_policies(request: HttpRequest, filters: Query[PolicyFilters]) -> Any:
    """Versions of policies, by scope, the latest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/policies/export/", response=None, **needs(Perm.VIEW))
def export_policies(request: HttpRequest, filters: Query[PolicyFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns: dict[str, Any] = {name: lambda row, name=name: getattr(row, name) for name in queries.FIELDS[1:]}
    return export(_listed(request, filters), wanted, name="policies", columns=columns)


@routes.get("/policies/example/", response=PolicyTried, **needs(Perm.POLICY))
def try_policy(request: HttpRequest, asked: Query[PolicyTrial]) -> Any:
    """How somebody would stand under terms that are not written yet."""
    terms = Terms(
        threshold=asked.threshold, late_weight=asked.late_weight, excused=asked.excused, near_margin=asked.near_margin
    )
    counts = Counts(asked.present_count, asked.late_count, asked.absent_count, asked.excused_count)
    return previews.example(terms, counts, max_points=asked.condonation_max_points, actor=actor(request))


@routes.post("/policies/", response={201: PolicyPage}, **needs(Perm.POLICY))
def draft_policy(request: HttpRequest, body: PolicyIn, response: HttpResponse) -> Any:
    """Draft the next version of a scope."""
    return created(_page(request, actions.draft(values=body.dict(), by=actor(request)).pk, response))


@routes.get("/policies/{int:pk}/", response=PolicyPage, **needs(Perm.VIEW))
def get_policy(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One version."""
    return _page(request, pk, response)


@routes.patch("/policies/{int:pk}/", response=PolicyPage, **needs(Perm.POLICY))
def change_policy(request: HttpRequest, pk: Id, body: PolicyPatch, response: HttpResponse) -> Any:
    """Change a draft."""
    values = body.dict(exclude_unset=True)
    actions.change(pk=pk, version=expected_version(request), values=values, by=actor(request))
    return _page(request, pk, response)


@routes.get("/policies/{int:pk}/preview/", response=PolicyPreview, **needs(Perm.POLICY))
def preview_policy(request: HttpRequest, pk: Id) -> Any:
    """Who would change if this version held."""
    return previews.of(pk, actor=actor(request), now=clock.now())


@routes.post("/policies/{int:pk}/moves/activate/", response=PolicyPage, **needs(Perm.POLICY))
def activate_policy(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Put a draft in force."""
    actions.activate(pk=pk, version=expected_version(request), by=actor(request))
    return _page(request, pk, response)
