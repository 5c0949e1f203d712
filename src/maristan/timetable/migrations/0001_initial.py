import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import maristan.kernel.tenancy
import maristan.timetable.rules.states


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("academics", "0001_initial"),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "academic_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.academicperiod"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.department"
                    ),
                ),
                (
                    "faculty",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("faculty_name", models.CharField(blank=True, max_length=100)),
                (
                    "group",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.group"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.section"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.course"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "kind",
                    models.CharField(default=maristan.timetable.rules.states.SessionKind["LECTURE"], max_length=10),
                ),
                ("topic", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=2000)),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(default=maristan.timetable.rules.states.SessionStatus["SCHEDULED"], max_length=10),
                ),
                (
                    "is_live",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(("status", "cancelled"), _negated=True),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "source",
                    models.CharField(default=maristan.timetable.rules.states.SessionSource["PLAN"], max_length=6),
                ),
                ("attendance_recorded_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_by", models.CharField(blank=True, max_length=255)),
                ("cancel_reason", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "indexes": [
                    models.Index(fields=["academic_period", "group"], name="timetable_session_by_group"),
                    models.Index(fields=["faculty"], name="timetable_session_by_faculty"),
                    models.Index(fields=["starts_at"], name="timetable_session_by_start"),
                    models.Index(fields=["institution", "starts_at", "id"], name="timetable_session_window"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="timetable_session_times"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("group__isnull", False),
                            ("section__isnull", False),
                            models.Q(("audience", []), _negated=True),
                            _connector="OR",
                        ),
                        name="timetable_session_audience",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("status", "cancelled"),
                                models.Q(("cancelled_by", ""), _negated=True),
                                models.Q(("cancel_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "cancelled"), _negated=True),
                                ("cancel_reason", ""),
                                ("cancelled_at__isnull", True),
                                ("cancelled_by", ""),
                            ),
                            _connector="OR",
                        ),
                        name="timetable_session_cancelled_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WeekPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("scope", models.CharField(max_length=12)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.batch"
                    ),
                ),
                (
                    "academic_period",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="academics.academicperiod",
                    ),
                ),
                ("week_start_date", models.DateField()),
                (
                    "status",
                    models.CharField(default=maristan.timetable.rules.states.WeekStatus["DRAFT"], max_length=10),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("edited_at", models.DateTimeField(null=True)),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("first_published_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["week_start_date", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "scope", "batch", "week_start_date"),
                        name="timetable_weekplan_week_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", True), ("scope", "institution")),
                            models.Q(("academic_period__isnull", False), ("batch__isnull", False), ("scope", "batch")),
                            _connector="OR",
                        ),
                        name="timetable_weekplan_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="timetable_weekplan_verified_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="timetable_weekplan_published_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("edited_at__isnull", True), ("edited_by__isnull", True)),
                            models.Q(("edited_at__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="timetable_weekplan_edited_pair",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Availability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("subject_kind", models.CharField(max_length=8)),
                ("subject_id", models.BigIntegerField()),
                ("day_of_week", models.PositiveSmallIntegerField()),
                ("start_time", models.TimeField()),
                ("end_time", models.TimeField()),
                ("level", models.CharField(max_length=12)),
                ("from_date", models.DateField()),
                ("to_date", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["day_of_week", "start_time", "id"],
                "indexes": [
                    models.Index(fields=["institution", "subject_kind", "subject_id"], name="timetable_availability_by")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end_time__gt", models.F("start_time"))),
                        name="timetable_availability_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("day_of_week__lte", 6)), name="timetable_availability_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionTeacher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="co_faculty", to="timetable.session"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "person"), name="timetable_sessionteacher_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SessionSyllabusItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="timetable.session"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.syllabusitem"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "item"), name="timetable_sessionsyllabusitem_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SessionGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="session_groups",
                        to="timetable.session",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.group"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [models.Index(fields=["group", "session"], name="timetable_sessiongroup_by")],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "group"), name="timetable_sessiongroup_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionAllocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="allocations",
                        to="timetable.session",
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("resource_id", models.BigIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("is_live", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["institution", "kind", "resource_id", "starts_at"], name="timetable_allocation_window"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "kind", "resource_id"), name="timetable_sessionallocation_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeekSlotRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "week_plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="timetable.weekplan"
                    ),
                ),
                ("row_index", models.PositiveSmallIntegerField()),
                ("start_time", models.TimeField(null=True)),
                ("end_time", models.TimeField(null=True)),
                ("label", models.CharField(blank=True, max_length=40)),
                ("lane", models.CharField(blank=True, max_length=40)),
                ("is_break", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["row_index"],
                "constraints": [
                    models.UniqueConstraint(fields=("week_plan", "row_index"), name="timetable_weekslotrow_index_once"),
                    models.UniqueConstraint(fields=("id", "week_plan"), name="timetable_weekslotrow_id_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("row_index__gte", 1)), name="timetable_weekslotrow_index"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("start_time__isnull", True),
                            ("end_time__isnull", True),
                            ("end_time__gt", models.F("start_time")),
                            _connector="OR",
                        ),
                        name="timetable_weekslotrow_times",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="WeekChangelog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "week_plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changelogs", to="timetable.weekplan"
                    ),
                ),
                ("version_from", models.PositiveIntegerField()),
                ("version_to", models.PositiveIntegerField()),
                ("changed_by", models.CharField(max_length=255)),
                ("changed_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("changes", models.JSONField(default=list)),
                ("sessions", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="WeekCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "week_plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cells", to="timetable.weekplan"
                    ),
                ),
                (
                    "slot_row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cells", to="timetable.weekslotrow"
                    ),
                ),
                ("day_of_week", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(default=maristan.timetable.rules.states.CellStatus["EMPTY"], max_length=10),
                ),
                (
                    "academic_period",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="academics.academicperiod",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.course"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.section"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.department",
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=200)),
                (
                    "faculty",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "co_faculty",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("faculty_name", models.CharField(blank=True, max_length=100)),
                (
                    "room",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("all_groups", models.BooleanField(default=False)),
                (
                    "kind",
                    models.CharField(default=maristan.timetable.rules.states.SessionKind["LECTURE"], max_length=10),
                ),
                ("note", models.CharField(blank=True, max_length=2000)),
            ],
            options={
                "ordering": ["slot_row__row_index", "day_of_week"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("week_plan", "day_of_week", "slot_row"), name="timetable_weekcell_address_once"
                    ),
                    models.UniqueConstraint(fields=("id", "week_plan"), name="timetable_weekcell_id_plan"),
                    models.CheckConstraint(condition=models.Q(("day_of_week__lte", 6)), name="timetable_weekcell_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "empty"), _negated=True),
                            models.Q(
                                ("academic_period__isnull", True),
                                ("all_groups", False),
                                ("co_faculty", []),
                                ("course__isnull", True),
                                ("department__isnull", True),
                                ("faculty__isnull", True),
                                ("faculty_name", ""),
                                ("groups", []),
                                ("note", ""),
                                ("room__isnull", True),
                                ("section__isnull", True),
                                ("topic", ""),
                            ),
                            _connector="OR",
                        ),
                        name="timetable_weekcell_empty_is_empty",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SessionOccurrence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "week_plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="occurrences", to="timetable.weekplan"
                    ),
                ),
                (
                    "week_cell",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="timetable.weekcell"
                    ),
                ),
                ("week_start_date", models.DateField()),
                ("date", models.DateField()),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="occurrence", to="timetable.session"
                    ),
                ),
                (
                    "state",
                    models.CharField(default=maristan.timetable.rules.states.OccurrenceState["LIVE"], max_length=10),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("week_cell", "date"), name="timetable_sessionoccurrence_cell_date_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date__gte", models.F("week_start_date")),
                            (
                                "date__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("week_start_date"), "+", models.Value(6)
                                ),
                            ),
                        ),
                        name="timetable_sessionoccurrence_in_week",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
