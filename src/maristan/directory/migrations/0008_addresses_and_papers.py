"""Addresses of people, and the papers that prove who they are."""

import django.db.models.deletion
from django.db import migrations, models

import maristan.kernel.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0007_leave_attachment"),
        ("kernel", "0003_kept_for_a_while"),
    ]

    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=10)),
                ("street", models.CharField(max_length=255)),
                ("city", models.CharField(blank=True, max_length=120)),
                ("state", models.CharField(blank=True, max_length=120)),
                ("postal_code", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(max_length=2)),
                ("is_primary", models.BooleanField(default=False)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="directory.person"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "-is_primary", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("person", "kind"),
                        name="directory_address_one_primary",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=16)),
                ("number", models.CharField(max_length=40)),
                ("issue_date", models.DateField(null=True)),
                ("expiry_date", models.DateField(null=True)),
                ("issuing_authority", models.CharField(blank=True, max_length=120)),
                ("verified_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "kind", "number"), name="directory_identitydocument_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issue_date__isnull", True),
                            ("expiry_date__isnull", True),
                            ("expiry_date__gt", models.F("issue_date")),
                            _connector="OR",
                        ),
                        name="directory_identitydocument_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="directory_identitydocument_verified_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="directory_identitydocument_numbered"
                    ),
                ],
            },
        ),
        *maristan.kernel.tenancy.protect("directory_address", "directory_identitydocument"),
        migrations.RunSQL(
            """CREATE FUNCTION directory_institution_coded(wanted text) RETURNS bigint
                 LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                 SELECT min(id) FROM directory_institution WHERE wanted IN ('', code) HAVING count(*) = 1 $$""",
            "DROP FUNCTION directory_institution_coded(text)",
        ),
    ]
