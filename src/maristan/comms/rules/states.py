"""The words of comms."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

EVENTS: dict[str, str] = {
    "announcement.created": "Somebody drafted an announcement.",
    "announcement.updated": "A draft of an announcement changed.",
    "announcement.deleted": "A draft of an announcement was deleted.",
    "announcement.scheduled": "An announcement will be sent at a set time.",
    "announcement.sent": "An announcement was sent to its audience.",
    "announcement.cancelled": "An announcement was called off.",
    "preferences.updated": "A person chose how to be told of things.",
    "mail.retried": "A mail that had failed was sent again.",
    "webhook.created": "A machine was subscribed to events.",
    "webhook.updated": "An endpoint's address, events or filters were changed.",
    "webhook.deleted": "An endpoint was deleted; what had not left is not sent.",
    "webhook.rotated": "An endpoint's secret was replaced.",
    "webhook.redelivered": "Somebody had events sent to an endpoint once more.",
    "webhook.disabled": "An endpoint is sent nothing more, because it is gone or failed for days.",
    "webhook.test": "An endpoint was tried with an event of its own.",
}


class Perm(StrEnum):
    """Permissions of comms."""

    NOTIFICATION_VIEW = "notification.view"
    ANNOUNCEMENT_SEND = "announcement.send"
    DELIVERY_VIEW = "delivery.view"
    DELIVERY_RETRY = "delivery.retry"
    WEBHOOK_MANAGE = "webhook.manage"


class Channel(StrEnum):
    """Ways to a person."""

    IN_APP = "in_app"
    EMAIL = "email"


class Mode(StrEnum):
    """How a family of messages comes over a channel."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Priority(StrEnum):
    """How much a message matters; urgent ones wait for nothing."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class DeliveryStatus(StrEnum):
    """What became of a message over a channel."""

    PENDING = "pending"
    DEFERRED = "deferred"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class WebhookStatus(StrEnum):
    """What became of an event on its way to an endpoint."""

    PENDING = "pending"
    RETRYING = "retrying"
    SUCCEEDED = "succeeded"
    DEAD = "dead"
    CANCELLED = "cancelled"


class DisabledReason(StrEnum):
    """Why an endpoint is sent nothing; empty while it is enabled."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


class Family(StrEnum):
    """What messages are about: a person chooses for each how to be told."""

    TIMETABLE = "timetable"
    ATTENDANCE = "attendance"
    RESULTS = "results"
    DOCUMENTS = "documents"
    OBLIGATIONS = "obligations"
    MATERIALS = "materials"
    RECORDS = "records"
    REQUESTS = "requests"
    LEAVE = "leave"
    ANNOUNCEMENTS = "announcements"
    SECURITY = "security"


# Always shown in the application.
ESSENTIAL = frozenset({Family.SECURITY, Family.RESULTS, Family.OBLIGATIONS})


class AnnouncementStatus(StrEnum):
    """Where an announcement stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Message:
    """What a person is told: a declared event with its parameters, and a link.

    `once` keeps a repeated job from telling twice. `mails` false: it appears in the application alone. Who caused it is
    told only where it `answers` them.
    """

    event: str
    once: str
    url: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    priority: Priority = Priority.NORMAL
    mails: bool = True
    answers: bool = False
