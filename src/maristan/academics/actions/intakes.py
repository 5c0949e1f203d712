"""Writes of intakes: when people may apply for a batch, and how many are taken."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.models import Intake
from maristan.academics.queries import admissions as queries
from maristan.academics.queries import structure
from maristan.academics.rules.admissions import window_faults
from maristan.academics.rules.states import Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid

FIELDS = ("program_id", "batch_id", "opens_at", "closes_at", "seats")


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Intake:
    """Enter the time in which people may apply for a batch.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, `batch_not_in_program`, `out_of_range`).
    """
    reach = by.demand(Perm.INTAKE_MANAGE)
    batch = rows.reference(structure.batches(actor=by), values["batch"], "/batch")
    assert batch is not None
    within = reach.covers(program=batch.program_id, batch=batch.pk)
    by.demand(Perm.INTAKE_MANAGE, within=within, pointer="/batch")
    if values.get("program") not in (None, batch.program_id):
        raise Invalid.at("/batch", "batch_not_in_program", "The batch belongs to another program.")
    intake = Intake(**{**values, "program": batch.program, "batch": batch})
    _refuse_faults(intake)
    intake.save()
    entered = {field: [None, getattr(intake, field)] for field in FIELDS}
    journal.record("intake.created", ("intake", intake.pk), by=by, changes=entered)
    return rows.one(queries.intakes(actor=by), intake.pk)


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Intake:
    """Change when people may apply, or how many are taken.

    Raises `NotFound`, `NotAllowed`, `VersionRequired`, `Stale`, `Invalid` (`out_of_range`).
    """
    intake = _locked(pk, by)
    rows.must_match(intake, version, ("intake", pk))
    changes = rows.change(intake, values)
    _refuse_faults(intake)
    if changes:
        rows.save_changes(intake, changes)
        journal.record("intake.updated", ("intake", pk), by=by, changes=changes)
    return rows.one(queries.intakes(actor=by), pk)


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete an intake for which nobody applied. Raises `NotFound`, `NotAllowed`, `NotNow` (`PROTECTED_DELETE`)."""
    intake = _locked(pk, by)
    rows.delete(intake)
    gone = {field: [getattr(intake, field), None] for field in FIELDS}
    journal.record("intake.deleted", ("intake", pk), by=by, changes=gone)


def _locked(pk: int, by: Actor) -> Intake:
    rows.one(queries.intakes(actor=by), pk)
    intake = Intake.objects.select_for_update().get(pk=pk)
    reach = by.reach(Perm.INTAKE_MANAGE)
    by.demand(Perm.INTAKE_MANAGE, within=reach.covers(program=intake.program_id, batch=intake.batch_id))
    return intake


def _refuse_faults(intake: Intake) -> None:
    faults = window_faults(intake.opens_at, intake.closes_at)
    if faults:
        raise Invalid(faults)
