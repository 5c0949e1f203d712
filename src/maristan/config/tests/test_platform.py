"""Routes that span the apps: first steps, documents by name, another institution."""

import hashlib
from collections.abc import Iterator

import pytest

from maristan.config.tests.world import world
from maristan.directory.queries.settings import setting
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.models import ApiToken
from maristan.kernel.tests.client import Answer, Client
from maristan.timetable.tests import factories as timetable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(timetable.CLOCK):
        yield


def test_the_first_steps_lead_to_where_they_are_done() -> None:
    make.institution()
    make.department("Pathology")
    steps = {each["key"]: each for each in Client(make.member("Alice", "admin")).get("/api/v1/setup/").json["steps"]}
    assert [key for key, step in steps.items() if step["done"]] == ["departments"]
    assert steps["students"]["url"] == "/academics/imports?kind=students"
    assert steps["teachers"]["url"] == "/academics/imports?kind=faculty"


def test_the_first_steps_are_done_in_an_institution_with_a_published_week() -> None:
    world("fmu")
    steps = Client(make.member("Alice", "admin")).get("/api/v1/setup/").json["steps"]
    assert [step["key"] for step in steps if not step["done"]] == []


def test_a_document_is_made_by_name_for_those_who_may_have_it() -> None:
    of = world("fmu")
    alice, nobody = Client(make.member("Alice", "admin")), Client(make.member("Nobody", "resident"))
    assert [each["name"] for each in alice.get("/api/v1/reports/").json["results"]] == ["timetable.week"]
    assert nobody.get("/api/v1/reports/").json["results"] == []
    url = f"/api/v1/reports/timetable.week/?week={of.ids['timetable/weeks']}"
    made = alice.get(f"{url}&format=ics")
    assert (made.status, made.body[:15]) == (200, b"BEGIN:VCALENDAR")
    assert made.headers["Content-Disposition"].startswith("attachment;")
    refused = nobody.get(url)
    assert (refused.status, refused.code) == (403, "not_allowed")
    assert alice.get(f"{url}&format=exe").pointers == [("/format", "bad_value")]
    assert alice.get("/api/v1/reports/timetable.nothing/").status == 404


@pytest.mark.parametrize("prefix", ["/api/v1", "/api"])
def test_whose_portal_is_closed_here_can_go_to_the_other_institution(prefix: str) -> None:
    other = make.institution("other")
    sara = make.member("Sara", "student")
    here = make.institution("fmu")
    make.membership(make.person("Sara", user=sara.user), "student")
    make.setting("enable_student_portal", False)
    assert setting("enable_student_portal") is False
    client = Client(sara)
    session = client.django.session
    session["institution_id"] = here.pk
    session.save()
    refused = client.get("/api/v1/directory/departments/")
    assert (refused.status, refused.code) == (403, "portal_closed")
    assert client.post(f"{prefix}/me/institution/", {"code": other.code}).status == 200
    assert client.get("/api/v1/directory/departments/").status == 200
    assert tenancy.current() == other.pk


def test_a_chosen_language_is_kept_with_the_account_and_nobody_elses() -> None:
    make.institution()
    alice, bob = make.member("Alice", "faculty"), make.member("Bob", "faculty")
    client = Client(alice)
    assert client.get("/api/v1/me/").json["language"] is None
    chosen = client.post("/api/v1/me/language/", {"language": "ur"})
    assert (chosen.status, chosen.json) == (200, {"language": "ur"})
    assert client.get("/api/v1/me/").json["language"] == "ur"
    assert Client(bob).get("/api/v1/me/").json["language"] is None
    refused = client.post("/api/v1/me/language/", {"language": "fr"})
    assert (refused.status, client.get("/api/v1/me/").json["language"]) == (422, "ur")
    assert Client().post("/api/v1/me/language/", {"language": "ur"}).status == 401


def test_a_token_opens_the_institution_that_it_was_made_for_and_no_other() -> None:
    here = make.institution("fmu")
    ines = make.member("Ines", "registrar")
    other = make.institution("other")
    make.membership(make.person("Ines", user=ines.user), "registrar")
    for name, of in (("here", here.pk), ("there", other.pk)):
        hashed = hashlib.sha256(name.encode()).hexdigest()
        ApiToken.objects.create(user=ines.user, institution_id=of, name=name, token_hash=hashed)

    def asked(token: str) -> Answer:
        return Client().get("/api/v1/me/", Authorization=f"Bearer {token}")

    assert [asked(token).json["institution"]["code"] for token in ("here", "there")] == ["fmu", "other"]
    tenancy.enter(here.pk)
    ines.is_active = False
    ines.save(update_fields=["is_active"])
    gone = asked("here")
    assert (gone.status, gone.code) == (401, "not_signed_in")
    assert asked("there").json["institution"]["code"] == "other"


@pytest.mark.parametrize(
    ("roles", "closed", "status"),
    [
        (["student"], ["student"], 403),
        (["faculty"], ["faculty"], 403),
        (["faculty"], ["student"], 200),
        (["student", "faculty"], ["student"], 200),
        (["student", "faculty"], ["student", "faculty"], 403),
        (["faculty", "department_head"], ["student", "faculty"], 200),
    ],
)
def test_a_closed_portal_is_closed_to_those_who_have_no_other(roles: list[str], closed: list[str], status: int) -> None:
    make.institution()
    for portal in closed:
        make.setting(f"enable_{portal}_portal", False)
    who = Client(make.member("Noor", *roles))
    answer = who.get("/api/v1/directory/departments/")
    assert (answer.status, answer.json.get("code")) == (status, "portal_closed" if status == 403 else None)
    assert who.get("/api/v1/me/").status == 200
