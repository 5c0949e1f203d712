"""Backup sets and what came of restoring them; the files on disk are the truth, these rows their index."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maristan.operations.rules.states import (
    MediaMode,
    RestoreKind,
    RestoreOutcome,
    SetFormat,
    SetReason,
    SetStatus,
)

PROOF = Q(proven_at__isnull=False, tables_compared__gt=0, mismatches=0)


class BackupSet(models.Model):
    """One backup: database, files and manifest; `location` is its folder. Sizes in bytes."""

    name = models.CharField(max_length=120, unique=True)
    reason = models.CharField(max_length=14, choices=[(each.value, each.value) for each in SetReason])
    status = models.CharField(max_length=8, choices=[(each.value, each.value) for each in SetStatus])
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150, blank=True)
    location = models.CharField(max_length=500)
    format = models.CharField(max_length=6, choices=[(each.value, each.value) for each in SetFormat])
    encrypted = models.BooleanField(default=False)
    pinned = models.BooleanField(default=False)
    size_bytes = models.BigIntegerField(default=0)
    database_bytes = models.BigIntegerField(default=0)
    media_bytes = models.BigIntegerField(default=0)
    media_files = models.PositiveIntegerField(default=0)
    media = models.CharField(max_length=9, choices=[(each.value, each.value) for each in MediaMode])
    version = models.CharField(max_length=60, blank=True)
    build_id = models.CharField(max_length=12, blank=True)
    migrations_hash = models.CharField(max_length=64, blank=True)
    postgres_version = models.CharField(max_length=40, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    to_be_proven = models.BooleanField(default=False)
    proven_at = models.DateTimeField(null=True)
    prove_seconds = models.FloatField(null=True)
    tables_compared = models.PositiveIntegerField(default=0)
    mismatches = models.PositiveIntegerField(default=0)
    offsite_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size_bytes__gte=0, database_bytes__gte=0, media_bytes__gte=0),
                name="operations_backupset_sizes",
            ),
            models.CheckConstraint(
                condition=~Q(status=SetStatus.PROVEN.value) | PROOF, name="operations_backupset_proof"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False, status=SetStatus.REMOVED.value)
                | Q(removed_at__isnull=True) & ~Q(status=SetStatus.REMOVED.value),
                name="operations_backupset_removed",
            ),
            models.UniqueConstraint(
                fields=["status"], condition=Q(status=SetStatus.RUNNING.value), name="operations_backupset_one_running"
            ),
        ]


class RestoreRun(models.Model):
    """One restore, drill or proof of a set; it failed in `failed_step`; `seconds` are of all its steps."""

    kind = models.CharField(max_length=7, choices=[(each.value, each.value) for each in RestoreKind])
    set_name = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    outcome = models.CharField(max_length=11, choices=[(each.value, each.value) for each in RestoreOutcome])
    scratch = models.CharField(max_length=63, blank=True)
    tables_compared = models.PositiveIntegerField(default=0)
    rows_compared = models.BigIntegerField(default=0)
    files_compared = models.PositiveIntegerField(default=0)
    mismatches = ArrayField(models.CharField(max_length=200), default=list)
    failed_step = models.CharField(max_length=100, blank=True)
    seconds = models.FloatField()
    started_by = models.CharField(max_length=150, blank=True)
    report = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__gte=F("started_at")), name="operations_restorerun_ends_after"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=RestoreOutcome.PASSED.value) | Q(mismatches=[]), name="operations_restorerun_equal"
            ),
        ]
