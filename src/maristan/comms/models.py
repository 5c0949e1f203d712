"""Tables of comms: what a person was told, in the application and by mail."""

from django.db import models
from django.db.models import Q

from maristan.kernel.tenancy import Owned


class Notification(Owned):
    """One message to one person: `params` fill the sentences of `event` in the language of whoever reads them.

    `title` and `body` keep them in the institution's language, to be searched and where `event` is no longer declared.
    """

    person_id = models.BigIntegerField()
    event = models.CharField(max_length=80)
    title = models.CharField(max_length=255)
    body = models.CharField(max_length=1000, blank=True)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    once = models.CharField(max_length=120)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "person_id", "once"], name="comms_notification_once"),
        ]
        indexes = [
            models.Index(fields=["institution", "person_id", "-id"], name="comms_notification_inbox"),
            models.Index(
                fields=["institution", "id"],
                condition=Q(mailed_at__isnull=True, mail_error=""),
                name="comms_notification_to_mail",
            ),
        ]
