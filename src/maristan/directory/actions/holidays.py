"""Writes of holidays."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.directory.models import Holiday
from maristan.directory.queries import places, scopes
from maristan.directory.rules.states import HolidayScope, Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Fault, Invalid

FIELDS = ("name", "start_date", "end_date", "kind", "scope_kind", "scope_id")


def _check(holiday: Holiday) -> None:
    """Raise `Invalid` for a holiday that ends before it begins, and for a scope that is not here."""
    faults = []
    if holiday.end_date < holiday.start_date:
        faults.append(Fault("/end_date", "out_of_range", "It would end before it begins."))
    if holiday.scope_kind == HolidayScope.INSTITUTION:
        if holiday.scope_id is not None:
            faults.append(Fault("/scope_id", "not_wanted", "The whole institution has no scope id."))
    elif holiday.scope_id is None:
        faults.append(Fault("/scope_id", "required", f"Name the {holiday.scope_kind}."))
    elif not scopes.is_here(holiday.scope_kind, holiday.scope_id):
        faults.append(Fault("/scope_id", "unknown_reference", f"There is no {holiday.scope_kind} of that id here."))
    if faults:
        raise Invalid(faults)


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Holiday:
    """Declare a holiday. Raises `NotAllowed`, `Invalid` (`out_of_range`, `unknown_reference`)."""
    by.demand(Perm.HOLIDAY_MANAGE)
    holiday = Holiday(**values)
    _check(holiday)
    holiday.save()
    changes = {field: [None, getattr(holiday, field)] for field in FIELDS}
    journal.record("holiday.declared", ("holiday", holiday.pk), by=by, changes=changes)
    return holiday


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Holiday:
    """Change a holiday. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`."""
    holiday = rows.one(places.holidays(actor=by), pk, lock=True)
    by.demand(Perm.HOLIDAY_MANAGE)
    rows.must_match(holiday, version, ("holiday", pk))
    changes = rows.change(holiday, values)
    if changes:
        _check(holiday)
        rows.save_changes(holiday, changes)
        journal.record("holiday.updated", ("holiday", pk), by=by, changes=changes)
    return holiday


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Withdraw a holiday. Raises `NotFound`, `NotAllowed`, `Stale`."""
    holiday = rows.one(places.holidays(actor=by), pk, lock=True)
    by.demand(Perm.HOLIDAY_MANAGE)
    rows.must_match(holiday, version, ("holiday", pk), required=False)
    rows.delete(holiday)
    changes = {field: [getattr(holiday, field), None] for field in FIELDS}
    journal.record("holiday.withdrawn", ("holiday", pk), by=by, changes=changes)
