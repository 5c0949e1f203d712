"""What every app's `api.py` is made of: routes that name their permission, pages, versions, problem documents."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Annotated, Any, Generic, Literal, TypeVar

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja import Router, Schema
from ninja.constants import NOT_SET
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.responses import Status
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field

from maristan.kernel import answers, exports, proof, tenancy
from maristan.kernel.access import Actor, consulted
from maristan.kernel.errors import NO_NUL, NUL, Fault, Faults, Invalid, NotAllowed, NotFound
from maristan.kernel.languages import Language, accepted
from maristan.kernel.middleware import keep_secret, replayed

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime.combine(FIRST_DAY, time.min, UTC), le=datetime.combine(LAST_DAY, time.max, UTC)),
]
BIGGEST_PAGE = 200
T = TypeVar("T")


def _lowered(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _without_offset(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("A local time has no offset.")
    return value


any_case = BeforeValidator(_lowered)  # for enumerations: `Annotated[Status, any_case]` takes PUBLISHED too
LocalTime = Annotated[time, AfterValidator(_without_offset)]
# Alternatives, each of audience keys that one person must hold together.
Audience = Annotated[
    list[Annotated[list[Annotated[str, Field(max_length=120)]], Field(max_length=20)]], Field(max_length=50)
]


class OrjsonParser(Parser):
    """Bodies through orjson; anything else than JSON is a shape fault, not a crash."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            said = orjson.loads(request.body or b"{}")
        except orjson.JSONDecodeError as error:
            raise Invalid.at("", "not_json", str(error)) from None
        if b"\\u0000" in request.body:
            no_nul(said)
        return said


def no_nul(said: Any) -> None:
    """Raise `Invalid` (`nul_character`) at each text that holds U+0000, or at what has such a name in it."""
    faults, left = Faults(), [("", said)]
    while left:
        pointer, value = left.pop()
        if isinstance(value, dict):
            if any("\0" in name for name in value):
                faults.add(pointer, NUL, NO_NUL)
            left += [(f"{pointer}/{_escaped(name)}", each) for name, each in value.items() if "\0" not in name]
        elif isinstance(value, list):
            left += [(f"{pointer}/{place}", each) for place, each in enumerate(value)]
        elif isinstance(value, str) and "\0" in value:
            faults.add(pointer, NUL, NO_NUL)
    faults.stop()


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


class OrjsonRenderer(BaseRenderer):
    """Answers through orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return answers.encoded(data)


class In(Schema):
    """A body: unknown and read-only fields are refused by name."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(Schema):
    """An answer."""


class Missing(Out):
    """One unmet requirement."""

    code: str
    label: str
    detail: str
    severity: str
    where: dict[str, Any] | None = None


class MoveOut(Out):
    """One entry of `moves`."""

    name: str
    label: str
    allowed: bool
    missing: list[Missing]
    warnings: list[Missing]
    needs_reason: bool


class MoveIn(In):
    """The body of a move."""

    reason: str | None = None


class Rows(Out):
    """An answer of many rows: read straight from them, not validated one by one."""


class Page(Rows, Generic[T]):
    """The envelope of every list."""

    count: int
    next: str | None
    previous: str | None
    results: list[T]


class PlainPaging(Schema):
    """`page` and `page_size`, for a list that has one order and no search."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=BIGGEST_PAGE)] = 25


class Paging(PlainPaging):
    """`page`, `page_size`, `search`, `ordering`; a list that does not honour the last two takes `PlainPaging`."""

    search: Annotated[str, Field(max_length=200)] = ""
    ordering: Annotated[str, Field(max_length=60)] = ""


class ExportFormat(Schema):
    """The file format of an export."""

    format: Annotated[Literal["csv", "xlsx"], any_case] = "csv"


def actor(request: HttpRequest) -> Actor:
    """The actor that authentication put on the request."""
    return request.auth  # type: ignore[attr-defined,no-any-return]


def ordered(rows: "QuerySet[Any]", wanted: str, allowed: Iterable[str]) -> "QuerySet[Any]":
    """Order by `wanted` (`-name` descends), ties by id; raises `Invalid` (`bad_ordering`) for a field not allowed."""
    if not wanted:
        return rows
    names = tuple(allowed)
    fields = wanted.split(",")
    if any(field.removeprefix("-") not in names for field in fields):
        raise Invalid.at("?ordering", "bad_ordering", "Order by one of " + ", ".join(names) + ".")
    return rows.order_by(*fields, "pk")


def spoken(request: HttpRequest) -> Language:
    """The language that a request asks for."""
    return accepted(request.headers.get("Accept-Language", ""))


def page_of(request: HttpRequest, rows: "QuerySet[Any]", paging: PlainPaging) -> dict[str, Any]:
    """One page of rows with its count: two queries and the prefetches."""
    count = rows.count()
    start = (paging.page - 1) * paging.page_size
    results = list(rows[start : start + paging.page_size]) if start < count else []
    return {
        "count": count,
        "next": _link(request, paging.page + 1) if start + paging.page_size < count else None,
        "previous": _link(request, paging.page - 1) if paging.page > 1 else None,
        "results": results,
    }


def _link(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{request.path}?{query.urlencode()}"


def export(
    rows: "QuerySet[Any]", wanted: ExportFormat, *, name: str, columns: Mapping[str, Callable[[Any], Any]],
    lines: Callable[[Any], Iterable[Any]] | None = None,
) -> StreamingHttpResponse:  # fmt: skip
    """Stream every row that the list shows, as CSV or XLSX; `columns` maps header → value of a row.

    Where a row is told in several `lines`, the values are those of each line.
    """
    institution_id = tenancy.current()

    def values() -> Iterable[list[Any]]:
        with tenancy.acting_in(institution_id):
            for row in rows.iterator(chunk_size=1000):
                for line in lines(row) if lines else (row,):
                    yield [value(line) for value in columns.values()]

    content = exports.stream(wanted.format, list(columns), values())
    response = StreamingHttpResponse(content, content_type=exports.CONTENT_TYPES[wanted.format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{wanted.format}"'
    return response


def file_response(content: bytes, content_type: str, filename: str, *, inline: bool = False) -> HttpResponse:
    """A document as a download, or shown in place when `inline`."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(not inline, filename) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def expected_version(request: HttpRequest, in_body: int | None = None) -> int | None:
    """The version that the writer has seen, from `If-Match` or the body; none when neither names one.

    Raises `Invalid` when they disagree or the header is malformed. Whether a version is required is the action's
    business (`rows.must_match`), after it has found the object and asked for the permission.
    """
    header = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if header and header != "*" and not (header.isascii() and header.isdigit() and len(header) < 12):
        raise Invalid.at("!If-Match", "bad_version", 'If-Match names a version, such as "7".')
    named = int(header) if header and header != "*" else None
    if named is not None and in_body is not None and named != in_body:
        raise Invalid.at("/version", "versions_disagree", "If-Match and version name different versions.")
    return named if named is not None else in_body


def created(made: Any) -> Status[Any]:
    """201 with what was made."""
    return Status(201, made)


def no_content() -> Status[None]:
    """204."""
    return Status(204, None)


def versioned(response: HttpResponse, version: int) -> None:
    """Name the version of the object in an answer."""
    response["ETag"] = f'"{version}"'


class Routes(Router):
    """A router whose every route names its permission.

    A route without an object in its path demands the permission itself, after the shape was checked. A route with
    one leaves it to the action, which knows the object's scope: an answer given without asking is withheld.
    """

    def add_api_operation(self, path: str, methods: list[str], view_func: Callable[..., Any], **options: Any) -> None:
        extra = {**(options.pop("openapi_extra", None) or {})}
        permission = extra.get("x-permission")
        if permission is None and "x-public" not in extra:
            raise TypeError(f"{methods} {path} names no permission")
        options["openapi_extra"] = extra
        if "x-public" in extra:
            options["auth"] = None
        if options.get("response") is NOT_SET:
            options["response"] = {200: None}
        if path.endswith("export/"):
            extra["x-export"] = True
        view = _guarded(view_func, permission, demand="{" not in path, extra=extra)
        answer = options["response"]
        if isinstance(answer, type) and issubclass(answer, Rows):
            view = wraps(view_func)(answers.respond(answer, view))
        super().add_api_operation(path, methods, view, **options)


def needs(
    permission: str, *, secret: bool = False, proven: bool = False, export: bool = False, lent: bool = False
) -> dict[str, Any]:
    """Route options: the permission that the route is for.

    The answer of a `secret` route is told once: it is not kept for replays, which are answered 409 `answer_not_kept`.
    A `proven` route asks who is there to have proved it within five minutes, else 403 `proof_required`. An `export`
    takes many people's records away; every path that ends in `export/` is one. None of the three is open to whoever
    acts as somebody else (403 `impersonating`), nor a write for everybody signed in, unless it is `lent`.
    """
    marks = {"x-secret": secret, "x-proven": proven, "x-export": export, "x-lent": lent}
    return {"openapi_extra": {"x-permission": str(permission), **{name: True for name, on in marks.items() if on}}}


def public(reason: str) -> dict[str, Any]:
    """Route options: open to everybody, and why."""
    return {"openapi_extra": {"x-public": reason}}


SIGNED_IN = "signed_in"


def _guarded(
    view: Callable[..., Any], permission: str | None, *, demand: bool, extra: Mapping[str, Any]
) -> Callable[..., Any]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if permission is None:
            return view(request, *args, **kwargs)
        by = actor(request)
        _must_be_oneself(request, by, permission, extra)
        if permission != SIGNED_IN and demand:
            by.demand(permission)
        _prepare(request, extra)
        stored = _replay(request, by)
        if stored is not None:
            if permission != SIGNED_IN:
                by.demand(permission)
            return stored
        answer = _answered(by, lambda: view(request, *args, **kwargs))
        asked = consulted.get()
        if permission != SIGNED_IN and asked is not None and permission not in asked:
            raise RuntimeError(f"{request.method} {request.path} answered without asking for {permission}")
        return answer

    return guarded


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def _must_be_oneself(request: HttpRequest, by: Actor, permission: str, extra: Mapping[str, Any]) -> None:
    if not by.is_lent:
        return
    writes = request.method not in SAFE
    for_all = writes and permission == SIGNED_IN and "x-lent" not in extra
    is_marked = "x-export" in extra or (writes and ("x-secret" in extra or "x-proven" in extra))
    if for_all or is_marked or permission in by.withheld:
        raise NotAllowed.impersonating()


def _answered(by: Actor, view: Callable[[], Any]) -> Any:
    """What a view answers; one that lacks what was withheld from whoever acts as somebody else says so."""
    try:
        return view()
    except NotAllowed as refusal:
        if refusal.extra.get("permission") in by.withheld:
            raise NotAllowed.impersonating() from refusal
        raise


def _prepare(request: HttpRequest, extra: Mapping[str, Any]) -> None:
    if "x-proven" in extra:
        proof.must_be_fresh(request)
    if "x-secret" in extra:
        keep_secret(request)


def _replay(request: HttpRequest, by: Actor) -> HttpResponse | None:
    if by.user_id is None:
        return None
    return replayed(request, institution_id=by.institution_id, user_id=by.user_id)


READ_ONLY = {"id", "status", "version", "institution", "moves"}
STAMPS = ("_at", "_by")  # what says when and by whom is never written from outside


def declare_read_only(*names: str) -> None:
    """Name further fields that change by moves alone, so that a body which holds one is told so."""
    READ_ONLY.update(names)


CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "too_short": "too_short",
    "timezone_aware": "offset_required",
}


def shape_faults(errors: Iterable[dict[str, Any]]) -> Invalid | NotFound:
    """Turn pydantic's errors into one refusal; an id in the path that cannot exist is `NotFound`."""
    faults = []
    for error in errors:
        place, *rest = error["loc"]
        if place == "path":
            return NotFound()
        names = [str(part) for part in (rest[1:] if place in {"body", "form"} and len(rest) > 1 else rest)]
        pointer = "?" + ".".join(names[-1:]) if place == "query" else "/" + "/".join(names)
        code = CODES.get(error["type"], "bad_value")
        if code == "unknown_field" and names and (names[-1] in READ_ONLY or names[-1].endswith(STAMPS)):
            code = "read_only_field"
        faults.append(Fault(pointer, code, str(error["msg"])))
    return Invalid(faults)
