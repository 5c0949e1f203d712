"""A custom structure has a length, and a period that starts ends: a check that compares with null passes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0006_first_request_types"),
        ("directory", "0008_addresses_and_papers"),
    ]

    operations = [
        migrations.RunSQL(
            """
            UPDATE academics_program SET period_length_months = 12
            WHERE structure_type = 'custom' AND period_length_months IS NULL;
            UPDATE academics_academicperiod SET end_date = start_date
            WHERE start_date IS NOT NULL AND end_date IS NULL;
            SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(
            model_name="academicperiod",
            name="academics_academicperiod_dates",
        ),
        migrations.RemoveConstraint(
            model_name="program",
            name="academics_program_length",
        ),
        migrations.AddConstraint(
            model_name="academicperiod",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("period_length_months__gt", 0),
                        ("period_length_months__isnull", False),
                        ("structure_type", "custom"),
                    ),
                    models.Q(
                        models.Q(("structure_type", "custom"), _negated=True), ("period_length_months__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="academics_program_length",
            ),
        ),
    ]
