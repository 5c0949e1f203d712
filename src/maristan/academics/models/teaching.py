"""Programs, batches, groups, periods, courses, sections, students and their enrolments."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from maristan.academics.rules import states
from maristan.kernel.tenancy import Owned


class Program(Owned):
    """A course of study, with the structure of its years or semesters."""

    name = models.CharField(max_length=255)
    code = models.CharField(max_length=16)
    description = models.TextField(blank=True)
    structure_type = models.CharField(max_length=10, default=states.ProgramStructure.YEARLY)
    period_length_months = models.PositiveSmallIntegerField(null=True)
    total_periods = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, default=states.ProgramStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("institution", Lower("name"), name="academics_program_name_once"),
            models.UniqueConstraint("institution", Lower("code"), name="academics_program_code_once"),
            models.CheckConstraint(
                condition=Q(structure_type="custom", period_length_months__isnull=False, period_length_months__gt=0)
                | (~Q(structure_type="custom") & Q(period_length_months__isnull=True)),
                name="academics_program_length",
            ),
            models.CheckConstraint(condition=Q(total_periods__gt=0), name="academics_program_total"),
        ]


class Batch(Owned):
    """The students who enter a program together."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="batches")
    name = models.CharField(max_length=100)
    intake_year = models.PositiveSmallIntegerField()
    graduation_year = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-graduation_year", "name", "id"]
        constraints = [
            models.UniqueConstraint("program", Lower("name"), name="academics_batch_name_once"),
            models.UniqueConstraint(fields=["id", "program"], name="academics_batch_id_program"),
            models.CheckConstraint(
                condition=Q(intake_year__gte=1900)
                & Q(graduation_year__lte=2100)
                & Q(graduation_year__gt=F("intake_year"))
                & Q(graduation_year__lte=F("intake_year") + 12),
                name="academics_batch_years",
            ),
        ]


class Group(Owned):
    """A part of a batch that is taught together."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="groups")
    name = models.CharField(max_length=100)
    capacity = models.PositiveIntegerField(null=True)
    position = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["batch_id", "position", "id"]
        constraints = [
            models.UniqueConstraint("batch", Lower("name"), name="academics_group_name_once"),
            models.UniqueConstraint(fields=["id", "batch"], name="academics_group_id_batch"),
        ]


class Track(Owned):
    """A lane of a program on which learning blocks follow one another."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="tracks")
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("program", Lower("name"), name="academics_track_name_once")]


class AcademicPeriod(Owned):
    """A node of a program's calendar: template (neither batch nor dates) or dated."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="periods")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="periods")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=1)
    level_no = models.PositiveSmallIntegerField(null=True)
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    offset_days = models.PositiveIntegerField(null=True)
    length_days = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10, default=states.PeriodStatus.PLANNED)
    is_enrollment_open = models.BooleanField(default=False)
    template = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    track = models.ForeignKey(Track, models.PROTECT, null=True, related_name="+")
    primary_department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    sub_department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["program_id", "batch_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "batch", "parent", "name"],
                nulls_distinct=False,
                name="academics_academicperiod_name_once",
            ),
            models.UniqueConstraint(
                fields=["program", "batch", "parent", "position"],
                nulls_distinct=False,
                name="academics_academicperiod_position_once",
            ),
            models.CheckConstraint(
                condition=Q(start_date__isnull=True, end_date__isnull=True)
                | Q(start_date__isnull=False, end_date__isnull=False, end_date__gte=F("start_date")),
                name="academics_academicperiod_dates",
            ),
            models.CheckConstraint(
                condition=Q(level_no__isnull=True) | Q(level_no__range=(1, 20)), name="academics_academicperiod_level"
            ),
        ]


class Course(Owned):
    """A subject taught."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    department = models.ForeignKey("directory.Department", models.PROTECT, related_name="+")
    credits = models.DecimalField(max_digits=4, decimal_places=1, default=3)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint("institution", Lower("code"), name="academics_course_code_once"),
            models.CheckConstraint(condition=Q(credits__range=(0, 60)), name="academics_course_credits"),
        ]


class CourseProgram(Owned):
    """A course belongs to a program."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="course_programs")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "program"], name="academics_courseprogram_once"),
        ]


class Section(Owned):
    """A course given in a period to those enrolled in it."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    academic_period = models.ForeignKey(AcademicPeriod, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    faculty = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="+")
    capacity = models.PositiveIntegerField(default=50)
    self_enrollment = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["course_id", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "academic_period", "name"], name="academics_section_name_once"),
            models.CheckConstraint(condition=Q(capacity__range=(1, 5000)), name="academics_section_capacity"),
        ]


class SectionTeacher(Owned):
    """A further teacher of a section."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="further_teachers")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "person"], name="academics_sectionteacher_once")]


class Student(Owned):
    """A person who studies: program, batch, group and status now."""

    person = models.OneToOneField("directory.Person", models.PROTECT, related_name="+")
    reg_no = models.CharField(max_length=32)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, default=states.StudentStatus.ACTIVE)
    current_year = models.PositiveSmallIntegerField(default=1)
    enrollment_year = models.PositiveSmallIntegerField(null=True)
    expected_graduation_year = models.PositiveSmallIntegerField(null=True)
    actual_graduation_year = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["reg_no", "id"]
        constraints = [
            models.UniqueConstraint("institution", Lower("reg_no"), name="academics_student_reg_no_once"),
            models.CheckConstraint(condition=Q(current_year__range=(1, 20)), name="academics_student_current_year"),
            models.CheckConstraint(
                condition=Q(actual_graduation_year__isnull=True)
                | Q(enrollment_year__isnull=True)
                | Q(actual_graduation_year__gte=F("enrollment_year")),
                name="academics_student_graduation_year",
            ),
            models.CheckConstraint(condition=~Q(reg_no=""), name="academics_student_reg_no_given"),
        ]
        indexes = [
            models.Index(fields=["institution", "reg_no", "id"], name="academics_student_by_reg_no"),
            models.Index(fields=["group", "status"], name="academics_student_by_group"),
        ]


class Placement(Owned):
    """Where a student belonged from one date to another; the open one is the present."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="placements")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-from_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")), name="academics_placement_dates"
            ),
            models.UniqueConstraint(
                fields=["student"], condition=Q(to_date__isnull=True), name="academics_placement_one_open"
            ),
        ]
        indexes = [models.Index(fields=["group", "from_date"], name="academics_placement_by_group")]


class Enrollment(Owned):
    """A student's seat in a section."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="enrollments")
    section = models.ForeignKey(Section, models.PROTECT, related_name="enrollments")
    status = models.CharField(max_length=10, default=states.EnrollmentStatus.ACTIVE)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.CharField(max_length=255)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["student", "section"], name="academics_enrollment_once"),
        ]
        indexes = [models.Index(fields=["section", "status"], name="academics_enrollment_by_sec")]
