import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import maristan.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BackupSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("scheduled", "scheduled"),
                            ("manual", "manual"),
                            ("pre_deploy", "pre_deploy"),
                            ("final", "final"),
                            ("pre_restore", "pre_restore"),
                            ("pre_rollback", "pre_rollback"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("created", "created"),
                            ("proven", "proven"),
                            ("damaged", "damaged"),
                            ("failed", "failed"),
                            ("removed", "removed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(blank=True, max_length=150)),
                ("location", models.CharField(max_length=500)),
                ("format", models.CharField(choices=[("custom", "custom"), ("plain", "plain")], max_length=6)),
                ("encrypted", models.BooleanField(default=False)),
                ("pinned", models.BooleanField(default=False)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("database_bytes", models.BigIntegerField(default=0)),
                ("media_bytes", models.BigIntegerField(default=0)),
                ("media_files", models.PositiveIntegerField(default=0)),
                (
                    "media",
                    models.CharField(
                        choices=[("copy", "copy"), ("reference", "reference"), ("none", "none")], max_length=9
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=60)),
                ("build_id", models.CharField(blank=True, max_length=12)),
                ("migrations_hash", models.CharField(blank=True, max_length=64)),
                ("postgres_version", models.CharField(blank=True, max_length=40)),
                ("manifest_sha256", models.CharField(blank=True, max_length=64)),
                ("to_be_proven", models.BooleanField(default=False)),
                ("proven_at", models.DateTimeField(null=True)),
                ("prove_seconds", models.FloatField(null=True)),
                ("tables_compared", models.PositiveIntegerField(default=0)),
                ("mismatches", models.PositiveIntegerField(default=0)),
                ("offsite_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("database_bytes__gte", 0), ("media_bytes__gte", 0), ("size_bytes__gte", 0)),
                        name="operations_backupset_sizes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "proven"), _negated=True),
                            models.Q(("mismatches", 0), ("proven_at__isnull", False), ("tables_compared__gt", 0)),
                            _connector="OR",
                        ),
                        name="operations_backupset_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", False), ("status", "removed")),
                            models.Q(("removed_at__isnull", True), models.Q(("status", "removed"), _negated=True)),
                            _connector="OR",
                        ),
                        name="operations_backupset_removed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "running")),
                        fields=("status",),
                        name="operations_backupset_one_running",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RestoreRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("restore", "restore"), ("drill", "drill"), ("prove", "prove")], max_length=7
                    ),
                ),
                ("set_name", models.CharField(max_length=120)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("passed", "passed"), ("failed", "failed"), ("rolled_back", "rolled_back")],
                        max_length=11,
                    ),
                ),
                ("scratch", models.CharField(blank=True, max_length=63)),
                ("tables_compared", models.PositiveIntegerField(default=0)),
                ("rows_compared", models.BigIntegerField(default=0)),
                ("files_compared", models.PositiveIntegerField(default=0)),
                (
                    "mismatches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("failed_step", models.CharField(blank=True, max_length=100)),
                ("seconds", models.FloatField()),
                ("started_by", models.CharField(blank=True, max_length=150)),
                ("report", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finished_at__gte", models.F("started_at"))),
                        name="operations_restorerun_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "passed"), _negated=True), ("mismatches", []), _connector="OR"
                        ),
                        name="operations_restorerun_equal",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Impersonation",
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
                ("actor_id", models.BigIntegerField()),
                ("target_id", models.BigIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("started_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("target_id", models.F("actor_id")), _negated=True),
                        name="operations_impersonation_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("started_at")),
                            (
                                "expires_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("started_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                                ),
                            ),
                        ),
                        name="operations_impersonation_short",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "(?s)^.{10,}")), name="operations_impersonation_reason"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("actor_id",),
                        name="operations_impersonation_one_open",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Process",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("web", "web"),
                            ("worker", "worker"),
                            ("scheduler", "scheduler"),
                            ("command", "command"),
                        ],
                        max_length=10,
                    ),
                ),
                ("host", models.CharField(max_length=255)),
                ("pid", models.PositiveIntegerField()),
                ("version", models.CharField(max_length=60)),
                ("build_id", models.CharField(max_length=12)),
                ("code_build_id", models.CharField(max_length=12)),
                ("started_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                (
                    "listen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                (
                    "queues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("rss_bytes", models.BigIntegerField(default=0)),
            ],
            options={
                "ordering": ["kind", "host", "pid", "id"],
                "indexes": [models.Index(fields=["last_seen_at"], name="operations_process_seen_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("host", "pid", "started_at"), name="operations_process_once"),
                    models.CheckConstraint(
                        condition=models.Q(("last_seen_at__gte", models.F("started_at"))),
                        name="operations_process_seen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "minute", "host", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("minute", models.DateTimeField()),
                ("host", models.CharField(max_length=255)),
                ("name", models.CharField(max_length=80)),
                ("value", models.FloatField()),
            ],
            options={
                "ordering": ["minute", "host", "name"],
                "indexes": [models.Index(fields=["name", "minute"], name="operations_sample_by_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minute__second", 0)), name="operations_sample_whole_minute"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MetricTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("labels", models.CharField(blank=True, max_length=400)),
                ("value", models.FloatField()),
            ],
            options={
                "ordering": ["name", "labels"],
                "constraints": [models.UniqueConstraint(fields=("name", "labels"), name="operations_metrictotal_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("build_id", models.CharField(max_length=12, unique=True)),
                ("version", models.CharField(max_length=60)),
                ("git_sha", models.CharField(blank=True, max_length=40)),
                ("manifest", models.JSONField()),
                ("manifest_sha256", models.CharField(max_length=64)),
                ("first_seen_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-first_seen_at", "-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="AppliedMigration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("app", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("build_id", models.CharField(max_length=12)),
                ("breaks_former_code", models.BooleanField(default=False)),
                ("applied_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["app", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("app", "name"), name="operations_appliedmigration_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Deployment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run_id", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("deploy", "deploy"),
                            ("rollback_code", "rollback_code"),
                            ("rollback_migrations", "rollback_migrations"),
                            ("rollback_full", "rollback_full"),
                        ],
                        max_length=20,
                    ),
                ),
                ("from_build", models.CharField(blank=True, max_length=12)),
                ("to_build", models.CharField(max_length=12)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("running", "running"),
                            ("cancelled", "cancelled"),
                            ("refused", "refused"),
                            ("succeeded", "succeeded"),
                            ("succeeded_with_warnings", "succeeded_with_warnings"),
                            ("rolled_back", "rolled_back"),
                            ("needs_operator", "needs_operator"),
                        ],
                        max_length=24,
                    ),
                ),
                ("steps", models.JSONField(default=list)),
                ("set_name", models.CharField(blank=True, max_length=120)),
                ("report", models.CharField(blank=True, max_length=500)),
                ("exit_code", models.PositiveSmallIntegerField(null=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("started_by", models.CharField(blank=True, max_length=150)),
                ("host", models.CharField(max_length=255)),
                ("pid", models.PositiveIntegerField()),
                ("accepted", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("status__in", ["planned", "running"])),
                        name="operations_deployment_one_unfinished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("status__in", ["planned", "running"])),
                            models.Q(
                                ("finished_at__isnull", False),
                                models.Q(("status__in", ["planned", "running"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="operations_deployment_finished_iff_final",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True), ("finished_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="operations_deployment_ends_after",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("build_id", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("base_url", models.CharField(blank=True, max_length=300)),
                ("scope", models.CharField(choices=[("quick", "quick"), ("full", "full")], max_length=5)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("verified", "verified"),
                            ("verified_with_warnings", "verified_with_warnings"),
                            ("not_verified", "not_verified"),
                        ],
                        max_length=22,
                    ),
                ),
                ("findings", models.JSONField(default=list)),
                (
                    "expected",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("seconds", models.FloatField()),
                ("started_by", models.CharField(blank=True, max_length=150)),
                ("report", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="IntegrityRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("app", models.CharField(blank=True, max_length=40)),
                ("result", models.CharField(choices=[("sound", "sound"), ("findings", "findings")], max_length=8)),
                ("findings", models.JSONField(default=list)),
                ("not_checked", models.JSONField(default=list)),
                ("seconds", models.FloatField()),
                ("started_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("findings", []), ("result", "sound")),
                            models.Q(("result", "findings"), models.Q(("findings", []), _negated=True)),
                            _connector="OR",
                        ),
                        name="operations_integrityrun_result",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=40)),
                ("subject", models.CharField(blank=True, max_length=200)),
                (
                    "severity",
                    models.CharField(choices=[("critical", "critical"), ("warning", "warning")], max_length=8),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("firing", "firing"), ("acknowledged", "acknowledged"), ("resolved", "resolved")],
                        max_length=12,
                    ),
                ),
                ("value", models.FloatField()),
                ("threshold", models.FloatField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=1)),
                ("calm", models.PositiveSmallIntegerField(default=0)),
                ("told_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.BigIntegerField(null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("resolved_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-last_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_at__gte", models.F("first_at"))),
                        name="operations_alert_last_after_first",
                    ),
                    models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="operations_alert_counts"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", True), ("acknowledged_by__isnull", True)),
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="operations_alert_acknowledged_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", False), ("status", "resolved")),
                            models.Q(("resolved_at__isnull", True), models.Q(("status", "resolved"), _negated=True)),
                            _connector="OR",
                        ),
                        name="operations_alert_resolved_at",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "resolved"), _negated=True),
                        fields=("rule", "subject"),
                        name="operations_alert_one_unresolved",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(choices=[("read_only", "read_only"), ("full", "full")], max_length=9)),
                ("message", models.CharField(blank=True, max_length=500)),
                ("planned_from", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("by", models.CharField(blank=True, max_length=150)),
                ("run_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-planned_from", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("planned_from"))),
                        name="operations_maintenance_until_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("started_at__isnull", True),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="operations_maintenance_ends_after",
                    ),
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("ended_at__isnull", True), ("started_at__isnull", False)),
                        name="operations_maintenance_one_open",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
