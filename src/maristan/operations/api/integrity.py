"""Routes of integrity checks; mending needs the machine."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from ninja import Query
from ninja.responses import Status

from maristan.kernel.api import ExportFormat, Out, Page, Paging, Routes, actor, needs, ordered, page_of
from maristan.operations.actions import integrity as actions
from maristan.operations.api.findings import export_findings
from maristan.operations.api.progress import LongWork, queued
from maristan.operations.queries import integrity as queries
from maristan.operations.rules.states import IntegrityResult, Perm

routes = Routes()
FIELDS = ("at", "result", "seconds", "started_by")


class IntegrityFinding(Out):
    """What breaks one promise, over all institutions; `sample_ids` are `institution:id`, at most 20."""

    code: str
    app: str
    subject: str
    count: int
    sample_ids: list[str]
    fixable: bool


class IntegrityOut(Out):
    """One check of stored facts, of one app or (empty) of all; what was left over, and what it could not judge."""

    id: int
    at: datetime
    app: str
    result: IntegrityResult
    findings: list[IntegrityFinding]
    not_checked: list[str]
    seconds: float
    started_by: str


class IntegrityFilters(Paging):
    """Filters of the list."""

    result: IntegrityResult | None = None


def _listed(request: HttpRequest, filters: IntegrityFilters) -> Any:
    found = queries.runs(actor=actor(request))
    if filters.search:
        found = found.filter(started_by__icontains=filters.search)
    if filters.result is not None:
        found = found.filter(result=filters.result)
    return ordered(found, filters.ordering or "-at", ("at", "result", "seconds", "id"))


@routes.get("integrity/", response=Page[IntegrityOut], **needs(Perm.INTEGRITY_RUN))
def list_integrity_runs(request: HttpRequest, filters: Query[IntegrityFilters]) -> Any:
    """What checks found, newest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("integrity/export/", response=None, **needs(Perm.INTEGRITY_RUN))
def export_integrity_runs(request: HttpRequest, filters: Query[IntegrityFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file, finding by finding; `app` is that of the finding."""
    of_run: dict[str, Any] = {each: attrgetter(each) for each in FIELDS}
    of_run |= {"checked_app": attrgetter("app"), "not_checked": lambda row: "; ".join(row.not_checked)}
    rows, of_finding = _listed(request, filters), IntegrityFinding.model_fields
    return export_findings(rows, wanted, name="integrity", of_run=of_run, of_finding=of_finding)


@routes.post("integrity/", response={202: LongWork}, **needs(Perm.INTEGRITY_RUN))
def ask_integrity(request: HttpRequest) -> Any:
    """Hold stored facts against what they follow from."""
    return Status(202, queued(actions.ask(by=actor(request))))
