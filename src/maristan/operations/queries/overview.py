"""Everything an operator looks at first, each figure with when it was true; at most twelve statements."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.operations.models import Alert, BackupSet, Process, RestoreRun, Sample
from maristan.operations.queries import build, health, machine, maintenance, releases
from maristan.operations.rules import health as health_rules
from maristan.operations.rules.states import (
    AlertSeverity,
    AlertStatus,
    Perm,
    ProcessKind,
    RestoreKind,
    SetStatus,
)

JOBS = """
SELECT
  count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
  count(*) FILTER (WHERE status = 'doing'),
  count(*) FILTER (WHERE status = 'failed' AND EXISTS (SELECT FROM procrastinate_events
    WHERE job_id = job.id AND type = 'failed' AND at > now() - interval '24 hours')),
  max(extract(epoch FROM now() - coalesce(scheduled_at, (SELECT min(at) FROM procrastinate_events
    WHERE job_id = job.id AND type = 'deferred'))))
    FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
FROM procrastinate_jobs AS job WHERE status IN ('todo', 'doing', 'failed')
"""


def overview(*, actor: Actor) -> dict[str, Any]:
    """The state of the platform; raises `NotAllowed` without the permission."""
    actor.demand(Perm.VIEW)
    now, running = clock.now(), build.running()
    seen = health.look()
    state = maintenance.state()
    return {
        "version": running.version,
        "build": running.build_id,
        "env": settings.MARISTAN_ENV,
        "at": now,
        "started_at": _started_at(now),
        "maintenance": {"is_on": state.is_on, "level": state.level if state.is_on else None, "until": state.until},
        "health": health_rules.body(seen),
        "verification": releases.standing(running.build_id),
        "backup": _backup(now),
        "jobs": _jobs(),
        "processes": _processes(now, running.build_id),
        "alerts": _alerts(now),
        "disks": disks(),
        "limits": _limits(),
    }


def _started_at(now: datetime) -> datetime | None:
    live = Process.objects.filter(kind=ProcessKind.WEB, last_seen_at__gt=now - timedelta(seconds=30))
    return live.order_by("started_at").values_list("started_at", flat=True).first()


def _backup(now: datetime) -> dict[str, Any]:
    proven = BackupSet.objects.filter(status=SetStatus.PROVEN).order_by("-created_at", "-pk").first()
    drill = RestoreRun.objects.filter(kind=RestoreKind.DRILL).order_by("-started_at", "-pk").first()
    return {
        "name": proven.name if proven else None,
        "proven_at": proven.proven_at if proven else None,
        "age_hours": round((now - proven.created_at).total_seconds() / 3600, 1) if proven else None,
        "offsite_at": proven.offsite_at if proven else None,
        "drill": {"outcome": drill.outcome, "at": drill.finished_at, "seconds": drill.seconds} if drill else None,
    }


def _jobs() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        queued, active, failed, oldest = cursor.fetchone()
    return {
        "queued": queued,
        "active": active,
        "failed_24h": failed,
        "oldest_seconds": None if oldest is None else round(float(oldest), 1),
    }


def _processes(now: datetime, build_id: str) -> dict[str, int]:
    live = Process.objects.filter(last_seen_at__gt=now - timedelta(seconds=30))
    return live.aggregate(
        web=Count("pk", filter=Q(kind=ProcessKind.WEB)),
        worker=Count("pk", filter=Q(kind=ProcessKind.WORKER)),
        differing_build=Count("pk", filter=~Q(build_id=build_id) | ~Q(code_build_id=build_id)),
    )


def _alerts(now: datetime) -> dict[str, Any]:
    """Alerts that are not resolved, and when somebody last looked for any."""
    looks = Sample.objects.filter(name="evaluated", minute__gt=now - timedelta(hours=1)).order_by("-minute")
    open_ones = Alert.objects.exclude(status=AlertStatus.RESOLVED)
    found = open_ones.aggregate(
        critical=Count("pk", filter=Q(severity=AlertSeverity.CRITICAL)),
        warning=Count("pk", filter=Q(severity=AlertSeverity.WARNING)),
    )
    return {**found, "evaluated_at": looks.values_list("minute", flat=True).first()}


def _limits() -> dict[str, float]:
    """From where on an alert fires on what the tiles show, so that both change their colour together."""
    return {
        "backup_hours": float(settings.ALERTS["BACKUP_MISSING"]),
        "disk_ratio": float(settings.ALERTS["DISK"]) / 100,
        "disk_full_ratio": float(settings.ALERTS["DISK_FULL"]) / 100,
    }


def disks() -> list[dict[str, Any]]:
    """Every volume that this installation writes to: its path, and the share of it that is used (0 to 1)."""
    return [{"path": path, "used_ratio": used} for path, used in machine.volumes().items()]
