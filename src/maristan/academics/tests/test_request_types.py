"""What people may ask for: by whom it is kept and how it is named."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.academics.models import RequestType
from maristan.academics.tests.desk import MORNING, TYPES, Desk, lines
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


def test_a_type_is_known_by_its_code_in_any_case_once() -> None:
    directory.institution()
    anna = Client(directory.member("Anna", "admin"))
    body = {"code": "HOSTEL_ROOM", "name": " Hostel  room ", "handler_role": "FINANCE", "requires_attachment": True}
    made = anna.post(TYPES, body)
    assert (made.status, made.headers["ETag"]) == (201, '"1"')
    shown = {name: made.json[name] for name in ("code", "name", "handler_role", "requires_attachment", "is_active")}
    assert shown == {
        "code": "hostel_room", "name": "Hostel room", "handler_role": "finance", "requires_attachment": True,
        "is_active": True,
    }  # fmt: skip
    again = anna.post(TYPES, {**body, "code": "Hostel_Room"})
    assert (again.status, again.code) == (409, "code_taken")
    other = anna.post(TYPES, {**body, "code": "locker"}).json["id"]
    taken = anna.patch(f"{TYPES}{other}/", {"code": "Hostel_room"}, version=1)
    assert (taken.status, taken.code) == (409, "code_taken")
    assert sorted(RequestType.objects.values_list("code", flat=True)) == ["hostel_room", "locker"]
    assert (lines("request_type.created"), lines("request_type.updated")) == (2, 0)


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"code": "two words"}, [("/code", "bad_value")]),
        ({"code": "_x"}, [("/code", "bad_value")]),
        ({"code": "x" * 41}, [("/code", "too_long")]),
        ({"handler_role": "student"}, [("/handler_role", "bad_value")]),
        ({"handler_role": "operator"}, [("/handler_role", "bad_value")]),
        ({"handler_role": "wizard"}, [("/handler_role", "bad_value")]),
        ({"name": " "}, [("/name", "too_short")]),
        ({"status": "x"}, [("/status", "read_only_field")]),
    ],
)
def test_a_type_of_another_shape_is_refused(values: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    directory.institution()
    anna = Client(directory.member("Anna", "admin"))
    refused = anna.post(TYPES, {"code": "locker", "name": "Locker", "handler_role": "registrar", **values})
    assert (refused.status, refused.pointers) == (422, faults)
    assert not RequestType.objects.exists()


def test_a_type_is_changed_by_who_has_seen_it_and_goes_while_nobody_used_it() -> None:
    desk = Desk()
    anna = Client(directory.member("Anna", "admin"))
    address = f"{TYPES}{desk.letter.pk}/"
    assert anna.patch(address, {"name": "Letter"}).status == 428
    assert desk.cora.patch(address, {"name": "Letter"}, version=1).status == 403
    changed = anna.patch(address, {"name": "Letter", "is_active": False}, version=1)
    assert (changed.status, changed.json["name"], changed.json["version"]) == (200, "Letter", 2)
    stale = anna.patch(address, {"name": "Note"}, version=1)
    assert (stale.status, stale.code) == (412, "stale_version")
    desk.asked()
    refused = anna.delete(address)
    assert (refused.status, refused.code, refused.json["counts"]) == (409, "PROTECTED_DELETE", {"request": 1})
    assert desk.cora.delete(f"{TYPES}{desk.plan.pk}/").status == 403
    assert anna.delete(f"{TYPES}{desk.plan.pk}/").status == 204
    assert desk.sara.get(f"{TYPES}?is_active=true").json["count"] == 1
    assert "Letter" in desk.sara.get(f"{TYPES}export/").body.decode()
