"""Intakes and applications, the request desk, and the syllabus."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import maristan.academics.rules.states
import maristan.kernel.tenancy

TABLES = [
    "academics_intake",
    "academics_application",
    "academics_applicationfile",
    "academics_admissioncounter",
    "academics_requesttype",
    "academics_request",
    "academics_requestattachment",
    "academics_requestremark",
    "academics_syllabusitem",
]


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0004_database_marks"),
        ("directory", "0007_leave_attachment"),
        ("kernel", "0003_kept_for_a_while"),
    ]

    operations = [
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("seats", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.batch"
                    ),
                ),
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
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.program"
                    ),
                ),
            ],
            options={
                "ordering": ["-opens_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                ("language", models.CharField(blank=True, max_length=10)),
                ("staff_notes", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.ApplicationStatus["DRAFT"], max_length=12),
                ),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=255)),
                ("decision_reason", models.CharField(blank=True, max_length=500)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("token_expires_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
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
                (
                    "photo",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                (
                    "student",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.student"
                    ),
                ),
                (
                    "intake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="academics.intake",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "priority",
                    models.CharField(default=maristan.academics.rules.states.RequestPriority["MEDIUM"], max_length=8),
                ),
                (
                    "status",
                    models.CharField(default=maristan.academics.rules.states.RequestStatus["PENDING"], max_length=12),
                ),
                ("submitted_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolution_notes", models.CharField(blank=True, max_length=2000)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
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
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RequestAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120)),
                ("added_by", models.CharField(max_length=255)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
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
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="academics.request"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RequestRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("author_name", models.CharField(max_length=255)),
                ("text", models.CharField(max_length=2000)),
                ("is_internal", models.BooleanField(default=False)),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
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
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="academics.request"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RequestType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("handler_role", models.CharField(max_length=30)),
                ("requires_attachment", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="request",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.requesttype"
            ),
        ),
        migrations.CreateModel(
            name="SyllabusItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(max_length=255)),
                ("description", models.TextField(blank=True)),
                ("learning_objectives", models.TextField(blank=True)),
                ("order_no", models.PositiveIntegerField(default=0)),
                ("planned_minutes", models.PositiveIntegerField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                    "institution",
                    models.ForeignKey(
                        db_default=maristan.kernel.tenancy.CurrentInstitution(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.institution",
                    ),
                ),
            ],
            options={
                "ordering": ["order_no", "id"],
            },
        ),
        migrations.CreateModel(
            name="AdmissionCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("key", models.CharField(max_length=60)),
                ("last", models.PositiveIntegerField(default=0)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "key"), name="academics_admissioncounter_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=24)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="academics.application"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
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
            ],
            options={
                "ordering": ["kind", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "kind"), name="academics_applicationfile_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="academics_intake_times"
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(condition=models.Q(("seats__gte", 1)), name="academics_intake_seats"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["institution", "status", "-id"], name="academics_application_queue"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["intake", "status"], name="academics_application_by_intak"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["institution", "cnic_or_bform"], name="academics_application_by_cnic"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["institution", "mobile"], name="academics_application_by_mobil"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["institution", "mdcat_roll_number"], name="academics_application_by_mdcat"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["institution", "email"], name="academics_application_by_email"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                fields=("institution", "number"), name="academics_application_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                models.F("intake"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("status", "draft")),
                name="academics_application_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by", "")),
                    models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="academics_application_decided_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "approved"), ("student__isnull", False)),
                    models.Q(models.Q(("status", "approved"), _negated=True), ("student__isnull", True)),
                    _connector="OR",
                ),
                name="academics_application_student",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("batch_year__range", (2000, 2100))), name="academics_application_batch_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("current_year__range", (1, 20))), name="academics_application_current_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("passing_year__isnull", True), ("passing_year__range", (1900, 2100)), _connector="OR"
                ),
                name="academics_application_passing_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merit_number__isnull", True), ("merit_number__gte", 1), _connector="OR"),
                    models.Q(
                        ("merit_percentage__isnull", True), ("merit_percentage__range", (0, 100)), _connector="OR"
                    ),
                ),
                name="academics_application_merit",
            ),
        ),
        migrations.AddConstraint(
            model_name="requesttype",
            constraint=models.UniqueConstraint(
                models.F("institution"),
                django.db.models.functions.text.Lower("code"),
                name="academics_requesttype_code_once",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                fields=["institution", "status", "-submitted_at", "-id"], name="academics_request_queue"
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["requester", "-id"], name="academics_request_by_requester"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at__isnull", True), ("status__in", ("pending", "under_review"))),
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("status__in", ("approved", "rejected", "completed", "cancelled")),
                    ),
                    _connector="OR",
                ),
                name="academics_request_resolved",
            ),
        ),
        migrations.AddIndex(
            model_name="syllabusitem",
            index=models.Index(fields=["academic_period", "order_no", "id"], name="academics_syllabusitem_period"),
        ),
        migrations.AddIndex(
            model_name="syllabusitem",
            index=models.Index(fields=["course", "order_no", "id"], name="academics_syllabusitem_course"),
        ),
        migrations.AddConstraint(
            model_name="syllabusitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("academic_period__isnull", False), ("course__isnull", False), _connector="OR"),
                name="academics_syllabusitem_belongs",
            ),
        ),
        *maristan.kernel.tenancy.protect(*TABLES),
        migrations.RunSQL(
            """ALTER TABLE academics_intake ADD CONSTRAINT academics_intake_batch_of_program
                 FOREIGN KEY (batch_id, program_id) REFERENCES academics_batch (id, program_id)""",
            "ALTER TABLE academics_intake DROP CONSTRAINT academics_intake_batch_of_program",
        ),
        migrations.RunSQL(
            """CREATE FUNCTION academics_applied_with(wanted text) RETURNS bigint
                 LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                 SELECT institution_id FROM academics_application WHERE token_hash = wanted $$""",
            "DROP FUNCTION academics_applied_with(text)",
        ),
    ]
