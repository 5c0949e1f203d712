"""Tables of assessment: grade schemes, exams with their components, examiners and candidates, and results."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from maristan.assessment.rules import states
from maristan.kernel.tenancy import Owned

PERSON = "directory.Person"


def marks_of(**options: Any) -> Any:
    """A column of marks."""
    return models.DecimalField(max_digits=7, decimal_places=2, **options)


def percent_of(**options: Any) -> Any:
    """A column of a percentage."""
    return models.DecimalField(max_digits=5, decimal_places=2, **options)


def of_person(**options: Any) -> Any:
    """A column that names a person."""
    return models.ForeignKey(PERSON, models.PROTECT, related_name="+", **options)


def paired(table: str, *stamps: str) -> list[models.CheckConstraint]:
    """`x_at` and `x_by` both or neither."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{stamp}_at__isnull": True, f"{stamp}_by__isnull": True})
            | Q(**{f"{stamp}_at__isnull": False, f"{stamp}_by__isnull": False}),
            name=f"assessment_{table}_{stamp}_pair",
        )
        for stamp in stamps
    ]


class GradeScheme(Owned):
    """One version of the bands that turn a percentage into a letter."""

    scope_key = models.CharField(max_length=60, default="institution")
    name = models.CharField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=6, default=states.SchemeStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "-number", "id"]
        constraints = [
            models.UniqueConstraint(
                "institution", "scope_key", Lower("name"), "number", name="assessment_gradescheme_number_once"
            ),
            models.UniqueConstraint(
                "institution", "scope_key", Lower("name"), condition=Q(status="draft"),
                name="assessment_gradescheme_one_draft",
            ),
        ]  # fmt: skip


class GradeBand(Owned):
    """A letter from a percentage on."""

    scheme = models.ForeignKey(GradeScheme, models.CASCADE, related_name="bands")
    min_percent = percent_of()
    letter = models.CharField(max_length=4)
    point = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    is_fail = models.BooleanField(default=False)

    class Meta:
        ordering = ["-min_percent", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "min_percent"], name="assessment_gradeband_percent_once"),
            models.UniqueConstraint(fields=["scheme", "letter"], name="assessment_gradeband_letter_once"),
            models.CheckConstraint(condition=Q(min_percent__range=(0, 100)), name="assessment_gradeband_percent"),
        ]


class Exam(Owned):
    """An occasion to obtain marks, with the rule by which it is passed."""

    academic_period = models.ForeignKey("academics.AcademicPeriod", models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey("academics.Course", models.PROTECT, null=True, related_name="+")
    section = models.ForeignKey("academics.Section", models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    exam_type = models.CharField(max_length=10, default=states.ExamType.THEORY)
    scheduled_at = models.DateTimeField()
    duration_minutes = models.PositiveIntegerField()
    place = models.ForeignKey("directory.Place", models.PROTECT, null=True, related_name="+")
    passing_mode = models.CharField(max_length=14, default=states.PassingMode.TOTAL_ONLY)
    pass_total_marks = marks_of(null=True)
    pass_total_percent = percent_of(null=True)
    fail_if_any_component_fail = models.BooleanField(default=False)
    requires_eligibility = models.BooleanField(default=False)
    grade_scheme = models.ForeignKey(GradeScheme, models.PROTECT, null=True, related_name="+")
    audience = models.JSONField(default=list)
    status = models.CharField(max_length=9, default=states.ExamStatus.DRAFT)
    publish_at = models.DateTimeField(null=True)
    publish_by = of_person(null=True)
    show_statistics = models.BooleanField(default=False)
    cancel_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-scheduled_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(duration_minutes__gte=1), name="assessment_exam_duration"),
            models.CheckConstraint(
                condition=Q(pass_total_percent__isnull=True) | Q(pass_total_percent__range=(0, 100)),
                name="assessment_exam_percent",
            ),
            models.CheckConstraint(
                condition=Q(pass_total_marks__isnull=True) | Q(pass_total_marks__gte=0), name="assessment_exam_marks"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"]) | Q(grade_scheme__isnull=False),
                name="assessment_exam_scheme_pinned",
            ),
            *paired("exam", "publish"),
        ]
        indexes = [
            models.Index(fields=["institution", "status", "scheduled_at"], name="assessment_exam_by_status"),
            models.Index(fields=["section"], name="assessment_exam_by_section"),
        ]


class ExamComponent(Owned):
    """A part of an exam with its own marks."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="components")
    name = models.CharField(max_length=100)
    sequence = models.PositiveSmallIntegerField()
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    max_marks = marks_of()
    min_marks = marks_of(default=0)
    pass_marks = marks_of(null=True)
    pass_percent = percent_of(null=True)
    is_mandatory_to_pass = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "assessment_component"
        ordering = ["sequence", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "sequence"], name="assessment_component_sequence_once"),
            models.UniqueConstraint("exam", Lower("name"), name="assessment_component_name_once"),
            models.CheckConstraint(condition=Q(max_marks__gt=0), name="assessment_component_max"),
            models.CheckConstraint(condition=Q(min_marks__lte=0), name="assessment_component_min"),
            models.CheckConstraint(
                condition=Q(pass_marks__isnull=True) | Q(pass_marks__lte=F("max_marks")),
                name="assessment_component_pass_marks",
            ),
            models.CheckConstraint(
                condition=Q(pass_percent__isnull=True) | Q(pass_percent__range=(0, 100)),
                name="assessment_component_pass_percent",
            ),
        ]


class Examiner(Owned):
    """Somebody who marks an exam, or one component of it."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="examiners")
    component = models.ForeignKey(ExamComponent, models.CASCADE, null=True, related_name="examiners")
    person = of_person()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "component", "person"], nulls_distinct=False, name="assessment_examiner_once"
            )
        ]
        indexes = [models.Index(fields=["person", "exam"], name="assessment_examiner_by_person")]


class Candidate(Owned):
    """A learner who is to sit an exam; `code` says why one is not admitted."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="candidates")
    person = of_person()
    student = models.ForeignKey("academics.Student", models.PROTECT, null=True, related_name="+")
    seat_no = models.CharField(max_length=20, null=True)
    admission = models.CharField(max_length=12, default=states.Admission.ADMITTED)
    code = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "person"], name="assessment_candidate_once"),
            models.UniqueConstraint(fields=["exam", "seat_no"], name="assessment_candidate_seat_once"),
        ]
        indexes = [models.Index(fields=["person", "exam"], name="assessment_candidate_by_person")]


class Result(Owned):
    """What one learner obtained in an exam; corrected by a further revision, never by another number."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="results")
    person = of_person()
    revision = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    total_obtained = marks_of(default=0)
    total_max = marks_of(default=0)
    percentage = percent_of(null=True)
    letter = models.CharField(max_length=4, blank=True)
    point = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    final_outcome = models.CharField(max_length=7, default=states.Outcome.PENDING)
    status = models.CharField(max_length=9, default=states.ResultStatus.DRAFT)
    verified_at = models.DateTimeField(null=True)
    verified_by = of_person(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = of_person(null=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = of_person(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "person"], condition=Q(is_current=True), name="assessment_result_one_current"
            ),
            models.UniqueConstraint(fields=["exam", "person", "revision"], name="assessment_result_revision_once"),
            *paired("result", "verified", "published", "frozen"),
        ]
        indexes = [models.Index(fields=["person", "exam"], name="assessment_result_by_person")]


class ResultEntry(Owned):
    """What stands in one cell; `max_marks` and `min_marks` are the component's when it was entered.

    `version` is the version of the result at which the cell was last written.
    """

    result = models.ForeignKey(Result, models.CASCADE, related_name="entries")
    component = models.ForeignKey(ExamComponent, models.PROTECT, related_name="+")
    state = models.CharField(max_length=6)
    marks = marks_of(null=True)
    max_marks = marks_of()
    min_marks = marks_of(default=0)
    outcome = models.CharField(max_length=4)
    entered_at = models.DateTimeField()
    entered_by = of_person()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "assessment_entry"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["result", "component"], name="assessment_entry_once"),
            models.CheckConstraint(
                condition=Q(marks__isnull=True) | Q(marks__gte=F("min_marks"), marks__lte=F("max_marks")),
                name="assessment_entry_range",
            ),
            models.CheckConstraint(
                condition=Q(state="marked", marks__isnull=False)
                | Q(state__in=["absent", "exempt"], marks__isnull=True),
                name="assessment_entry_marked",
            ),
        ]


class ResultCorrection(Owned):
    """A proposal to correct a published result; approved, it becomes the next revision."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="corrections")
    entries = models.JSONField(default=dict)
    reason = models.CharField(max_length=1000)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=9, default=states.CorrectionStatus.PROPOSED)
    requested_by = of_person()
    decided_by = of_person(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["result"], condition=Q(status="proposed"), name="assessment_resultcorrection_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="assessment_resultcorrection_by_other",
            ),
            *paired("resultcorrection", "decided"),
        ]


class GradebookItem(Owned):
    """An exam that counts towards the grade of a section, with its weight in percent."""

    section = models.ForeignKey("academics.Section", models.PROTECT, related_name="+")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="gradebook_items")
    weight = percent_of()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["section", "exam"], name="assessment_gradebookitem_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="assessment_gradebookitem_weight"),
        ]
