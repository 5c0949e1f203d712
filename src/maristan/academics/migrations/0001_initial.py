import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.db import migrations, models

import maristan.academics.rules.states
import maristan.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Program",
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
                ("name", models.CharField(max_length=255)),
                ("code", models.CharField(max_length=16)),
                ("description", models.TextField(blank=True)),
                (
                    "structure_type",
                    models.CharField(default=maristan.academics.rules.states.ProgramStructure["YEARLY"], max_length=10),
                ),
                ("period_length_months", models.PositiveSmallIntegerField(null=True)),
                ("total_periods", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.ProgramStatus["DRAFT"], max_length=10),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("institution"),
                        django.db.models.functions.text.Lower("name"),
                        name="academics_program_name_once",
                    ),
                    models.UniqueConstraint(
                        models.F("institution"),
                        django.db.models.functions.text.Lower("code"),
                        name="academics_program_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("period_length_months__gt", 0),
                                ("period_length_months__isnull", False),
                                ("structure_type", "custom"),
                            ),
                            models.Q(
                                models.Q(("structure_type", "custom"), _negated=True),
                                ("period_length_months__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="academics_program_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_periods__gt", 0)), name="academics_program_total"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Course",
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
                ("code", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=255)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.department"
                    ),
                ),
                ("credits", models.DecimalField(decimal_places=1, default=3, max_digits=4)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["code", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("institution"),
                        django.db.models.functions.text.Lower("code"),
                        name="academics_course_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credits__range", (0, 60))), name="academics_course_credits"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AdmissionCounter",
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
                ("key", models.CharField(max_length=60)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "key"), name="academics_admissioncounter_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RequestType",
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
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("handler_role", models.CharField(max_length=30)),
                ("requires_attachment", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("institution"),
                        django.db.models.functions.text.Lower("code"),
                        name="academics_requesttype_code_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Material",
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
                ("description", models.CharField(blank=True, max_length=2000)),
                ("kind", models.CharField(max_length=4)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("filename", models.CharField(blank=True, max_length=120)),
                ("url", models.CharField(blank=True, max_length=2000)),
                ("mime", models.CharField(blank=True, max_length=100)),
                ("size_bytes", models.PositiveIntegerField(null=True)),
                ("audience", models.JSONField(default=list)),
                ("available_from", models.DateTimeField(null=True)),
                ("available_until", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.MaterialStatus["DRAFT"], max_length=9),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("created_by_name", models.CharField(max_length=255)),
                ("published_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["institution", "status", "-published_at"], name="academics_material_feed")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "file"), ("url", "")),
                            models.Q(("file__isnull", True), ("kind", "link")),
                            _connector="OR",
                        ),
                        name="academics_material_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"),
                            models.Q(("file__isnull", False), ("kind", "file")),
                            models.Q(("kind", "link"), models.Q(("url", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="academics_material_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("available_from__isnull", True),
                            ("available_until__isnull", True),
                            ("available_until__gt", models.F("available_from")),
                            _connector="OR",
                        ),
                        name="academics_material_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    maristan.academics.rules.states.MaterialStatus["DRAFT"],
                                    maristan.academics.rules.states.MaterialStatus["PUBLISHED"],
                                    maristan.academics.rules.states.MaterialStatus["ARCHIVED"],
                                ],
                            )
                        ),
                        name="academics_material_status",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
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
                ("description", models.CharField(blank=True, max_length=2000)),
                ("kind", models.CharField(max_length=13)),
                ("field", models.CharField(max_length=20, null=True)),
                ("audience", models.JSONField(default=list)),
                ("due_on", models.DateField(null=True)),
                ("due_after_days", models.PositiveSmallIntegerField(null=True)),
                ("lock_lead_hours", models.PositiveSmallIntegerField(default=72)),
                ("locks", models.JSONField(default=list)),
                ("mid_session", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__isnull", True), ("due_after_days__isnull", True), _connector="OR"),
                        name="academics_requirement_one_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("field__isnull", False), ("kind", "profile_field")),
                            models.Q(("field__isnull", True), ("kind", "document")),
                            _connector="OR",
                        ),
                        name="academics_requirement_field",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lock_lead_hours__lte", 720)), name="academics_requirement_lead"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Batch",
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="academics.program"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("intake_year", models.PositiveSmallIntegerField()),
                ("graduation_year", models.PositiveSmallIntegerField()),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-graduation_year", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("program"),
                        django.db.models.functions.text.Lower("name"),
                        name="academics_batch_name_once",
                    ),
                    models.UniqueConstraint(fields=("id", "program"), name="academics_batch_id_program"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("intake_year__gte", 1900),
                            ("graduation_year__lte", 2100),
                            ("graduation_year__gt", models.F("intake_year")),
                            (
                                "graduation_year__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("intake_year"), "+", models.Value(12)
                                ),
                            ),
                        ),
                        name="academics_batch_years",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Track",
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tracks", to="academics.program"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("program"),
                        django.db.models.functions.text.Lower("name"),
                        name="academics_track_name_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CourseProgram",
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_programs",
                        to="academics.course",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.program"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("course", "program"), name="academics_courseprogram_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.material"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("first_opened_at", models.DateTimeField()),
                ("last_opened_at", models.DateTimeField()),
                ("opens", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("material", "person"), name="academics_receipt_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
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
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.requirement"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("assigned_on", models.DateField()),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.ObligationStatus["PENDING"], max_length=9),
                ),
                ("submitted_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(fields=["person", "status"], name="academics_obligation_owed"),
                    models.Index(fields=["institution", "status", "due_at"], name="academics_obligation_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("requirement", "person"), name="academics_obligation_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    maristan.academics.rules.states.ObligationStatus["PENDING"],
                                    maristan.academics.rules.states.ObligationStatus["SUBMITTED"],
                                    maristan.academics.rules.states.ObligationStatus["VERIFIED"],
                                    maristan.academics.rules.states.ObligationStatus["REJECTED"],
                                    maristan.academics.rules.states.ObligationStatus["WAIVED"],
                                ],
                            )
                        ),
                        name="academics_obligation_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_at__isnull", False), ("status__in", ("verified", "waived"))),
                            models.Q(
                                ("completed_at__isnull", True), ("status__in", ("pending", "submitted", "rejected"))
                            ),
                            _connector="OR",
                        ),
                        name="academics_obligation_completed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Group",
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
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="academics.batch"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("capacity", models.PositiveIntegerField(null=True)),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["batch_id", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("batch"),
                        django.db.models.functions.text.Lower("name"),
                        name="academics_group_name_once",
                    ),
                    models.UniqueConstraint(fields=("id", "batch"), name="academics_group_id_batch"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AcademicPeriod",
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="academics.program"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="academics.batch",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="academics.academicperiod",
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("level_no", models.PositiveSmallIntegerField(null=True)),
                ("start_date", models.DateField(null=True)),
                ("end_date", models.DateField(null=True)),
                ("offset_days", models.PositiveIntegerField(null=True)),
                ("length_days", models.PositiveIntegerField(null=True)),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.PeriodStatus["PLANNED"], max_length=10),
                ),
                ("is_enrollment_open", models.BooleanField(default=False)),
                (
                    "template",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="academics.academicperiod",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.track"
                    ),
                ),
                (
                    "primary_department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.department",
                    ),
                ),
                (
                    "sub_department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.department",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["program_id", "batch_id", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "batch", "parent", "name"),
                        name="academics_academicperiod_name_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        fields=("program", "batch", "parent", "position"),
                        name="academics_academicperiod_position_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_date__isnull", True), ("start_date__isnull", True)),
                            models.Q(
                                ("end_date__gte", models.F("start_date")),
                                ("end_date__isnull", False),
                                ("start_date__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="academics_academicperiod_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level_no__isnull", True), ("level_no__range", (1, 20)), _connector="OR"),
                        name="academics_academicperiod_level",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Intake",
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.program"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.batch"
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("seats", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-opens_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="academics_intake_times"
                    ),
                    models.CheckConstraint(condition=models.Q(("seats__gte", 1)), name="academics_intake_seats"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Submission",
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
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="academics.obligation",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("filename", models.CharField(blank=True, max_length=120)),
                ("value", models.CharField(blank=True, max_length=255)),
                ("by", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("value", "")),
                            models.Q(("file__isnull", True), models.Q(("value", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="academics_submission_one",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Section",
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.course"
                    ),
                ),
                (
                    "academic_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.academicperiod"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "faculty",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.group"
                    ),
                ),
                ("capacity", models.PositiveIntegerField(default=50)),
                ("self_enrollment", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["course_id", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course", "academic_period", "name"), name="academics_section_name_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__range", (1, 5000))), name="academics_section_capacity"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Student",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("reg_no", models.CharField(max_length=32)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.program"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.batch"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.group"
                    ),
                ),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.StudentStatus["ACTIVE"], max_length=10),
                ),
                ("current_year", models.PositiveSmallIntegerField(default=1)),
                ("enrollment_year", models.PositiveSmallIntegerField(null=True)),
                ("expected_graduation_year", models.PositiveSmallIntegerField(null=True)),
                ("actual_graduation_year", models.PositiveSmallIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["reg_no", "id"],
                "indexes": [
                    models.Index(fields=["institution", "reg_no", "id"], name="academics_student_by_reg_no"),
                    models.Index(fields=["group", "status"], name="academics_student_by_group"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("institution"),
                        django.db.models.functions.text.Lower("reg_no"),
                        name="academics_student_reg_no_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("current_year__range", (1, 20))), name="academics_student_current_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actual_graduation_year__isnull", True),
                            ("enrollment_year__isnull", True),
                            ("actual_graduation_year__gte", models.F("enrollment_year")),
                            _connector="OR",
                        ),
                        name="academics_student_graduation_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reg_no", ""), _negated=True), name="academics_student_reg_no_given"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SyllabusItem",
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
                ("code", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(max_length=255)),
                ("description", models.TextField(blank=True)),
                ("learning_objectives", models.TextField(blank=True)),
                ("order_no", models.PositiveIntegerField(default=0)),
                ("planned_minutes", models.PositiveIntegerField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["order_no", "id"],
                "indexes": [
                    models.Index(fields=["academic_period", "order_no", "id"], name="academics_syllabusitem_period"),
                    models.Index(fields=["course", "order_no", "id"], name="academics_syllabusitem_course"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("academic_period__isnull", False), ("course__isnull", False), _connector="OR"
                        ),
                        name="academics_syllabusitem_belongs",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionTeacher",
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
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="further_teachers",
                        to="academics.section",
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
                    models.UniqueConstraint(fields=("section", "person"), name="academics_sectionteacher_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Placement",
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
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="placements", to="academics.student"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.batch"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.group"
                    ),
                ),
                ("from_date", models.DateField()),
                ("to_date", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-from_date", "-id"],
                "indexes": [models.Index(fields=["group", "from_date"], name="academics_placement_by_group")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_date__isnull", True), ("to_date__gte", models.F("from_date")), _connector="OR"
                        ),
                        name="academics_placement_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_date__isnull", True)),
                        fields=("student",),
                        name="academics_placement_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrollment",
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
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrollments", to="academics.student"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrollments", to="academics.section"
                    ),
                ),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.EnrollmentStatus["ACTIVE"], max_length=10),
                ),
                ("enrolled_at", models.DateTimeField()),
                ("enrolled_by", models.CharField(max_length=255)),
                ("dropped_at", models.DateTimeField(null=True)),
                ("drop_reason", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["section", "status"], name="academics_enrollment_by_sec")],
                "constraints": [
                    models.UniqueConstraint(fields=("student", "section"), name="academics_enrollment_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
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
                    "intake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="academics.intake"
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True)),
                ("batch_year", models.PositiveSmallIntegerField()),
                ("current_year", models.PositiveSmallIntegerField(default=1)),
                ("full_name", models.CharField(blank=True, max_length=255)),
                ("father_name", models.CharField(blank=True, max_length=255)),
                ("gender", models.CharField(blank=True, max_length=12)),
                ("date_of_birth", models.DateField(null=True)),
                ("cnic_or_bform", models.CharField(blank=True, max_length=20)),
                ("mobile", models.CharField(blank=True, max_length=20)),
                ("email", models.CharField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("address", models.CharField(blank=True, max_length=500)),
                ("guardian_name", models.CharField(blank=True, max_length=255)),
                ("guardian_relation", models.CharField(blank=True, max_length=10)),
                ("guardian_phone_whatsapp", models.CharField(blank=True, max_length=20)),
                ("mdcat_roll_number", models.CharField(blank=True, max_length=40)),
                ("merit_number", models.PositiveIntegerField(null=True)),
                ("merit_percentage", models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                ("last_qualification", models.CharField(blank=True, max_length=10)),
                ("institute_name", models.CharField(blank=True, max_length=255)),
                ("board_or_university", models.CharField(blank=True, max_length=255)),
                ("passing_year", models.PositiveSmallIntegerField(null=True)),
                ("total_marks_or_grade", models.CharField(blank=True, max_length=40)),
                ("obtained_marks_or_grade", models.CharField(blank=True, max_length=40)),
                ("subjects", models.CharField(blank=True, max_length=500)),
                (
                    "photo",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10)),
                ("staff_notes", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.ApplicationStatus["DRAFT"], max_length=12),
                ),
                (
                    "student",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.student"
                    ),
                ),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=255)),
                ("decision_reason", models.CharField(blank=True, max_length=500)),
                ("email_verified_at", models.DateTimeField(null=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("token_expires_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["institution", "status", "-id"], name="academics_application_queue"),
                    models.Index(fields=["intake", "status"], name="academics_application_by_intak"),
                    models.Index(fields=["institution", "cnic_or_bform"], name="academics_application_by_cnic"),
                    models.Index(fields=["institution", "mobile"], name="academics_application_by_mobil"),
                    models.Index(fields=["institution", "mdcat_roll_number"], name="academics_application_by_mdcat"),
                    models.Index(fields=["institution", "email"], name="academics_application_by_email"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "number"), name="academics_application_number_once"),
                    models.UniqueConstraint(
                        models.F("intake"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("status", "draft")),
                        name="academics_application_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", True), ("status", "draft"), ("submitted_at__isnull", True)),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("number__isnull", False),
                                ("submitted_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="academics_application_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="academics_application_decided_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "approved"), ("student__isnull", False)),
                            models.Q(models.Q(("status", "approved"), _negated=True), ("student__isnull", True)),
                            _connector="OR",
                        ),
                        name="academics_application_student",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("batch_year__range", (2000, 2100))), name="academics_application_batch_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("current_year__range", (1, 20))), name="academics_application_current_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("passing_year__isnull", True), ("passing_year__range", (1900, 2100)), _connector="OR"
                        ),
                        name="academics_application_passing_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merit_number__isnull", True), ("merit_number__gte", 1), _connector="OR"),
                            models.Q(
                                ("merit_percentage__isnull", True),
                                ("merit_percentage__range", (0, 100)),
                                _connector="OR",
                            ),
                        ),
                        name="academics_application_merit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
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
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.requesttype"
                    ),
                ),
                (
                    "requester",
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
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "priority",
                    models.CharField(default=maristan.academics.rules.states.RequestPriority["MEDIUM"], max_length=8),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.RequestStatus["PENDING"], max_length=12),
                ),
                ("submitted_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolution_notes", models.CharField(blank=True, max_length=2000)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["institution", "status", "-submitted_at", "-id"], name="academics_request_queue"
                    ),
                    models.Index(fields=["requester", "-id"], name="academics_request_by_requester"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("status__in", ("pending", "under_review"))),
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("status__in", ("approved", "rejected", "completed", "cancelled")),
                            ),
                            _connector="OR",
                        ),
                        name="academics_request_resolved",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationFile",
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="academics.application"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "kind"), name="academics_applicationfile_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RequestAttachment",
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="academics.request"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("added_by", models.CharField(max_length=255)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="RequestRemark",
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="academics.request"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("author_name", models.CharField(max_length=255)),
                ("text", models.CharField(max_length=2000)),
                ("is_internal", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
