"""Routes of preferences: how a person wants to be told."""

from datetime import time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from maristan.comms.actions import preferences as actions
from maristan.comms.queries import preferences as queries
from maristan.comms.rules.states import Channel, Family, Mode, Perm
from maristan.kernel.api import In, Out, Routes, actor, expected_version, needs, versioned

routes = Routes()


class ChannelOut(Out):
    """How a family comes over a channel (none: as usual), and the modes that may be chosen."""

    channel: Channel
    mode: Mode | None
    modes: list[Mode]


class FamilyOut(Out):
    """A family of messages over every channel."""

    family: Family
    channels: list[ChannelOut]


class PreferencesOut(Out):
    """One's own choices; quiet hours are local times of `zone`."""

    families: list[FamilyOut]
    quiet_from: time | None
    quiet_until: time | None
    zone: str
    version: int


class ChoiceIn(In):
    """How a family shall come over a channel; without a mode as usual."""

    family: Family
    channel: Channel
    mode: Mode | None


class PreferencesIn(In):
    """What changes; quiet hours of null mean none."""

    choices: Annotated[list[ChoiceIn], Field(max_length=100)] = []
    quiet_from: time | None = None
    quiet_until: time | None = None
    zone: Annotated[str, Field(max_length=60)] = ""


@routes.get("/preferences/", response=PreferencesOut, **needs(Perm.NOTIFICATION_VIEW))
def get_preferences(request: HttpRequest, response: HttpResponse) -> Any:
    """How the signed-in person wants to be told."""
    found = queries.shown(actor=actor(request))
    versioned(response, found["version"])
    return found


@routes.patch("/preferences/", response=PreferencesOut, **needs(Perm.NOTIFICATION_VIEW))
def update_preferences(request: HttpRequest, body: PreferencesIn, response: HttpResponse) -> Any:
    """Change how the signed-in person wants to be told."""
    given = body.dict(exclude_unset=True)
    choices = [(each.family, each.channel, each.mode) for each in body.choices]
    quiet: dict[str, Any] = {name: given[name] for name in ("quiet_from", "quiet_until", "zone") if name in given}
    actions.update(choices=choices, quiet=quiet, version=expected_version(request), by=actor(request))
    found = queries.shown(actor=actor(request))
    versioned(response, found["version"])
    return found
