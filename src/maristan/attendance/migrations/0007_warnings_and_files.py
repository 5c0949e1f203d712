"""A file with a correction, and what people were told of their standing."""

import django.db.models.deletion
from django.db import migrations, models

import maristan.kernel.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0009_obligations_and_materials"),
        ("attendance", "0006_lists_are_evidence"),
        ("directory", "0009_slot_count_is_a_number"),
        ("kernel", "0006_own_schema_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
            ),
        ),
        migrations.CreateModel(
            name="Warned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("level", models.PositiveSmallIntegerField()),
                ("told_on", models.DateField()),
                (
                    "academic_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.academicperiod"
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
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
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
            },
        ),
        *maristan.kernel.tenancy.protect("attendance_warned"),
    ]
