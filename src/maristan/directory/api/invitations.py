"""Routes of invitations: sent by those who may, accepted by whoever holds the link."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from ninja import Query
from ninja.utils import check_csrf
from pydantic import Field

from maristan.directory.actions import acceptance, bulk_invitations
from maristan.directory.actions import invitations as actions
from maristan.directory.api.shapes import InvitationPurpose, Named
from maristan.directory.queries import invitations as queries
from maristan.directory.queries import settings
from maristan.directory.rules.states import Perm
from maristan.kernel import throttle
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    created,
    export,
    needs,
    ordered,
    page_of,
    public,
)
from maristan.kernel.errors import Gone, NotAllowed, NotFound

routes = Routes()
PUBLIC = public("whoever holds a one-time link is not signed in yet")
Token = Annotated[str, Field(min_length=1, max_length=200)]


class InvitationOut(Out):
    """An invitation; nobody is told its token again."""

    id: int
    person: Named
    email: str
    purpose: str
    state: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class InvitationSent(InvitationOut):
    """A new invitation; `link` is there only when nothing is mailed, and only this once."""

    link: str | None


class InvitationIn(In):
    """Whom to invite; the purpose follows from whether the person has an account."""

    person: Id
    purpose: InvitationPurpose | None = None
    email: Annotated[str, Field(max_length=254)] = ""


class InviteesIn(In):
    """Whom to invite to an account."""

    persons: Annotated[list[Id], Field(max_length=200)]


class InviteeOut(Out):
    """One invitation; `link` is there only where nothing is mailed, and only this once."""

    person: int
    name: str
    email: str
    link: str | None
    expires_at: datetime


class InviteesOut(Out):
    """The invitations in the order in which the persons were named."""

    results: list[InviteeOut]


class InvitationFilters(Paging):
    """Filters of the list."""

    person: Id | None = None
    purpose: InvitationPurpose | None = None


def _listed(request: HttpRequest, filters: InvitationFilters) -> Any:
    found = queries.visible_to(actor=actor(request), day=settings.local_today())
    for field in ("person", "purpose"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    if filters.search:
        found = found.filter(person__name__icontains=filters.search)
    return ordered(found, filters.ordering or "-id", ("created_at", "expires_at", "person__name", "id"))


@routes.get("/invitations/", response=Page[InvitationOut], **needs(Perm.INVITATION_SEND))
def list_invitations(request: HttpRequest, filters: Query[InvitationFilters]) -> Any:
    """Invitations sent, newest first."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": queries.shown(page["results"])}


@routes.get("/invitations/export/", response=None, **needs(Perm.INVITATION_SEND))
def export_invitations(request: HttpRequest, filters: Query[InvitationFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.person.name,
        "email": lambda row: row.email,
        "purpose": lambda row: row.purpose,
        "expires_at": lambda row: row.expires_at,
        "used_at": lambda row: row.used_at,
    }
    return export(_listed(request, filters), wanted, name="invitations", columns=columns)


@routes.post("/invitations/", response={201: InvitationSent}, **needs(Perm.INVITATION_SEND, secret=True))
def send_invitation(request: HttpRequest, body: InvitationIn) -> Any:
    """Invite a person by mail; without an address the link is shown once, to be printed."""
    sent = actions.send(person=body.person, purpose=body.purpose, email=body.email, by=actor(request))
    return created({**queries.shown([sent.invitation])[0], "link": sent.link})


@routes.post("/invitations/bulk/", response=InviteesOut, **needs(Perm.INVITATION_SEND, secret=True))
def send_invitations(request: HttpRequest, body: InviteesIn) -> Any:
    """Invite people: those with an address by mail, the others by a link for a slip, shown once."""
    return {"results": bulk_invitations.send(persons=body.persons, by=actor(request))}


class WelcomeOut(Out):
    """What the holder of a link is told."""

    institution: str
    username: str
    purpose: str


class AcceptIn(In):
    """The account to be opened; a person who has one signs in first and sends the token alone."""

    token: Token
    username: Annotated[str, Field(max_length=150)] = ""
    password: Annotated[str, Field(max_length=200)] = ""


class AcceptedOut(Out):
    """The account that is open now."""

    institution: str
    username: str


@contextmanager
def _slowed(request: HttpRequest) -> Iterator[None]:
    """Slow down whoever tries tokens: those that lead nowhere count, since a whole campus may share one address."""
    try:
        yield
    except (NotFound, Gone):
        throttle.count("invitation", get_adapter(request).get_client_ip(request), limit=10, seconds=60)
        raise


@routes.get("/invitations/accept/{token}/", response=WelcomeOut, **PUBLIC)
def welcome(request: HttpRequest, token: Token) -> Any:
    """Where a link leads to."""
    with _slowed(request):
        return queries.welcome(token)


@routes.post("/invitations/accept/", response=AcceptedOut, **PUBLIC)
def accept_invitation(request: HttpRequest, body: AcceptIn) -> Any:
    """Open an account, link one's own, or set a new password; once."""
    account: Any = request.user if request.user.is_authenticated else None
    if account is not None and check_csrf(request):
        raise NotAllowed("csrf_failed", "Reload the page and try again.")
    with _slowed(request):
        return acceptance.accept(token=body.token, username=body.username, password=body.password, by=account)
