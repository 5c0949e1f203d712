"""Routes of learning material: what authors keep, and the feed in which it is read."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from maristan.academics.actions import materials as actions
from maristan.academics.queries import materials as queries
from maristan.academics.rules.materials import URL_LENGTH
from maristan.academics.rules.states import MaterialKind, MaterialStatus, Perm
from maristan.kernel import clock, files, rows
from maristan.kernel.api import (
    Audience,
    ExportFormat,
    Id,
    In,
    Instant,
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
    file_response,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
Kind = Annotated[MaterialKind, any_case]
State = Annotated[MaterialStatus, any_case]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=2000)]
Link = Annotated[str, Field(max_length=URL_LENGTH)]


class MaterialOut(Out):
    """Learning material as its authors see it."""

    id: int
    title: str
    description: str
    kind: MaterialKind
    filename: str
    url: str
    mime: str
    size_bytes: int | None
    audience: list[list[str]]
    available_from: datetime | None
    available_until: datetime | None
    status: MaterialStatus
    created_by_name: str
    published_at: datetime | None
    courses: list[str]
    version: int
    created_at: datetime
    updated_at: datetime


class MaterialPage(MaterialOut):
    """With its readers in numbers and what may be done with it now."""

    audience_count: int
    opened_count: int
    max_bytes: int
    moves: list[MoveOut]


class MaterialIn(In):
    """A draft; a file is added to it afterwards."""

    title: Title
    description: Description = ""
    kind: Kind = MaterialKind.FILE
    url: Link = ""
    audience: Audience = []
    available_from: Instant | None = None
    available_until: Instant | None = None


class MaterialPatch(In):
    """The fields to change."""

    title: Title = ""
    description: Description = ""
    kind: Kind = MaterialKind.FILE
    url: Link = ""
    audience: Audience = []
    available_from: Instant | None = None
    available_until: Instant | None = None


class MaterialFeedOut(Out):
    """Learning material as its readers see it; `course` groups it, `opened_at` is when the reader opened it last."""

    id: int
    title: str
    description: str
    kind: MaterialKind
    filename: str
    mime: str
    size_bytes: int | None
    available_until: datetime | None
    created_by_name: str
    published_at: datetime
    course: str | None
    courses: list[str]
    opened_at: datetime | None


class OpenedOut(Out):
    """Where the content is read; the address of a file holds for five minutes and for the asker alone."""

    url: str
    valid_until: datetime | None


class ReaderOut(Out):
    """Somebody of the audience, and when they opened the material."""

    person: int
    full_name: str
    first_opened_at: datetime | None
    last_opened_at: datetime | None
    opens: int


class MaterialFilters(Paging):
    """Filters of the authors' list."""

    status: State | None = None
    kind: Kind | None = None


class FeedFilters(Paging):
    """Filters of the feed."""

    is_new: bool | None = None


class ReaderFilters(Paging):
    """Filters of the readers."""

    opened: bool | None = None


FIELDS = (
    "title", "description", "kind", "filename", "url", "mime", "size_bytes", "audience", "available_from",
    "available_until", "status", "created_by_name", "published_at", "version", "created_at", "updated_at",
)  # fmt: skip
FEED_FIELDS = (
    "title", "description", "kind", "filename", "mime", "size_bytes", "available_until", "created_by_name",
    "published_at", "course", "opened_at",
)  # fmt: skip


def _listed(request: HttpRequest, filters: MaterialFilters) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    if filters.status is not None:
        found = found.filter(status=filters.status)
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    return ordered(found, filters.ordering or "-id", queries.ORDERINGS)


def _with_courses(page: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    found = list(page["results"])
    courses = queries.courses_of(found)
    shown = [
        {"id": row.pk, **{name: getattr(row, name) for name in fields}, "courses": courses[row.pk]} for row in found
    ]
    return {**page, "results": shown}


def _one(row: Any, request: HttpRequest, response: HttpResponse) -> Any:
    by = actor(request)
    versioned(response, row.version)
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in FIELDS},
        "courses": queries.courses_of([row])[row.pk],
        **queries.reach_of(row),
        "max_bytes": queries.most_bytes(),
        "moves": queries.moves(row, actor=by),
    }


def _kept(request: HttpRequest, pk: int) -> Any:
    return rows.one(queries.visible_to(actor=actor(request)), pk)


@routes.get("/materials/", response=Page[MaterialOut], **needs(Perm.MATERIAL_PUBLISH))
def list_materials(request: HttpRequest, filters: Query[MaterialFilters]) -> Any:
    """Learning material that one keeps, the newest first."""
    return _with_courses(page_of(request, _listed(request, filters), filters), FIELDS)


@routes.get("/materials/export/", response=None, **needs(Perm.MATERIAL_PUBLISH))
def export_materials(request: HttpRequest, filters: Query[MaterialFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "title": lambda row: row.title,
        "kind": lambda row: row.kind,
        "filename": lambda row: row.filename,
        "url": lambda row: row.url,
        "size_bytes": lambda row: row.size_bytes,
        "status": lambda row: row.status,
        "created_by": lambda row: row.created_by_name,
        "published_at": lambda row: row.published_at,
        "available_from": lambda row: row.available_from,
        "available_until": lambda row: row.available_until,
    }
    return export(_listed(request, filters), wanted, name="materials", columns=columns)


@routes.post("/materials/", response={201: MaterialPage}, **needs(Perm.MATERIAL_PUBLISH))
def create_material(request: HttpRequest, body: MaterialIn, response: HttpResponse) -> Any:
    """Draft learning material."""
    return created(_one(actions.create(values=body.dict(), by=actor(request)), request, response))


def _feed(request: HttpRequest, filters: FeedFilters) -> Any:
    found = queries.matching(queries.open_to(actor=actor(request), now=clock.now()), filters.search)
    if filters.is_new is not None:
        found = found.filter(opened_at__isnull=filters.is_new)
    return ordered(found, filters.ordering or "course,-published_at", queries.FEED_ORDERINGS)


@routes.get("/materials/feed/", response=Page[MaterialFeedOut], **needs(Perm.MATERIAL_VIEW))
def list_feed(request: HttpRequest, filters: Query[FeedFilters]) -> Any:
    """Learning material for the signed-in person, by course, the latest of each first."""
    return _with_courses(page_of(request, _feed(request, filters), filters), FEED_FIELDS)


@routes.get("/materials/feed/export/", response=None, **needs(Perm.MATERIAL_VIEW))
def export_feed(request: HttpRequest, filters: Query[FeedFilters], wanted: Query[ExportFormat]) -> Any:
    """The feed as a file."""
    columns = {
        "course": lambda row: row.course,
        "title": lambda row: row.title,
        "description": lambda row: row.description,
        "kind": lambda row: row.kind,
        "filename": lambda row: row.filename,
        "by": lambda row: row.created_by_name,
        "published_at": lambda row: row.published_at,
        "opened_at": lambda row: row.opened_at,
    }
    return export(_feed(request, filters), wanted, name="learning-materials", columns=columns)


@routes.get("/materials/feed/{int:pk}/", response=MaterialFeedOut, **needs(Perm.MATERIAL_VIEW))
def get_from_feed(request: HttpRequest, pk: Id) -> Any:
    """One material as its readers see it."""
    row = rows.one(queries.open_to(actor=actor(request), now=clock.now()), pk)
    return _with_courses({"results": [row]}, FEED_FIELDS)["results"][0]


@routes.get("/materials/{int:pk}/", response=MaterialPage, **needs(Perm.MATERIAL_PUBLISH))
def get_material(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One material that one keeps."""
    return _one(_kept(request, pk), request, response)


@routes.patch("/materials/{int:pk}/", response=MaterialPage, **needs(Perm.MATERIAL_PUBLISH))
def update_material(request: HttpRequest, pk: Id, body: MaterialPatch, response: HttpResponse) -> Any:
    """Change material."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    return _one(actions.update(pk=pk, version=version, values=values, by=actor(request)), request, response)


@routes.delete("/materials/{int:pk}/", response={204: None}, **needs(Perm.MATERIAL_PUBLISH))
def delete_material(request: HttpRequest, pk: Id) -> Any:
    """Delete a draft."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()


@routes.post("/materials/{int:pk}/file/", response=MaterialPage, **needs(Perm.MATERIAL_PUBLISH))
def add_material_file(request: HttpRequest, pk: Id, file: File[UploadedFile], response: HttpResponse) -> Any:
    """Give material its file, in place of the one before."""
    content = file.read(queries.most_bytes() + 1)
    version, by = expected_version(request), actor(request)
    return _one(actions.attach(pk=pk, version=version, name=file.name or "", content=content, by=by), request, response)


@routes.get("/materials/{int:pk}/file/", response=None, **needs(Perm.MATERIAL_VIEW, secret=True))
def get_material_file(request: HttpRequest, pk: Id, token: Annotated[str, Field(max_length=500)]) -> Any:
    """The file behind an address that `open/` gave, for five minutes and for who opened it."""
    found = queries.by_link(pk, token, actor=actor(request), now=clock.now())
    assert found.file is not None
    return file_response(files.content(found.file), found.mime, found.filename)


@routes.post("/materials/{int:pk}/open/", response=OpenedOut, **needs(Perm.MATERIAL_VIEW))
def open_material(request: HttpRequest, pk: Id) -> Any:
    """Open material: writes the reader's receipt and tells where its content is."""
    url, until = actions.open_for(pk=pk, by=actor(request))
    return {"url": url, "valid_until": until}


def _readers(request: HttpRequest, pk: int, filters: ReaderFilters) -> Any:
    found = queries.readers(_kept(request, pk))
    if filters.opened is not None:
        found = found.filter(opens__isnull=not filters.opened)
    if filters.search:
        found = found.filter(name__icontains=" ".join(filters.search.split()))
    return ordered(found, filters.ordering or "name", ("name", "first_opened_at", "last_opened_at", "id"))


def _reader(row: Any) -> dict[str, Any]:
    return {
        "person": row.pk, "full_name": row.name, "first_opened_at": row.first_opened_at,
        "last_opened_at": row.last_opened_at, "opens": row.opens or 0,
    }  # fmt: skip


@routes.get("/materials/{int:pk}/receipts/", response=Page[ReaderOut], **needs(Perm.MATERIAL_PUBLISH))
def list_receipts(request: HttpRequest, pk: Id, filters: Query[ReaderFilters]) -> Any:
    """Who opened material and who has not."""
    page = page_of(request, _readers(request, pk, filters), filters)
    return {**page, "results": [_reader(row) for row in page["results"]]}


@routes.get("/materials/{int:pk}/receipts/export/", response=None, **needs(Perm.MATERIAL_PUBLISH))
def export_receipts(request: HttpRequest, pk: Id, filters: Query[ReaderFilters], wanted: Query[ExportFormat]) -> Any:
    """The readers as a file."""
    columns = {
        "full_name": lambda row: row.name,
        "first_opened_at": lambda row: row.first_opened_at,
        "last_opened_at": lambda row: row.last_opened_at,
        "opens": lambda row: row.opens or 0,
    }
    return export(_readers(request, pk, filters), wanted, name="readers", columns=columns)


def _moved(request: HttpRequest, pk: int, name: str, response: HttpResponse) -> Any:
    actions.move(pk=pk, name=name, version=expected_version(request), by=actor(request))
    return _one(_kept(request, pk), request, response)


@routes.post("/materials/{int:pk}/moves/publish/", response=MaterialPage, **needs(Perm.MATERIAL_PUBLISH))
def publish_material(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Put material before its audience."""
    return _moved(request, pk, "publish", response)


@routes.post("/materials/{int:pk}/moves/archive/", response=MaterialPage, **needs(Perm.MATERIAL_PUBLISH))
def archive_material(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Take material from its audience; its receipts stay."""
    return _moved(request, pk, "archive", response)


@routes.post("/materials/{int:pk}/moves/restore/", response=MaterialPage, **needs(Perm.MATERIAL_PUBLISH))
def restore_material(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Put archived material before its audience again."""
    return _moved(request, pk, "restore", response)
