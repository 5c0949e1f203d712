"""Writes of programs and their tracks."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.models import Program, Track
from maristan.academics.queries import structure as queries
from maristan.academics.rules import programs as rules
from maristan.academics.rules.refusals import refusing_as
from maristan.academics.rules.states import Perm, ProgramStatus, ProgramStructure
from maristan.directory.actions import scopes
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, NotNow
from maristan.kernel.names import tidy

TAKEN = {
    "academics_program_name_once": NotNow("name_taken", "A program of that name exists already."),
    "academics_program_code_once": NotNow("code_taken", "A program of that code exists already."),
}
TRACK_TAKEN = {"academics_track_name_once": NotNow("name_taken", "The program has a track of that name already.")}
DONE = {"finalize": "program.finalized", "retire": "program.retired"}


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Names and codes as they are kept: tidy, codes in capitals."""
    found = dict(values)
    if "name" in found:
        found["name"] = tidy(found["name"])
    if "code" in found:
        found["code"] = tidy(found["code"]).upper()
    return found


def _must_be_complete(program: Program) -> None:
    faults = rules.structure_faults(queries.structure_of(program))
    if faults:
        raise Invalid(faults)


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Program:
    """Enter a program as a draft, with 5 years or 10 semesters where no number is given.

    Raises `NotAllowed`, `Invalid` for its structure, `NotNow` (`name_taken`, `code_taken`).
    """
    by.demand_at_large(Perm.PROGRAM_MANAGE, within=by.reach(Perm.PROGRAM_MANAGE).everything)
    found = _fields(values)
    kind = ProgramStructure(found["structure_type"])
    structure = rules.Structure(kind, found.get("period_length_months"), found.get("total_periods"))
    program = Program(**{**found, "total_periods": rules.with_default_periods(structure).total_periods})
    _must_be_complete(program)
    with rows.refusing(**TAKEN):
        program.save()
    journal.record("program.created", ("program", program.pk), by=by, changes={"name": [None, program.name]})
    return program


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Program:
    """Change a program; its structure only while it is a draft (`structure_fixed`).

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`name_taken`, `code_taken`).
    """
    program = rows.one(queries.programs(actor=by), pk, lock=True)
    by.demand(Perm.PROGRAM_MANAGE, within=by.reach(Perm.PROGRAM_MANAGE).covers(program=pk))
    rows.must_match(program, version, ("program", pk))
    status = ProgramStatus(program.status)
    changes = rows.change(program, _fields(values))
    fixed = rules.fixed_field_faults(status, changes)
    if fixed:
        raise Invalid(fixed)
    _must_be_complete(program)
    if changes:
        with rows.refusing(**TAKEN):
            rows.save_changes(program, changes)
        journal.record("program.updated", ("program", pk), by=by, changes=changes)
    return program


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a program that nothing refers to.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`).
    """
    program = rows.one(queries.programs(actor=by), pk, lock=True)
    by.demand(Perm.PROGRAM_MANAGE, within=by.reach(Perm.PROGRAM_MANAGE).covers(program=pk))
    rows.must_match(program, version, ("program", pk), required=False)
    scopes.delete(row=program, kind="program", by=by)
    journal.record("program.deleted", ("program", pk), by=by, changes={"name": [program.name, None]})


@transaction.atomic
def move(*, pk: int, name: str, version: int | None, reason: str | None, by: Actor) -> Program:
    """Finalize or retire a program.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`already_finalized` as its own code).
    """
    if name not in DONE:
        raise NotFound()
    program = rows.one(queries.programs(actor=by), pk, lock=True)

    def may(permission: str) -> bool:
        return by.reach(permission).covers(program=pk)

    by.demand(Perm.PROGRAM_FINALIZE, within=may(Perm.PROGRAM_FINALIZE))
    rows.must_match(program, version, ("program", pk), required=False)
    with refusing_as("already_finalized"):
        transition, _ = rules.PROGRAM.check(
            queries.program_facts(program), name, by, clock.now(), reason=reason, may=may
        )
    changes = rows.change(program, {"status": transition.target})
    rows.save_changes(program, changes)
    journal.record(DONE[name], ("program", pk), by=by, changes=changes, reason=(reason or "").strip())
    return program


@transaction.atomic
def create_track(*, program: int, name: str, by: Actor) -> Track:
    """Enter a track of a program. Raises `NotAllowed`, `Invalid`, `NotNow` (`name_taken`)."""
    reach = by.demand(Perm.PERIOD_MANAGE)
    rows.reference(queries.programs(actor=by), program, "/program")
    by.demand(Perm.PERIOD_MANAGE, within=reach.covers(program=program), pointer="/program")
    track = Track(program_id=program, name=tidy(name))
    with rows.refusing(**TRACK_TAKEN):
        track.save()
    journal.record("track.created", ("track", track.pk), by=by, changes={"name": [None, track.name]})
    return track


def _track(pk: int, by: Actor) -> Track:
    track = rows.one(queries.tracks(actor=by), pk, lock=True)
    by.demand(Perm.PERIOD_MANAGE, within=by.reach(Perm.PERIOD_MANAGE).covers(program=track.program_id))
    return track


@transaction.atomic
def update_track(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Track:
    """Rename a track. Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`name_taken`)."""
    track = _track(pk, by)
    rows.must_match(track, version, ("track", pk))
    changes = rows.change(track, _fields(values))
    if changes:
        with rows.refusing(**TRACK_TAKEN):
            rows.save_changes(track, changes)
        journal.record("track.updated", ("track", pk), by=by, changes=changes)
    return track


@transaction.atomic
def delete_track(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a track that no block stands on.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`).
    """
    track = _track(pk, by)
    rows.must_match(track, version, ("track", pk), required=False)
    rows.delete(track)
    journal.record("track.deleted", ("track", pk), by=by, changes={"name": [track.name, None]})
