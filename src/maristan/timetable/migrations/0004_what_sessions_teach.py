"""What of the syllabus sessions teach."""

import django.db.models.deletion
from django.db import migrations, models

import maristan.kernel.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0005_admissions_desk_syllabus"),
        ("directory", "0008_addresses_and_papers"),
        ("timetable", "0003_pairs"),
    ]

    operations = [
        migrations.CreateModel(
            name="SessionSyllabusItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="academics.syllabusitem"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="timetable.session"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "item"), name="timetable_sessionsyllabusitem_once")
                ],
            },
        ),
        *maristan.kernel.tenancy.protect("timetable_sessionsyllabusitem"),
    ]
