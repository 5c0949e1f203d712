import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maristan.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="InboxItem",
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
                ("kind", models.CharField(max_length=60)),
                ("cause_kind", models.CharField(max_length=40)),
                ("cause_id", models.BigIntegerField()),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("title", models.CharField(max_length=255)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("params", models.JSONField(default=dict)),
                ("url", models.CharField(blank=True, max_length=200)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["institution", "-id"],
                        name="work_inboxitem_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("institution", "kind", "cause_kind", "cause_id"),
                        name="work_inboxitem_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience", []), _negated=True), name="work_inboxitem_has_audience"
                    ),
                ],
            },
        ),
    ]
