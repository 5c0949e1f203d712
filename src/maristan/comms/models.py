"""Tables of comms: what a person was told, the one outbox of mail, how people want to be told, and webhooks."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from maristan.comms.rules.states import (
    AnnouncementStatus,
    Channel,
    DeliveryStatus,
    DisabledReason,
    Mode,
    Priority,
    WebhookStatus,
)
from maristan.comms.rules.webhooks import OPEN as OPEN_STATUSES
from maristan.kernel.tenancy import Owned


def values(words: type[StrEnum]) -> list[str]:
    """The values of an enumeration, as constraints keep them."""
    return [word.value for word in words]


OPEN = [status.value for status in OPEN_STATUSES]


class Notification(Owned):
    """One message to one person: `params` fill the sentences of `event` in the language of whoever reads them.

    `title` and `body` keep them in the institution's language, to be searched and where `event` is no longer declared.
    One that `is_shown` is false was wanted by mail alone.
    """

    recipient = models.BigIntegerField()
    event = models.CharField(max_length=80)
    family = models.CharField(max_length=20, db_default="")
    priority = models.CharField(max_length=10, default=Priority.NORMAL.value, db_default="normal")
    title = models.CharField(max_length=255)
    body = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=120)
    is_shown = models.BooleanField(default=True, db_default=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "recipient", "dedupe_key"], name="comms_notification_once"),
            models.CheckConstraint(condition=Q(priority__in=values(Priority)), name="comms_notification_priority"),
        ]
        indexes = [models.Index(fields=["institution", "recipient", "-id"], name="comms_notification_inbox")]


class Delivery(Owned):
    """A notification over a channel, or a mail without one, composed by `kind` from `params` when it is handed over.

    Claimed before the hand-over and settled after it: one whose worker died between is nobody's to repeat.
    """

    notification = models.ForeignKey(Notification, models.CASCADE, null=True, related_name="deliveries")
    recipient = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=60, blank=True)
    params = models.JSONField(default=dict)
    address = models.CharField(max_length=254, blank=True)
    mode = models.CharField(max_length=10, default=Mode.IMMEDIATE.value)
    status = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="comms_delivery_once"),
            models.CheckConstraint(condition=Q(channel__in=values(Channel)), name="comms_delivery_channel"),
            models.CheckConstraint(condition=Q(status__in=values(DeliveryStatus)), name="comms_delivery_status"),
            models.CheckConstraint(condition=Q(mode__in=values(Mode)), name="comms_delivery_mode"),
            models.CheckConstraint(
                condition=Q(notification__isnull=False, kind="") | Q(notification__isnull=True) & ~Q(kind=""),
                name="comms_delivery_says_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "due_at", "id"],
                condition=Q(settled_at__isnull=True),
                name="comms_delivery_waiting",
            ),
            models.Index(fields=["institution", "-id"], name="comms_delivery_newest"),
        ]


class Preference(Owned):
    """How a person wants a family of messages over a channel, where it is not the usual way."""

    person = models.BigIntegerField()
    family = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    mode = models.CharField(max_length=10)

    class Meta:
        ordering = ["person", "family", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person", "family", "channel"], name="comms_preference_once"
            ),
            models.CheckConstraint(condition=Q(channel__in=values(Channel)), name="comms_preference_channel"),
            models.CheckConstraint(condition=Q(mode__in=values(Mode)), name="comms_preference_mode"),
        ]


class Quiet(Owned):
    """When a person wants no mail, in the zone in which the person lives (none: the institution's)."""

    person = models.BigIntegerField()
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    zone = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "comms_quiethours"
        ordering = ["person"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "person"], name="comms_quiethours_once"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="comms_quiethours_pair",
            ),
        ]


class Announcement(Owned):
    """A message from somebody to an audience; whoever joins the audience later reads it on the board."""

    title = models.CharField(max_length=200)
    body = models.TextField()
    category = models.CharField(max_length=64, blank=True)
    priority = models.CharField(max_length=10, default=Priority.NORMAL.value)
    audience = models.JSONField()
    send_email = models.BooleanField(default=True)
    publish_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, default=AnnouncementStatus.DRAFT.value)
    created_by = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=255)
    sent_by = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    recipients_count = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=values(AnnouncementStatus)), name="comms_announcement_status"
            ),
            models.CheckConstraint(condition=Q(priority__in=values(Priority)), name="comms_announcement_priority"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True)
                | Q(publish_at__isnull=True)
                | Q(expires_at__gt=models.F("publish_at")),
                name="comms_announcement_expires_after",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sending", "sent"]) | Q(sent_at__isnull=False, recipients_count__isnull=False),
                name="comms_announcement_sent_counted",
            ),
        ]
        indexes = [models.Index(fields=["institution", "status", "-sent_at"], name="comms_announcement_board")]


class WebhookEndpoint(Owned):
    """A machine that is sent events; `secrets` are [{ciphertext, last4, expires_at}], the present one first.

    A deleted one stays, without its secrets, as long as its deliveries do.
    """

    name = models.CharField(max_length=120)
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=500, blank=True)
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=20, blank=True)
    events = models.JSONField()
    filters = models.JSONField(default=dict)
    secrets = models.JSONField()
    created_by = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=255)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(enabled=True, disabled_reason="")
                | Q(enabled=False, disabled_reason__in=values(DisabledReason)),
                name="comms_webhookendpoint_says_why",
            ),
            models.CheckConstraint(
                condition=Q(failing_since__isnull=True, failures=0) | Q(failing_since__isnull=False, failures__gt=0),
                name="comms_webhookendpoint_failing",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(enabled=False, secrets=[]),
                name="comms_webhookendpoint_deleted",
            ),
        ]
        indexes = [
            models.Index(fields=["institution"], condition=Q(enabled=True), name="comms_webhookendpoint_enabled")
        ]


class WebhookDelivery(Owned):
    """One event on its way to one endpoint: its bytes are made once and sent as they are each time.

    `tries` counts the attempts since it was put in line, first or again; `attempts` counts all. `claimed_at` is when a
    worker took it: one that has it for longer than an attempt takes is dead, and the next one takes over.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event_id = models.CharField(max_length=40)
    event_type = models.CharField(max_length=80)
    body = models.BinaryField(null=True)
    status = models.CharField(max_length=10, default=WebhookStatus.PENDING.value)
    attempts = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="comms_webhookdelivery_once"),
            models.CheckConstraint(condition=Q(status__in=values(WebhookStatus)), name="comms_webhookdelivery_status"),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, next_attempt_at__isnull=False, settled_at__isnull=True, body__isnull=False)
                | (
                    ~Q(status__in=OPEN)
                    & Q(next_attempt_at__isnull=True, claimed_at__isnull=True, settled_at__isnull=False)
                ),
                name="comms_webhookdelivery_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at", "id"],
                condition=Q(status__in=OPEN),
                name="comms_webhookdelivery_due",
            ),
            models.Index(fields=["endpoint", "-id"], name="comms_webhookdelivery_newest"),
            models.Index(fields=["institution", "created_at"], name="comms_webhookdelivery_age"),
        ]


class DeliveryAttempt(Owned):
    """One attempt: where it went and what came back, or the code of what went wrong."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="made")
    n = models.PositiveIntegerField()
    at = models.DateTimeField()
    ip = models.CharField(max_length=45, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    latency_ms = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    response_excerpt = models.CharField(max_length=1024, blank=True)

    class Meta:
        ordering = ["delivery", "n"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "n"], name="comms_deliveryattempt_once"),
        ]
