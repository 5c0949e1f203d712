"""What the database itself refuses, also to a writer who bypasses the actions."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from maristan.directory.models import Department, Holiday, Institution, InstitutionSetting, Leave, Membership, Person
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.rows import violated

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)


def refused(write: Callable[[], object]) -> str:
    """The constraint that stands against a write."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return violated(error.value)


def test_an_institution_whose_week_begins_on_an_eighth_day_and_a_setting_twice() -> None:
    here = make.institution()
    rows = Institution.objects.filter(pk=here.pk)
    assert refused(lambda: rows.update(first_weekday=7)) == "directory_institution_first_weekday"
    make.setting("directory.invitation_days", 7)
    assert refused(lambda: make.setting("directory.invitation_days", 8)) == "directory_institutionsetting_key_once"
    make.institution("other")
    make.setting("directory.invitation_days", 8)
    tenancy.enter(here.pk)
    assert InstitutionSetting.objects.get().value == 7


def test_a_person_without_a_name_or_with_an_identity_of_another() -> None:
    make.institution()
    sara = make.member("Sara", national_id="3520212345671")
    assert refused(lambda: make.person("")) == "directory_person_named"
    assert refused(lambda: make.person("Sara", national_id="3520212345671")) == "directory_person_national_id_once"
    assert refused(lambda: make.person("Sara", user=sara.user)) == "directory_person_user_once"
    make.institution("other")
    assert make.person("Sara", user=sara.user, national_id="3520212345671").pk != sara.pk


def test_two_departments_of_one_name_or_code_in_one_place_also_at_the_top() -> None:
    make.institution()
    city, medicine = make.department("City"), make.department("Medicine", code="MED")
    below = {"parent": city}
    for where in ({}, below):
        other = "directory_department_name_once"
        if where:
            make.department("Medicine", code="MED", **where)
        assert refused(lambda where=where: make.department("Medicine", code="X", **where)) == other
        assert refused(lambda where=where: make.department("Surgery", code="MED", **where)) == (
            "directory_department_code_once"
        )
    assert Department.objects.filter(name=medicine.name).count() == 2


def test_a_seventh_level_of_departments() -> None:
    make.institution()
    above = None
    for level in range(6):
        above = make.department(f"Level {level}", parent=above)
    assert refused(lambda: make.department("Level 6", parent=above)) == "directory_department_tree"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"to_date": date(2026, 3, 8)}, "directory_membership_dates"),
        ({"scope_kind": "department"}, "directory_membership_scope"),
        ({"scope_id": 7}, "directory_membership_scope"),
    ],
)
def test_a_membership_that_ends_too_early_or_reaches_nothing(values: dict[str, object], constraint: str) -> None:
    make.institution()
    khan = make.person("Khan")
    found = {"person": khan, "role": "faculty", "from_date": TODAY, **values}
    assert refused(lambda: Membership.objects.create(**found)) == constraint


def test_leave_and_holidays_that_end_before_they_begin() -> None:
    make.institution()
    khan, days = make.person("Khan"), {"start_date": TODAY, "end_date": YESTERDAY}
    assert refused(lambda: Leave.objects.create(person=khan, kind="annual", **days)) == "directory_leave_dates"
    absent = {"kind": "absence", "start_date": TODAY, "counts_toward_graduation": True}
    assert refused(lambda: Leave.objects.create(person=khan, **absent)) == "directory_leave_absence_counts"
    assert refused(lambda: Holiday.objects.create(name="Eid", **days)) == "directory_holiday_dates"
    scoped = {"start_date": TODAY, "end_date": TODAY, "scope_kind": "program"}
    assert refused(lambda: Holiday.objects.create(name="Eid", **scoped)) == "directory_holiday_scope"


def test_pending_and_approved_leave_that_overlaps_and_no_other() -> None:
    make.institution()
    khan = make.person("Khan")

    def asked(status: str) -> Leave:
        return Leave.objects.create(person=khan, kind="annual", start_date=TODAY, status=status)

    for status in ("rejected", "cancelled", "completed", "pending"):
        asked(status)
    for status in ("pending", "approved"):
        assert refused(lambda status=status: asked(status)) == "directory_leave_no_overlap"
    assert Person.objects.get().pk == khan.pk
