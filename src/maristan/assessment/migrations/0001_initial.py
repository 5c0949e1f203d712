import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import maristan.assessment.rules.documents
import maristan.assessment.rules.states
import maristan.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("academics", "0001_initial"),
        ("directory", "0001_initial"),
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GradeScheme",
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
                ("scope_key", models.CharField(default="institution", max_length=60)),
                ("name", models.CharField(max_length=60)),
                ("number", models.PositiveIntegerField(default=1)),
                (
                    "status",
                    models.CharField(default=maristan.assessment.rules.states.SchemeStatus["DRAFT"], max_length=6),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "-number", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("institution"),
                        models.F("scope_key"),
                        django.db.models.functions.text.Lower("name"),
                        models.F("number"),
                        name="assessment_gradescheme_number_once",
                    ),
                    models.UniqueConstraint(
                        models.F("institution"),
                        models.F("scope_key"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("status", "draft")),
                        name="assessment_gradescheme_one_draft",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DocumentCounter",
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
                ("kind", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "kind", "year"), name="assessment_documentcounter_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                ("kind", models.CharField(max_length=10)),
                ("number", models.CharField(max_length=24)),
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
                (
                    "request",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.request"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default=maristan.assessment.rules.documents.DocumentLanguage["ENGLISH"], max_length=4
                    ),
                ),
                ("snapshot", models.JSONField()),
                ("result_ids", models.JSONField(default=list)),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("file_sha256", models.CharField(blank=True, max_length=64)),
                ("code", models.CharField(max_length=26, unique=True)),
                (
                    "status",
                    models.CharField(
                        default=maristan.assessment.rules.documents.DocumentStatus["ISSUED"], max_length=10
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(max_length=255)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.document",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["person", "kind", "status"], name="assessment_document_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "number"), name="assessment_document_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    maristan.assessment.rules.documents.CertificateKind["TRANSCRIPT"],
                                    maristan.assessment.rules.documents.CertificateKind["BONAFIDE"],
                                    maristan.assessment.rules.documents.CertificateKind["NOC"],
                                    maristan.assessment.rules.documents.CertificateKind["OTHER"],
                                ],
                            )
                        ),
                        name="assessment_document_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    maristan.assessment.rules.documents.DocumentStatus["ISSUED"],
                                    maristan.assessment.rules.documents.DocumentStatus["SUPERSEDED"],
                                    maristan.assessment.rules.documents.DocumentStatus["REVOKED"],
                                ],
                            )
                        ),
                        name="assessment_document_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", True), ("file_sha256", "")),
                            models.Q(("file__isnull", False), models.Q(("file_sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="assessment_document_file_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_document_revoked_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", False), ("status", "revoked")),
                            models.Q(models.Q(("status", "revoked"), _negated=True), ("revoked_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="assessment_document_revoked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_by__isnull", True),
                            models.Q(("superseded_by", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="assessment_document_superseded_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentBatch",
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
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="kernel.job"
                    ),
                ),
                ("audience", models.JSONField(default=list)),
                (
                    "language",
                    models.CharField(
                        default=maristan.assessment.rules.documents.DocumentLanguage["ENGLISH"], max_length=4
                    ),
                ),
                ("sends_email", models.BooleanField(default=False)),
                ("asked_by_name", models.CharField(max_length=255)),
                ("asked_by_user", models.BigIntegerField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.storedfile",
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="GradeBand",
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
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bands", to="assessment.gradescheme"
                    ),
                ),
                ("min_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("letter", models.CharField(max_length=4)),
                ("point", models.DecimalField(decimal_places=2, max_digits=4, null=True)),
                ("is_fail", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-min_percent", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "min_percent"), name="assessment_gradeband_percent_once"),
                    models.UniqueConstraint(fields=("scheme", "letter"), name="assessment_gradeband_letter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("min_percent__range", (0, 100))), name="assessment_gradeband_percent"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Exam",
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
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.department",
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
                ("title", models.CharField(max_length=200)),
                (
                    "exam_type",
                    models.CharField(default=maristan.assessment.rules.states.ExamType["THEORY"], max_length=10),
                ),
                ("scheduled_at", models.DateTimeField()),
                ("duration_minutes", models.PositiveIntegerField()),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "passing_mode",
                    models.CharField(default=maristan.assessment.rules.states.PassingMode["TOTAL_ONLY"], max_length=14),
                ),
                ("pass_total_marks", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("pass_total_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("fail_if_any_component_fail", models.BooleanField(default=False)),
                ("requires_eligibility", models.BooleanField(default=False)),
                (
                    "grade_scheme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.gradescheme",
                    ),
                ),
                ("audience", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(default=maristan.assessment.rules.states.ExamStatus["DRAFT"], max_length=9),
                ),
                ("publish_at", models.DateTimeField(null=True)),
                (
                    "publish_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("show_statistics", models.BooleanField(default=False)),
                ("cancel_reason", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-scheduled_at", "-id"],
                "indexes": [
                    models.Index(fields=["institution", "status", "scheduled_at"], name="assessment_exam_by_status"),
                    models.Index(fields=["section"], name="assessment_exam_by_section"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("duration_minutes__gte", 1)), name="assessment_exam_duration"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pass_total_percent__isnull", True),
                            ("pass_total_percent__range", (0, 100)),
                            _connector="OR",
                        ),
                        name="assessment_exam_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pass_total_marks__isnull", True), ("pass_total_marks__gte", 0), _connector="OR"
                        ),
                        name="assessment_exam_marks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "cancelled"]), ("grade_scheme__isnull", False), _connector="OR"
                        ),
                        name="assessment_exam_scheme_pinned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("publish_at__isnull", True), ("publish_by__isnull", True)),
                            models.Q(("publish_at__isnull", False), ("publish_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_exam_publish_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentBatchLine",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="assessment.documentbatch"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.document",
                    ),
                ),
                ("is_done", models.BooleanField(default=False)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("detail", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["batch", "is_done", "id"], name="assessment_batchline_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "person"), name="assessment_documentbatchline_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExamComponent",
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
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="components", to="assessment.exam"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("sequence", models.PositiveSmallIntegerField()),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.department",
                    ),
                ),
                ("max_marks", models.DecimalField(decimal_places=2, max_digits=7)),
                ("min_marks", models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ("pass_marks", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("pass_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("is_mandatory_to_pass", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "db_table": "assessment_component",
                "ordering": ["sequence", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("exam", "sequence"), name="assessment_component_sequence_once"),
                    models.UniqueConstraint(
                        models.F("exam"),
                        django.db.models.functions.text.Lower("name"),
                        name="assessment_component_name_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("max_marks__gt", 0)), name="assessment_component_max"),
                    models.CheckConstraint(condition=models.Q(("min_marks__lte", 0)), name="assessment_component_min"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pass_marks__isnull", True), ("pass_marks__lte", models.F("max_marks")), _connector="OR"
                        ),
                        name="assessment_component_pass_marks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pass_percent__isnull", True), ("pass_percent__range", (0, 100)), _connector="OR"
                        ),
                        name="assessment_component_pass_percent",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
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
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="candidates", to="assessment.exam"
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
                ("seat_no", models.CharField(max_length=20, null=True)),
                (
                    "admission",
                    models.CharField(default=maristan.assessment.rules.states.Admission["ADMITTED"], max_length=12),
                ),
                ("code", models.CharField(blank=True, max_length=60)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["person", "exam"], name="assessment_candidate_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("exam", "person"), name="assessment_candidate_once"),
                    models.UniqueConstraint(fields=("exam", "seat_no"), name="assessment_candidate_seat_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
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
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="assessment.exam"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("is_current", models.BooleanField(default=True)),
                ("total_obtained", models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ("total_max", models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ("percentage", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("letter", models.CharField(blank=True, max_length=4)),
                ("point", models.DecimalField(decimal_places=2, max_digits=4, null=True)),
                (
                    "final_outcome",
                    models.CharField(default=maristan.assessment.rules.states.Outcome["PENDING"], max_length=7),
                ),
                (
                    "status",
                    models.CharField(default=maristan.assessment.rules.states.ResultStatus["DRAFT"], max_length=9),
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
                ("frozen_at", models.DateTimeField(null=True)),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["person", "exam"], name="assessment_result_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("exam", "person"),
                        name="assessment_result_one_current",
                    ),
                    models.UniqueConstraint(
                        fields=("exam", "person", "revision"), name="assessment_result_revision_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_result_verified_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_result_published_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frozen_at__isnull", True), ("frozen_by__isnull", True)),
                            models.Q(("frozen_at__isnull", False), ("frozen_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_result_frozen_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradebookItem",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.section"
                    ),
                ),
                (
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gradebook_items",
                        to="assessment.exam",
                    ),
                ),
                ("weight", models.DecimalField(decimal_places=2, max_digits=5)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("section", "exam"), name="assessment_gradebookitem_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0), ("weight__lte", 100)),
                        name="assessment_gradebookitem_weight",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Examiner",
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
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="examiners", to="assessment.exam"
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="examiners",
                        to="assessment.examcomponent",
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
                "ordering": ["id"],
                "indexes": [models.Index(fields=["person", "exam"], name="assessment_examiner_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exam", "component", "person"), name="assessment_examiner_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultEntry",
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
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="assessment.result"
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessment.examcomponent"
                    ),
                ),
                ("state", models.CharField(max_length=6)),
                ("marks", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("max_marks", models.DecimalField(decimal_places=2, max_digits=7)),
                ("min_marks", models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ("outcome", models.CharField(max_length=4)),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "db_table": "assessment_entry",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("result", "component"), name="assessment_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("marks__isnull", True),
                            models.Q(("marks__gte", models.F("min_marks")), ("marks__lte", models.F("max_marks"))),
                            _connector="OR",
                        ),
                        name="assessment_entry_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("marks__isnull", False), ("state", "marked")),
                            models.Q(("marks__isnull", True), ("state__in", ["absent", "exempt"])),
                            _connector="OR",
                        ),
                        name="assessment_entry_marked",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ResultCorrection",
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
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="assessment.result"
                    ),
                ),
                ("entries", models.JSONField(default=dict)),
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
                        default=maristan.assessment.rules.states.CorrectionStatus["PROPOSED"], max_length=9
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
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
                        condition=models.Q(("status", "proposed")),
                        fields=("result",),
                        name="assessment_resultcorrection_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="assessment_resultcorrection_by_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_resultcorrection_decided_pair",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
