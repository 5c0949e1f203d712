"""Holidays: who declares them, and for whom they hold."""

from collections.abc import Iterator

import pytest

from maristan.directory.models import Holiday
from maristan.directory.queries import contributions
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
HOLIDAYS = "/api/v1/directory/holidays/"
EID = {"name": "Eid", "start_date": "2026-03-20", "end_date": "2026-03-22"}


@pytest.fixture(autouse=True)
def one_program() -> Iterator[None]:
    """Somebody above knows the program 7."""
    before = dict(contributions._scopes)
    contributions.register_scope_check("program", lambda ids: {pk: "MBBS" for pk in ids if pk == 7})
    yield
    contributions._scopes.clear()
    contributions._scopes.update(before)


def test_a_registrar_declares_changes_and_withdraws_one() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    made = bob.post(HOLIDAYS, EID)
    assert (made.status, made.json["kind"], made.json["scope_kind"]) == (201, "public", "institution")
    url = f"{HOLIDAYS}{made.json['id']}/"
    assert bob.patch(url, {"end_date": "2026-03-23"}).status == 428
    assert bob.patch(url, {"end_date": "2026-03-23"}, version=1).json["end_date"] == "2026-03-23"
    assert bob.delete(url).status == 204
    kinds = list(JournalLine.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["holiday.declared", "holiday.updated", "holiday.withdrawn"]


@pytest.mark.parametrize("role", ["coordinator", "faculty", "office_assistant", "student", "auditor"])
def test_others_read_holidays_and_declare_none(role: str) -> None:
    make.institution()
    eid = Holiday.objects.create(**EID)
    charlie = Client(make.member("Charlie", role))
    assert charlie.get(HOLIDAYS).json["count"] == 1
    assert charlie.post(HOLIDAYS, EID).status == 403
    assert charlie.patch(f"{HOLIDAYS}{eid.pk}/", {"name": "X"}, version=1).status == 403
    assert charlie.delete(f"{HOLIDAYS}{eid.pk}/").status == 403
    assert list(Holiday.objects.values_list("name", flat=True)) == ["Eid"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"end_date": "2026-03-19"}, [("/end_date", "out_of_range")]),
        ({"start_date": "1899-12-31"}, [("/start_date", "bad_value")]),
        ({"scope_kind": "program"}, [("/scope_id", "required")]),
        ({"scope_kind": "program", "scope_id": 8}, [("/scope_id", "unknown_reference")]),
        ({"scope_kind": "batch", "scope_id": 7}, [("/scope_id", "unknown_reference")]),
        ({"scope_id": 7}, [("/scope_id", "not_wanted")]),
        ({"scope_kind": "department", "scope_id": 7}, [("/scope_kind", "bad_value")]),
    ],
)
def test_a_wrong_holiday_is_refused(body: dict[str, object], pointers: list[tuple[str, str]]) -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    answer = bob.post(HOLIDAYS, EID | body)
    assert (answer.status, answer.pointers) == (422, pointers)
    assert not Holiday.objects.exists()


def test_a_holiday_may_hold_for_one_program() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    made = bob.post(HOLIDAYS, EID | {"scope_kind": "PROGRAM", "scope_id": 7, "kind": "EXAM_BREAK"})
    assert (made.status, made.json["scope_id"], made.json["kind"]) == (201, 7, "exam_break")
    refused = bob.patch(f"{HOLIDAYS}{made.json['id']}/", {"scope_kind": "institution"}, version=1)
    assert refused.pointers == [("/scope_id", "not_wanted")]


def test_holidays_are_found_by_the_days_they_touch() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    bob.post(HOLIDAYS, EID)
    assert bob.get(f"{HOLIDAYS}?start_date=2026-03-22&end_date=2026-03-31").json["count"] == 1
    assert bob.get(f"{HOLIDAYS}?start_date=2026-03-23").json["count"] == 0
    assert bob.get(f"{HOLIDAYS}?end_date=2026-03-19").json["count"] == 0


def test_another_institution_sees_none() -> None:
    make.institution("fmu")
    eid = Holiday.objects.create(**EID)
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(HOLIDAYS).json["count"] == 0
    assert zara.get(f"{HOLIDAYS}{eid.pk}/").status == 404
    assert zara.patch(f"{HOLIDAYS}{eid.pk}/", {"name": "X"}, version=1).status == 404
    assert zara.delete(f"{HOLIDAYS}{eid.pk}/").status == 404
