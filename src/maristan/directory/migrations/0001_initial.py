import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import maristan.directory.rules.states
import maristan.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Institution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                ("first_weekday", models.PositiveSmallIntegerField(default=0)),
                ("country", models.CharField(default="PK", max_length=2)),
                ("locale", models.CharField(default="en", max_length=10)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_weekday__lte", 6)), name="directory_institution_first_weekday"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="InstitutionSetting",
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
                ("key", models.CharField(max_length=80)),
                ("value", models.JSONField(null=True)),
                ("updated_by", models.CharField(max_length=255)),
                ("version", models.PositiveIntegerField(db_default=1, default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "key"), name="directory_institutionsetting_key_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Person",
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
                ("name", models.CharField(max_length=255)),
                ("given_name", models.CharField(blank=True, max_length=120)),
                ("middle_name", models.CharField(blank=True, max_length=120)),
                ("family_name", models.CharField(blank=True, max_length=120)),
                ("name_latin", models.CharField(blank=True, max_length=255)),
                ("father_name", models.CharField(blank=True, max_length=255)),
                ("date_of_birth", models.DateField(null=True)),
                (
                    "gender",
                    models.CharField(default=maristan.directory.rules.states.Gender["UNDISCLOSED"], max_length=12),
                ),
                ("national_id", models.CharField(max_length=40, null=True)),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.storedfile",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_username", models.CharField(blank=True, max_length=150)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [models.Index(fields=["institution", "name", "id"], name="directory_person_by_name")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "national_id"), name="directory_person_national_id_once"
                    ),
                    models.UniqueConstraint(fields=("institution", "user"), name="directory_person_user_once"),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("proposed_username"),
                        condition=models.Q(("proposed_username", ""), _negated=True),
                        name="directory_person_proposed_username_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="directory_person_named"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoomFeature",
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
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "code"), name="directory_roomfeature_code_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
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
                ("name", models.CharField(max_length=255)),
                ("start_date", models.DateField()),
                ("end_date", models.DateField()),
                (
                    "kind",
                    models.CharField(default=maristan.directory.rules.states.HolidayKind["PUBLIC"], max_length=12),
                ),
                (
                    "scope_kind",
                    models.CharField(
                        default=maristan.directory.rules.states.HolidayScope["INSTITUTION"], max_length=12
                    ),
                ),
                ("scope_id", models.BigIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["start_date", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end_date__gte", models.F("start_date"))), name="directory_holiday_dates"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scope_id__isnull", True), ("scope_kind", "institution")),
                            models.Q(
                                models.Q(("scope_kind", "institution"), _negated=True), ("scope_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="directory_holiday_scope",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ContactInfo",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="directory.person"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=254)),
                ("label", models.CharField(blank=True, max_length=60)),
                ("is_primary", models.BooleanField(default=False)),
                ("is_verified", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["kind", "-is_primary", "id"],
                "indexes": [models.Index(fields=["institution", "kind", "value"], name="directory_contact_by_value")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "kind", "value"), name="directory_contactinfo_value_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("person", "kind"),
                        name="directory_contactinfo_one_primary",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Address",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="directory.person"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("street", models.CharField(max_length=255)),
                ("city", models.CharField(blank=True, max_length=120)),
                ("state", models.CharField(blank=True, max_length=120)),
                ("postal_code", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(max_length=2)),
                ("is_primary", models.BooleanField(default=False)),
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
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="IdentityDocument",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("number", models.CharField(max_length=40)),
                ("issue_date", models.DateField(null=True)),
                ("expiry_date", models.DateField(null=True)),
                ("issuing_authority", models.CharField(blank=True, max_length=120)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
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
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Department",
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
                    "kind",
                    models.CharField(
                        default=maristan.directory.rules.states.DepartmentKind["DEPARTMENT"], max_length=12
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=255)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="directory.department",
                    ),
                ),
                ("description", models.TextField(blank=True)),
                (
                    "head",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="directory.person"
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "parent", "name"),
                        name="directory_department_name_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        fields=("institution", "parent", "code"),
                        name="directory_department_code_once",
                        nulls_distinct=False,
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="directory.person"
                    ),
                ),
                ("role", models.CharField(max_length=30)),
                (
                    "scope_kind",
                    models.CharField(default=maristan.directory.rules.states.ScopeKind["INSTITUTION"], max_length=12),
                ),
                ("scope_id", models.BigIntegerField(null=True)),
                ("designation", models.CharField(blank=True, max_length=120)),
                ("employment_no", models.CharField(blank=True, max_length=40)),
                ("is_primary", models.BooleanField(default=False)),
                ("from_date", models.DateField()),
                ("to_date", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-from_date", "-id"],
                "indexes": [
                    models.Index(
                        fields=["institution", "role", "scope_kind", "scope_id"], name="directory_membership_by"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_date__isnull", True),
                            (
                                "to_date__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("from_date"), "-", models.Value(1)
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="directory_membership_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scope_id__isnull", True), ("scope_kind", "institution")),
                            models.Q(
                                models.Q(("scope_kind", "institution"), _negated=True), ("scope_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="directory_membership_scope",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.person"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "purpose",
                    models.CharField(default=maristan.directory.rules.states.InvitationPurpose["JOIN"], max_length=8),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True), ("voided_at__isnull", True)),
                        fields=("person", "purpose"),
                        name="directory_invitation_one_live",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Leave",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("start_date", models.DateField()),
                ("end_date", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "status",
                    models.CharField(default=maristan.directory.rules.states.LeaveStatus["PENDING"], max_length=10),
                ),
                ("counts_toward_graduation", models.BooleanField(default=True)),
                ("suspends_study", models.BooleanField(default=False)),
                ("is_pausing_study", models.BooleanField(db_default=False, default=False)),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, max_length=500)),
                (
                    "attachment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-start_date", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                        ),
                        name="directory_leave_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "absence"), _negated=True),
                            ("counts_toward_graduation", False),
                            _connector="OR",
                        ),
                        name="directory_leave_absence_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="directory_leave_decided_both",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Place",
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
                ("kind", models.CharField(max_length=12)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="directory.place",
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("code", models.CharField(max_length=30)),
                ("capacity", models.PositiveIntegerField(null=True)),
                ("exam_capacity", models.PositiveIntegerField(null=True)),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.department",
                    ),
                ),
                ("is_bookable", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("institution"),
                        django.db.models.functions.text.Lower("code"),
                        name="directory_place_code_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlaceFeature",
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
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "feature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.roomfeature"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "feature"), name="directory_placefeature_once")
                ],
                "indexes": [],
            },
        ),
        migrations.AddField(
            "place",
            "features",
            models.ManyToManyField(related_name="+", through="directory.PlaceFeature", to="directory.roomfeature"),
        ),
    ]
