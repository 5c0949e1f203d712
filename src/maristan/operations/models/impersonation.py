"""Acting as another person, for a short time and never in secret."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from maristan.kernel.tenancy import Owned

LONGEST = timedelta(minutes=60)


class Impersonation(Owned):
    """`actor` and `target` are accounts of one institution; one may be open for each actor."""

    actor_id = models.BigIntegerField()
    target_id = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(target_id=F("actor_id")), name="operations_impersonation_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("started_at"), expires_at__lte=F("started_at") + LONGEST),
                name="operations_impersonation_short",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"(?s)^.{10,}"),
                name="operations_impersonation_reason",
            ),
            models.UniqueConstraint(
                fields=["actor_id"], condition=Q(ended_at__isnull=True), name="operations_impersonation_one_open"
            ),
        ]
