"""Routes of the journal: the platform's chain for operators, an institution's for its administrators and auditors."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema
from ninja.responses import Status
from pydantic import Field

from maristan.kernel import files as stored
from maristan.kernel import tenancy
from maristan.kernel.api import (
    ExportFormat,
    Id,
    Instant,
    Out,
    Page,
    PlainPaging,
    Routes,
    actor,
    export,
    file_response,
    needs,
    page_of,
)
from maristan.kernel.errors import Invalid
from maristan.kernel.timelines import LineOut
from maristan.operations.actions import journal_files as files
from maristan.operations.queries import journal as queries
from maristan.operations.rules.states import Perm

routes = Routes()


class JournalLineFound(LineOut):
    """A line, with the account and person behind it and the request that wrote it."""

    by_user_id: int | None
    by_person_id: int | None
    request_id: str


Chain = Literal["platform", "institution"]
WhichChain = Literal["platform", "institution", ""]


class ChainWanted(Schema):
    """Which chain; without one the platform's for its operators, else that of the institution."""

    chain: WhichChain = ""


class ChainOut(Out):
    """How far the chain is sealed, by position, digest and time; what the last check of it found.

    `chains` are those that the reader searches.
    """

    chain: Chain
    chains: list[Chain]
    position: int
    digest: str
    sealed_to: datetime | None
    newest_at: datetime | None
    checked_at: datetime | None
    is_broken: bool
    broken_lines: list[str]


class JournalFilters(PlainPaging):
    """What is looked for: `kind` (`backup` or `backup.proven`), `subject` (`backup` or `backup:name`), a person's id,
    and instants. Unknown filters are refused, as is any other order than the newest first."""

    search: Annotated[str, Field(max_length=200)] = ""
    kind: Annotated[str, Field(max_length=80)] = ""
    subject: Annotated[str, Field(max_length=130)] = ""
    person: int | None = None
    first: Annotated[Instant | None, Field(alias="from")] = None
    last: Annotated[Instant | None, Field(alias="to")] = None
    chain: WhichChain = ""


class JournalExport(JournalFilters, ExportFormat):
    """The same, and the format of the file."""


def _found(request: HttpRequest, asked: JournalFilters, needed: Perm = Perm.JOURNAL_SEARCH) -> Any:
    known = {each.alias or name for name, each in type(asked).model_fields.items()}
    for name in sorted(set(request.GET) - known):
        raise Invalid.at(f"?{name}", "unknown_filter", "The journal is not searched by this.")
    return queries.lines(_wanted(asked), actor=actor(request), needed=needed)


def _wanted(asked: JournalFilters) -> queries.Wanted:
    return queries.Wanted(asked.kind, asked.subject, asked.person, asked.first, asked.last, asked.search, asked.chain)


@routes.get("journal/", response=Page[JournalLineFound], **needs(Perm.JOURNAL_SEARCH))
def search_journal(request: HttpRequest, filters: Query[JournalFilters]) -> Any:
    """Lines, newest first."""
    return page_of(request, _found(request, filters), filters)


@routes.get("journal/chain/", response=ChainOut, **needs(Perm.JOURNAL_SEARCH))
def get_chain(request: HttpRequest, wanted: Query[ChainWanted]) -> Any:
    """The state of a chain."""
    return queries.chain(wanted.chain, actor=actor(request))


class JournalFileMade(Out):
    """Too many lines for one answer: a job writes the file, which is at `file_url` when it has succeeded."""

    job_id: int
    progress_url: str
    file_url: str


@routes.get("journal/export/", response={202: JournalFileMade}, **needs(Perm.JOURNAL_EXPORT, proven=True))
def export_journal(request: HttpRequest, wanted: Query[JournalExport]) -> Any:
    """Lines as a file: at once, or by a job where an institution has more than 100,000 of them."""
    by = actor(request)
    found = _found(request, wanted, Perm.JOURNAL_EXPORT)
    if tenancy.current() is None or not queries.is_long(found):
        return export(found, wanted, name="journal", columns=files.COLUMNS)
    job = files.start(wanted=_wanted(wanted), kind=wanted.format, by=by)
    return Status(
        202,
        {
            "job_id": job.pk,
            "progress_url": f"/api/v1/jobs/{job.pk}/",
            "file_url": f"/api/v1/operations/journal/files/{job.pk}/",
        },
    )


@routes.get("journal/files/{int:pk}/", response=None, **needs(Perm.JOURNAL_EXPORT, proven=True, export=True))
def get_journal_file(request: HttpRequest, pk: Id) -> Any:
    """The file that one's own job wrote."""
    found = queries.exported(pk, actor=actor(request), kind=files.JOB)
    return file_response(stored.content(found), found.content_type, found.name)
