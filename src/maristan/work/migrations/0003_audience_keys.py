"""An inbox item is one row for all who may act on it."""

import django.contrib.postgres.fields
from django.db import migrations, models

ALTER = "ALTER TABLE work_inboxitem ALTER COLUMN audience TYPE varchar(60)[] USING ARRAY[audience]"
BACK = "ALTER TABLE work_inboxitem ALTER COLUMN audience TYPE varchar(60) USING audience[1]"


class Migration(migrations.Migration):
    dependencies = [("work", "0002_database_rules")]

    operations = [
        migrations.RemoveConstraint("inboxitem", "work_inboxitem_one_open"),
        migrations.RemoveIndex("inboxitem", "work_inboxitem_open"),
        migrations.RunSQL(
            ALTER,
            BACK,
            state_operations=[
                migrations.AlterField(
                    "inboxitem",
                    "audience",
                    django.contrib.postgres.fields.ArrayField(models.CharField(max_length=60), size=None),
                )
            ],
        ),
        migrations.AddConstraint(
            "inboxitem",
            models.UniqueConstraint(
                fields=["institution", "kind", "cause_kind", "cause_id"],
                condition=models.Q(("closed_at__isnull", True)),
                name="work_inboxitem_one_open",
            ),
        ),
        migrations.AddConstraint(
            "inboxitem",
            models.CheckConstraint(
                condition=models.Q(("audience", []), _negated=True), name="work_inboxitem_has_audience"
            ),
        ),
        migrations.AddIndex(
            "inboxitem",
            models.Index(
                fields=["institution", "-id"],
                condition=models.Q(("closed_at__isnull", True)),
                name="work_inboxitem_open",
            ),
        ),
    ]
