"""Tables of the timetable: week plans, sessions, what sessions occupy, and what changed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maristan.kernel.tenancy import Owned
from maristan.timetable.rules import states


class Session(Owned):
    """One meeting of a teacher with an audience."""

    academic_period = models.ForeignKey("academics.AcademicPeriod", models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Department", models.PROTECT, related_name="+")
    faculty = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    faculty_name = models.CharField(max_length=100, blank=True)
    group = models.ForeignKey("academics.Group", models.PROTECT, null=True, related_name="+")
    section = models.ForeignKey("academics.Section", models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey("academics.Course", models.PROTECT, null=True, related_name="+")
    room = models.ForeignKey("directory.Place", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, default=states.SessionKind.LECTURE)
    topic = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    audience = ArrayField(models.CharField(max_length=60), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, default=states.SessionStatus.SCHEDULED)
    is_live = models.GeneratedField(
        expression=~Q(status="cancelled"),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    source = models.CharField(max_length=6, default=states.SessionSource.PLAN)
    attendance_recorded_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=255, blank=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="timetable_session_times"),
            models.CheckConstraint(
                condition=Q(group__isnull=False) | Q(section__isnull=False) | ~Q(audience=[]),
                name="timetable_session_audience",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False) & ~Q(cancelled_by="") & ~Q(cancel_reason="")
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True, cancelled_by="", cancel_reason="")),
                name="timetable_session_cancelled_together",
            ),
        ]
        indexes = [
            models.Index(fields=["academic_period", "group"], name="timetable_session_by_group"),
            models.Index(fields=["faculty"], name="timetable_session_by_faculty"),
            models.Index(fields=["starts_at"], name="timetable_session_by_start"),
            models.Index(fields=["institution", "starts_at", "id"], name="timetable_session_window"),
        ]


class SessionTeacher(Owned):
    """A further teacher of a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="co_faculty")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="timetable_sessionteacher_once")]


class SessionSyllabusItem(Owned):
    """Something of the syllabus that a session teaches."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    item = models.ForeignKey("academics.SyllabusItem", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "item"], name="timetable_sessionsyllabusitem_once")]


class SessionGroup(Owned):
    """A group that attends a session; `position` 0 is the session's own `group`."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="session_groups")
    group = models.ForeignKey("academics.Group", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "group"], name="timetable_sessiongroup_once")]
        indexes = [models.Index(fields=["group", "session"], name="timetable_sessiongroup_by")]


class SessionAllocation(Owned):
    """A room, teacher, group or section that a session occupies; live ones of one resource never overlap."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="allocations", db_constraint=False)
    kind = models.CharField(max_length=8)
    resource_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "resource_id"], name="timetable_sessionallocation_once")
        ]
        indexes = [
            models.Index(fields=["institution", "kind", "resource_id", "starts_at"], name="timetable_allocation_window")
        ]


class WeekPlan(Owned):
    """The plan of one week, for the institution or one batch."""

    scope = models.CharField(max_length=12)
    batch = models.ForeignKey("academics.Batch", models.PROTECT, null=True, related_name="+")
    academic_period = models.ForeignKey("academics.AcademicPeriod", models.PROTECT, null=True, related_name="+")
    week_start_date = models.DateField()
    status = models.CharField(max_length=10, default=states.WeekStatus.DRAFT)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    first_published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["week_start_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "scope", "batch", "week_start_date"],
                nulls_distinct=False,
                name="timetable_weekplan_week_once",
            ),
            models.CheckConstraint(
                condition=Q(scope="institution", batch__isnull=True)
                | Q(scope="batch", batch__isnull=False, academic_period__isnull=False),
                name="timetable_weekplan_scope",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{stamp}_at__isnull": True, f"{stamp}_by__isnull": True})
                    | Q(**{f"{stamp}_at__isnull": False, f"{stamp}_by__isnull": False}),
                    name=f"timetable_weekplan_{stamp}_pair",
                )
                for stamp in ("verified", "published", "edited")
            ),
        ]


class WeekSlotRow(Owned):
    """One row of the grid: a band of time, or a break."""

    week_plan = models.ForeignKey(WeekPlan, models.CASCADE, related_name="rows")
    row_index = models.PositiveSmallIntegerField()
    start_time = models.TimeField(null=True)
    end_time = models.TimeField(null=True)
    label = models.CharField(max_length=40, blank=True)
    lane = models.CharField(max_length=40, blank=True)
    is_break = models.BooleanField(default=False)

    class Meta:
        ordering = ["row_index"]
        constraints = [
            models.UniqueConstraint(fields=["week_plan", "row_index"], name="timetable_weekslotrow_index_once"),
            models.UniqueConstraint(fields=["id", "week_plan"], name="timetable_weekslotrow_id_plan"),
            models.CheckConstraint(condition=Q(row_index__gte=1), name="timetable_weekslotrow_index"),
            models.CheckConstraint(
                condition=Q(start_time__isnull=True) | Q(end_time__isnull=True) | Q(end_time__gt=F("start_time")),
                name="timetable_weekslotrow_times",
            ),
        ]


class WeekCell(Owned):
    """One day of one row; empty, scheduled or cancelled."""

    week_plan = models.ForeignKey(WeekPlan, models.CASCADE, related_name="cells")
    slot_row = models.ForeignKey(WeekSlotRow, models.CASCADE, related_name="cells")
    day_of_week = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, default=states.CellStatus.EMPTY)
    academic_period = models.ForeignKey("academics.AcademicPeriod", models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey("academics.Course", models.PROTECT, null=True, related_name="+")
    section = models.ForeignKey("academics.Section", models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    topic = models.CharField(max_length=200, blank=True)
    faculty = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    co_faculty = ArrayField(models.BigIntegerField(), default=list)
    faculty_name = models.CharField(max_length=100, blank=True)
    room = models.ForeignKey("directory.Place", models.PROTECT, null=True, related_name="+")
    groups = ArrayField(models.BigIntegerField(), default=list)
    all_groups = models.BooleanField(default=False)
    kind = models.CharField(max_length=10, default=states.SessionKind.LECTURE)
    note = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["slot_row__row_index", "day_of_week"]
        constraints = [
            models.UniqueConstraint(
                fields=["week_plan", "day_of_week", "slot_row"], name="timetable_weekcell_address_once"
            ),
            models.UniqueConstraint(fields=["id", "week_plan"], name="timetable_weekcell_id_plan"),
            models.CheckConstraint(condition=Q(day_of_week__lte=6), name="timetable_weekcell_day"),
            models.CheckConstraint(
                condition=~Q(status="empty")
                | Q(
                    academic_period__isnull=True,
                    course__isnull=True,
                    section__isnull=True,
                    department__isnull=True,
                    topic="",
                    faculty__isnull=True,
                    co_faculty=[],
                    faculty_name="",
                    room__isnull=True,
                    groups=[],
                    all_groups=False,
                    note="",
                ),
                name="timetable_weekcell_empty_is_empty",
            ),
        ]


class WeekChangelog(Owned):
    """What one amendment of a published week changed; append-only."""

    week_plan = models.ForeignKey(WeekPlan, models.PROTECT, related_name="changelogs")
    version_from = models.PositiveIntegerField()
    version_to = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=255)
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    changes = models.JSONField(default=list)
    sessions = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]


class SessionOccurrence(Owned):
    """The session that a cell became on its date."""

    week_plan = models.ForeignKey(WeekPlan, models.PROTECT, related_name="occurrences")
    week_cell = models.ForeignKey(WeekCell, models.PROTECT, related_name="+")
    week_start_date = models.DateField()
    date = models.DateField()
    session = models.OneToOneField(Session, models.PROTECT, related_name="occurrence")
    state = models.CharField(max_length=10, default=states.OccurrenceState.LIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week_cell", "date"], name="timetable_sessionoccurrence_cell_date_once"),
            models.CheckConstraint(
                condition=Q(date__gte=F("week_start_date"), date__lte=F("week_start_date") + 6),
                name="timetable_sessionoccurrence_in_week",
            ),
        ]


class Availability(Owned):
    """When a person, room or group cannot, should rather not, or would like to be planned."""

    subject_kind = models.CharField(max_length=8)
    subject_id = models.BigIntegerField()
    day_of_week = models.PositiveSmallIntegerField()
    start_time = models.TimeField()
    end_time = models.TimeField()
    level = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["day_of_week", "start_time", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end_time__gt=F("start_time")), name="timetable_availability_times"),
            models.CheckConstraint(condition=Q(day_of_week__lte=6), name="timetable_availability_day"),
        ]
        indexes = [models.Index(fields=["institution", "subject_kind", "subject_id"], name="timetable_availability_by")]
