"""What follows from requests: what waits for whom, who is told, and with what every institution starts."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.academics.models import Request, RequestType
from maristan.academics.tests import factories as make
from maristan.academics.tests.desk import MORNING, REQUESTS, SECRET, TYPES, Desk, move, url
from maristan.directory.actions import institutions
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
NOTIFICATIONS, INBOX = "/api/v1/comms/notifications/", "/api/v1/work/inbox-items/"
STARTERS = {
    "transcript": "exam_cell", "bonafide": "registrar", "noc": "registrar", "correction": "registrar",
    "other": "registrar",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


def told(who: Client, language: str = "en") -> list[tuple[str, str]]:
    """(title, body) of what somebody was told, oldest first, once all jobs have run."""
    run_jobs()
    found = who.get(NOTIFICATIONS, Accept_Language=language).json["results"]
    return [(each["title"], each["body"]) for each in reversed(found)]


def waiting(who: Client) -> list[tuple[str, str]]:
    """(title, address) of what waits for somebody."""
    run_jobs()
    return [(each["title"], each["url"]) for each in who.get(INBOX).json["results"]]


def ask(desk: Desk, kind: RequestType, title: str = "For the bank", **values: Any) -> Request:
    """Something Sara asks for by the API."""
    made = desk.sara.post(REQUESTS, {"type": kind.pk, "title": title, **values})
    assert made.status == 201, made.json
    return Request.objects.get(pk=made.json["id"])


# --- what waits ---------------------------------------------------------------------------------------------------


def test_a_request_waits_for_those_who_handle_its_type_then_for_its_assignee_until_it_is_served() -> None:
    desk = Desk()
    fay = Client(directory.member("Fay", "finance"))
    request = ask(desk, desk.transcript)
    item = [("Decide the request “For the bank”", f"/requests/{request.pk}")]
    assert [waiting(each) for each in (desk.ed, desk.ruth, desk.cora, fay, desk.sara)] == [item, [], [], [], []]
    assert move(desk.ruth, request, "assign", assigned_to=desk.ruths.pk).status == 200
    assert [waiting(each) for each in (desk.ed, desk.ruth)] == [[], item]
    assert move(desk.ruth, request, "approve").status == 200
    served = [("Serve the approved request “For the bank”", f"/requests/{request.pk}")]
    assert [waiting(each) for each in (desk.ed, desk.ruth)] == [[], served]
    assert move(desk.ed, request, "complete").status == 200
    assert [waiting(each) for each in (desk.ed, desk.ruth)] == [[], []]


@pytest.mark.parametrize("name", ["cancel", "reject"])
def test_nothing_waits_once_a_request_has_ended(name: str) -> None:
    desk = Desk()
    request = ask(desk, desk.letter)
    assert len(waiting(desk.ruth)) == 1
    who = desk.sara if name == "cancel" else desk.ruth
    assert move(who, request, name, reason="Not needed").status == 200
    assert waiting(desk.ruth) == []


def test_a_coordinator_waits_for_students_of_own_programs_and_the_registrar_where_nobody_serves() -> None:
    desk = Desk()
    emils = directory.member("Emil", "coordinator", scope=("program", make.program().pk))
    ask(desk, desk.plan)
    assert [len(waiting(each)) for each in (desk.cora, Client(emils), desk.ruth)] == [1, 0, 0]
    of_nobody = make.request_type("forms", handler_role="office_assistant")
    ask(desk, of_nobody)
    assert [len(waiting(each)) for each in (desk.cora, desk.ruth)] == [1, 1]
    ask(desk, make.request_type("fees", handler_role="finance"), "My fees")
    assert {title for title, _ in waiting(desk.ruth)} == {
        "Decide the request “My fees”", "Decide the request “For the bank”",
    }  # fmt: skip
    fay = Client(directory.member("Fay", "finance"))
    assert [title for title, _ in waiting(fay)] == ["Decide the request “My fees”"]


def test_what_waits_follows_the_type_and_the_student_to_others() -> None:
    desk = Desk()
    first = ask(desk, desk.letter)
    plan = ask(desk, desk.plan, "My plan")
    assert [len(waiting(each)) for each in (desk.ruth, desk.ed, desk.cora)] == [1, 0, 1]
    assert desk.ruth.patch(f"{TYPES}{desk.letter.pk}/", {"handler_role": "exam_cell"}, version=1).status == 200
    assert [[at for _, at in waiting(each)] for each in (desk.ruth, desk.ed)] == [[], [f"/requests/{first.pk}"]]
    elsewhere = make.group()
    emil = Client(directory.member("Emil", "coordinator", scope=("program", elsewhere.batch.program_id)))
    body = {"batch": elsewhere.batch_id, "group": elsewhere.pk}
    assert desk.ruth.patch(f"/api/v1/academics/students/{desk.student.pk}/placement/", body).status == 200
    assert [[at for _, at in waiting(each)] for each in (desk.cora, emil)] == [[], [f"/requests/{plan.pk}"]]


# --- who is told --------------------------------------------------------------------------------------------------


def test_the_one_who_asked_and_the_assignee_are_told_of_each_move_but_not_of_their_own() -> None:
    desk = Desk()
    request = ask(desk, make.request_type("exam_letter", handler_role="exam_cell"))
    assert move(desk.ruth, request, "assign", assigned_to=desk.eds.pk).status == 200
    assert move(desk.ed, request, "approve", notes="Tomorrow at window 3.").status == 200
    assert move(desk.ruth, request, "complete").status == 200
    assert told(desk.sara) == [
        ("The request “For the bank” is now with Ed", "By Ruth."),
        ("The request “For the bank” was approved", "By Ed. Tomorrow at window 3."),
        ("The request “For the bank” was served", "By Ruth."),
    ]
    assert [title for title, _ in told(desk.ed)] == [
        "The request “For the bank” is now with Ed", "The request “For the bank” was served",
    ]  # fmt: skip
    assert told(desk.ruth) == []
    assert "منظور" in told(desk.sara, "ur")[1][0]


def test_a_rejection_tells_its_reason() -> None:
    desk = Desk()
    request = ask(desk, desk.letter)
    assert move(desk.ruth, request, "reject", reason="The fee is not paid.").status == 200
    assert told(desk.sara) == [
        ("The request “For the bank” was rejected", "By Ruth. Reason: The fee is not paid."),
    ]


def test_a_remark_is_told_to_the_other_side_and_an_internal_one_to_nobody() -> None:
    desk = Desk()
    request = ask(desk, desk.letter)
    assert move(desk.ruth, request, "assign", assigned_to=desk.ruths.pk).status == 200
    assert desk.ruth.post(url(request, "remarks/"), {"text": "Which year?"}).status == 201
    assert desk.sara.post(url(request, "remarks/"), {"text": "The third."}).status == 201
    anna = Client(directory.member("Anna", "admin"))
    assert anna.post(url(request, "remarks/"), {"text": SECRET, "is_internal": True}).status == 201
    assert told(desk.sara)[1:] == [("Ruth wrote about the request “For the bank”", "Which year?")]
    assert told(desk.ruth) == [("Sara wrote about the request “For the bank”", "The third.")]


# --- with what an institution starts ------------------------------------------------------------------------------


def founded() -> None:
    made = institutions.found_institution(
        code="fmu", name="FMU", time_zone="Asia/Karachi", country="PK", admin_name="Anna", admin_email="",
        by=platform(None),
    )  # fmt: skip
    tenancy.enter(made.institution_id)


def test_an_institution_starts_with_five_types_each_with_its_line() -> None:
    founded()
    assert dict(RequestType.objects.values_list("code", "handler_role")) == STARTERS
    assert JournalLine.objects.filter(kind="request_type.created").count() == len(STARTERS)
