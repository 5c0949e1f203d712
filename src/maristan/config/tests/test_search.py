"""One search box over every app, answering only with what the reader may see."""

from collections.abc import Iterator

import pytest

from maristan.config.tests.world import world
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.tests.client import Client
from maristan.timetable.tests import factories as timetable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(timetable.CLOCK):
        yield


def kinds(client: Client, text: str) -> set[str]:
    answer = client.get(f"/api/v1/search/?q={text}")
    assert answer.status == 200, answer.body
    return {each["kind"] for each in answer.json["results"]}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dr Khan", "person"), ("Sara", "student"), ("Pathology", "course"), ("Pathology", "department"),
        ("Pathology", "week"), ("Hall 1", "place"), ("Batch", "batch"),
    ],
)  # fmt: skip
def test_an_administrator_finds_one_of_everything(text: str, kind: str) -> None:
    world("fmu")
    assert kind in kinds(Client(directory.member("Adam", "admin")), text)


def test_a_student_finds_no_other_student_and_no_draft() -> None:
    of = world("fmu").school
    draft = timetable.week(of, "2026-03-16")
    timetable.save(of.alice, draft, timetable.lesson(of, topic="Secret plans"))
    assert kinds(of.alice, "Secret plans") == {"week"}
    assert kinds(of.sara, "Secret plans") == set()
    other = directory.member("Omar", "student")
    timetable.academics.student(of.groups[1], person=other)
    assert kinds(of.sara, "Omar") == set()


def test_who_holds_no_role_finds_nothing() -> None:
    world("fmu")
    nobody = Client(directory.member("Nobody"))
    for text in ("Nobody", "Sara", "Pathology", "Final", "letter"):
        assert kinds(nobody, text) <= {"department", "place", "course", "batch"}, text


def test_nothing_of_another_institution_is_found() -> None:
    world("fmu")
    timetable.school("other")
    zara = Client(directory.member("Zara", "admin"))
    assert [kinds(zara, text) for text in ("Zara", "Adam")] == [{"person"}, set()]
