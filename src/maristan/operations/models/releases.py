"""Releases, the runs that put them into service, and what was found when they were held against their promise."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maristan.operations.rules.states import (
    UNFINISHED,
    DeploymentKind,
    DeploymentStatus,
    IntegrityResult,
    VerificationResult,
    VerificationScope,
)

RUNNING = [each.value for each in UNFINISHED]


class Release(models.Model):
    """A build that was put into service, with the manifest of what it must contain; append-only."""

    build_id = models.CharField(max_length=12, unique=True)
    version = models.CharField(max_length=60)
    git_sha = models.CharField(max_length=40, blank=True)
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-first_seen_at", "-id"]


class AppliedMigration(models.Model):
    """What a migration's file was when it was applied: its hash, and the build that brought it."""

    app = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    build_id = models.CharField(max_length=12)
    breaks_former_code = models.BooleanField(default=False)
    applied_at = models.DateTimeField()

    class Meta:
        ordering = ["app", "name"]
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="operations_appliedmigration_once")]


class Deployment(models.Model):
    """One run that puts a release into service or takes it back, step by step."""

    run_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in DeploymentKind])
    from_build = models.CharField(max_length=12, blank=True)
    to_build = models.CharField(max_length=12)
    status = models.CharField(max_length=24, choices=[(each.value, each.value) for each in DeploymentStatus])
    steps = models.JSONField(default=list)
    set_name = models.CharField(max_length=120, blank=True)
    report = models.CharField(max_length=500, blank=True)
    exit_code = models.PositiveSmallIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=150, blank=True)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    accepted = models.JSONField(default=list)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(status__in=RUNNING), name="operations_deployment_one_unfinished"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, status__in=RUNNING)
                | Q(finished_at__isnull=False) & ~Q(status__in=RUNNING),
                name="operations_deployment_finished_iff_final",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="operations_deployment_ends_after",
            ),
        ]


class Verification(models.Model):
    """What was found when the running system was compared with its release; append-only."""

    build_id = models.CharField(max_length=12)
    at = models.DateTimeField()
    base_url = models.CharField(max_length=300, blank=True)
    scope = models.CharField(max_length=5, choices=[(each.value, each.value) for each in VerificationScope])
    result = models.CharField(max_length=22, choices=[(each.value, each.value) for each in VerificationResult])
    findings = models.JSONField(default=list)
    expected = ArrayField(models.CharField(max_length=80), default=list)
    seconds = models.FloatField()
    started_by = models.CharField(max_length=150, blank=True)
    report = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-id"]


class IntegrityRun(models.Model):
    """What was found when stored facts were compared with what they follow from; without an `app`, those of all."""

    at = models.DateTimeField()
    app = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=8, choices=[(each.value, each.value) for each in IntegrityResult])
    findings = models.JSONField(default=list)
    not_checked = models.JSONField(default=list)
    seconds = models.FloatField()
    started_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result=IntegrityResult.SOUND.value, findings=[])
                | Q(result=IntegrityResult.FINDINGS.value) & ~Q(findings=[]),
                name="operations_integrityrun_result",
            )
        ]
