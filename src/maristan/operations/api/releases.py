"""Routes of releases and their verifications."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from ninja.responses import Status
from pydantic import Field

from maristan.kernel.api import (
    SIGNED_IN,
    ExportFormat,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    export,
    needs,
    ordered,
    page_of,
)
from maristan.operations.actions import verifications as actions
from maristan.operations.api.findings import export_findings
from maristan.operations.api.progress import LongWork, queued
from maristan.operations.queries import releases as queries
from maristan.operations.rules.states import Perm, Presence, VerificationResult, VerificationScope

routes = Routes()
about_routes = Routes()
RELEASE_FIELDS = ("build_id", "version", "git_sha", "manifest_sha256", "first_seen_at")
VERIFICATION_FIELDS = ("build_id", "at", "scope", "result", "base_url", "seconds", "started_by", "report")
Name = Annotated[str, Field(max_length=80)]


class ReleaseOut(Out):
    """A build that was put into service."""

    id: int
    build_id: str
    version: str
    git_sha: str
    manifest_sha256: str
    first_seen_at: datetime


class ComparisonWanted(Schema):
    """Two builds; without them the newest and the one before it."""

    former: Annotated[str, Field(alias="from", max_length=12)] = ""
    later: Annotated[str, Field(alias="to", max_length=12)] = ""


class Difference(Out):
    """What the later release added and removed of one kind of thing."""

    kind: str
    added: list[str]
    removed: list[str]


class Comparison(Out):
    """Every kind that differs."""

    results: list[Difference]


class VerificationFinding(Out):
    """One difference between promise and reality; `accepted_reason` says why somebody answers for it."""

    code: str
    severity: str
    subject: str
    expected: str
    found: str
    hint: str
    accepted_reason: str


class VerificationOut(Out):
    """What was found when the running system was held against its release."""

    id: int
    build_id: str
    at: datetime
    base_url: str
    scope: VerificationScope
    result: VerificationResult
    findings: list[VerificationFinding]
    expected: list[str]
    seconds: float
    started_by: str


class Fault(Out):
    """A finding that takes a need from a capability."""

    code: str
    subject: str


class CapabilityOut(Out):
    """Something that was announced: whether it is there, what of it is not, and the kinds of needs nobody could see."""

    id: str
    title: str
    since: str
    presence: Presence
    faults: list[Fault]
    unchecked: list[str]


class CurrentRelease(Out):
    """The build that runs; `beside` the verification that counts stands a quick one since, or the full one before."""

    version: str
    build_id: str
    verification: VerificationOut | None
    beside: VerificationOut | None
    capabilities: list[CapabilityOut]


class VerificationIn(In):
    """What to look at: `quick` leaves out code and web, but not the promised capabilities that `expect` names."""

    quick: bool = False
    expect: Annotated[list[Name], Field(max_length=50)] = []


class VerificationFilters(Paging):
    """Filters of the list."""

    result: VerificationResult | None = None
    build: str = ""


class AnnouncedCapability(Out):
    """Something that was announced, and the version since which it is there."""

    id: str
    title: str
    since: str


class AboutOut(Out):
    """What runs here."""

    version: str
    build: str
    released_at: datetime | None
    capabilities: list[AnnouncedCapability]


def _releases(request: HttpRequest, filters: Paging) -> Any:
    found = queries.releases(actor=actor(request))
    if filters.search:
        found = found.filter(version__icontains=filters.search)
    return ordered(found, filters.ordering or "-first_seen_at", ("build_id", "version", "first_seen_at", "id"))


@routes.get("releases/", response=Page[ReleaseOut], **needs(Perm.RELEASE_VIEW))
def list_releases(request: HttpRequest, filters: Query[Paging]) -> Any:
    """Builds that were put into service, newest first."""
    return page_of(request, _releases(request, filters), filters)


@routes.get("releases/export/", response=None, **needs(Perm.RELEASE_VIEW))
def export_releases(request: HttpRequest, filters: Query[Paging], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {each: attrgetter(each) for each in RELEASE_FIELDS}
    return export(_releases(request, filters), wanted, name="releases", columns=columns)


@routes.get("releases/current/", response=CurrentRelease, **needs(Perm.RELEASE_VIEW))
def get_current_release(request: HttpRequest) -> Any:
    """What runs: the verification that counts, and each capability as it was found."""
    return queries.current(actor=actor(request))


@routes.get("releases/current/manifest/", response=dict[str, Any], **needs(Perm.RELEASE_VIEW))
def current_manifest(request: HttpRequest) -> Any:
    """Everything that this build promises."""
    return queries.current_manifest(actor=actor(request))


@routes.get("releases/comparison/", response=Comparison, **needs(Perm.RELEASE_VIEW))
def compare_releases(request: HttpRequest, wanted: Query[ComparisonWanted]) -> Any:
    """What one release has that another has not."""
    found = queries.compared(wanted.former, wanted.later, actor=actor(request))
    return {"results": [{"kind": kind, **both} for kind, both in found.items()]}


def _verifications(request: HttpRequest, filters: VerificationFilters) -> Any:
    found = queries.verifications(actor=actor(request))
    if filters.search:
        found = found.filter(base_url__icontains=filters.search)
    if filters.build:
        found = found.filter(build_id=filters.build)
    if filters.result is not None:
        found = found.filter(result=filters.result)
    return ordered(found, filters.ordering or "-at", ("at", "result", "scope", "seconds", "id"))


@routes.get("verifications/", response=Page[VerificationOut], **needs(Perm.RELEASE_VIEW))
def list_verifications(request: HttpRequest, filters: Query[VerificationFilters]) -> Any:
    """What verifications found, newest first."""
    return page_of(request, _verifications(request, filters), filters)


@routes.get("verifications/export/", response=None, **needs(Perm.RELEASE_VIEW))
def export_verifications(request: HttpRequest, filters: Query[VerificationFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file, finding by finding."""
    of_run = {each: attrgetter(each) for each in VERIFICATION_FIELDS}
    rows, of_finding = _verifications(request, filters), VerificationFinding.model_fields
    return export_findings(rows, wanted, name="verifications", of_run=of_run, of_finding=of_finding)


@routes.post("verifications/", response={202: LongWork}, **needs(Perm.RELEASE_VERIFY))
def ask_verification(request: HttpRequest, body: VerificationIn) -> Any:
    """Hold what runs against what this build promises."""
    return Status(202, queued(actions.ask(quick=body.quick, expect=body.expect, by=actor(request))))


@about_routes.get("/about/", response=AboutOut, **needs(SIGNED_IN))
def about(request: HttpRequest) -> Any:
    """Version, build and what was announced."""
    return queries.about()
