"""Intakes, applications with their papers, and the counters of numbers given."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from maristan.academics.models.teaching import Batch, Program, Student
from maristan.academics.rules import states
from maristan.kernel.tenancy import Owned


class Intake(Owned):
    """The time in which people may apply for a batch, and how many are taken."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    seats = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="academics_intake_times"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="academics_intake_seats"),
        ]


class Application(Owned):
    """What somebody without an account hands in to be admitted; numbered when it is submitted."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="applications")
    number = models.CharField(max_length=24, null=True)
    batch_year = models.PositiveSmallIntegerField()
    current_year = models.PositiveSmallIntegerField(default=1)
    full_name = models.CharField(max_length=255, blank=True)
    father_name = models.CharField(max_length=255, blank=True)
    gender = models.CharField(max_length=12, blank=True)
    date_of_birth = models.DateField(null=True)
    cnic_or_bform = models.CharField(max_length=20, blank=True)
    mobile = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=500, blank=True)
    guardian_name = models.CharField(max_length=255, blank=True)
    guardian_relation = models.CharField(max_length=10, blank=True)
    guardian_phone_whatsapp = models.CharField(max_length=20, blank=True)
    mdcat_roll_number = models.CharField(max_length=40, blank=True)
    merit_number = models.PositiveIntegerField(null=True)
    merit_percentage = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    last_qualification = models.CharField(max_length=10, blank=True)
    institute_name = models.CharField(max_length=255, blank=True)
    board_or_university = models.CharField(max_length=255, blank=True)
    passing_year = models.PositiveSmallIntegerField(null=True)
    total_marks_or_grade = models.CharField(max_length=40, blank=True)
    obtained_marks_or_grade = models.CharField(max_length=40, blank=True)
    subjects = models.CharField(max_length=500, blank=True)
    photo = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    staff_notes = models.TextField(blank=True)
    status = models.CharField(max_length=12, default=states.ApplicationStatus.DRAFT)
    student = models.OneToOneField(Student, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=255, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    email_verified_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    token_expires_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="academics_application_number_once"),
            models.UniqueConstraint(
                "intake", Lower("email"), condition=Q(status="draft"), name="academics_application_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", number__isnull=True, submitted_at__isnull=True)
                | Q(~Q(status="draft"), number__isnull=False, submitted_at__isnull=False),
                name="academics_application_submitted",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by="") | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="academics_application_decided_both",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", student__isnull=False)
                | (~Q(status="approved") & Q(student__isnull=True)),
                name="academics_application_student",
            ),
            models.CheckConstraint(
                condition=Q(batch_year__range=(2000, 2100)), name="academics_application_batch_year"
            ),
            models.CheckConstraint(condition=Q(current_year__range=(1, 20)), name="academics_application_current_year"),
            models.CheckConstraint(
                condition=Q(passing_year__isnull=True) | Q(passing_year__range=(1900, 2100)),
                name="academics_application_passing_year",
            ),
            models.CheckConstraint(
                condition=(Q(merit_number__isnull=True) | Q(merit_number__gte=1))
                & (Q(merit_percentage__isnull=True) | Q(merit_percentage__range=(0, 100))),
                name="academics_application_merit",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "status", "-id"], name="academics_application_queue"),
            models.Index(fields=["intake", "status"], name="academics_application_by_intak"),
            models.Index(fields=["institution", "cnic_or_bform"], name="academics_application_by_cnic"),
            models.Index(fields=["institution", "mobile"], name="academics_application_by_mobil"),
            models.Index(fields=["institution", "mdcat_roll_number"], name="academics_application_by_mdcat"),
            models.Index(fields=["institution", "email"], name="academics_application_by_email"),
        ]


class ApplicationFile(Owned):
    """One paper of an application, the latest of its kind."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=24)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="academics_applicationfile_once")]


class AdmissionCounter(Owned):
    """The last number given under a key; its row is locked while the next one is taken."""

    key = models.CharField(max_length=60)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "key"], name="academics_admissioncounter_once")]
