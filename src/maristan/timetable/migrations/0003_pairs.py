"""Stamps come in pairs, and a cancellation says by whom and why; older rows are completed first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_initial"),
        ("timetable", "0002_database_rules"),
    ]

    operations = [
        migrations.RunSQL(
            """
            UPDATE timetable_session SET cancel_reason = 'No longer in the published week.'
            WHERE status = 'cancelled' AND cancel_reason = '';
            UPDATE timetable_session SET cancelled_by = '-' WHERE status = 'cancelled' AND cancelled_by = '';
            UPDATE timetable_weekplan SET edited_at = NULL WHERE edited_by_id IS NULL AND edited_at IS NOT NULL;
            UPDATE timetable_weekplan SET edited_by_id = NULL WHERE edited_at IS NULL AND edited_by_id IS NOT NULL;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(
            model_name="session",
            name="timetable_session_cancelled_together",
        ),
        migrations.RemoveConstraint(
            model_name="weekplan",
            name="timetable_weekplan_verified_pair",
        ),
        migrations.RemoveConstraint(
            model_name="weekplan",
            name="timetable_weekplan_published_pair",
        ),
        migrations.AlterField(
            model_name="weekplan",
            name="edited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
            ),
        ),
        migrations.AlterField(
            model_name="weekplan",
            name="published_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
            ),
        ),
        migrations.AlterField(
            model_name="weekplan",
            name="verified_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="weekplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                    models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                    _connector="OR",
                ),
                name="timetable_weekplan_verified_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="weekplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="timetable_weekplan_published_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="weekplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("edited_at__isnull", True), ("edited_by__isnull", True)),
                    models.Q(("edited_at__isnull", False), ("edited_by__isnull", False)),
                    _connector="OR",
                ),
                name="timetable_weekplan_edited_pair",
            ),
        ),
    ]
