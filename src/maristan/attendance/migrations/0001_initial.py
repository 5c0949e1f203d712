from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import maristan.attendance.rules.percentages
import maristan.attendance.rules.states
import maristan.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("academics", "0001_initial"),
        ("directory", "0001_initial"),
        ("kernel", "0001_initial"),
        ("timetable", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Register",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="timetable.session"
                    ),
                ),
                (
                    "status",
                    models.CharField(default=maristan.attendance.rules.states.RegisterStatus["OPEN"], max_length=10),
                ),
                ("roster_version", models.PositiveIntegerField(default=1)),
                ("frozen_at", models.DateTimeField()),
                ("audience", models.JSONField(default=list)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("submitted_by", models.CharField(blank=True, max_length=255)),
                ("locked_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["institution", "status"], name="attendance_register_by_status")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "submitted", "locked", "not_held", "forgotten"])),
                        name="attendance_register_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by", "")),
                            models.Q(("submitted_at__isnull", False), models.Q(("submitted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="attendance_register_submitted_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("locked_at__isnull", False), ("status", "locked")),
                            models.Q(models.Q(("status", "locked"), _negated=True), ("locked_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="attendance_register_locked_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="timetable.session"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.student"
                    ),
                ),
                ("expected", models.BooleanField(default=True)),
                ("by_hand", models.BooleanField(default=False)),
                ("status", models.CharField(max_length=8, null=True)),
                ("source", models.CharField(blank=True, max_length=10)),
                ("check_in_at", models.DateTimeField(null=True)),
                ("remarks", models.CharField(blank=True, max_length=300)),
                ("marked_at", models.DateTimeField(null=True)),
                ("marked_by", models.CharField(blank=True, max_length=255)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["person", "session"], name="attendance_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "person"), name="attendance_attendance_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", True),
                            ("status__in", ["present", "late", "absent", "excused"]),
                            _connector="OR",
                        ),
                        name="attendance_attendance_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("marked_at__isnull", True), ("marked_by", ""), ("source", ""), ("status__isnull", True)
                            ),
                            models.Q(
                                ("marked_at__isnull", False),
                                (
                                    "source__in",
                                    ["live", "bulk", "upload", "sheet", "check_in", "punch", "excuse", "correction"],
                                ),
                                ("status__isnull", False),
                                models.Q(("marked_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attendance_attendance_marked_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Excuse",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("owner_kind", models.CharField(max_length=40)),
                ("owner_id", models.BigIntegerField()),
                ("url", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "indexes": [models.Index(fields=["person", "starts_at"], name="attendance_excuse_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                        ),
                        name="attendance_excuse_times",
                    ),
                    models.UniqueConstraint(
                        fields=("institution", "owner_kind", "owner_id"), name="attendance_excuse_owner_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
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
                ("scope", models.CharField(max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("effective_from", models.DateField()),
                ("threshold", models.DecimalField(decimal_places=2, default=Decimal("75.00"), max_digits=5)),
                ("late_weight", models.DecimalField(decimal_places=2, default=Decimal("1.00"), max_digits=3)),
                (
                    "excused",
                    models.CharField(default=maristan.attendance.rules.percentages.Excusing["EXCLUDE"], max_length=8),
                ),
                ("check_in_opens_minutes", models.PositiveSmallIntegerField(default=15)),
                ("late_after_minutes", models.PositiveSmallIntegerField(default=10)),
                ("near_margin", models.DecimalField(decimal_places=2, default=Decimal("5.00"), max_digits=5)),
                (
                    "condonation_max_points",
                    models.DecimalField(decimal_places=2, default=Decimal("5.00"), max_digits=5),
                ),
                ("condonations_per_period", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(default=maristan.attendance.rules.states.PolicyStatus["DRAFT"], max_length=6),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["scope", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "scope", "number"), name="attendance_policy_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "active")),
                        fields=("institution", "scope", "effective_from"),
                        name="attendance_policy_day_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("threshold__range", (0, 100))), name="attendance_policy_threshold"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("late_weight__range", (0, 1))), name="attendance_policy_late_weight"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("excused__in", ["exclude", "attended", "absent"])),
                        name="attendance_policy_excused",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Summary",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("period", models.CharField(max_length=10)),
                ("start", models.DateField()),
                ("end", models.DateField()),
                ("present", models.PositiveIntegerField(default=0)),
                ("late", models.PositiveIntegerField(default=0)),
                ("absent", models.PositiveIntegerField(default=0)),
                ("excused", models.PositiveIntegerField(default=0)),
                ("unmarked", models.PositiveIntegerField(default=0)),
                ("percentage", models.DecimalField(decimal_places=2, max_digits=5)),
                ("threshold", models.DecimalField(decimal_places=2, max_digits=5)),
                ("policy", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "ordering": ["-start", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "period", "start", "end"), name="attendance_summary_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Warned",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.course"
                    ),
                ),
                (
                    "academic_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.academicperiod"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("told_on", models.DateField()),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "academic_period", "course"),
                        name="attendance_warned_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__range", (0, 2))), name="attendance_warned_level"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="EligibilityList",
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
                ("title", models.CharField(max_length=200)),
                ("owner_kind", models.CharField(blank=True, max_length=40)),
                ("owner_id", models.BigIntegerField(null=True)),
                (
                    "follows",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="attendance.eligibilitylist",
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("courses", models.JSONField(default=list)),
                ("sections", models.JSONField(default=list)),
                ("departments", models.JSONField(default=list)),
                ("audience", models.JSONField()),
                ("programs", models.JSONField(default=list)),
                ("number", models.PositiveIntegerField(default=1)),
                ("status", models.CharField(default="draft", max_length=10)),
                ("frozen_at", models.DateTimeField(null=True)),
                ("frozen_by", models.CharField(blank=True, max_length=255)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "owner_kind", "owner_id", "number"), name="attendance_list_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "frozen")),
                        fields=("institution", "owner_kind", "owner_id"),
                        name="attendance_list_one_frozen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner_id__isnull", True), ("owner_kind", "")),
                            models.Q(models.Q(("owner_kind", ""), _negated=True), ("owner_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="attendance_list_owner_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="attendance_list_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "frozen", "superseded"])),
                        name="attendance_list_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frozen_at__isnull", True), ("frozen_by", ""), ("status", "draft")),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("frozen_at__isnull", False),
                                models.Q(("frozen_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attendance_list_frozen_pair",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Correction",
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="attendance.attendance",
                    ),
                ),
                ("wanted", models.CharField(max_length=8)),
                ("reason", models.CharField(max_length=1000)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        default=maristan.attendance.rules.states.CorrectionStatus["PENDING"], max_length=10
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("line",),
                        name="attendance_correction_one_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="attendance_correction_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="attendance_correction_decided_by_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wanted__in", ["present", "late", "absent", "excused"])),
                        name="attendance_correction_wanted",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MarkChange",
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="attendance.attendance"
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=8)),
                ("after", models.CharField(blank=True, max_length=8)),
                ("source", models.CharField(max_length=10)),
                ("by", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="EligibilityLine",
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
                    "of_list",
                    models.ForeignKey(
                        db_column="list_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="attendance.eligibilitylist",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.student"
                    ),
                ),
                ("policy", models.CharField(max_length=80)),
                ("present", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
                ("absent", models.PositiveIntegerField()),
                ("excused", models.PositiveIntegerField()),
                ("unmarked", models.PositiveIntegerField()),
                ("percentage", models.DecimalField(decimal_places=2, max_digits=5)),
                ("threshold", models.DecimalField(decimal_places=2, max_digits=5)),
                ("max_points", models.DecimalField(decimal_places=2, max_digits=5)),
                ("grants_per_period", models.PositiveSmallIntegerField()),
                ("eligible", models.BooleanField()),
                ("code", models.CharField(max_length=20)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("of_list", "person"), name="attendance_eligibilityline_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__in", ["eligible", "condoned"]), ("eligible", True)),
                            models.Q(("code__in", ["below_threshold", "no_sessions"]), ("eligible", False)),
                            _connector="OR",
                        ),
                        name="attendance_eligibilityline_code",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Condonation",
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="condonations",
                        to="attendance.eligibilityline",
                    ),
                ),
                ("shortfall", models.DecimalField(decimal_places=2, max_digits=5)),
                ("reason", models.CharField(max_length=1000)),
                ("status", models.CharField(default="requested", max_length=10)),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "granted")),
                        fields=("line",),
                        name="attendance_condonation_one_granted",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "requested")),
                        fields=("line",),
                        name="attendance_condonation_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="attendance_condonation_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="attendance_condonation_decided_by_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["requested", "granted", "refused", "revoked"])),
                        name="attendance_condonation_status",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
