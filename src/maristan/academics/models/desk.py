"""The request desk: types of request, requests, what is attached to them and what is said about them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from maristan.academics.models.teaching import Student
from maristan.academics.rules import states
from maristan.kernel.tenancy import Owned


class RequestType(Owned):
    """Something people may ask the registry for, and the role that serves it."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    handler_role = models.CharField(max_length=30)
    requires_attachment = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("institution", Lower("code"), name="academics_requesttype_code_once"),
        ]


class Request(Owned):
    """What a person asked for; it has an owner and an end."""

    type = models.ForeignKey(RequestType, models.PROTECT, related_name="+")
    requester = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    priority = models.CharField(max_length=8, default=states.RequestPriority.MEDIUM)
    assigned_to = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, default=states.RequestStatus.PENDING)
    submitted_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution_notes = models.CharField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("pending", "under_review"), resolved_at__isnull=True)
                | Q(status__in=("approved", "rejected", "completed", "cancelled"), resolved_at__isnull=False),
                name="academics_request_resolved",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "status", "-submitted_at", "-id"], name="academics_request_queue"),
            models.Index(fields=["requester", "-id"], name="academics_request_by_requester"),
        ]


class RequestAttachment(Owned):
    """A paper handed in with a request."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+")
    added_by = models.CharField(max_length=255)

    class Meta:
        ordering = ["id"]


class RequestRemark(Owned):
    """Something said about a request; an internal one is never sent to the requester."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="remarks")
    author = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=255)
    text = models.CharField(max_length=2000)
    is_internal = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
