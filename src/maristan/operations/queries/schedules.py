"""What runs by schedule: jobs by their cron in UTC; backup and drill by the clock on the wall."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from maristan.kernel import clock, jobs
from maristan.kernel.models import PeriodicRun
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import figures
from maristan.operations.rules import schedules
from maristan.operations.rules.figures import Periodic
from maristan.operations.rules.sets import UNPROVEN
from maristan.operations.rules.states import RestoreKind, RestoreOutcome, SetReason, SetStatus

BACKUP, DRILL = "operations.backup", "operations.drill"
RUNNING, SUCCEEDED, FAILED = "running", "succeeded", "failed"
NEVER: Mapping[str, Any] = {"last_at": None, "last_outcome": "", "last_error": "", "last_seconds": None}
OF_SETS = {SetStatus.RUNNING: RUNNING, SetStatus.CREATED: RUNNING}


def periodic() -> list[Mapping[str, Any]]:
    """Everything that runs by schedule: when it ran, how it ended, when it runs next, and whether it is late; in four
    statements."""
    now = clock.now()
    listed = [*_by_cron(now), *_by_clock(now)]
    begun = [Periodic(row["name"], row["last_at"], interval) for row, interval in listed if row["last_at"] and interval]
    late = figures.overdue(begun, now)
    rows = [{**row, "is_overdue": row["name"] in late} for row, _ in listed]
    return sorted(rows, key=lambda row: str(row["name"]))


def _by_cron(now: datetime) -> Iterator[tuple[dict[str, Any], timedelta | None]]:
    runs = {each.name: each for each in PeriodicRun.objects.all()}
    for name, cron in jobs.periodic_jobs.items():
        row = {"name": name, "schedule": cron, "zone": "UTC", "next_at": jobs.next_due(cron, now)}
        run = runs.get(name)
        if run is None:
            yield {**row, **NEVER}, None
        else:
            yield {**row, **_of_run(run)}, figures.interval(cron, run.started_at)


def _of_run(run: PeriodicRun) -> dict[str, Any]:
    return {
        "last_at": run.started_at, "last_outcome": run.outcome or RUNNING, "last_error": run.error,
        "last_seconds": run.seconds,
    }  # fmt: skip


def _by_clock(now: datetime) -> Iterator[tuple[dict[str, Any], timedelta | None]]:
    """Backup and drill as their own records tell of them."""
    zone = settings.TIME_ZONE
    written = ((BACKUP, settings.BACKUP_SCHEDULE, _last_set), (DRILL, settings.DRILL_SCHEDULE, _last_drill))
    for name, text, last in written:
        schedule = schedules.parsed(text)
        next_at = schedules.next_due(schedule, zone, now) if schedule else None
        row = {"name": name, "schedule": text, "zone": zone, "next_at": next_at, **last()}
        yield row, schedule.interval if schedule else None


def _last_set() -> Mapping[str, Any]:
    row = BackupSet.objects.filter(reason=SetReason.SCHEDULED).order_by("-created_at", "-pk").first()
    if row is None:
        return NEVER
    has_stood = row.status == SetStatus.PROVEN or (row.status == SetStatus.REMOVED and row.proven_at is not None)
    was_left = row.status == SetStatus.CREATED and row.error_code == UNPROVEN
    outcome = SUCCEEDED if has_stood else FAILED if was_left else OF_SETS.get(SetStatus(row.status), FAILED)
    proofs = RestoreRun.objects.filter(kind=RestoreKind.PROVE, set_name=row.name).order_by("started_at", "pk")
    proven_at = proofs.values_list("finished_at", flat=True).first()
    return {
        "last_at": row.created_at, "last_outcome": outcome, "last_error": row.error_code if outcome == FAILED else "",
        "last_seconds": (proven_at - row.created_at).total_seconds() if proven_at else None,
    }  # fmt: skip


def _last_drill() -> Mapping[str, Any]:
    row = RestoreRun.objects.filter(kind=RestoreKind.DRILL).order_by("-started_at", "-pk").first()
    if row is None:
        return NEVER
    has_passed = row.outcome == RestoreOutcome.PASSED
    return {
        "last_at": row.started_at, "last_outcome": SUCCEEDED if has_passed else FAILED,
        "last_error": "" if has_passed else "; ".join(row.mismatches[:1]), "last_seconds": row.seconds,
    }  # fmt: skip
