"""Tables of work: what waits for somebody to act."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maristan.kernel.tenancy import Owned


class InboxItem(Owned):
    """Something that waits for holders of any of its audience keys; it closes when its cause is gone.

    `params` fill the sentences of `kind`; `title` and `detail` keep them in the institution's language.
    """

    kind = models.CharField(max_length=60)
    cause_kind = models.CharField(max_length=40)
    cause_id = models.BigIntegerField()
    audience = ArrayField(models.CharField(max_length=60))
    title = models.CharField(max_length=255)
    detail = models.CharField(max_length=500, blank=True)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "cause_kind", "cause_id"],
                condition=Q(closed_at__isnull=True),
                name="work_inboxitem_one_open",
            ),
            models.CheckConstraint(condition=~Q(audience=[]), name="work_inboxitem_has_audience"),
        ]
        indexes = [
            models.Index(
                fields=["institution", "-id"],
                condition=Q(closed_at__isnull=True),
                name="work_inboxitem_open",
            )
        ]
