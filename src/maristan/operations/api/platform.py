"""Routes about what runs."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from ninja import Query

from maristan.kernel.api import ExportFormat, Out, Page, Paging, Routes, actor, export, needs, ordered, page_of
from maristan.operations.queries import processes
from maristan.operations.rules.states import Perm, ProcessKind

routes = Routes()
FIELDS = ("kind", "host", "pid", "version", "build_id", "code_build_id", "started_at", "last_seen_at")


class ProcessOut(Out):
    """One running process, or one that was seen within a day; `rss_bytes` is its memory."""

    id: int
    kind: ProcessKind
    host: str
    pid: int
    version: str
    build_id: str
    code_build_id: str
    started_at: datetime
    last_seen_at: datetime
    listen: list[str]
    queues: list[str]
    rss_bytes: int


class ProcessFilters(Paging):
    """Filters of the list."""

    kind: ProcessKind | None = None


def _listed(request: HttpRequest, filters: ProcessFilters) -> Any:
    found = processes.visible_to(actor(request))
    if filters.search:
        found = found.filter(host__icontains=filters.search)
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    return ordered(found, filters.ordering or "-last_seen_at", ("kind", "host", "started_at", "last_seen_at", "id"))


@routes.get("processes/", response=Page[ProcessOut], **needs(Perm.PROCESS_VIEW))
def list_processes(request: HttpRequest, filters: Query[ProcessFilters]) -> Any:
    """What runs, and what ended within a day."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("processes/export/", response=None, **needs(Perm.PROCESS_VIEW))
def export_processes(request: HttpRequest, filters: Query[ProcessFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(
        _listed(request, filters), wanted, name="processes", columns={each: attrgetter(each) for each in FIELDS}
    )
