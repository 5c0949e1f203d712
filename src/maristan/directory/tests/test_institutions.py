"""The institution, its settings, and how one is founded."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from maristan.config.wiring import OPTION_SOURCES
from maristan.directory.actions import institutions as actions
from maristan.directory.models import Institution, InstitutionSetting, Membership, Person
from maristan.directory.queries import contributions
from maristan.directory.queries import settings as queries
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import Invalid, NotAllowed, NotFound, NotNow
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
INSTITUTIONS = "/api/v1/directory/institutions/"
SETTINGS = "/api/v1/directory/settings/"
ZUHR = {
    "code": "zuhr", "name": "Zuhr Medical College", "time_zone": "Asia/Karachi", "country": "pk",
    "admin_name": "Zuhra Bano", "admin_email": "Zuhra@Example.edu",
}  # fmt: skip


@pytest.fixture
def planned_weeks() -> Iterator[list[bool]]:
    """Says whether weeks have been planned; a test puts True in."""
    known = [False]
    contributions._week_guards[:], before = [lambda: known[0]], list(contributions._week_guards)
    yield known
    contributions._week_guards[:] = before


def test_who_belongs_to_no_institution_is_told_so() -> None:
    make.institution("fmu")
    with tenancy.acting_in(None), pytest.raises(NotFound) as refused:
        queries.institution()
    assert refused.value.code == "no_institution"


def test_everybody_sees_their_own_institution_and_no_other() -> None:
    other = make.institution("other")
    here = make.institution("fmu")
    sara = Client(make.member("Sara", "student"))
    assert [each["code"] for each in sara.get(INSTITUTIONS).json["results"]] == ["fmu"]
    assert sara.get(f"{INSTITUTIONS}{here.pk}/").json["first_weekday"] == 0
    assert sara.get(f"{INSTITUTIONS}{other.pk}/").status == 404


def test_an_admin_changes_it_and_one_line_says_so(planned_weeks: list[bool]) -> None:
    here = make.institution()
    alice = Client(make.member("Alice", "admin"))
    answer = alice.patch(f"{INSTITUTIONS}{here.pk}/", {"first_weekday": 6, "name": "Far"}, version=1)
    assert (answer.status, answer.json["first_weekday"], answer.headers["ETag"]) == (200, 6, '"2"')
    assert list(JournalLine.objects.values_list("kind", flat=True)) == ["institution.updated"]


def test_a_registrar_may_not(planned_weeks: list[bool]) -> None:
    here = make.institution()
    bob = Client(make.member("Bob", "registrar"))
    assert bob.patch(f"{INSTITUTIONS}{here.pk}/", {"name": "X"}, version=1).status == 403
    here.refresh_from_db()
    assert here.name == "FMU"


@pytest.mark.parametrize(("field", "value"), [("first_weekday", 6), ("time_zone", "Europe/Berlin")])
def test_once_a_week_is_planned_its_week_and_zone_stay(planned_weeks: list[bool], field: str, value: object) -> None:
    here = make.institution()
    alice = Client(make.member("Alice", "admin"))
    planned_weeks[0] = True
    answer = alice.patch(f"{INSTITUTIONS}{here.pk}/", {field: value, "name": "X"}, version=1)
    assert (answer.status, answer.code) == (409, "weeks_exist")
    here.refresh_from_db()
    assert (here.name, here.version) == ("FMU", 1)
    same = {"time_zone": here.time_zone, "name": "Renamed"}
    assert alice.patch(f"{INSTITUTIONS}{here.pk}/", same, version=1).status == 200


def test_a_zone_and_a_country_must_exist(planned_weeks: list[bool]) -> None:
    here = make.institution()
    alice = Client(make.member("Alice", "admin"))
    body = {"time_zone": "Asia/Atlantis", "country": "ZZ"}
    answer = alice.patch(f"{INSTITUTIONS}{here.pk}/", body, version=1)
    assert answer.status == 422
    assert answer.pointers == [("/time_zone", "unknown_time_zone"), ("/country", "unknown_country")]


def test_every_declared_setting_is_listed_with_its_default() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    listed = {each["key"]: each["value"] for each in alice.get(SETTINGS).json["results"]}
    assert listed == {option.key: option.default for source in OPTION_SOURCES for option in source.OPTIONS}


def test_an_admin_sets_a_value_and_a_line_says_from_what_to_what() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    answer = alice.put(f"{SETTINGS}directory.invitation_days/", {"value": 3})
    assert (answer.status, answer.json["value"], answer.json["updated_by"]) == (200, 3, "Alice")
    line = JournalLine.objects.get()
    assert (line.kind, line.changes) == ("setting.changed", {"value": [7, 3], "version": [0, 1]})
    assert alice.put(f"{SETTINGS}directory.invitation_days/", {"value": 3}).status == 200
    assert JournalLine.objects.count() == 1


@pytest.mark.parametrize("value", [0, 31, "3", True, None, [3]])
def test_a_value_of_another_type_or_range_is_refused(value: object) -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    answer = alice.put(f"{SETTINGS}directory.invitation_days/", {"value": value})
    assert (answer.status, answer.pointers) == (422, [("/value", "bad_value")])
    assert not InstitutionSetting.objects.exists()


def test_an_unknown_key_is_not_there_and_a_registrar_sets_none() -> None:
    make.institution()
    alice, bob = Client(make.member("Alice", "admin")), Client(make.member("Bob", "registrar"))
    assert alice.get(f"{SETTINGS}nothing.reads_this/").status == 404
    assert alice.put(f"{SETTINGS}nothing.reads_this/", {"value": 1}).code == "unknown_setting"
    assert bob.get(f"{SETTINGS}ui_banner_message/").json["value"] == ""
    assert bob.put(f"{SETTINGS}ui_banner_message/", {"value": "Hi"}).status == 403
    assert not InstitutionSetting.objects.exists()


def test_settings_of_one_institution_are_unknown_to_another() -> None:
    make.institution("fmu")
    Client(make.member("Alice", "admin")).put(f"{SETTINGS}ui_banner_message/", {"value": "Only here"})
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(f"{SETTINGS}ui_banner_message/").json["value"] == ""


def test_an_operator_founds_an_institution_with_its_first_administrator() -> None:
    made = actions.found_institution(**ZUHR, by=platform(None, "Omar"))
    tenancy.enter(made.institution_id)
    admin = Person.objects.get()
    assert (admin.name, admin.contacts.get().value) == ("Zuhra Bano", "zuhra@example.edu")
    assert Membership.objects.get().role == "admin"
    own = JournalLine.objects.filter(subject_kind="institution")
    assert list(own.values_list("kind", "by_name")) == [("institution.founded", "Omar")]
    token = made.link.rsplit("/", 1)[1]
    welcome = Client().get(f"/api/v1/directory/invitations/accept/{token}/")
    assert welcome.json == {"institution": "Zuhr Medical College", "username": "", "purpose": "join"}


def test_a_code_is_given_once_and_nobody_else_founds() -> None:
    actions.found_institution(**ZUHR, by=platform(None))
    with pytest.raises(NotNow) as taken:
        actions.found_institution(**ZUHR, by=platform(None))
    assert taken.value.code == "code_taken"
    make.institution()
    with pytest.raises(NotAllowed):
        actions.found_institution(**ZUHR | {"code": "mine"}, by=make.acting_as("admin"))


def test_a_faulty_founding_leaves_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        actions.found_institution(**ZUHR | {"code": "No Code", "time_zone": "Mars"}, by=platform(None))
    assert [fault.pointer for fault in refused.value.faults] == ["/code", "/time_zone"]
    with pytest.raises(Invalid) as refused:
        actions.found_institution(**ZUHR | {"admin_email": "nobody"}, by=platform(None))
    assert refused.value.code == "bad_email"
    assert tenancy.institution_ids() == []
    assert not Institution.objects.exists()


def test_the_operators_command_prints_the_link_once() -> None:
    out = io.StringIO()
    call_command(
        "institutions", "create", "zuhr", "Zuhr", zone="Asia/Karachi", admin="Zuhra", email="z@example.edu", stdout=out
    )
    link = out.getvalue().split()[-1]
    assert Client().get(f"/api/v1/directory/invitations/accept/{link.rsplit('/', 1)[1]}/").status == 200
