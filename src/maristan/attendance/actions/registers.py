"""Moves of a register: submitted, reopened, locked, unlocked, not held, restored."""

from datetime import datetime
from typing import Any

from django.db import transaction

from maristan.attendance.actions import rosters
from maristan.attendance.queries import registers
from maristan.attendance.rules.registers import KINDS, REGISTER, REQUESTED_MOVES
from maristan.attendance.rules.states import Perm, RegisterStatus
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.workflow import Requirement
from maristan.timetable.actions import sessions as timetable


@transaction.atomic
def move(
    *, session: int, name: str, reason: str | None, version: int | None = None, by: Actor
) -> tuple[Requirement, ...]:
    """Submit, reopen, unlock a register, or say that the session was not held; gives the warnings.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`), `Stale`, `NotNow` with what is missing.
    """
    by.demand(Perm.VIEW)
    if name not in REQUESTED_MOVES:
        raise NotFound()
    rosters.ensure(session=session, by=by)
    register = registers.get(session, actor=by, lock=True)
    permitted = registers.may(register, actor=by)
    by.demand(REGISTER.transition(name).permission, within=permitted(REGISTER.transition(name).permission))
    rows.must_match(register, version, (rosters.REGISTER, register.pk), required=False)
    facts = registers.facts(register, list(registers.lines(session)), actor=by)
    transition, warnings = REGISTER.check(facts, name, by, clock.now(), reason=reason, may=permitted)
    _write(register, name, transition.target, (reason or "").strip(), clock.now(), by)
    if name == "submit":
        timetable.complete(pk=session, by=by)
    elif name in ("reopen", "unlock"):
        timetable.complete(pk=session, reopen=True, by=by)
    return warnings


def _write(register: Any, name: str, target: str, reason: str, now: datetime, by: Actor) -> None:
    values: dict[str, Any] = {"status": RegisterStatus(target), "reason": reason[:500]}
    if name == "submit":
        values |= {"submitted_at": now, "submitted_by": by.name}
    elif name == "lock":
        values |= {"locked_at": now}
    else:
        values |= {"submitted_at": None, "submitted_by": "", "locked_at": None}
    changes = rows.change(register, values)
    rows.save_changes(register, changes)
    changes["session"] = register.session_id
    journal.record(KINDS[name], (rosters.REGISTER, register.pk), by=by, changes=changes, reason=reason)


@transaction.atomic
def lock_due(*, by: Actor) -> int:
    """Lock the submitted registers whose days have passed (A6); gives how many."""
    now = clock.now()
    locked = 0
    for register in registers.due_for_locking(now):
        facts = registers.facts(register, actor=by)
        if all(each.met for each in REGISTER.requirements(facts, "lock", by, now)):
            _write(register, "lock", RegisterStatus.LOCKED, "", now, by)
            locked += 1
    return locked
