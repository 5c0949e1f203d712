"""What pages show besides the record itself: names, counts, timelines, files, and what the search box finds."""

import pytest

from maristan.directory.models import Leave
from maristan.directory.queries import places as queries
from maristan.directory.tests import factories as make
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
DIRECTORY = "/api/v1/directory/"


@pytest.fixture
def adam() -> Client:
    make.institution()
    return Client(make.member("Adam", "admin"))


def test_a_department_tells_its_head_and_how_many_belong_to_it(adam: Client) -> None:
    khan = make.person("Dr Khan")
    pathology = make.department("Pathology", head=khan)
    for role in ("faculty", "department_head"):
        make.membership(khan, role, scope=("department", pathology.pk))
    make.membership(make.person("Gone"), "faculty", scope=("department", pathology.pk), to_date="2021-01-01")
    url = f"{DIRECTORY}departments/{pathology.pk}/"
    assert (adam.get(url).json["head_name"], adam.get(url).json["person_count"]) == ("Dr Khan", 1)
    assert adam.patch(url, {"name": "Anatomy"}, version=1).json["person_count"] == 1
    assert adam.get(f"{DIRECTORY}departments/?tree=true").json["results"][0]["person_count"] == 1
    made = adam.post(f"{DIRECTORY}departments/", {"name": "Surgery", "code": "S"}).json
    assert (made["head_name"], made["person_count"]) == (None, 0)


def test_a_place_names_its_department(adam: Client) -> None:
    lab = make.room("Lab", department=make.department("Pathology"))
    assert adam.get(f"{DIRECTORY}places/{lab.pk}/").json["department_name"] == "Pathology"
    body = {"kind": "room", "name": "Hall", "code": "H", "department": lab.department_id}
    assert adam.post(f"{DIRECTORY}places/", body).json["department_name"] == "Pathology"
    assert adam.post(f"{DIRECTORY}places/", {"kind": "site", "name": "X", "code": "X"}).json["department_name"] is None


def test_a_leave_has_a_timeline(adam: Client) -> None:
    leave = Leave.objects.create(person=make.person("Sara"), kind="medical", start_date="2026-05-01")
    url = f"{DIRECTORY}leaves/{leave.pk}/"
    assert adam.post(f"{url}moves/reject/", {"reason": "No replacement"}).status == 200
    lines = adam.get(f"{url}timeline/").json["results"]
    assert [(each["kind"], each["reason"]) for each in lines] == [("leave.rejected", "No replacement")]
    assert b"leave.rejected" in adam.get(f"{url}timeline/export/").body
    assert Client(make.member("Khan", "faculty")).get(f"{url}timeline/").status == 404


def test_settings_are_searched_and_leave_as_a_file(adam: Client) -> None:
    found = adam.get(f"{DIRECTORY}settings/?search=INVITATION").json
    assert [each["key"] for each in found["results"]] == ["directory.invitation_days"]
    file = adam.get(f"{DIRECTORY}settings/export/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="settings.csv"'
    assert b"directory.invitation_days,7,7" in file.body
    assert Client(make.member("Sara", "student")).get(f"{DIRECTORY}settings/export/").status == 403


@pytest.mark.parametrize("value", ["not a domain", "@x", "x", "a..b.edu", "-x.edu", 7])
def test_a_domain_of_addresses_is_a_domain(adam: Client, value: object) -> None:
    url = f"{DIRECTORY}settings/academics.student_email_domain/"
    refused = adam.put(url, {"value": value})
    assert (refused.status, refused.pointers) == (422, [("/value", "bad_value")])
    assert adam.get(url).json["is_set"] is False


def test_a_domain_is_kept_in_lower_case_and_may_be_taken_away(adam: Client) -> None:
    url = f"{DIRECTORY}settings/academics.student_email_domain/"
    assert adam.put(url, {"value": "ST.Example.edu"}).json["value"] == "st.example.edu"
    assert adam.put(url, {"value": ""}).json["value"] == ""


def test_the_timeline_of_a_person_leaves_as_a_file(adam: Client) -> None:
    made = adam.post(f"{DIRECTORY}persons/", {"name": "Sara"}).json
    assert b"person.created" in adam.get(f"{DIRECTORY}persons/{made['id']}/timeline/export/").body


def test_the_search_box_finds_places_and_departments(adam: Client) -> None:
    make.room("Lecture Hall", code="LH 1")
    make.department("Pathology")
    actor, nobody = make.acting_as("registrar"), make.actor(make.member("Nobody"))
    assert [hit.url for hit in queries.find_places(actor, "lecture", 8)] == ["/directory/places?search=LH%201"]
    assert [hit.title for hit in queries.find_departments(actor, "patho", 8)] == ["Pathology"]
    assert queries.find_places(nobody, "lecture", 8) == queries.find_departments(nobody, "patho", 8) == []
