"""Routes of people and their timeline."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.directory.actions import people as actions
from maristan.directory.api.contacts import ContactOut
from maristan.directory.api.shapes import AnyRole, Gender, Name, Reason
from maristan.directory.queries import people as queries
from maristan.directory.queries import person_pages as pages
from maristan.directory.queries import settings
from maristan.directory.rules import states
from maristan.directory.rules.states import Perm
from maristan.kernel.access import Actor
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    PlainPaging,
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
from maristan.kernel.timelines import LINE_COLUMNS, LineOut

routes = Routes()
ShortName = Annotated[str, Field(max_length=120)]
LongName = Annotated[str, Field(max_length=255)]
NationalId = Annotated[str, Field(max_length=40)]
Contact = Annotated[str, Field(max_length=254)]


class RoleOut(Out):
    """A role held today."""

    membership: int
    role: str
    scope_kind: str
    scope_id: int | None
    scope_name: str
    designation: str
    is_primary: bool


class PersonOut(Out):
    """A person; what the reader may not see is null."""

    id: int
    name: str
    given_name: str
    middle_name: str
    family_name: str
    name_latin: str
    is_active: bool
    gender: str | None
    father_name: str | None
    date_of_birth: date | None
    national_id: str | None
    proposed_username: str | None
    photo: str | None
    has_account: bool | None
    user_id: int | None
    has_live_invitation: bool | None
    contacts: list[ContactOut] | None
    roles: list[RoleOut] | None
    version: int
    created_at: datetime
    updated_at: datetime


class PersonPatch(In):
    """The fields to change."""

    name: Name = ""
    given_name: ShortName = ""
    middle_name: ShortName = ""
    family_name: ShortName = ""
    name_latin: LongName = ""
    father_name: LongName = ""
    date_of_birth: Day | None = None
    gender: Gender = states.Gender.UNDISCLOSED
    national_id: NationalId | None = None


class PersonIn(PersonPatch):
    """A person to be entered, with a first phone and e-mail."""

    name: Name
    phone: Contact = ""
    email: Contact = ""


class PersonFilters(Paging):
    """Filters of the list; `role` and `department` as held today, `import_run` is a file that entered people."""

    role: AnyRole | None = None
    department: Id | None = None
    is_active: bool | None = None
    has_account: bool | None = None
    import_run: Id | None = None


class PersonMove(In):
    """Why somebody is deactivated or taken in again."""

    reason: Reason = ""


def _listed(request: HttpRequest, filters: PersonFilters, here: Any) -> Any:
    by, day = actor(request), settings.local_today(here)
    reached = queries.reached_by(actor=by, day=day)
    found = queries.matching(queries.visible_to(actor=by), filters.search, here.country, reached=reached)
    if filters.role is not None:
        found = queries.in_role(found, filters.role, actor=by, day=day)
    if filters.department is not None:
        found = queries.in_department(found, filters.department, actor=by, day=day)
    if filters.has_account is not None:
        found = found.filter(reached, user__isnull=not filters.has_account)
    if filters.import_run is not None:
        found = queries.entered_by(found, filters.import_run, actor=by)
    if filters.is_active is not None:
        found = found.filter(is_active=filters.is_active)
    return ordered(found, filters.ordering or "name", ("name", "name_latin", "created_at", "id"))


def _one(person: Any, by: Actor, response: HttpResponse) -> Any:
    versioned(response, person.version)
    return pages.shown([person], actor=by, day=settings.local_today())[0]


@routes.get("/persons/", response=Page[PersonOut], **needs(Perm.PERSON_VIEW))
def list_persons(request: HttpRequest, filters: Query[PersonFilters]) -> Any:
    """People of the institution."""
    here = settings.institution()
    page = page_of(request, _listed(request, filters, here), filters)
    return {**page, "results": pages.shown(page["results"], actor=actor(request), day=settings.local_today(here))}


@routes.get("/persons/export/", response=None, **needs(Perm.CONTACT_VIEW))
def export_persons(request: HttpRequest, filters: Query[PersonFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file, with names only."""
    columns = {
        "id": lambda row: row.pk,
        "name": lambda row: row.name,
        "name_latin": lambda row: row.name_latin,
        "is_active": lambda row: row.is_active,
    }
    return export(_listed(request, filters, settings.institution()), wanted, name="persons", columns=columns)


@routes.post("/persons/", response={201: PersonOut}, **needs(Perm.PERSON_EDIT))
def create_person(request: HttpRequest, body: PersonIn, response: HttpResponse) -> Any:
    """Enter a person."""
    by = actor(request)
    return created(_one(actions.create(values=body.dict(exclude_unset=True), by=by), by, response))


@routes.get("/persons/{int:pk}/", response=PersonOut, **needs(Perm.PERSON_VIEW))
def get_person(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One person."""
    return _one(queries.get(pk, actor=actor(request)), actor(request), response)


@routes.patch("/persons/{int:pk}/", response=PersonOut, **needs(Perm.PERSON_EDIT))
def update_person(request: HttpRequest, pk: Id, body: PersonPatch, response: HttpResponse) -> Any:
    """Change a person's record."""
    by, version = actor(request), expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=by)
    return _one(found, by, response)


@routes.post("/persons/{int:pk}/moves/deactivate/", response=PersonOut, **needs(Perm.PERSON_DEACTIVATE))
def deactivate_person(request: HttpRequest, pk: Id, body: PersonMove, response: HttpResponse) -> Any:
    """End a person's memberships and sessions at once."""
    by, version = actor(request), expected_version(request)
    return _one(actions.deactivate(pk=pk, version=version, reason=body.reason, by=by), by, response)


@routes.post("/persons/{int:pk}/moves/reactivate/", response=PersonOut, **needs(Perm.PERSON_DEACTIVATE))
def reactivate_person(request: HttpRequest, pk: Id, body: PersonMove, response: HttpResponse) -> Any:
    """Take a deactivated person in again, without a role."""
    by, version = actor(request), expected_version(request)
    return _one(actions.reactivate(pk=pk, version=version, reason=body.reason, by=by), by, response)


def _timeline(request: HttpRequest, pk: int) -> Any:
    by = actor(request)
    return pages.timeline(queries.get(pk, actor=by), actor=by)


@routes.get("/persons/{int:pk}/timeline/", response=Page[LineOut], **needs(pages.JOURNAL_VIEW))
def get_timeline(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """What happened to a person, newest first; one's own is open to everybody."""
    return page_of(request, _timeline(request, pk), paging)


@routes.get("/persons/{int:pk}/timeline/export/", response=None, **needs(pages.JOURNAL_VIEW))
def export_timeline(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The timeline as a file."""
    return export(_timeline(request, pk), wanted, name="timeline", columns=LINE_COLUMNS)
