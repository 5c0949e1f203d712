"""Alerts and maintenance."""

from django.db import models
from django.db.models import F, Q

from maristan.operations.rules.states import AlertSeverity, AlertStatus, MaintenanceLevel


class Alert(models.Model):
    """A rule whose condition held; one that is not resolved for each rule and subject."""

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=8, choices=[(each.value, each.value) for each in AlertSeverity])
    status = models.CharField(max_length=12, choices=[(each.value, each.value) for each in AlertStatus])
    value = models.FloatField()
    threshold = models.FloatField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    calm = models.PositiveSmallIntegerField(default=0)  # evaluations in a row at which the condition was false
    told_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.BigIntegerField(null=True)
    comment = models.CharField(max_length=500, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="operations_alert_last_after_first"),
            models.CheckConstraint(condition=Q(count__gte=1), name="operations_alert_counts"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="operations_alert_acknowledged_by",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False, status=AlertStatus.RESOLVED.value)
                | Q(resolved_at__isnull=True) & ~Q(status=AlertStatus.RESOLVED.value),
                name="operations_alert_resolved_at",
            ),
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=~Q(status=AlertStatus.RESOLVED.value),
                name="operations_alert_one_unresolved",
            ),
        ]


class MaintenanceWindow(models.Model):
    """Planned, running or ended maintenance; at most one is started and not ended."""

    level = models.CharField(max_length=9, choices=[(each.value, each.value) for each in MaintenanceLevel])
    message = models.CharField(max_length=500, blank=True)
    planned_from = models.DateTimeField()
    until = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=150, blank=True)
    run_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-planned_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("planned_from")), name="operations_maintenance_until_after"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="operations_maintenance_ends_after",
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="operations_maintenance_one_open",
            ),
        ]
