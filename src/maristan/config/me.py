"""Routes of the platform: who I am, which institution, search, progress of jobs, reports."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest

from maristan.comms.queries import notifications as comms
from maristan.config import second_factor
from maristan.directory.actions import accounts
from maristan.directory.queries import identity
from maristan.directory.queries import settings as directory
from maristan.kernel import jobs, reports, search
from maristan.kernel.api import SIGNED_IN, Id, In, Out, Routes, actor, file_response, needs
from maristan.kernel.errors import Invalid
from maristan.operations.queries import build, maintenance
from maristan.operations.rules.states import MaintenanceLevel
from maristan.work import queries as work

routes = Routes()


class InstitutionBrief(Out):
    """One institution that a user belongs to."""

    id: int
    code: str
    name: str


class InstitutionOut(InstitutionBrief):
    """The institution in which the request acts."""

    time_zone: str
    first_weekday: int
    country: str
    locale: str


class Named(Out):
    """Somebody or something with a name."""

    id: int
    name: str


class UserOut(Out):
    """The account."""

    id: int
    username: str


class ActingOut(Out):
    """As whom this session acts, and until when."""

    name: str
    expires_at: datetime


class NoticeOut(Out):
    """Maintenance that is on, or that was announced for the next 24 hours."""

    is_on: bool
    level: MaintenanceLevel
    message: str
    begins_at: datetime | None
    until: datetime | None


class MeOut(Out):
    """Who is signed in, and what they may do here."""

    user: UserOut
    person: Named | None
    institution: InstitutionOut | None
    institutions: list[InstitutionBrief]
    roles: list[str]
    permissions: list[str]
    language: str | None
    banner: str | None
    impersonation: ActingOut | None
    second_factor_missing: bool
    maintenance: NoticeOut | None
    unread_notifications: int
    open_inbox_items: int
    version: str


class ChooseLanguage(In):
    """The language in which to be addressed, on every device and by mail."""

    language: Literal["en", "ur"]


class ChosenLanguage(Out):
    """The language that is kept."""

    language: str


class ChooseInstitution(In):
    """The institution to act in."""

    code: str


@routes.get("/me/", response=MeOut, **needs(SIGNED_IN))
def me(request: HttpRequest) -> Any:
    """Who is signed in."""
    by = actor(request)
    user: Any = request.user
    acting = getattr(request, "impersonation", None)
    here = directory.institution() if by.institution_id else None
    return {
        "user": {"id": by.user_id, "username": user.username if user.is_authenticated and acting is None else by.name},
        "person": {"id": by.person_id, "name": by.name} if by.person_id else None,
        "institution": here,
        "institutions": identity.institutions_of(by.user_id or 0),
        "roles": by.roles,
        "permissions": by.permissions,
        "language": (user.language or None) if user.is_authenticated else None,
        "banner": (directory.setting("ui_banner_message") or None) if here else None,
        "impersonation": {"name": by.name, "expires_at": acting.expires_at} if acting else None,
        "second_factor_missing": user.is_authenticated and second_factor.is_missing(by),
        "maintenance": maintenance.notice(),
        "unread_notifications": comms.unread(actor=by) if here else 0,
        "open_inbox_items": work.open_count(actor=by) if here else 0,
        "version": build.running().version,
    }


@routes.post("/me/institution/", response=InstitutionBrief, **needs(SIGNED_IN))
def choose_institution(request: HttpRequest, body: ChooseInstitution) -> Any:
    """Act in another of one's institutions from now on."""
    for each in identity.institutions_of(actor(request).user_id or 0):
        if each["code"] == body.code:
            request.session["institution_id"] = each["id"]
            return each
    raise Invalid.at("/code", "unknown_reference", "You belong to no institution of that code.")


@routes.post("/me/language/", response=ChosenLanguage, **needs(SIGNED_IN, lent=True))
def choose_language(request: HttpRequest, body: ChooseLanguage) -> Any:
    """Be addressed in a language from now on."""
    return {"language": accounts.choose_language(code=body.language, by=actor(request))}


class HitOut(Out):
    """One thing found."""

    kind: str
    title: str
    subtitle: str
    url: str


class HitsOut(Out):
    """What the search found."""

    results: list[HitOut]


@routes.get("/search/", response=HitsOut, **needs(SIGNED_IN))
def find(request: HttpRequest, q: str = "") -> Any:
    """Search everything that the signed-in person may see."""
    return {"results": search.find(actor=actor(request), text=q[:200])}


class JobOut(Out):
    """Progress of a long operation."""

    id: int
    kind: str
    status: str
    done: int
    total: int
    message: str
    result: Any = None
    error: str


@routes.get("/jobs/{int:pk}/", response=JobOut, **needs(SIGNED_IN))
def job(request: HttpRequest, pk: Id) -> Any:
    """Progress of one's own job."""
    return jobs.get(pk, actor=actor(request))


class ReportOut(Out):
    """A kind of document."""

    name: str
    title: str


class ReportsOut(Out):
    """The kinds of document that the signed-in person may have."""

    results: list[ReportOut]


@routes.get("/reports/", response=ReportsOut, **needs(SIGNED_IN))
def list_reports(request: HttpRequest) -> Any:
    """Every kind of document that the signed-in person may have, by name."""
    return {"results": sorted(reports.available(actor=actor(request)), key=lambda report: report.name)}


@routes.get("/reports/{str:name}/", response=None, **needs(SIGNED_IN, export=True))
def make_report(request: HttpRequest, name: str) -> Any:
    """Make a document; its parameters are the query, such as `?week=7&format=pdf`."""
    made = reports.make(name, actor=actor(request), parameters=request.GET.dict())
    return file_response(made.content, made.content_type, made.filename)
