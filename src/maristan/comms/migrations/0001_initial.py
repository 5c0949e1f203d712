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
            name="Notification",
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
                ("recipient", models.BigIntegerField()),
                ("event", models.CharField(max_length=80)),
                ("family", models.CharField(db_default="", max_length=20)),
                ("priority", models.CharField(db_default="normal", default="normal", max_length=10)),
                ("title", models.CharField(max_length=255)),
                ("body", models.TextField(blank=True)),
                ("params", models.JSONField(default=dict)),
                ("url", models.CharField(blank=True, max_length=200)),
                ("dedupe_key", models.CharField(max_length=120)),
                ("is_shown", models.BooleanField(db_default=True, default=True)),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["institution", "recipient", "-id"], name="comms_notification_inbox")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "recipient", "dedupe_key"), name="comms_notification_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__in", ["low", "normal", "high", "urgent"])),
                        name="comms_notification_priority",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
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
                ("person", models.BigIntegerField()),
                ("family", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=10)),
                ("mode", models.CharField(max_length=10)),
            ],
            options={
                "ordering": ["person", "family", "channel"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "person", "family", "channel"), name="comms_preference_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["in_app", "email"])), name="comms_preference_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["immediate", "daily", "weekly", "off"])),
                        name="comms_preference_mode",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Quiet",
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
                ("person", models.BigIntegerField()),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("zone", models.CharField(blank=True, max_length=60)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "db_table": "comms_quiethours",
                "ordering": ["person"],
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "person"), name="comms_quiethours_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="comms_quiethours_pair",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
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
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("category", models.CharField(blank=True, max_length=64)),
                ("priority", models.CharField(default="normal", max_length=10)),
                ("audience", models.JSONField()),
                ("send_email", models.BooleanField(default=True)),
                ("publish_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("status", models.CharField(default="draft", max_length=10)),
                ("created_by", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(max_length=255)),
                ("sent_by", models.BigIntegerField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("recipients_count", models.PositiveIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["institution", "status", "-sent_at"], name="comms_announcement_board")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "scheduled", "sending", "sent", "cancelled"])),
                        name="comms_announcement_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__in", ["low", "normal", "high", "urgent"])),
                        name="comms_announcement_priority",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__isnull", True),
                            ("publish_at__isnull", True),
                            ("expires_at__gt", models.F("publish_at")),
                            _connector="OR",
                        ),
                        name="comms_announcement_expires_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["sending", "sent"]), _negated=True),
                            models.Q(("recipients_count__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="comms_announcement_sent_counted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
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
                ("name", models.CharField(max_length=120)),
                ("url", models.CharField(max_length=2000)),
                ("description", models.CharField(blank=True, max_length=500)),
                ("enabled", models.BooleanField(default=True)),
                ("disabled_reason", models.CharField(blank=True, max_length=20)),
                ("events", models.JSONField()),
                ("filters", models.JSONField(default=dict)),
                ("secrets", models.JSONField()),
                ("created_by", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(max_length=255)),
                ("last_success_at", models.DateTimeField(null=True)),
                ("last_failure_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("deleted_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("enabled", True)),
                        fields=["institution"],
                        name="comms_webhookendpoint_enabled",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_reason", ""), ("enabled", True)),
                            models.Q(("disabled_reason__in", ["by_hand", "gone", "failing"]), ("enabled", False)),
                            _connector="OR",
                        ),
                        name="comms_webhookendpoint_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since__isnull", True), ("failures", 0)),
                            models.Q(("failing_since__isnull", False), ("failures__gt", 0)),
                            _connector="OR",
                        ),
                        name="comms_webhookendpoint_failing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deleted_at__isnull", True), models.Q(("enabled", False), ("secrets", [])), _connector="OR"
                        ),
                        name="comms_webhookendpoint_deleted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                    "notification",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="comms.notification",
                    ),
                ),
                ("recipient", models.BigIntegerField(null=True)),
                ("channel", models.CharField(max_length=10)),
                ("kind", models.CharField(blank=True, max_length=60)),
                ("params", models.JSONField(default=dict)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("mode", models.CharField(default="immediate", max_length=10)),
                ("status", models.CharField(max_length=10)),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["institution", "due_at", "id"],
                        name="comms_delivery_waiting",
                    ),
                    models.Index(fields=["institution", "-id"], name="comms_delivery_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("notification", "channel"), name="comms_delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["in_app", "email"])), name="comms_delivery_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pending", "deferred", "sent", "failed", "suppressed"])),
                        name="comms_delivery_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["immediate", "daily", "weekly", "off"])),
                        name="comms_delivery_mode",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), ("notification__isnull", False)),
                            models.Q(("notification__isnull", True), models.Q(("kind", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="comms_delivery_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
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
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="comms.webhookendpoint",
                    ),
                ),
                ("event_id", models.CharField(max_length=40)),
                ("event_type", models.CharField(max_length=80)),
                ("body", models.BinaryField(null=True)),
                ("status", models.CharField(default="pending", max_length=10)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "retrying"])),
                        fields=["endpoint", "next_attempt_at", "id"],
                        name="comms_webhookdelivery_due",
                    ),
                    models.Index(fields=["endpoint", "-id"], name="comms_webhookdelivery_newest"),
                    models.Index(fields=["institution", "created_at"], name="comms_webhookdelivery_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint", "event_id"), name="comms_webhookdelivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pending", "retrying", "succeeded", "dead", "cancelled"])),
                        name="comms_webhookdelivery_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("body__isnull", False),
                                ("next_attempt_at__isnull", False),
                                ("settled_at__isnull", True),
                                ("status__in", ["pending", "retrying"]),
                            ),
                            models.Q(
                                models.Q(("status__in", ["pending", "retrying"]), _negated=True),
                                ("claimed_at__isnull", True),
                                ("next_attempt_at__isnull", True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="comms_webhookdelivery_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
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
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="made", to="comms.webhookdelivery"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("ip", models.CharField(blank=True, max_length=45)),
                ("status_code", models.PositiveSmallIntegerField(null=True)),
                ("latency_ms", models.PositiveIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("response_excerpt", models.CharField(blank=True, max_length=1024)),
            ],
            options={
                "ordering": ["delivery", "n"],
                "constraints": [models.UniqueConstraint(fields=("delivery", "n"), name="comms_deliveryattempt_once")],
                "indexes": [],
            },
        ),
    ]
