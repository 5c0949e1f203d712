"""Routes of the agenda: what happens when, and a secret address for calendar programs."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from maristan.agenda import actions, queries
from maristan.agenda.rules import Perm
from maristan.kernel.api import Day, Out, Routes, Rows, actor, file_response, needs, no_content, public

routes = Routes()


class EntryOut(Out):
    """One thing in the calendar."""

    id: int
    owner_kind: str
    owner_id: int
    title: str
    place: str
    detail: str
    starts_at: datetime
    ends_at: datetime
    is_all_day: bool
    url: str
    is_cancelled: bool
    cancel_reason: str


class WindowOut(Rows):
    """The entries of a window; at most 1,000."""

    results: list[EntryOut]


class FeedOut(Out):
    """A calendar address, shown once."""

    url: str


@routes.get("/entries/", response=WindowOut, **needs(Perm.AGENDA_VIEW))
def window(request: HttpRequest, start_date: Day, end_date: Day) -> Any:
    """What the signed-in person's calendar holds from one day to another, both included."""
    return {"results": queries.window(actor=actor(request), first=start_date, last=end_date)}


@routes.post("/feed/", response=FeedOut, **needs(Perm.AGENDA_VIEW, secret=True))
def renew_feed(request: HttpRequest) -> Any:
    """A new secret address for one's calendar; the one before stops answering."""
    token = actions.renew_feed(by=actor(request))
    return {"url": f"{settings.SITE_URL}/api/v1/agenda/feeds/{token}/calendar.ics"}


@routes.delete("/feed/", response={204: None}, **needs(Perm.AGENDA_VIEW))
def revoke_feed(request: HttpRequest) -> Any:
    """Make the address stop answering."""
    actions.revoke_feed(by=actor(request))
    return no_content()


@routes.get("/feeds/{token}/calendar.ics", response=None, **public("the secret token in the path is the key"))
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar for calendar programs; 404 for an unknown or revoked token."""
    return file_response(queries.feed(token), "text/calendar; charset=utf-8", "maristan.ics", inline=True)
