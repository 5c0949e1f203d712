"""Tables of the directory: institutions, people, departments, places, roles held, leave and holidays."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from maristan.directory.rules import states
from maristan.kernel.tenancy import Owned


class Institution(models.Model):
    """A tenant; its row is visible only to itself."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=255)
    time_zone = models.CharField(max_length=64, default="UTC")
    first_weekday = models.PositiveSmallIntegerField(default=0)
    country = models.CharField(max_length=2, default="PK")
    locale = models.CharField(max_length=10, default="en")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first_weekday__lte=6), name="directory_institution_first_weekday")
        ]


class InstitutionSetting(Owned):
    """The value of one declared key; a key without a row has its default."""

    key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    updated_by = models.CharField(max_length=255)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "key"], name="directory_institutionsetting_key_once")
        ]


class Person(Owned):
    """A human being known to an institution."""

    name = models.CharField(max_length=255)
    given_name = models.CharField(max_length=120, blank=True)
    middle_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    name_latin = models.CharField(max_length=255, blank=True)
    father_name = models.CharField(max_length=255, blank=True)
    date_of_birth = models.DateField(null=True)
    gender = models.CharField(max_length=12, default=states.Gender.UNDISCLOSED)
    national_id = models.CharField(max_length=40, null=True)
    photo = models.ForeignKey("kernel.StoredFile", models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_username = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "national_id"], name="directory_person_national_id_once"),
            models.UniqueConstraint(fields=["institution", "user"], name="directory_person_user_once"),
            models.UniqueConstraint(
                Lower("proposed_username"),
                condition=~Q(proposed_username=""),
                name="directory_person_proposed_username_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="directory_person_named"),
        ]
        indexes = [models.Index(fields=["institution", "name", "id"], name="directory_person_by_name")]


class ContactInfo(Owned):
    """A phone number or address of a person; e-mail in lower case, phones in E.164."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=60, blank=True)
    is_primary = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value"], name="directory_contactinfo_value_once"),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(is_primary=True), name="directory_contactinfo_one_primary"
            ),
        ]
        indexes = [models.Index(fields=["institution", "kind", "value"], name="directory_contact_by_value")]


class Address(Owned):
    """Where a person lives, works or takes mail."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10)
    street = models.CharField(max_length=255)
    city = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    is_primary = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(is_primary=True), name="directory_address_one_primary"
            ),
        ]


class IdentityDocument(Owned):
    """A paper that proves who somebody is; `number` holds digits and letters only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    number = models.CharField(max_length=40)
    issue_date = models.DateField(null=True)
    expiry_date = models.DateField(null=True)
    issuing_authority = models.CharField(max_length=120, blank=True)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "kind", "number"], name="directory_identitydocument_once"),
            models.CheckConstraint(
                condition=Q(issue_date__isnull=True)
                | Q(expiry_date__isnull=True)
                | Q(expiry_date__gt=models.F("issue_date")),
                name="directory_identitydocument_dates",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="directory_identitydocument_verified_both",
            ),
            models.CheckConstraint(condition=~Q(number=""), name="directory_identitydocument_numbered"),
        ]


class Department(Owned):
    """A hospital, faculty, department, unit or office in one tree at most six deep."""

    kind = models.CharField(max_length=12, default=states.DepartmentKind.DEPARTMENT)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    description = models.TextField(blank=True)
    head = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "parent", "name"], nulls_distinct=False, name="directory_department_name_once"
            ),
            models.UniqueConstraint(
                fields=["institution", "parent", "code"], nulls_distinct=False, name="directory_department_code_once"
            ),
        ]


class RoomFeature(Owned):
    """Something a room can have, such as a projector."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="directory_roomfeature_code_once")]


class Place(Owned):
    """A site, building, floor or room."""

    kind = models.CharField(max_length=12)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=255)
    code = models.CharField(max_length=30)
    capacity = models.PositiveIntegerField(null=True)
    exam_capacity = models.PositiveIntegerField(null=True)
    features = models.ManyToManyField(RoomFeature, through="PlaceFeature", related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    is_bookable = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("institution", Lower("code"), name="directory_place_code_once"),
        ]


class PlaceFeature(Owned):
    """A room has a feature."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    feature = models.ForeignKey(RoomFeature, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "feature"], name="directory_placefeature_once"),
        ]


class Membership(Owned):
    """A role that a person holds within a scope from one date to another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30)
    scope_kind = models.CharField(max_length=12, default=states.ScopeKind.INSTITUTION)
    scope_id = models.BigIntegerField(null=True)
    designation = models.CharField(max_length=120, blank=True)
    employment_no = models.CharField(max_length=40, blank=True)
    is_primary = models.BooleanField(default=False)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-from_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=models.F("from_date") - 1),
                name="directory_membership_dates",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind="institution", scope_id__isnull=True)
                | (~Q(scope_kind="institution") & Q(scope_id__isnull=False)),
                name="directory_membership_scope",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "role", "scope_kind", "scope_id"], name="directory_membership_by")
        ]


class Invitation(Owned):
    """A one-time way in: the SHA-256 of its token, never the token."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    email = models.EmailField(blank=True)
    purpose = models.CharField(max_length=8, default=states.InvitationPurpose.JOIN)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(used_at__isnull=True, voided_at__isnull=True),
                name="directory_invitation_one_live",
            )
        ]


class Leave(Owned):
    """An absence asked for and decided."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    start_date = models.DateField()
    end_date = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, default=states.LeaveStatus.PENDING)
    counts_toward_graduation = models.BooleanField(default=True)
    suspends_study = models.BooleanField(default=False)
    is_pausing_study = models.BooleanField(default=False, db_default=False)
    requested_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)
    attachment = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-start_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=models.F("start_date")),
                name="directory_leave_dates",
            ),
            models.CheckConstraint(
                condition=~Q(kind="absence") | Q(counts_toward_graduation=False), name="directory_leave_absence_counts"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="directory_leave_decided_both",
            ),
        ]


class Holiday(Owned):
    """Days without teaching, for everybody or for one program or batch."""

    name = models.CharField(max_length=255)
    start_date = models.DateField()
    end_date = models.DateField()
    kind = models.CharField(max_length=12, default=states.HolidayKind.PUBLIC)
    scope_kind = models.CharField(max_length=12, default=states.HolidayScope.INSTITUTION)
    scope_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["start_date", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end_date__gte=models.F("start_date")), name="directory_holiday_dates"),
            models.CheckConstraint(
                condition=Q(scope_kind="institution", scope_id__isnull=True)
                | (~Q(scope_kind="institution") & Q(scope_id__isnull=False)),
                name="directory_holiday_scope",
            ),
        ]
