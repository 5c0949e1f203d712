"""Maintenance windows: announced, begun, changed, ended; and the flag file of this host."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import announcing, chain
from maristan.operations.models import MaintenanceWindow
from maristan.operations.queries import maintenance as queries
from maristan.operations.rules import maintenance as rules
from maristan.operations.rules.states import MaintenanceLevel, Perm

SUBJECT = "maintenance"
RUN_TAKES = rules.USUAL  # so long people are told that a deployment or a restore takes
KINDS = {"start": "maintenance.started", "end": "maintenance.ended", "withdraw": "maintenance.withdrawn"}


def plan(
    *, level: MaintenanceLevel, message: str, planned_from: datetime, until: datetime | None = None, by: Actor
) -> MaintenanceWindow:
    """Announce a window, of the usual length where no end is named.

    Raises `NotAllowed`, `Invalid` (`until_after_start`, `from_is_past`) and `NotNow` (`no_overlap`).
    """
    by.demand(Perm.MAINTENANCE_MANAGE)
    rules.check_ahead(planned_from, clock.now())
    until = until or planned_from + rules.USUAL
    rules.check_times(planned_from, until)
    with tenancy.acting_in(None):
        _alone_at_a_time()
        rules.check_alone(queries.overlapping(planned_from, until))
        row = MaintenanceWindow.objects.create(
            level=level, message=message, planned_from=planned_from, until=until, by=by.name
        )
        _write("maintenance.planned", row, by)
    return row


def begin(
    *, level: MaintenanceLevel, message: str, until: datetime | None = None, by: Actor, run_id: UUID | None = None
) -> MaintenanceWindow:
    """Begin at once, or change the window that is open; where no end is named it is of the usual length, and that of an
    open window stays. Raises `NotAllowed`, `Invalid` (`until_after_start`)."""
    by.demand(Perm.MAINTENANCE_MANAGE)
    now = clock.now()
    ends = until or now + rules.USUAL
    rules.check_times(now, ends)
    with tenancy.acting_in(None):
        _alone_at_a_time()
        row = queries.open_window(lock=True)
        if row is not None:
            taken = {"run_id": run_id} if run_id is not None else {}
            return _change(row, {"level": level, "message": message, "until": until or row.until, **taken}, by)
        row = MaintenanceWindow.objects.create(
            level=level, message=message, planned_from=now, until=ends, started_at=now, by=by.name, run_id=run_id
        )
        _write("maintenance.started", row, by)
    queries.forget()
    return row


def move(*, pk: int, name: str, by: Actor, is_forced: bool = False) -> MaintenanceWindow:
    """Start, end or withdraw a window; raises `NotFound`, `NotAllowed` and `NotNow` with what is unmet."""
    if name not in KINDS:
        raise NotFound()
    with tenancy.acting_in(None):
        _alone_at_a_time()
        row = queries.get(pk, actor=by, lock=True)
        now = clock.now()
        rules.MAINTENANCE.check(queries.facts(row, is_forced=is_forced), name, by, now)
        if name == "start":
            row.started_at = now
        else:
            row.ended_at = now
        row.version += 1
        row.save(update_fields=["started_at", "ended_at", "version"])
        _write(KINDS[name], row, by)
    queries.forget()
    return row


def change(*, pk: int, values: dict[str, Any], by: Actor) -> MaintenanceWindow:
    """Another level, message or end of the window that is open."""
    with tenancy.acting_in(None):
        row = queries.get(pk, actor=by, lock=True)
        rules.MAINTENANCE.check(queries.facts(row), "change", by, clock.now())
        return _change(row, values, by)


def _change(row: MaintenanceWindow, values: dict[str, Any], by: Actor) -> MaintenanceWindow:
    changes = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    if not changes:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    rules.check_times(row.planned_from, row.until)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    chain.record(kind="maintenance.changed", subject=(SUBJECT, row.pk), by=by, changes=changes)
    queries.forget()
    return row


def _write(kind: str, row: MaintenanceWindow, by: Actor) -> None:
    line = chain.record(kind=kind, subject=(SUBJECT, row.pk), by=by, changes=queries.told_of(row))
    announcing.ask(kind=kind, pk=row.pk, changes=line.changes, by=by)


def _alone_at_a_time() -> None:
    """Whoever plans or begins waits for the other: overlap is judged by one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('operations.maintenance'))")


def shut(*, by: Actor, run_id: UUID | None = None) -> MaintenanceWindow:
    """Full maintenance for a run, on every host and by this host's file; `reopen` undoes it.

    An operator's own maintenance is the run's until then, with its message and no earlier end: what it was is noted on
    the disk, which survives a restore and a kill.
    """
    by.demand(Perm.MAINTENANCE_MANAGE)
    until = clock.now() + RUN_TAKES
    with tenancy.acting_in(None):
        _alone_at_a_time()
        row = queries.open_window(lock=True)
        before = _noted_before(row)
        message = before.message
        until = max([until, *(each for each in (before.until, row.until if row else None) if each)])
        values = {"level": MaintenanceLevel.FULL, "message": message, "until": until}
        if row is not None:
            row = _change(row, {**values, "run_id": run_id or row.run_id or uuid4()}, by)
        else:
            now = clock.now()
            row = MaintenanceWindow.objects.create(
                **values, planned_from=now, started_at=now, by=by.name, run_id=run_id or uuid4()
            )
            _write("maintenance.started", row, by)
    queries.forget()
    raise_flag(level=MaintenanceLevel.FULL, message=message, until=until, by=by)
    return row


def _noted_before(row: MaintenanceWindow | None) -> rules.Before:
    """What was on before a run, noted now unless it was; what a former run left closed is no operator's."""
    file, flag, known = queries.note_before(), queries.flag_text(), queries.before()
    is_closed_by_run = row.run_id is not None if row is not None else flag is not None
    if known is not None and is_closed_by_run:
        return known
    said = rules.of_file(flag.encode()) if flag is not None else rules.OFF
    if row is None:
        found = rules.Before(flag=flag, message=said.message, until=said.until)
    elif row.run_id is not None:
        found = rules.Before()
    else:
        message = row.message or said.message
        found = rules.Before(MaintenanceLevel(row.level), message, row.until, row.by, flag)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(rules.noted(found), encoding="utf-8")
    beside.replace(file)
    return found


def reopen(*, by: Actor) -> bool:
    """Undo `shut`: end the maintenance of a run, or leave an operator's own as it was before. True when all is open.

    Without a note of what was before, it was undone already: what is closed now and no run closed stays closed.
    """
    by.demand(Perm.MAINTENANCE_MANAGE)
    noted = queries.before()
    before = noted or rules.Before()
    with tenancy.acting_in(None):
        _alone_at_a_time()
        row, now = queries.open_window(lock=True), clock.now()
        if noted is None and (row is None or row.run_id is None):
            return row is None and queries.flag_text() is None
        if before.level is not None:
            _as_it_was(row, before, by)
        elif row is not None:
            row.ended_at, row.version = now, row.version + 1
            row.save(update_fields=["ended_at", "version"])
            _write("maintenance.ended", row, by)
    if before.flag is None:
        lower_flag(by=by)
    else:
        settings.MAINTENANCE_FILE.write_text(before.flag, encoding="utf-8")
    queries.note_before().unlink(missing_ok=True)
    queries.forget()
    return before.level is None and before.flag is None


def _as_it_was(row: MaintenanceWindow | None, before: rules.Before, by: Actor) -> None:
    """The operator's own window again; in the database of a set, or where a restore ended it, a window like it."""
    now = clock.now()
    began = row.planned_from if row is not None else now
    until = max(before.until or began, began + timedelta(seconds=1))
    message = row.message if row is not None and row.message else before.message
    values = {"level": before.level, "message": message, "until": until}
    if row is not None:
        _change(row, {**values, "run_id": None}, by)
        return
    made = MaintenanceWindow.objects.create(**values, planned_from=now, started_at=now, by=before.by)
    _write("maintenance.started", made, by)


@unjournaled("who ends maintenance leaves the line")
def forget_before(*, by: Actor) -> None:
    """What was on before a run is of no account: an operator ended all of it."""
    by.demand(Perm.MAINTENANCE_MANAGE)
    queries.note_before().unlink(missing_ok=True)


@unjournaled("a file of this host, also where no database answers; it writes the host's own journal")
def raise_flag(*, level: MaintenanceLevel, message: str, until: datetime | None, by: Actor) -> Path:
    """Write the flag file of this host: it works without a database."""
    by.demand(Perm.MAINTENANCE_MANAGE)
    file: Path = settings.MAINTENANCE_FILE
    said = {"level": level.value, "message": message, "until": until.isoformat() if until else None}
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(said), encoding="utf-8")
    beside.replace(file)  # a reader sees all of it or none
    chain.on_host(kind="maintenance.started", subject=(SUBJECT, "file"), by=by, changes=said)
    queries.forget()
    return file


@unjournaled("a file of this host, also where no database answers; it writes the host's own journal")
def lower_flag(*, by: Actor) -> bool:
    """Remove the flag file of this host; false when there was none."""
    by.demand(Perm.MAINTENANCE_MANAGE)
    file: Path = settings.MAINTENANCE_FILE
    there = file.exists()
    file.unlink(missing_ok=True)
    if there:
        chain.on_host(kind="maintenance.ended", subject=(SUBJECT, "file"), by=by, changes={})
    queries.forget()
    return there
