"""Routes of the institution and its settings."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from maristan.directory.actions import institutions as actions
from maristan.directory.actions import settings as setting_actions
from maristan.directory.api.shapes import CountryCode, Name
from maristan.directory.queries import settings as queries
from maristan.directory.rules.states import Perm
from maristan.kernel import exports, rows
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    expected_version,
    export,
    file_response,
    needs,
    ordered,
    page_of,
    versioned,
)

routes = Routes()


class InstitutionOut(Out):
    """An institution."""

    id: int
    code: str
    name: str
    time_zone: str
    first_weekday: int
    country: str
    locale: str
    version: int
    created_at: datetime
    updated_at: datetime


class InstitutionPatch(In):
    """The fields to change; the code stays."""

    name: Name = ""
    time_zone: Annotated[str, Field(max_length=64)] = ""
    first_weekday: Annotated[int, Field(ge=0, le=6)] = 0
    country: CountryCode = ""
    locale: Annotated[str, Field(pattern="^[a-z]{2}(-[A-Z]{2})?$")] = ""


def _listed(request: HttpRequest, filters: Paging) -> Any:
    found = queries.institutions(actor=actor(request)).filter(name__icontains=filters.search)
    return ordered(found, filters.ordering or "name", ("name", "code", "id"))


@routes.get("/institutions/", response=Page[InstitutionOut], **needs(Perm.INSTITUTION_VIEW))
def list_institutions(request: HttpRequest, filters: Query[Paging]) -> Any:
    """The institution in which the request acts."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/institutions/export/", response=None, **needs(Perm.INSTITUTION_VIEW))
def export_institutions(request: HttpRequest, filters: Query[Paging], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "code": lambda row: row.code,
        "name": lambda row: row.name,
        "time_zone": lambda row: row.time_zone,
        "country": lambda row: row.country,
    }
    return export(_listed(request, filters), wanted, name="institutions", columns=columns)


@routes.get("/institutions/{int:pk}/", response=InstitutionOut, **needs(Perm.INSTITUTION_VIEW))
def get_institution(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One's own institution."""
    found = rows.one(queries.institutions(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.patch("/institutions/{int:pk}/", response=InstitutionOut, **needs(Perm.SETTING_MANAGE, proven=True))
def update_institution(request: HttpRequest, pk: Id, body: InstitutionPatch, response: HttpResponse) -> Any:
    """Change the institution; its week and time zone stay once a week has been planned."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


class SettingOut(Out):
    """One declared key with its value and range."""

    key: str
    kind: str
    value: Any
    default: Any
    expected: str
    choices: list[str]
    minimum: int
    maximum: int
    note: str
    is_set: bool
    updated_by: str
    version: int
    updated_at: datetime | None


class SettingIn(In):
    """The value to set."""

    value: Any


class SettingsOut(Page[SettingOut]):
    """Every declared key: all on one page."""


class SettingFilters(Schema):
    """Filters of the list; `search` looks into keys and notes."""

    search: Annotated[str, Field(max_length=200)] = ""


@routes.get("/settings/", response=SettingsOut, **needs(Perm.SETTING_VIEW))
def list_settings(request: HttpRequest, filters: Query[SettingFilters]) -> Any:
    """Every setting and who reads it."""
    found = queries.settings_shown(filters.search)
    return {"count": len(found), "next": None, "previous": None, "results": found}


@routes.get("/settings/export/", response=None, **needs(Perm.SETTING_VIEW))
def export_settings(request: HttpRequest, filters: Query[SettingFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = ("key", "value", "default", "expected", "note", "updated_by")
    found = queries.settings_shown(filters.search)
    content = exports.stream(wanted.format, columns, [[str(each[name]) for name in columns] for each in found])
    return file_response(b"".join(content), exports.CONTENT_TYPES[wanted.format], f"settings.{wanted.format}")


@routes.get("/settings/{key}/", response=SettingOut, **needs(Perm.SETTING_VIEW))
def get_setting(request: HttpRequest, key: str, response: HttpResponse) -> Any:
    """One setting."""
    found = queries.setting_shown(key, actor=actor(request))
    versioned(response, found["version"])
    return found


@routes.put("/settings/{key}/", response=SettingOut, **needs(Perm.SETTING_MANAGE, proven=True))
def put_setting(request: HttpRequest, key: str, body: SettingIn, response: HttpResponse) -> Any:
    """Give a setting a value."""
    version = expected_version(request)
    found = setting_actions.put(key=key, value=body.value, version=version, by=actor(request))
    versioned(response, found["version"])
    return found
