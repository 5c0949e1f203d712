"""Maintenance windows: announced, begun, changed, ended; and the flag file of this host."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

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
KINDS = {"start": "maintenance.started", "end": "maintenance.ended", "withdraw": "maintenance.withdrawn"}


def plan(
    *, level: MaintenanceLevel, message: str, planned_from: datetime, until: datetime, by: Actor
) -> MaintenanceWindow:
    """Announce a window; raises `NotAllowed`, `Invalid` (`until_after_start`, `from_is_past`) and `NotNow`
    (`no_overlap`)."""
    by.demand(Perm.MAINTENANCE_MANAGE)
    rules.check_ahead(planned_from, clock.now())
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
    *, level: MaintenanceLevel, message: str, until: datetime, by: Actor, run_id: UUID | None = None
) -> MaintenanceWindow:
    """Begin at once, or change the window that is open; raises `NotAllowed`, `Invalid` (`until_after_start`)."""
    by.demand(Perm.MAINTENANCE_MANAGE)
    now = clock.now()
    rules.check_times(now, until)
    with tenancy.acting_in(None):
        _alone_at_a_time()
        row = queries.open_window(lock=True)
        if row is not None:
            return _change(row, {"level": level, "message": message, "until": until}, by)
        row = MaintenanceWindow.objects.create(
            level=level, message=message, planned_from=now, until=until, started_at=now, by=by.name, run_id=run_id
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
    changes = {"level": row.level, "message": row.message, "from": row.planned_from, "until": row.until}
    line = chain.record(kind=kind, subject=(SUBJECT, row.pk), by=by, changes=changes)
    announcing.ask(kind=kind, pk=row.pk, changes=line.changes, by=by)


def _alone_at_a_time() -> None:
    """Whoever plans or begins waits for the other: overlap is judged by one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('operations.maintenance'))")


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
