"""What people owe the institution, who owes it, and what they handed in."""

from django.db import models
from django.db.models import Q

from maristan.academics.rules import states
from maristan.kernel.tenancy import Owned


class Requirement(Owned):
    """A paper, or something for the record, that everybody of an audience owes."""

    title = models.CharField(max_length=200)
    description = models.CharField(max_length=2000, blank=True)
    kind = models.CharField(max_length=13)
    field = models.CharField(max_length=20, null=True)
    audience = models.JSONField(default=list)
    due_on = models.DateField(null=True)
    due_after_days = models.PositiveSmallIntegerField(null=True)
    lock_lead_hours = models.PositiveSmallIntegerField(default=72)
    locks = models.JSONField(default=list)
    mid_session = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_after_days__isnull=True), name="academics_requirement_one_due"
            ),
            models.CheckConstraint(
                condition=Q(kind="profile_field", field__isnull=False) | Q(kind="document", field__isnull=True),
                name="academics_requirement_field",
            ),
            models.CheckConstraint(condition=Q(lock_lead_hours__lte=720), name="academics_requirement_lead"),
        ]


class Obligation(Owned):
    """That a person owes what a requirement asks for."""

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    assigned_on = models.DateField()
    due_at = models.DateTimeField(null=True)  # the midnight at which its due day ends
    status = models.CharField(max_length=9, default=states.ObligationStatus.PENDING)
    submitted_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "person"], name="academics_obligation_once"),
            models.CheckConstraint(
                condition=Q(status__in=list(states.ObligationStatus)), name="academics_obligation_status"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("verified", "waived"), completed_at__isnull=False)
                | Q(status__in=("pending", "submitted", "rejected"), completed_at__isnull=True),
                name="academics_obligation_completed",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "status"], name="academics_obligation_owed"),
            models.Index(fields=["institution", "status", "due_at"], name="academics_obligation_due"),
        ]


class Submission(Owned):
    """What was handed in: a file or a value, never changed and never deleted."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="submissions")
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=255, blank=True)
    by = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file__isnull=False) & Q(value="")) | (Q(file__isnull=True) & ~Q(value="")),
                name="academics_submission_one",
            ),
        ]
