"""Writes of batches and groups, and the yearly promotion."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.models import Batch, Group, Program, Student
from maristan.academics.queries import structure as queries
from maristan.academics.queries.holding import hold
from maristan.academics.rules.programs import batch_year_faults
from maristan.academics.rules.states import Perm, ProgramStatus, StudentStatus
from maristan.academics.rules.students import moves_up
from maristan.directory.actions import scopes
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.names import tidy

BATCH_TAKEN = {"academics_batch_name_once": NotNow("name_taken", "The program has a batch of that name already.")}
GROUP_TAKEN = {"academics_group_name_once": NotNow("name_taken", "The batch has a group of that name already.")}


def _tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "name": tidy(values["name"])} if "name" in values else dict(values)


def _must_have_good_years(batch: Batch) -> None:
    faults = batch_year_faults(batch.intake_year, batch.graduation_year)
    if faults:
        raise Invalid(faults)


def _must_take_batches(program: int) -> None:
    """Raise `NotNow` for a retired program; it is not retired while the batch is written."""
    (status,) = hold(Program, [program], "status")[program]
    if status == ProgramStatus.RETIRED:
        raise NotNow("program_retired", "The program takes no more batches.")


def _batch(pk: int, by: Actor) -> Batch:
    batch = rows.one(queries.batches(actor=by), pk, lock=True)
    reach = by.reach(Perm.BATCH_MANAGE)
    by.demand(Perm.BATCH_MANAGE, within=reach.covers(program=batch.program_id, batch=pk))
    return batch


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Batch:
    """Enter a batch. Raises `NotAllowed`, `Invalid` for its years, `NotNow` (`name_taken`, `program_retired`)."""
    reach = by.demand(Perm.BATCH_MANAGE)
    found = _tidied(values)
    program = rows.reference(queries.programs(actor=by), found.pop("program"), "/program")
    by.demand(Perm.BATCH_MANAGE, within=program is not None and reach.covers(program=program.pk), pointer="/program")
    batch = Batch(program=program, **found)
    _must_have_good_years(batch)
    _must_take_batches(batch.program_id)
    with rows.refusing(**BATCH_TAKEN):
        batch.save()
    changes = {"name": [None, batch.name], "program": [None, batch.program_id]}
    journal.record("batch.created", ("batch", batch.pk), by=by, changes=changes)
    return batch


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Batch:
    """Change a batch's name, years or activity. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow`."""
    batch = _batch(pk, by)
    rows.must_match(batch, version, ("batch", pk))
    changes = rows.change(batch, _tidied(values))
    _must_have_good_years(batch)
    if "is_active" in changes and batch.is_active:
        _must_take_batches(batch.program_id)
    if changes:
        with rows.refusing(**BATCH_TAKEN):
            rows.save_changes(batch, changes)
        journal.record("batch.updated", ("batch", pk), by=by, changes=changes)
    return batch


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a batch that nothing refers to.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`).
    """
    batch = _batch(pk, by)
    rows.must_match(batch, version, ("batch", pk), required=False)
    scopes.delete(row=batch, kind="batch", by=by)
    journal.record("batch.deleted", ("batch", pk), by=by, changes={"name": [batch.name, None]})


@transaction.atomic
def promote(*, pk: int, to_year: int, by: Actor) -> dict[str, int]:
    """Raise the ACTIVE students of a batch to a year of study, once for each year (A12).

    Whoever was set back since, or joined, is not raised by pressing again. Raises `NotFound`, `NotAllowed`. Each
    student raised has a journal line.
    """
    batch = _batch(pk, by)
    students = list(Student.objects.select_for_update(of=("self",)).filter(batch=batch).order_by("pk"))
    is_done = queries.was_promoted(pk, to_year)
    risers = [
        each for each in students if not is_done and moves_up(StudentStatus(each.status), each.current_year, to_year)
    ]
    changes: dict[int, dict[str, Any]] = {}
    now = clock.now()
    for student in risers:
        version = [student.version, student.version + 1]
        year = [student.current_year, to_year]
        changes[student.pk] = {"current_year": year, "version": version, queries.PROMOTED_WITH: pk}
        student.current_year, student.version, student.updated_at = to_year, version[1], now
    Student.objects.bulk_update(risers, ["current_year", "version", "updated_at"], batch_size=1000)
    journal.record_each("student.promoted", "student", changes, by=by)
    return {"promoted_count": len(risers), "unchanged_count": len(students) - len(risers)}


@transaction.atomic
def create_group(*, values: Mapping[str, Any], by: Actor) -> Group:
    """Enter a group of a batch, last in order unless a position is given. Raises `NotAllowed`, `Invalid`, `NotNow`."""
    reach = by.demand(Perm.BATCH_MANAGE)
    found = _tidied(values)
    batch = rows.reference(queries.batches(actor=by), found.pop("batch"), "/batch")
    within = batch is not None and reach.covers(program=batch.program_id, batch=batch.pk)
    by.demand(Perm.BATCH_MANAGE, within=within, pointer="/batch")
    if found.get("position") is None:
        last = Group.objects.filter(batch=batch).order_by("-position").values_list("position", flat=True).first()
        found["position"] = (last or 0) + 1
    group = Group(batch=batch, **found)
    with rows.refusing(**GROUP_TAKEN):
        group.save()
    changes = {"name": [None, group.name], "batch": [None, group.batch_id]}
    journal.record("group.created", ("group", group.pk), by=by, changes=changes)
    return group


def _group(pk: int, by: Actor) -> Group:
    group = rows.one(queries.groups(actor=by), pk, lock=True)
    reach = by.reach(Perm.BATCH_MANAGE)
    by.demand(Perm.BATCH_MANAGE, within=reach.covers(program=group.batch.program_id, batch=group.batch_id))
    return group


@transaction.atomic
def update_group(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Group:
    """Change a group's name, capacity or position. Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow`."""
    group = _group(pk, by)
    rows.must_match(group, version, ("group", pk))
    changes = rows.change(group, _tidied(values))
    if changes:
        with rows.refusing(**GROUP_TAKEN):
            rows.save_changes(group, changes)
        journal.record("group.updated", ("group", pk), by=by, changes=changes)
    return group


@transaction.atomic
def delete_group(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a group that nothing refers to.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`).
    """
    group = _group(pk, by)
    rows.must_match(group, version, ("group", pk), required=False)
    rows.delete(group)
    journal.record("group.deleted", ("group", pk), by=by, changes={"name": [group.name, None]})
