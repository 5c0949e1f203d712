"""Routes of eligibility lists and condonations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.attendance.actions import condonations as condoning
from maristan.attendance.actions import eligibility_lists as actions
from maristan.attendance.queries import condonations, printed
from maristan.attendance.queries import eligibility_lists as queries
from maristan.attendance.rules.percentages import Code
from maristan.attendance.rules.states import CondonationStatus, ListStatus, Perm
from maristan.kernel import clock, rows
from maristan.kernel.api import (
    Audience,
    Day,
    ExportFormat,
    Id,
    In,
    MoveIn,
    MoveOut,
    Out,
    Page,
    Paging,
    PlainPaging,
    Routes,
    actor,
    any_case,
    created,
    expected_version,
    export,
    file_response,
    needs,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
Title = Annotated[str, Field(min_length=1, max_length=200)]
Ids = Annotated[list[Id], Field(max_length=200)]


class EligibilityListOut(Out):
    """A list of who may sit an exam; empty filters mean all sessions of its days."""

    id: int
    title: str
    owner_kind: str
    owner_id: int | None
    first_day: date
    last_day: date
    courses: list[int]
    sections: list[int]
    departments: list[int]
    audience: list[list[str]]
    number: int
    status: ListStatus
    frozen_at: datetime | None
    frozen_by: str
    version: int
    created_at: datetime


class EligibilityListPage(EligibilityListOut):
    """With how many people have each code, and what may be done with it now."""

    counts: dict[str, int]
    moves: list[MoveOut]


class EligibilityListIn(In):
    """A list to be drawn up."""

    title: Title
    owner_kind: Annotated[str, Field(max_length=40, pattern=r"^[a-z_]*$")] = ""
    owner_id: Id | None = None
    first_day: Day
    last_day: Day
    courses: Ids = []
    sections: Ids = []
    departments: Ids = []
    audience: Audience


class EligibilityListPatch(In):
    """The fields of a draft to change."""

    title: Title = ""
    first_day: Day = date(2000, 1, 1)
    last_day: Day = date(2000, 1, 1)
    courses: Ids = []
    sections: Ids = []
    departments: Ids = []
    audience: Audience = []


class EligibilityListFilters(Paging):
    """Filters of the list of lists."""

    status: Annotated[ListStatus, any_case] | None = None
    owner_kind: Annotated[str, Field(max_length=40)] = ""
    owner_id: Id | None = None


class EligibilityLineFilters(Paging):
    """Filters of the people of a list."""

    code: Annotated[Code, any_case] | None = None


class EligibilityLineOut(Out):
    """One person of a list; without an id while the list is a draft."""

    id: int | None
    person: int
    reg_no: str
    full_name: str
    policy: str
    present: int
    late: int
    absent: int
    excused: int
    unmarked: int
    percentage: Decimal
    threshold: Decimal
    eligible: bool
    code: Code


class DifferenceOut(Out):
    """Somebody whose percentage or code differs from the list before; null where a list does not have the person."""

    person: int
    reg_no: str
    full_name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class CondonationOut(Out):
    """A permission to sit in spite of less attendance, asked for or decided."""

    id: int
    line_id: int
    list_id: int
    list_title: str
    person: int
    full_name: str
    reg_no: str
    percentage: Decimal
    threshold: Decimal
    shortfall: Decimal
    reason: str
    status: CondonationStatus
    requested_at: datetime
    requested_by_name: str
    decided_at: datetime | None
    decided_by_name: str | None
    answer: str
    version: int
    moves: list[MoveOut]


class CondonationIn(In):
    """For which line, and why."""

    line: Id
    reason: Annotated[str, Field(min_length=10, max_length=1000)]


class CondonationFilters(Paging):
    """Filters of the list."""

    status: Annotated[CondonationStatus, any_case] | None = None
    eligibility_list: Id | None = None


def _listed(request: HttpRequest, filters: EligibilityListFilters) -> Any:
    wanted = {
        "status": filters.status, "owner_kind": filters.owner_kind or None, "owner_id": filters.owner_id,
        "title__icontains": filters.search or None,
    }  # fmt: skip
    found = queries.visible_to(actor=actor(request)).filter(**{k: v for k, v in wanted.items() if v is not None})
    return ordered(found, filters.ordering or "-id", queries.ORDERINGS)


def _one(request: HttpRequest, pk: int) -> Any:
    return rows.one(queries.visible_to(actor=actor(request)), pk)


def _page(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = _one(request, pk)
    versioned(response, found.version)
    return queries.page(found, actor=actor(request))


@routes.get("/eligibility-lists/", response=Page[EligibilityListOut], **needs(Perm.VIEW))
def list_eligibility_lists(request: HttpRequest, filters: Query[EligibilityListFilters]) -> Any:
    """Eligibility lists, the latest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/eligibility-lists/export/", response=None, **needs(Perm.VIEW))
def export_eligibility_lists(
    request: HttpRequest, filters: Query[EligibilityListFilters], wanted: Query[ExportFormat]
) -> Any:
    """The list of lists as a file."""
    names = ("title", "number", "first_day", "last_day", "status", "frozen_at", "frozen_by")
    columns: dict[str, Any] = {name: lambda row, name=name: getattr(row, name) for name in names}
    return export(_listed(request, filters), wanted, name="eligibility_lists", columns=columns)


@routes.post("/eligibility-lists/", response={201: EligibilityListPage}, **needs(Perm.ELIGIBILITY))
def draft_eligibility_list(request: HttpRequest, body: EligibilityListIn, response: HttpResponse) -> Any:
    """Draw up a list."""
    return created(_page(request, actions.draft(values=body.dict(), by=actor(request)).pk, response))


@routes.get("/eligibility-lists/{int:pk}/", response=EligibilityListPage, **needs(Perm.VIEW))
def get_eligibility_list(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One list."""
    return _page(request, pk, response)


@routes.patch("/eligibility-lists/{int:pk}/", response=EligibilityListPage, **needs(Perm.ELIGIBILITY))
def update_eligibility_list(request: HttpRequest, pk: Id, body: EligibilityListPatch, response: HttpResponse) -> Any:
    """Change a draft."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    actions.update(pk=pk, version=version, values=values, by=actor(request))
    return _page(request, pk, response)


@routes.get("/eligibility-lists/{int:pk}/pdf/", response=None, **needs(Perm.VIEW, export=True))
def print_eligibility_list(request: HttpRequest, pk: Id) -> HttpResponse:
    """The list on paper; a draft says that it is one."""
    made = printed.eligibility(_one(request, pk), now=clock.now())
    return file_response(made.content, made.content_type, made.filename, inline=True)


@routes.get("/eligibility-lists/{int:pk}/people/", response=Page[EligibilityLineOut], **needs(Perm.VIEW))
def people_of_eligibility_list(request: HttpRequest, pk: Id, paging: Query[EligibilityLineFilters]) -> Any:
    """Everybody of a list, by registration number; a draft says what it would hold now."""
    found: Any = queries.people_of(_one(request, pk), code=paging.code or "", text=paging.search)
    return page_of(request, found, paging)


@routes.get("/eligibility-lists/{int:pk}/people/export/", response=None, **needs(Perm.VIEW))
def export_people_of_eligibility_list(
    request: HttpRequest, pk: Id, paging: Query[EligibilityLineFilters], wanted: Query[ExportFormat]
) -> Any:
    """Everybody of a list as a file."""
    found: Any = queries.people_of(_one(request, pk), code=paging.code or "", text=paging.search)
    names = ("reg_no", "full_name", "present", "late", "absent", "excused", "unmarked", "percentage", "threshold",
             "eligible", "code")  # fmt: skip
    columns: dict[str, Any] = {name: lambda row, name=name: row[name] for name in names}
    return export(found, wanted, name="eligibility", columns=columns)


@routes.get("/eligibility-lists/{int:pk}/differences/", response=Page[DifferenceOut], **needs(Perm.VIEW))
def differences_of_eligibility_list(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """Who stands otherwise than in the list before."""
    found: Any = queries.differences(_one(request, pk))
    return page_of(request, found, paging)


@routes.get("/eligibility-lists/{int:pk}/differences/export/", response=None, **needs(Perm.VIEW))
def export_differences_of_eligibility_list(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The differences as a file."""
    found: Any = queries.differences(_one(request, pk))
    columns: dict[str, Any] = {
        "reg_no": lambda row: row["reg_no"],
        "full_name": lambda row: row["full_name"],
        **{
            f"{side}_{name}": lambda row, side=side, name=name: (row[side] or {}).get(name)
            for side in ("before", "after")
            for name in ("percentage", "code")
        },
    }
    return export(found, wanted, name="differences", columns=columns)


@routes.post("/eligibility-lists/{int:pk}/moves/freeze/", response=EligibilityListPage, **needs(Perm.ELIGIBILITY))
def freeze_eligibility_list(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Make a list evidence."""
    actions.freeze(pk=pk, version=expected_version(request), by=actor(request))
    return _page(request, pk, response)


@routes.post("/eligibility-lists/{int:pk}/moves/renew/", response=EligibilityListPage, **needs(Perm.ELIGIBILITY))
def renew_eligibility_list(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Follow a frozen list by a draft of the next number, which is answered."""
    made = actions.renew(pk=pk, reason=body.reason, version=expected_version(request), by=actor(request))
    return _page(request, made.pk, response)


def _condonations(request: HttpRequest, filters: CondonationFilters) -> Any:
    found = condonations.matching(condonations.visible_to(actor=actor(request)), filters.search)
    wanted = {"status": filters.status, "line__of_list_id": filters.eligibility_list}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return ordered(found, filters.ordering or "-requested_at", condonations.ORDERINGS)


def _condonation(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = rows.one(condonations.visible_to(actor=actor(request)), pk)
    versioned(response, found.version)
    return condonations.shown([found], actor=actor(request))[0]


@routes.get("/condonations/", response=Page[CondonationOut], **needs(Perm.VIEW))
def list_condonations(request: HttpRequest, filters: Query[CondonationFilters]) -> Any:
    """Condonations that the reader may see, the latest first."""
    page = page_of(request, _condonations(request, filters), filters)
    return {**page, "results": condonations.shown(page["results"], actor=actor(request))}


@routes.get("/condonations/export/", response=None, **needs(Perm.VIEW))
def export_condonations(request: HttpRequest, filters: Query[CondonationFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    names = ("reg_no", "full_name", "list_title", "percentage", "threshold", "shortfall", "reason", "status",
             "requested_by_name", "requested_at", "decided_by_name", "decided_at", "answer")  # fmt: skip
    columns: dict[str, Any] = {name: lambda row, name=name: getattr(row, name) for name in names}
    return export(_condonations(request, filters), wanted, name="condonations", columns=columns)


@routes.post("/condonations/", response={201: CondonationOut}, **needs(Perm.CONDONE_REQUEST))
def request_condonation(request: HttpRequest, body: CondonationIn, response: HttpResponse) -> Any:
    """Ask that somebody just below the threshold may sit."""
    return created(_condonation(request, condoning.request(**body.dict(), by=actor(request)).pk, response))


@routes.get("/condonations/{int:pk}/", response=CondonationOut, **needs(Perm.VIEW))
def get_condonation(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One condonation."""
    return _condonation(request, pk, response)


@routes.post("/condonations/{int:pk}/moves/{name}/", response=CondonationOut, **needs(Perm.CONDONE))
def move_condonation(request: HttpRequest, pk: Id, name: str, body: MoveIn, response: HttpResponse) -> Any:
    """Grant, refuse or revoke a condonation."""
    condoning.move(pk=pk, name=name, reason=body.reason, version=expected_version(request), by=actor(request))
    return _condonation(request, pk, response)
