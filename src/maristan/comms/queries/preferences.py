"""Reads of how people want to be told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, TimeField, Value

from maristan.comms.models import Preference, Quiet
from maristan.comms.rules.delivery import QuietHours, may_be_off, modes_of
from maristan.comms.rules.states import Channel, Family, Mode, Perm
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person chose: modes by (family, channel), quiet hours, and the zone in which the person lives."""

    zone: str
    quiet: QuietHours | None = None
    modes: Mapping[tuple[str, str], Mode] = field(default_factory=dict)

    def mode(self, family: str, channel: Channel, usual: Mode) -> Mode:
        """How a family comes over a channel: as chosen, else as usual."""
        return self.modes.get((family, channel), usual)


def wishes(persons: Iterable[int], *, families: Collection[str], zone: str) -> dict[int, Wishes]:
    """What each of these people chose for these families; `zone` is the institution's. One query."""
    wanted = list(persons)
    no_time, no_text = Value(None, output_field=TimeField()), Value("", output_field=CharField())
    chosen = Preference.objects.filter(person__in=wanted, family__in=families).order_by()
    quiet = Quiet.objects.filter(person__in=wanted).order_by()
    rows = chosen.values_list("person", "family", "channel", "mode", no_time, no_time).union(
        quiet.values_list("person", "zone", no_text, no_text, "quiet_from", "quiet_until"), all=True
    )
    modes: dict[int, dict[tuple[str, str], Mode]] = {}
    zones: dict[int, str] = {}
    hours: dict[int, QuietHours] = {}
    for person, text, channel, mode, start, end in rows:
        if channel:
            modes.setdefault(person, {})[(text, channel)] = Mode(mode)
            continue
        zones[person] = text or zone
        if start is not None:
            hours[person] = QuietHours(start, end, zones[person])
    return {person: Wishes(zones.get(person, zone), hours.get(person), modes.get(person, {})) for person in wanted}


def shown(*, actor: Actor) -> dict[str, Any]:
    """The actor's choices for every family over every channel, and the quiet hours."""
    actor.demand(Perm.NOTIFICATION_VIEW)
    person, here = actor.person_id or 0, institution()
    chosen = wishes([person], families=list(Family), zone=here.time_zone)[person]
    stored = Quiet.objects.filter(person=person).first()
    return {
        "families": [
            {
                "family": family,
                "channels": [
                    {
                        "channel": channel,
                        "mode": chosen.modes.get((family, channel)),
                        "modes": [
                            mode for mode in modes_of(channel) if mode is not Mode.OFF or may_be_off(family, channel)
                        ],
                    }
                    for channel in Channel
                ],
            }
            for family in Family
        ],
        "quiet_from": stored.quiet_from if stored else None,
        "quiet_until": stored.quiet_until if stored else None,
        "zone": chosen.zone,
        "version": stored.version if stored else 0,
    }
