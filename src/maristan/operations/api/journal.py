"""Routes of the journal: the platform's chain for operators, an institution's for its administrators and auditors."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.kernel.api import ExportFormat, Instant, Out, Page, Paging, Routes, actor, export, needs, page_of
from maristan.kernel.errors import Invalid
from maristan.kernel.timelines import LINE_COLUMNS, LineOut
from maristan.operations.queries import journal as queries
from maristan.operations.rules.states import Perm

routes = Routes()


class JournalLineFound(LineOut):
    """A line, with the account and person behind it and the request that wrote it."""

    by_user_id: int | None
    by_person_id: int | None
    request_id: str


class ChainOut(Out):
    """How far the chain is sealed, by position, digest and time; what the last check of it found."""

    position: int
    digest: str
    sealed_to: datetime | None
    newest_at: datetime | None
    checked_at: datetime | None
    is_broken: bool
    broken_lines: list[str]


class JournalFilters(Paging):
    """What is looked for: `kind` (`backup` or `backup.proven`), `subject` (`backup` or `backup:name`), a person's id,
    and instants. Unknown filters are refused."""

    kind: Annotated[str, Field(max_length=80)] = ""
    subject: Annotated[str, Field(max_length=130)] = ""
    person: int | None = None
    first: Annotated[Instant | None, Field(alias="from")] = None
    last: Annotated[Instant | None, Field(alias="to")] = None
    chain: Literal["", "platform", "institution"] = ""


class JournalExport(JournalFilters, ExportFormat):
    """The same, and the format of the file."""


def _found(request: HttpRequest, asked: JournalFilters) -> Any:
    known = {each.alias or name for name, each in type(asked).model_fields.items()}
    for name in sorted(set(request.GET) - known):
        raise Invalid.at(f"?{name}", "unknown_filter", "The journal is not searched by this.")
    wanted = queries.Wanted(asked.kind, asked.subject, asked.person, asked.first, asked.last, asked.search, asked.chain)
    return queries.lines(wanted, actor=actor(request))


@routes.get("journal/", response=Page[JournalLineFound], **needs(Perm.JOURNAL_SEARCH))
def search_journal(request: HttpRequest, filters: Query[JournalFilters]) -> Any:
    """Lines, newest first."""
    return page_of(request, _found(request, filters), filters)


@routes.get("journal/chain/", response=ChainOut, **needs(Perm.JOURNAL_SEARCH))
def get_chain(request: HttpRequest) -> Any:
    """The state of the chain."""
    return queries.chain(actor=actor(request))


@routes.get("journal/export/", response=None, **needs(Perm.JOURNAL_EXPORT))
def export_journal(request: HttpRequest, wanted: Query[JournalExport]) -> Any:
    """Lines as a file."""
    actor(request).demand(Perm.JOURNAL_EXPORT)
    columns: dict[str, Any] = {"id": lambda line: line.pk, **LINE_COLUMNS}
    columns["subject"] = lambda line: f"{line.subject_kind}:{line.subject_id}"
    columns["request_id"] = lambda line: line.request_id
    return export(_found(request, wanted), wanted, name="journal", columns=columns)
