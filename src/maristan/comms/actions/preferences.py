"""Writes of preferences: each person decides how to be told."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from maristan.comms.models import Preference, Quiet
from maristan.comms.rules.delivery import may_be_off, modes_of
from maristan.comms.rules.states import Channel, Mode, Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, Invalid, NotAllowed

Choice = tuple[str, Channel, Mode | None]


@transaction.atomic
def update(*, choices: Sequence[Choice], quiet: Mapping[str, Any], version: int | None, by: Actor) -> None:
    """Set how families come to the actor (none: as usual), and `quiet`: quiet_from, quiet_until, zone, where given.

    Raises `NotAllowed`, `Stale`, `Invalid` (`always_shown`, `bad_mode`, `incomplete`, `unknown_time_zone`).
    """
    by.demand(Perm.NOTIFICATION_VIEW)
    if by.person_id is None:
        raise NotAllowed()
    _check(choices)
    stored = Quiet.objects.select_for_update().filter(person=by.person_id).first() or Quiet(
        person=by.person_id, version=0
    )
    rows.must_match(stored, version, ("preferences", by.person_id), required=False)
    changes: dict[str, Any] = {**rows.change(stored, quiet), **_chosen(choices, by.person_id)}
    _check_quiet(stored)
    if changes:
        stored.version += 1
        stored.save()
        changes["version"] = [stored.version - 1, stored.version]
        journal.record("preferences.updated", ("preferences", by.person_id), by=by, changes=changes)


def _check(choices: Sequence[Choice]) -> None:
    faults = Faults()
    for row, (family, channel, mode) in enumerate(choices):
        if mode is Mode.OFF and not may_be_off(family, channel):
            faults.add(f"/choices/{row}/mode", "always_shown", "What is essential always appears in the application.")
        elif mode is not None and mode not in modes_of(channel):
            faults.add(f"/choices/{row}/mode", "bad_mode", "Digests come by mail.")
    faults.stop()


def _check_quiet(quiet: Quiet) -> None:
    if (quiet.quiet_from is None) is not (quiet.quiet_until is None):
        raise Invalid.at("/quiet_until", "incomplete", "Quiet hours have a beginning and an end.")
    if quiet.zone:
        try:
            ZoneInfo(quiet.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Invalid.at("/zone", "unknown_time_zone", "No such time zone.") from None


def _chosen(choices: Sequence[Choice], person: int) -> dict[str, list[Any]]:
    """Store the choices; gives what changed as `family.channel` → [old, new]."""
    present = {(row.family, row.channel): row for row in Preference.objects.filter(person=person)}
    changes: dict[str, list[Any]] = {}
    for family, channel, mode in dict.fromkeys(choices):
        row = present.get((family, channel))
        old = row.mode if row else None
        if old == mode:
            continue
        changes[f"{family}.{channel}"] = [old, mode]
        if mode is None:
            Preference.objects.filter(pk=row.pk if row else 0).delete()
        else:
            Preference.objects.update_or_create(person=person, family=family, channel=channel, defaults={"mode": mode})
    return changes
