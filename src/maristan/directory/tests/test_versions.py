"""Versions: the permission is asked before them, a stale one is refused everywhere, every answer names its own."""

import pytest

from maristan.directory.models import Department, Holiday, InstitutionSetting, Leave, Membership, Person, Place
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client

pytestmark = pytest.mark.django_db
DIRECTORY = "/api/v1/directory/"
STALE = '"7"'


@pytest.fixture
def adam() -> Client:
    make.institution()
    return Client(make.member("Adam", "admin"))


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.code


def test_a_stale_version_moves_nothing(adam: Client) -> None:
    sara = make.person("Sara")
    held = make.membership(sara, "staff")
    leave = Leave.objects.create(person=sara, kind="medical", start_date="2026-05-01")
    moves = {
        f"persons/{sara.pk}/moves/deactivate/": {},
        f"persons/{sara.pk}/moves/reactivate/": {},
        f"memberships/{held.pk}/moves/end/": {},
        f"leaves/{leave.pk}/moves/approve/": {},
        f"leaves/{leave.pk}/moves/reject/": {"reason": "No replacement"},
        f"leaves/{leave.pk}/moves/cancel/": {},
        f"leaves/{leave.pk}/moves/end/": {"date": "2026-05-02"},
    }
    for url, body in moves.items():
        assert refused(adam.post(f"{DIRECTORY}{url}", body, version=7)) == (412, "stale_version"), url
    assert [row.version for row in (Person.objects.get(pk=sara.pk), Membership.objects.get(pk=held.pk))] == [1, 1]
    assert (Leave.objects.get().status, JournalLine.objects.count()) == ("pending", 0)
    assert adam.post(f"{DIRECTORY}leaves/{leave.pk}/moves/approve/", {}, version=1).json["version"] == 2


def test_a_stale_version_deletes_nothing(adam: Client) -> None:
    rows = {
        "departments": make.department(),
        "places": make.room(),
        "holidays": make.holiday("Eid", "2026-03-20"),
    }
    for noun, row in rows.items():
        url = f"{DIRECTORY}{noun}/{row.pk}/"
        assert refused(adam.delete(url, If_Match=STALE)) == (412, "stale_version"), noun
        assert adam.get(url).status == 200
        assert adam.delete(url, If_Match='"1"').status == 204, noun
    assert [model.objects.count() for model in (Department, Place, Holiday)] == [0, 0, 0]


def test_the_permission_is_asked_before_the_version(adam: Client) -> None:
    omar = make.member("Omar", "finance")
    leave = Leave.objects.create(person=omar, kind="medical", start_date="2026-05-01")
    finance = Client(omar)
    url = f"{DIRECTORY}leaves/{leave.pk}/moves/approve/"
    assert refused(finance.post(url, {}, version=7)) == (403, "not_allowed")
    assert refused(finance.delete(f"{DIRECTORY}departments/{make.department().pk}/", If_Match=STALE)) == (
        403, "not_allowed"
    )  # fmt: skip
    assert Leave.objects.get().version == 1


def test_what_was_entered_names_its_version(adam: Client) -> None:
    bodies = {
        "departments": {"name": "Pathology", "code": "PATH"},
        "places": {"kind": "ROOM", "name": "Hall", "code": "H"},
        "holidays": {"name": "Eid", "start_date": "2026-03-20", "end_date": "2026-03-21"},
    }
    for noun, body in bodies.items():
        made = adam.post(f"{DIRECTORY}{noun}/", body)
        assert (made.status, made.headers["ETag"]) == (201, '"1"'), noun


def test_a_setting_has_a_version_that_is_compared_when_named(adam: Client) -> None:
    url = f"{DIRECTORY}settings/ui_banner_message/"
    assert (adam.get(url).json["version"], adam.get(url).headers["ETag"]) == (0, '"0"')
    first = adam.put(url, {"value": "Welcome"}, version=0)
    assert (first.status, first.json["version"], first.headers["ETag"]) == (200, 1, '"1"')
    stale = adam.put(url, {"value": "Hello"}, version=0)
    assert refused(stale) == (412, "stale_version")
    assert [each["field"] for each in stale.json["differing"]] == ["value"]
    assert adam.put(url, {"value": "Welcome"}).json["version"] == 1
    assert adam.put(url, {"value": "Hello"}, version=1).json["version"] == 2
    stored = InstitutionSetting.objects.get()
    assert (stored.value, stored.version, stored.updated_by) == ("Hello", 2, "Adam")
    assert JournalLine.objects.filter(kind="setting.changed").count() == 2


def test_a_setting_that_no_app_declares_is_unknown(adam: Client) -> None:
    answer = adam.put(f"{DIRECTORY}settings/colour/", {"value": "blue"})
    assert (answer.status, answer.pointers) == (422, [("/key", "unknown_setting")])
    assert InstitutionSetting.objects.count() == 0


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2101-01-01"])
def test_days_outside_of_two_centuries_are_refused(adam: Client, day: str) -> None:
    sara = make.person("Sara")
    held = make.membership(sara, "staff")
    membership = {"person": sara.pk, "role": "finance"}
    answers = {
        "/to_date": adam.post(f"{DIRECTORY}memberships/{held.pk}/moves/end/", {"to_date": day}),
        "/from_date": adam.post(f"{DIRECTORY}memberships/", {**membership, "from_date": day}),
        "/date_of_birth": adam.patch(f"{DIRECTORY}persons/{sara.pk}/", {"date_of_birth": day}, version=1),
        "?on": adam.get(f"{DIRECTORY}leaves/?on={day}"),
        "?start_date": adam.get(f"{DIRECTORY}holidays/?start_date={day}"),
    }
    for pointer, answer in answers.items():
        assert (answer.status, answer.pointers) == (422, [(pointer, "bad_value")]), pointer
    assert Membership.objects.get(pk=held.pk).to_date is None


def test_words_are_taken_in_any_case(adam: Client) -> None:
    made = adam.post(f"{DIRECTORY}departments/", {"kind": "HOSPITAL", "name": "City Hospital", "code": "CH"})
    assert (made.status, made.json["kind"]) == (201, "hospital")
    assert adam.get(f"{DIRECTORY}departments/?kind=HOSPITAL").json["count"] == 1
    here = adam.get(f"{DIRECTORY}institutions/").json["results"][0]
    assert adam.patch(f"{DIRECTORY}institutions/{here['id']}/", {"country": "ae"}, version=1).json["country"] == "AE"
    assert (
        adam.post(f"{DIRECTORY}room-features/", {"code": "Projector", "name": "Projector"}).json["code"] == "projector"
    )


def test_departments_are_found_by_their_code(adam: Client) -> None:
    make.department("Anatomy", code="ANA-7")
    assert [each["name"] for each in adam.get(f"{DIRECTORY}departments/?search=ana-7").json["results"]] == ["Anatomy"]
    assert adam.get(f"{DIRECTORY}departments/?search=path").json["count"] == 0
