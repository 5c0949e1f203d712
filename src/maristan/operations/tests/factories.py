"""The smallest valid rows of operations, and the people who work with them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from maristan.kernel.models import User
from maristan.operations.models import (
    Alert,
    BackupSet,
    Deployment,
    IntegrityRun,
    MaintenanceWindow,
    Process,
    Release,
    RestoreRun,
    Verification,
)


class Somebody:
    """An account as the test client takes it."""

    def __init__(self, user: User) -> None:
        self.user_id = user.pk


def operator(name: str = "olga") -> Somebody:
    """An operator of the platform, who belongs to no institution."""
    return Somebody(User.objects.create_user(name, is_operator=True))


def process(kind: str = "worker", *, seen: datetime | None = None, **values: Any) -> Process:
    """A process that lives."""
    now = seen or timezone.now()
    given = {
        "host": "host-1", "pid": 100 + Process.objects.count(), "version": "1", "build_id": "0" * 12,
        "code_build_id": "0" * 12, "started_at": now, "last_seen_at": now, "queues": ["*"],
    }  # fmt: skip
    return Process.objects.create(kind=kind, **{**given, **values})


def window(*, days: int = 1) -> MaintenanceWindow:
    """A window of an hour that is planned for as many days from now."""
    begins = timezone.now() + timedelta(days=days)
    return MaintenanceWindow.objects.create(
        level="full", message="Disks", planned_from=begins, until=begins + timedelta(hours=1), by="olga"
    )


def release(build_id: str = "a" * 12, *, manifest: dict[str, Any] | None = None) -> Release:
    """A build that was put into service."""
    return Release.objects.create(
        build_id=build_id, version="1", git_sha="0" * 40, manifest=manifest or {}, manifest_sha256="0" * 64,
        first_seen_at=timezone.now(),
    )  # fmt: skip


def verification(build_id: str = "a" * 12, **values: Any) -> Verification:
    """A quick verification without findings."""
    given = {"at": timezone.now(), "scope": "quick", "result": "verified", "seconds": 1.0}
    return Verification.objects.create(build_id=build_id, **{**given, **values})


def deployment(*, status: str = "succeeded", **values: Any) -> Deployment:
    """A run that put a release into service."""
    now = timezone.now()
    given = {
        "run_id": uuid4(), "kind": "deploy", "from_build": "a" * 12, "to_build": "b" * 12, "status": status,
        "started_at": now, "finished_at": None if status in ("planned", "running") else now, "host": "host-1",
        "pid": 7, "exit_code": 0, "started_by": "olga",
        "steps": [{"name": "migrate", "status": "done", "detail": "nothing waited", "started_at": now.isoformat(),
                   "finished_at": now.isoformat()}],
    }  # fmt: skip
    return Deployment.objects.create(**{**given, **values})


def integrity_run() -> IntegrityRun:
    """A check that found nothing."""
    return IntegrityRun.objects.create(at=timezone.now(), result="sound", seconds=1.0)


def backup_set(name: str = "fmu_20260102_120323", status: str = "proven", **values: Any) -> BackupSet:
    """A set of an hour ago."""
    now = timezone.now()
    proof = {"proven_at": now, "prove_seconds": 2.5, "tables_compared": 9} if status == "proven" else {}
    removed = {"removed_at": now} if status == "removed" else {}
    given = {
        "reason": "manual", "created_at": now - timedelta(hours=1), "created_by": "olga", "location": f"/sets/{name}",
        "format": "custom", "media": "copy", "size_bytes": 1000, **proof, **removed,
    }  # fmt: skip
    return BackupSet.objects.create(name=name, status=status, **{**given, **values})


def drill(set_name: str = "fmu_20260102_120323", **values: Any) -> RestoreRun:
    """A drill that passed."""
    now = timezone.now()
    given = {"kind": "drill", "outcome": "passed", "started_at": now, "finished_at": now, "seconds": 4.0}
    return RestoreRun.objects.create(set_name=set_name, **{**given, **values})


def failed_job(name: str = "kernel.deliver_line") -> int:
    """A job without institution that failed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('default', %s, '{}', 'failed') RETURNING id",
            [name],
        )
        pk = int(cursor.fetchone()[0])
        cursor.execute("INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', now())", [pk])
    return pk


def alert(rule: str = "http_5xx", **values: Any) -> Alert:
    """An alert that fires."""
    now = timezone.now()
    given = {"severity": "critical", "status": "firing", "value": 11, "threshold": 10, "first_at": now, "last_at": now}
    return Alert.objects.create(rule=rule, **{**given, **values})
