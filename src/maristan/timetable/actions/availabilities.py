"""Declaring and withdrawing weekly times."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.queries import planning as academics
from maristan.directory.queries import planning as directory
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, Invalid
from maristan.timetable.models import Availability
from maristan.timetable.queries import availabilities
from maristan.timetable.rules.states import AvailabilitySubject, Perm


@transaction.atomic
def declare(*, values: Mapping[str, Any], by: Actor) -> Availability:
    """Declare a weekly time of a person, room or group.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, also for a teacher who names another subject; times, dates).
    """
    may = availabilities.may_edit(by, values["subject_kind"], values["subject_id"])
    by.demand(Perm.AVAILABILITY_MANAGE, may, pointer="/subject_id")
    _judge(values)
    row = Availability.objects.create(**values)
    journal.record("availability.declared", ("availability", row.pk), by=by, changes=dict(values))
    return row


@transaction.atomic
def change(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Availability:
    """Change a weekly time. Raises `NotFound`, `NotAllowed`, `Stale`, `VersionRequired`, `Invalid` (times, dates)."""
    row = rows.one(availabilities.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.AVAILABILITY_MANAGE, availabilities.may_edit(by, row.subject_kind, row.subject_id))
    rows.must_match(row, version, ("availability", pk))
    fields = ("subject_kind", "subject_id", "start_time", "end_time", "from_date", "to_date")
    _judge({**{name: getattr(row, name) for name in fields}, **values})
    changes = rows.change(row, values)
    if changes:
        rows.save_changes(row, changes)
        journal.record("availability.changed", ("availability", pk), by=by, changes=changes)
    return row


@transaction.atomic
def withdraw(*, pk: int, by: Actor) -> None:
    """Take a declaration back. Raises `NotFound`, `NotAllowed`."""
    row = rows.one(availabilities.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.AVAILABILITY_MANAGE, availabilities.may_edit(by, row.subject_kind, row.subject_id))
    row.delete()
    journal.record("availability.withdrawn", ("availability", pk), by=by)


def _judge(values: Mapping[str, Any]) -> None:
    faults = Faults()
    if values["end_time"] <= values["start_time"]:
        faults.add("/end_time", "end_not_after_start")
    if values["to_date"] is not None and values["to_date"] < values["from_date"]:
        faults.add("/to_date", "end_before_start")
    faults.stop()
    if not _exists(values["subject_kind"], values["subject_id"]):
        raise Invalid.unknown("/subject_id")


def _exists(kind: str, pk: int) -> bool:
    if kind == AvailabilitySubject.GROUP:
        found = academics.known(periods=[], courses=[], sections=[], groups=[pk], batch=None)
        return pk in found.groups
    is_person = kind == AvailabilitySubject.PERSON
    here = directory.known(people=[pk] if is_person else [], rooms=[] if is_person else [pk], departments=[])
    return pk in (here.people if is_person else here.rooms)
