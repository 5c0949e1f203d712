"""Routes of memberships: who holds which role, where and how long."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import AfterValidator, Field

from maristan.directory.actions import memberships as actions
from maristan.directory.api.shapes import AnyRole, Named, Reason, ScopeKind
from maristan.directory.queries import people as queries
from maristan.directory.queries import settings
from maristan.directory.rules import states
from maristan.directory.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.access import Role
from maristan.kernel.api import (
    Day,
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
    ordered,
    page_of,
    versioned,
)

routes = Routes()


def _of_institutions(role: Role) -> Role:
    if role is Role.OPERATOR:
        raise ValueError("operators belong to no institution")
    return role


Designation = Annotated[str, Field(max_length=120)]
EmploymentNo = Annotated[str, Field(max_length=40)]


class MembershipOut(Out):
    """A role that a person holds within a scope."""

    id: int
    person: Named
    role: str
    scope_kind: str
    scope_id: int | None
    scope_name: str
    designation: str
    employment_no: str
    is_primary: bool
    from_date: date
    to_date: date | None
    version: int


class MembershipPatch(In):
    """How a membership is described."""

    designation: Designation = ""
    employment_no: EmploymentNo = ""
    is_primary: bool = False


class MembershipIn(MembershipPatch):
    """A role to be given; from today unless said otherwise."""

    person: Id
    role: Annotated[AnyRole, AfterValidator(_of_institutions)]
    scope_kind: ScopeKind = states.ScopeKind.INSTITUTION
    scope_id: Id | None = None
    from_date: Day | None = None
    to_date: Day | None = None


class MembershipEnd(In):
    """The last day of the role; without one it ends at once."""

    to_date: Day | None = None
    reason: Reason = ""


class MembershipFilters(Paging):
    """Filters of the list; `active` is about today."""

    person: Id | None = None
    role: AnyRole | None = None
    scope_kind: ScopeKind | None = None
    scope_id: Id | None = None
    active: bool | None = None


def _listed(request: HttpRequest, filters: MembershipFilters) -> Any:
    found = queries.memberships(actor=actor(request))
    for field in ("person", "role", "scope_kind", "scope_id"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    if filters.active is not None:
        found = queries.in_force(found, settings.local_today(), filters.active)
    if filters.search:
        found = found.filter(person__name__icontains=filters.search)
    return ordered(found, filters.ordering or "-from_date", ("from_date", "to_date", "role", "person__name", "id"))


def _one(membership: Any, response: HttpResponse) -> Any:
    versioned(response, membership.version)
    return queries.with_scope_names([membership])[0]


@routes.get("/memberships/", response=Page[MembershipOut], **needs(Perm.MEMBERSHIP_VIEW))
def list_memberships(request: HttpRequest, filters: Query[MembershipFilters]) -> Any:
    """Roles held, now and before."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": queries.with_scope_names(page["results"])}


@routes.get("/memberships/export/", response=None, **needs(Perm.MEMBERSHIP_VIEW))
def export_memberships(request: HttpRequest, filters: Query[MembershipFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.person.name,
        "role": lambda row: row.role,
        "scope_kind": lambda row: row.scope_kind,
        "scope_id": lambda row: row.scope_id,
        "designation": lambda row: row.designation,
        "employment_no": lambda row: row.employment_no,
        "from_date": lambda row: row.from_date,
        "to_date": lambda row: row.to_date,
    }
    return export(_listed(request, filters), wanted, name="memberships", columns=columns)


@routes.post("/memberships/", response={201: MembershipOut}, **needs(Perm.MEMBERSHIP_GRANT, proven=True))
def grant_membership(request: HttpRequest, body: MembershipIn, response: HttpResponse) -> Any:
    """Give a person a role."""
    return created(_one(actions.grant(values=body.dict(), by=actor(request)), response))


@routes.get("/memberships/{int:pk}/", response=MembershipOut, **needs(Perm.MEMBERSHIP_VIEW))
def get_membership(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One membership."""
    return _one(rows.one(queries.memberships(actor=actor(request)), pk), response)


@routes.patch("/memberships/{int:pk}/", response=MembershipOut, **needs(Perm.MEMBERSHIP_GRANT, proven=True))
def update_membership(request: HttpRequest, pk: Id, body: MembershipPatch, response: HttpResponse) -> Any:
    """Change how a membership is described."""
    version = expected_version(request)
    values = body.dict(exclude_unset=True)
    return _one(actions.update(pk=pk, version=version, values=values, by=actor(request)), response)


@routes.post("/memberships/{int:pk}/moves/end/", response=MembershipOut, **needs(Perm.MEMBERSHIP_GRANT, proven=True))
def end_membership(request: HttpRequest, pk: Id, body: MembershipEnd, response: HttpResponse) -> Any:
    """End a person's role."""
    version = expected_version(request)
    ended = actions.end(pk=pk, version=version, to_date=body.to_date, reason=body.reason, by=actor(request))
    return _one(ended, response)
