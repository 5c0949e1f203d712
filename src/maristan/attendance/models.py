"""Tables of attendance: registers, their lines, and what became of each mark."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from maristan.attendance.rules import states
from maristan.attendance.rules.percentages import Excusing
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


class Excuse(Owned):
    """A time for which somebody is excused, filed by the app that knows why."""

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    owner_kind = models.CharField(max_length=40)
    owner_id = models.BigIntegerField()
    url = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="attendance_excuse_times"
            ),
            models.UniqueConstraint(
                fields=["institution", "owner_kind", "owner_id"], name="attendance_excuse_owner_once"
            ),
        ]
        indexes = [models.Index(fields=["person", "starts_at"], name="attendance_excuse_by_person")]


class Correction(Owned):
    """What somebody asks to be corrected of a mark, and how it was decided."""

    line = models.ForeignKey(Attendance, models.PROTECT, related_name="corrections")
    wanted = models.CharField(max_length=8)
    reason = models.CharField(max_length=1000)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, default=states.CorrectionStatus.PENDING)
    requested_by = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(status="pending"), name="attendance_correction_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="attendance_correction_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="attendance_correction_decided_by_other",
            ),
            models.CheckConstraint(
                condition=Q(wanted__in=[each.value for each in states.Mark]), name="attendance_correction_wanted"
            ),
        ]


class Policy(Owned):
    """A version of how attendance counts in a scope; an active one never changes."""

    scope = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    threshold = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("75.00"))
    late_weight = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("1.00"))
    excused = models.CharField(max_length=8, default=Excusing.EXCLUDE)
    check_in_opens_minutes = models.PositiveSmallIntegerField(default=15)
    late_after_minutes = models.PositiveSmallIntegerField(default=10)
    near_margin = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("5.00"))
    condonation_max_points = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("5.00"))
    condonations_per_period = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=6, default=states.PolicyStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["scope", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "scope", "number"], name="attendance_policy_number_once"),
            models.UniqueConstraint(
                fields=["institution", "scope", "effective_from"],
                condition=Q(status="active"),
                name="attendance_policy_day_once",
            ),
            models.CheckConstraint(condition=Q(threshold__range=(0, 100)), name="attendance_policy_threshold"),
            models.CheckConstraint(condition=Q(late_weight__range=(0, 1)), name="attendance_policy_late_weight"),
            models.CheckConstraint(
                condition=Q(excused__in=[each.value for each in Excusing]), name="attendance_policy_excused"
            ),
        ]


class Summary(Owned):
    """The attendance of one person over a span as it stood when the picture was taken."""

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    start = models.DateField()
    end = models.DateField()
    present = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    excused = models.PositiveIntegerField(default=0)
    unmarked = models.PositiveIntegerField(default=0)
    percentage = models.DecimalField(max_digits=5, decimal_places=2)
    threshold = models.DecimalField(max_digits=5, decimal_places=2)
    policy = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "period", "start", "end"], name="attendance_summary_once")
        ]


class Warned(Owned):
    """How near to the threshold of a course somebody was when told so last, or came back to since."""

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    course = models.ForeignKey("academics.Course", models.PROTECT, null=True, related_name="+")
    academic_period = models.ForeignKey("academics.AcademicPeriod", models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    told_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "academic_period", "course"], nulls_distinct=False, name="attendance_warned_once"
            ),
            models.CheckConstraint(condition=Q(level__range=(0, 2)), name="attendance_warned_level"),
        ]


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


class EligibilityList(Owned):
    """Who may sit an exam by their attendance; a frozen one is evidence, an owner is what it was drawn up for.

    `programs` are those of its people, by which coordinators reach it; empty filters mean all sessions.
    """

    title = models.CharField(max_length=200)
    owner_kind = models.CharField(max_length=40, blank=True)
    owner_id = models.BigIntegerField(null=True)
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    first_day = models.DateField()
    last_day = models.DateField()
    courses = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    departments = models.JSONField(default=list)
    audience = models.JSONField()
    programs = models.JSONField(default=list)
    number = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, default=states.ListStatus.DRAFT.value)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.CharField(max_length=255, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "owner_kind", "owner_id", "number"], name="attendance_list_number_once"
            ),
            models.UniqueConstraint(
                fields=["institution", "owner_kind", "owner_id"],
                condition=Q(status="frozen"),
                name="attendance_list_one_frozen",
            ),
            models.CheckConstraint(
                condition=Q(owner_kind="", owner_id__isnull=True) | ~Q(owner_kind="") & Q(owner_id__isnull=False),
                name="attendance_list_owner_pair",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="attendance_list_days"),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in states.ListStatus]), name="attendance_list_status"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", frozen_at__isnull=True, frozen_by="")
                | ~Q(status="draft") & Q(frozen_at__isnull=False) & ~Q(frozen_by=""),
                name="attendance_list_frozen_pair",
            ),
        ]


class EligibilityLine(Owned):
    """One person of a frozen list, as the counts stood."""

    of_list = models.ForeignKey(EligibilityList, models.PROTECT, related_name="lines", db_column="list_id")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    student = models.ForeignKey("academics.Student", models.PROTECT, null=True, related_name="+")
    policy = models.CharField(max_length=80)
    present = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    absent = models.PositiveIntegerField()
    excused = models.PositiveIntegerField()
    unmarked = models.PositiveIntegerField()
    percentage = models.DecimalField(max_digits=5, decimal_places=2)
    threshold = models.DecimalField(max_digits=5, decimal_places=2)
    max_points = models.DecimalField(max_digits=5, decimal_places=2)
    grants_per_period = models.PositiveSmallIntegerField()
    eligible = models.BooleanField()
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["of_list", "person"], name="attendance_eligibilityline_once"),
            models.CheckConstraint(
                condition=Q(eligible=True, code__in=["eligible", "condoned"])
                | Q(eligible=False, code__in=["below_threshold", "no_sessions"]),
                name="attendance_eligibilityline_code",
            ),
        ]


class Condonation(Owned):
    """A permission to sit an exam in spite of less attendance; it changes no percentage."""

    line = models.ForeignKey(EligibilityLine, models.PROTECT, related_name="condonations")
    shortfall = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.CharField(max_length=1000)
    status = models.CharField(max_length=10, default=states.CondonationStatus.REQUESTED.value)
    requested_by = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(status="granted"), name="attendance_condonation_one_granted"
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(status="requested"), name="attendance_condonation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="attendance_condonation_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="attendance_condonation_decided_by_other",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in states.CondonationStatus]),
                name="attendance_condonation_status",
            ),
        ]
