"""The paths of the system before: off for everybody, then read only, then by the same rules as the others (L1-L4)."""

from typing import Any

import pytest
from django.core.cache import cache

from maristan.academics.models import Enrollment, Request
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
ENROLLMENT = "/api/legacy/enrollment/"
KEYS = {
    "id", "student", "section", "academic_period", "status", "enrolled_at", "enrolled_by", "dropped_at", "drop_reason",
    "grade",
}  # fmt: skip
WRITES = ("post", "put", "patch", "delete")


@pytest.fixture(autouse=True)
def _institution() -> None:
    cache.clear()
    directory.institution("fmu")


def registrar() -> Client:
    return Client(directory.member("Ruth", "registrar"))


def test_switched_off_every_path_is_unknown_to_everybody(settings: Any) -> None:
    assert settings.ENABLE_LEGACY_MODULES is False
    for client in (Client(), registrar()):
        for path in (ENROLLMENT, "/api/v1/legacy/enrollment/", "/api/legacy/", "/api/legacy/requests/"):
            answers = [
                client.get(path),
                *(getattr(client, name)(path, *([] if name == "delete" else [{}])) for name in WRITES),
            ]
            assert [(each.status, each.code) for each in answers] == [(404, "not_found")] * 5


def test_switched_on_it_reads_in_the_words_of_before(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = True
    seat = make.enrollment()
    shown = registrar().get(ENROLLMENT)
    (row,) = shown.json["results"]
    assert (shown.status, set(row)) == (200, KEYS)
    assert (row["id"], row["status"], row["academic_period"], row["grade"]) == (
        seat.pk, "active", seat.section.academic_period_id, None,
    )  # fmt: skip
    assert (shown.headers["Deprecation"], shown.headers["Link"]) == (
        "true", '</api/v1/academics/enrollments/>; rel="successor-version"',
    )  # fmt: skip
    assert registrar().get(f"/api/v1/legacy/enrollment/{seat.pk}/").json == row
    seats = registrar().get(f"{ENROLLMENT}section/{seat.section_id}/availability/").json
    assert seats == {
        "section_id": seat.section_id, "capacity": 50, "enrolled": 1, "available": 49, "is_available": True,
    }  # fmt: skip
    assert Client().get(ENROLLMENT).status == 401
    assert Client(directory.member("Fay", "resident")).get(ENROLLMENT).status == 403
    assert registrar().get("/api/legacy/nothing/").status == 404


@pytest.mark.parametrize("name", WRITES)
def test_read_only_it_writes_for_nobody(settings: Any, name: str) -> None:
    settings.ENABLE_LEGACY_MODULES = True
    seat = make.enrollment()
    body = [] if name == "delete" else [{"student": seat.student_id, "section": seat.section_id}]
    refused = getattr(registrar(), name)(f"{ENROLLMENT}{seat.pk}/", *body)
    assert (refused.status, refused.code) == (409, "LEGACY_WRITES_DISABLED")
    details = refused.json["details"]
    assert (details["path"], details["method"]) == (f"{ENROLLMENT}{seat.pk}/", name.upper())
    assert len(details["reason"]) > 10
    assert getattr(Client(), name)(ENROLLMENT, *body).status == 401
    assert (Enrollment.objects.count(), Enrollment.objects.get().status) == (1, "active")
    assert not JournalLine.objects.filter(kind__startswith="enrolment").exists()


def test_the_body_of_a_refused_write_is_not_read(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = True
    answer = registrar().django.post(ENROLLMENT, "not json at all", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "LEGACY_WRITES_DISABLED")


def test_both_on_it_enrols_under_the_same_rules(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = settings.ALLOW_LEGACY_WRITES = True
    section, group = make.section(capacity=1), make.group()
    first, second = make.student(group), make.student(group)
    client = registrar()
    made = client.post(ENROLLMENT, {"student": first.pk, "section": section.pk})
    assert (made.status, set(made.json), made.json["status"]) == (201, KEYS, "active")
    full = client.post(ENROLLMENT, {"student": second.pk, "section": section.pk})
    assert (full.status, full.code) == (409, "CAPACITY_EXCEEDED")
    assert client.delete(f"{ENROLLMENT}{made.json['id']}/").status == 204
    assert Enrollment.objects.get().status == "dropped"
    assert client.post(ENROLLMENT, {"student": second.pk, "section": section.pk}).status == 201
    faculty = Client(directory.member("Dr Khan", "faculty"))
    assert faculty.post(ENROLLMENT, {"student": first.pk, "section": section.pk}).status == 403


def test_writes_alone_switch_nothing_on(settings: Any) -> None:
    settings.ALLOW_LEGACY_WRITES = True
    assert registrar().get(ENROLLMENT).status == 404


def test_another_institution_sees_nothing(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = settings.ALLOW_LEGACY_WRITES = True
    seat = make.enrollment()
    directory.institution("other")
    zara = registrar()
    assert zara.get(ENROLLMENT).json["count"] == 0
    assert [zara.get(f"{ENROLLMENT}{seat.pk}/").status, zara.delete(f"{ENROLLMENT}{seat.pk}/").status] == [404, 404]


# --- requests -----------------------------------------------------------------------------------------------------

REQUESTS = "/api/legacy/requests/"
SAID = {
    "id", "type", "requester", "student", "status", "priority", "title", "description", "data", "assigned_to",
    "submitted_at", "resolved_at", "resolution_notes",
}  # fmt: skip


def test_requests_are_read_in_the_words_of_before_and_not_written(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = True
    sara = make.student_with_account("Sara")
    found = make.request(sara.person, student=sara)
    make.request()
    shown = Client(sara.person).get(REQUESTS)
    (row,) = shown.json["results"]
    assert (shown.status, set(row), row["id"], row["status"], row["priority"]) == (
        200, SAID, found.pk, "pending", "medium",
    )  # fmt: skip
    assert shown.headers["Link"] == '</api/v1/academics/requests/>; rel="successor-version"'
    assert Client(sara.person).get(f"{REQUESTS}{found.pk}/").json == row
    refused = Client(sara.person).post(REQUESTS, {"type": found.type_id, "title": "Another"})
    assert (refused.status, refused.code, Request.objects.count()) == (409, "LEGACY_WRITES_DISABLED", 2)


def test_both_on_a_request_is_handed_in_and_taken_back_under_the_same_rules(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = settings.ALLOW_LEGACY_WRITES = True
    sara = make.student_with_account("Sara")
    kind = make.request_type("noc")
    demanding = make.request_type("correction", requires_attachment=True)
    client = Client(sara.person)
    for name in ("NOC", kind.pk):
        made = client.post(REQUESTS, {"type": name, "title": "A letter", "priority": "HIGH"})
        assert (made.status, set(made.json), made.json["type"], made.json["student"]) == (201, SAID, kind.pk, sara.pk)
    unknown = client.post(REQUESTS, {"type": "castle", "title": "A letter"})
    assert (unknown.status, unknown.pointers) == (422, [("/type", "unknown_reference")])
    refused = client.post(REQUESTS, {"type": demanding.code, "title": "A letter"})
    assert (refused.status, refused.code) == (409, "attachment_missing")
    assert registrar().delete(f"{REQUESTS}{made.json['id']}/").status == 409
    assert client.delete(f"{REQUESTS}{made.json['id']}/").status == 204
    assert Request.objects.get(pk=made.json["id"]).status == "cancelled"
    directory.institution("other")
    zara = registrar()
    assert [zara.get(REQUESTS).json["count"], zara.delete(f"{REQUESTS}{made.json['id']}/").status] == [0, 404]
