"""Every list pages, is ordered by named fields, and leaves as a file with its own visibility."""

from datetime import date

import pytest

from maristan.directory.models import ContactInfo, Holiday, Leave, RoomFeature
from maristan.directory.tests import factories as make
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
BASE = "/api/v1/directory/"
DAYS = {"start_date": date(2026, 3, 20), "end_date": date(2026, 3, 22)}


def one_of_everything() -> None:
    """An institution with at least one row in each list."""
    make.institution()
    amina = make.person("Amina")
    ContactInfo.objects.create(person=amina, kind="email", value="amina@example.edu")
    make.membership(amina, "faculty", scope=("department", make.department("Pathology").pk))
    make.room("Hall 1")
    RoomFeature.objects.create(code="tv", name="Television")
    Holiday.objects.create(name="Eid", **DAYS)
    Leave.objects.create(person=amina, kind="medical", **DAYS)


LISTS = [
    ("institutions", "FMU"), ("persons", "Amina"), ("contact-info", "amina@example.edu"), ("departments", "Pathology"),
    ("places", "Hall 1"), ("room-features", "Television"), ("memberships", "Amina"), ("invitations", "Amina"),
    ("leaves", "Amina"), ("holidays", "Eid"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), LISTS)
def test_a_list_has_pages_and_leaves_as_a_file(name: str, text: str) -> None:
    one_of_everything()
    alice = Client(make.member("Alice", "admin"))
    if name == "invitations":
        people = alice.get(f"{BASE}persons/?search=Amina").json["results"]
        assert alice.post(f"{BASE}invitations/", {"person": people[0]["id"]}).status == 201
    page = alice.get(f"{BASE}{name}/?page_size=1&ordering=-id").json
    assert (len(page["results"]), page["previous"]) == (1, None)
    assert (page["next"] is not None) == (page["count"] > 1)
    assert alice.get(f"{BASE}{name}/?page=999").json["results"] == []
    assert alice.get(f"{BASE}{name}/?page_size=201").status == 422
    assert alice.get(f"{BASE}{name}/?ordering=secret").code == "bad_ordering"
    assert text in alice.get(f"{BASE}{name}/export/?format=csv").body.decode("utf-8-sig")
    assert alice.get(f"{BASE}{name}/export/?format=xlsx").body.startswith(b"PK")
    assert text not in alice.get(f"{BASE}{name}/export/?search=nothing-like-it").body.decode("utf-8-sig")


@pytest.mark.parametrize(("name", "text"), LISTS)
def test_nobody_reads_a_list_without_signing_in(name: str, text: str) -> None:
    one_of_everything()
    for path in (f"{BASE}{name}/", f"{BASE}{name}/export/"):
        answer = Client().get(path)
        assert (answer.status, answer.code) == (401, "not_signed_in")


def test_a_student_exports_no_more_than_they_see() -> None:
    one_of_everything()
    sara = Client(make.member("Sara", "student"))
    for name in ("persons", "contact-info", "leaves"):
        text = sara.get(f"{BASE}{name}/export/?format=csv").body.decode("utf-8-sig")
        assert "Amina" not in text
        assert "amina" not in text
