"""What runs, and what it counted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maristan.operations.rules.states import ProcessKind


class Process(models.Model):
    """One running web, worker or command; `code_build_id` is what lies on its disk now, `build_id` what it runs."""

    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in ProcessKind])
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=60)
    build_id = models.CharField(max_length=12)
    code_build_id = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    listen = ArrayField(models.CharField(max_length=64), default=list)
    queues = ArrayField(models.CharField(max_length=60), default=list)
    rss_bytes = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["kind", "host", "pid", "id"]
        constraints = [
            models.UniqueConstraint(fields=["host", "pid", "started_at"], name="operations_process_once"),
            models.CheckConstraint(condition=Q(last_seen_at__gte=F("started_at")), name="operations_process_seen"),
        ]
        indexes = [models.Index(fields=["last_seen_at"], name="operations_process_seen_idx")]


class Sample(models.Model):
    """What the processes of a host counted or measured in one minute of UTC."""

    pk = models.CompositePrimaryKey("minute", "host", "name")
    minute = models.DateTimeField()
    host = models.CharField(max_length=255)
    name = models.CharField(max_length=80)
    value = models.FloatField()

    class Meta:
        ordering = ["minute", "host", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(minute__second=0), name="operations_sample_whole_minute"),
        ]
        indexes = [models.Index(fields=["name", "minute"], name="operations_sample_by_name")]


class MetricTotal(models.Model):
    """What all processes of all hosts counted since the platform began: `labels` as Prometheus writes them."""

    name = models.CharField(max_length=80)
    labels = models.CharField(max_length=400, blank=True)
    value = models.FloatField()

    class Meta:
        ordering = ["name", "labels"]
        constraints = [models.UniqueConstraint(fields=["name", "labels"], name="operations_metrictotal_once")]
