"""What people owe, and learning material."""

import django.db.models.deletion
from django.db import migrations, models

import maristan.academics.rules.states
import maristan.kernel.tenancy
from maristan.kernel.tenancy import append_only, protect


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0008_proved_addresses"),
        ("directory", "0009_slot_count_is_a_number"),
        ("kernel", "0006_own_schema_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(max_length=200)),
                ("description", models.CharField(blank=True, max_length=2000)),
                ("kind", models.CharField(max_length=4)),
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
                ("created_by_name", models.CharField(max_length=255)),
                ("published_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
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
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("first_opened_at", models.DateTimeField()),
                ("last_opened_at", models.DateTimeField()),
                ("opens", models.PositiveIntegerField(default=1)),
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
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.requirement"
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("filename", models.CharField(blank=True, max_length=120)),
                ("value", models.CharField(blank=True, max_length=255)),
                ("by", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
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
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="academics.obligation",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="material",
            index=models.Index(fields=["institution", "status", "-published_at"], name="academics_material_feed"),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "file"), ("url", "")),
                    models.Q(("file__isnull", True), ("kind", "link")),
                    _connector="OR",
                ),
                name="academics_material_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("file__isnull", False), ("kind", "file")),
                    models.Q(("kind", "link"), models.Q(("url", ""), _negated=True)),
                    _connector="OR",
                ),
                name="academics_material_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("available_from__isnull", True),
                    ("available_until__isnull", True),
                    ("available_until__gt", models.F("available_from")),
                    _connector="OR",
                ),
                name="academics_material_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("material", "person"), name="academics_receipt_once"),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__isnull", True), ("due_after_days__isnull", True), _connector="OR"),
                name="academics_requirement_one_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("field__isnull", False), ("kind", "profile_field")),
                    models.Q(("field__isnull", True), ("kind", "document")),
                    _connector="OR",
                ),
                name="academics_requirement_field",
            ),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.CheckConstraint(
                condition=models.Q(("lock_lead_hours__lte", 720)), name="academics_requirement_lead"
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["person", "status"], name="academics_obligation_owed"),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["institution", "status", "due_at"], name="academics_obligation_due"),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(fields=("requirement", "person"), name="academics_obligation_once"),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at__isnull", False), ("status__in", ("verified", "waived"))),
                    models.Q(("completed_at__isnull", True), ("status__in", ("pending", "submitted", "rejected"))),
                    _connector="OR",
                ),
                name="academics_obligation_completed",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", False), ("value", "")),
                    models.Q(("file__isnull", True), models.Q(("value", ""), _negated=True)),
                    _connector="OR",
                ),
                name="academics_submission_one",
            ),
        ),
        *protect(
            "academics_material",
            "academics_receipt",
            "academics_requirement",
            "academics_obligation",
            "academics_submission",
        ),
        *append_only("academics_submission"),
    ]
