"""Tables of attendance: registers, their lines, and what became of each mark."""

from django.db import models
from django.db.models import Q

from maristan.attendance.rules import states
from maristan.kernel.tenancy import Owned


class Register(Owned):
    """Who was expected in a session, as it stood when the roster was fixed, and how far marking has come."""

    session = models.OneToOneField("timetable.Session", models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, default=states.RegisterStatus.OPEN)
    roster_version = models.PositiveIntegerField(default=1)
    frozen_at = models.DateTimeField()
    audience = models.JSONField(default=list)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=255, blank=True)
    locked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in states.RegisterStatus]),
                name="attendance_register_status",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by="")
                | Q(submitted_at__isnull=False) & ~Q(submitted_by=""),
                name="attendance_register_submitted_pair",
            ),
            models.CheckConstraint(
                condition=Q(status="locked", locked_at__isnull=False) | ~Q(status="locked") & Q(locked_at__isnull=True),
                name="attendance_register_locked_at",
            ),
        ]
        indexes = [models.Index(fields=["institution", "status"], name="attendance_register_by_status")]


class Attendance(Owned):
    """One line: a person in the register of a session."""

    session = models.ForeignKey("timetable.Session", models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    student = models.ForeignKey("academics.Student", models.PROTECT, null=True, related_name="+")
    expected = models.BooleanField(default=True)
    by_hand = models.BooleanField(default=False)
    status = models.CharField(max_length=8, null=True)
    source = models.CharField(max_length=10, blank=True)
    check_in_at = models.DateTimeField(null=True)
    remarks = models.CharField(max_length=300, blank=True)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.CharField(max_length=255, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="attendance_attendance_once"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__in=[each.value for each in states.Mark]),
                name="attendance_attendance_status",
            ),
            models.CheckConstraint(
                condition=Q(status__isnull=True, marked_at__isnull=True, marked_by="", source="")
                | Q(status__isnull=False, marked_at__isnull=False, source__in=[each.value for each in states.Source])
                & ~Q(marked_by=""),
                name="attendance_attendance_marked_pair",
            ),
        ]
        indexes = [models.Index(fields=["person", "session"], name="attendance_by_person")]


class MarkChange(Owned):
    """What a mark was and what it became; append-only."""

    line = models.ForeignKey(Attendance, models.PROTECT, related_name="changes")
    before = models.CharField(max_length=8, blank=True)
    after = models.CharField(max_length=8, blank=True)
    source = models.CharField(max_length=10)
    by = models.CharField(max_length=255)
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["id"]
