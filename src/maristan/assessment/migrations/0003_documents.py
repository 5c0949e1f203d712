"""Issued documents with their numbers, and documents for whole audiences."""

import django.db.models.deletion
from django.db import migrations, models

import maristan.assessment.rules.documents
import maristan.kernel.tenancy
from maristan.kernel.tenancy import protect

KEPT = """
CREATE FUNCTION assessment_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR
     (NEW.institution_id, NEW.kind, NEW.number, NEW.person_id, NEW.student_id, NEW.request_id, NEW.language,
      NEW.snapshot, NEW.result_ids, NEW.content_hash, NEW.code, NEW.issued_at, NEW.issued_by)
     IS DISTINCT FROM
     (OLD.institution_id, OLD.kind, OLD.number, OLD.person_id, OLD.student_id, OLD.request_id, OLD.language,
      OLD.snapshot, OLD.result_ids, OLD.content_hash, OLD.code, OLD.issued_at, OLD.issued_by)
     OR OLD.file_id IS NOT NULL
        AND (NEW.file_id, NEW.file_sha256) IS DISTINCT FROM (OLD.file_id, OLD.file_sha256)
     OR OLD.status = 'revoked' AND NEW.status <> 'revoked'
     OR OLD.status = 'superseded' AND NEW.status = 'issued' THEN
    RAISE EXCEPTION 'an issued document never changes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_document_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_keep_document BEFORE UPDATE OR DELETE ON assessment_document
  FOR EACH ROW EXECUTE FUNCTION assessment_keep_document();
CREATE FUNCTION assessment_issued_as(wanted text) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT institution_id FROM assessment_document WHERE code = wanted $$;
"""
UNDO = """
DROP FUNCTION assessment_issued_as(text);
DROP TRIGGER assessment_keep_document ON assessment_document; DROP FUNCTION assessment_keep_document();
"""
TABLES = (
    "assessment_document",
    "assessment_documentbatch",
    "assessment_documentbatchline",
    "assessment_documentcounter",
)


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0008_proved_addresses"),
        ("assessment", "0002_database_rules"),
        ("directory", "0009_slot_count_is_a_number"),
        ("kernel", "0006_own_schema_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=10)),
                ("number", models.CharField(max_length=24)),
                (
                    "language",
                    models.CharField(
                        default=maristan.assessment.rules.documents.DocumentLanguage["ENGLISH"], max_length=4
                    ),
                ),
                ("snapshot", models.JSONField()),
                ("result_ids", models.JSONField(default=list)),
                ("content_hash", models.CharField(max_length=64)),
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
                ("reason", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.request"
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.student"
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.document",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.storedfile",
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
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="kernel.job"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentBatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("is_done", models.BooleanField(default=False)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("detail", models.CharField(blank=True, max_length=300)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="assessment.documentbatch"
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField()),
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
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["person", "kind", "status"], name="assessment_document_by_person"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                fields=("institution", "number"), name="assessment_document_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", True), ("file_sha256", "")),
                    models.Q(("file__isnull", False), models.Q(("file_sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="assessment_document_file_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="assessment_document_revoked_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", False), ("status", "revoked")),
                    models.Q(models.Q(("status", "revoked"), _negated=True), ("revoked_at__isnull", True)),
                    _connector="OR",
                ),
                name="assessment_document_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded_by__isnull", True),
                    models.Q(("superseded_by", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="assessment_document_superseded_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="documentbatchline",
            index=models.Index(fields=["batch", "is_done", "id"], name="assessment_batchline_waiting"),
        ),
        migrations.AddConstraint(
            model_name="documentbatchline",
            constraint=models.UniqueConstraint(fields=("batch", "person"), name="assessment_documentbatchline_once"),
        ),
        migrations.AddConstraint(
            model_name="documentcounter",
            constraint=models.UniqueConstraint(
                fields=("institution", "kind", "year"), name="assessment_documentcounter_once"
            ),
        ),
        *protect(*TABLES),
        migrations.RunSQL(KEPT, UNDO),
    ]
