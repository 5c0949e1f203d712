import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.db import migrations, models

import maristan.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
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
                ("owner_kind", models.CharField(max_length=40)),
                ("owner_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=255)),
                ("place", models.CharField(blank=True, max_length=255)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("is_all_day", models.BooleanField(default=False)),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=200)),
                ("is_cancelled", models.BooleanField(default=False)),
                ("cancel_reason", models.CharField(blank=True, max_length=500)),
                ("sequence", models.PositiveIntegerField(default=0)),
                (
                    "is_long",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.lookups.GreaterThan(
                            models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("ends_at"), "-", models.F("starts_at")
                                ),
                                models.DurationField(),
                            ),
                            models.Value(datetime.timedelta(days=7), models.DurationField()),
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "indexes": [
                    models.Index(fields=["institution", "starts_at", "ends_at"], name="agenda_entry_window"),
                    models.Index(
                        condition=models.Q(("is_long", True)),
                        fields=["institution", "starts_at"],
                        name="agenda_entry_long_window",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "owner_kind", "owner_id"), name="agenda_entry_owner_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="agenda_entry_times"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
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
                ("place_id", models.BigIntegerField()),
                ("owner_kind", models.CharField(max_length=40)),
                ("owner_id", models.BigIntegerField()),
                ("label", models.CharField(max_length=255)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "indexes": [models.Index(fields=["institution", "starts_at", "ends_at"], name="agenda_booking_window")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "owner_kind", "owner_id", "place_id"), name="agenda_booking_owner_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="agenda_booking_times"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
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
                ("person_id", models.BigIntegerField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("institution", "person_id"),
                        name="agenda_feed_one_live",
                    )
                ],
                "indexes": [],
            },
        ),
    ]
