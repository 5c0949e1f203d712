"""The request desk: who asks for what, who sees it, who decides it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from maristan.academics.actions import requests as actions
from maristan.academics.models import Request, RequestType
from maristan.academics.queries import contributions
from maristan.academics.queries import requests as queries
from maristan.academics.tests import factories as make
from maristan.academics.tests.desk import MORNING, REQUESTS, UPLOADS, Desk, ids, lines, move, url
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.errors import Invalid
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.workflow import Requirement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


# --- asking -----------------------------------------------------------------------------------------------------------


def test_a_student_asks_for_something_and_follows_it() -> None:
    desk = Desk()
    body = {
        "type": desk.letter.pk, "title": " For the bank ", "description": "Two copies", "data": {"copies": 2},
        "priority": "HIGH",
    }  # fmt: skip
    made = desk.sara.post(REQUESTS, body)
    assert (made.status, made.headers["ETag"]) == (201, '"1"')
    said = made.json
    assert (said["title"], said["status"], said["priority"], said["data"]) == (
        "For the bank", "pending", "high", {"copies": 2},
    )  # fmt: skip
    assert (said["requester"], said["student"], said["reg_no"]) == (
        desk.student.person_id, desk.student.pk, desk.student.reg_no,
    )  # fmt: skip
    assert (said["is_own"], said["is_handler"], said["is_editable"]) == (True, False, True)
    assert {each["name"]: each["allowed"] for each in said["moves"]} == {
        "assign": False, "approve": False, "reject": False, "complete": False, "cancel": True,
    }  # fmt: skip
    assert ids(desk.sara.get(REQUESTS)) == ids(desk.ruth.get(REQUESTS)) == [said["id"]]
    assert [each["kind"] for each in desk.sara.get(f"{REQUESTS}{said['id']}/timeline/").json["results"]] == [
        "request.submitted"
    ]


def test_staff_ask_for_themselves_or_for_a_student_whom_they_see() -> None:
    desk = Desk()
    khan = Client(directory.member("Dr Khan", "faculty"))
    body = {"type": desk.letter.pk, "title": "A letter"}
    made = khan.post(REQUESTS, body)
    assert (made.status, made.json["student"], made.json["priority"]) == (201, None, "medium")
    for client in (khan, desk.omar):
        refused = client.post(REQUESTS, {**body, "student": desk.student.pk})
        assert (refused.status, refused.pointers) == (422, [("/student", "unknown_reference")])
    of_sara = desk.ruth.post(REQUESTS, {**body, "student": desk.student.pk})
    assert (of_sara.status, of_sara.json["student_name"], of_sara.json["requester"]) == (201, "Sara", desk.ruths.pk)
    assert desk.sara.get(url(Request.objects.get(pk=of_sara.json["id"]))).status == 404
    assert Request.objects.count() == 2


def test_only_a_person_asks_and_is_given_what_was_asked() -> None:
    desk = Desk()
    with pytest.raises(Invalid) as nobodys:
        actions.create(values={"type": desk.letter.pk, "title": "A letter"}, by=platform(desk.ruths.institution_id))
    request = desk.asked()
    to_nobody = move(desk.ruth, request, "assign")
    with pytest.raises(Invalid) as given:
        actions.move(pk=request.pk, name="assign", version=None, notes=None, by=directory.actor(desk.ruths))
    assert [(fault.pointer, fault.code) for each in (nobodys, given) for fault in each.value.faults] == [
        ("/requester", "required"), ("/assigned_to", "required"),
    ]  # fmt: skip
    assert to_nobody.status == 422
    assert list(Request.objects.values_list("assigned_to", "version")) == [(None, 1)]


def test_a_role_within_a_department_serves_no_requests_and_one_that_serves_none_none_either() -> None:
    desk = Desk()
    plan, other = desk.asked(desk.plan), make.request_type("scrubs", handler_role="faculty")
    surgery = directory.department("Surgery")
    dora = directory.member("Dora", "coordinator", scope=("department", surgery.pk))
    assert (ids(desk.cora.get(REQUESTS)), ids(Client(dora).get(REQUESTS))) == ([plan.pk], [])
    scrubs = desk.asked(other)
    handled = [queries.handles(each, actor=directory.actor(desk.coras)) for each in (plan, scrubs)]
    assert handled == [True, False]


def _nested(levels: int) -> dict[str, Any]:
    found: Any = 1
    for _ in range(levels):
        found = {"a": [found]}
    return dict(found)


@pytest.mark.parametrize(
    "data",
    [
        _nested(450),
        _nested(10),
        {"a": 1e30},
        {"a": [{"b": -(2**53)}]},
        {"a": "x" * 20_000},
    ],
)
def test_data_that_cannot_be_kept_and_read_again_is_refused(data: dict[str, Any]) -> None:
    desk = Desk()
    refused = desk.sara.post(REQUESTS, {"type": desk.letter.pk, "title": "A letter", "data": data})
    assert (refused.status, refused.pointers) == (422, [("/data", "bad_value")])
    request = desk.asked()
    assert desk.sara.patch(url(request), {"data": data}, version=1).pointers == [("/data", "bad_value")]
    assert list(Request.objects.values_list("data", "version")) == [({}, 1)]
    most = {**_nested(9), "largest": 2**53 - 1, "small": 1e-300}
    assert desk.sara.patch(url(request), {"data": most}, version=1).json["data"] == most


@pytest.mark.parametrize("role", ["department_head", "office_assistant", "exam_cell", "finance", "auditor"])
def test_whoever_may_not_ask_is_refused(role: str) -> None:
    desk = Desk()
    somebody = Client(directory.member("Somebody", role))
    refused = somebody.post(REQUESTS, {"type": desk.letter.pk, "title": "A letter"})
    assert (refused.status, refused.code) == (403, "not_allowed")
    assert somebody.upload(UPLOADS, "x.pdf", PDF).status == 403
    assert not Request.objects.exists()


def test_what_is_asked_has_a_shape() -> None:
    desk = Desk()
    faults = desk.sara.post(REQUESTS, {"type": 999999, "title": "A letter"})
    assert (faults.status, faults.pointers) == (422, [("/type", "unknown_reference")])
    bad = {"type": desk.letter.pk, "title": "", "priority": "soon", "data": [], "status": "approved", "requester": 1}
    shaped = desk.sara.post(REQUESTS, bad)
    assert shaped.status == 422
    assert sorted(shaped.pointers) == [
        ("/data", "bad_value"), ("/priority", "bad_value"), ("/requester", "unknown_field"),
        ("/status", "read_only_field"), ("/title", "too_short"),
    ]  # fmt: skip
    large = desk.sara.post(REQUESTS, {"type": desk.letter.pk, "title": "A letter", "data": {"x": "y" * 20_000}})
    assert (large.status, large.pointers) == (422, [("/data", "bad_value")])
    assert (Request.objects.count(), lines("request.submitted")) == (0, 0)


def test_a_type_that_is_closed_takes_no_requests() -> None:
    desk = Desk()
    RequestType.objects.filter(pk=desk.letter.pk).update(is_active=False)
    refused = desk.sara.post(REQUESTS, {"type": desk.letter.pk, "title": "A letter"})
    assert (refused.status, refused.code, refused.missing) == (409, "type_inactive", ["type_inactive"])
    assert not Request.objects.exists()


@pytest.fixture
def owing() -> Iterator[dict[str, set[int]]]:
    """Students who owe something, by the code of the type for which it matters, as an upper app would know them."""
    owes: dict[str, set[int]] = {}

    def contribute(students: Any, code: str) -> dict[int, list[Requirement]]:
        found = owes.get(code, set()) & set(students)
        return {pk: [Requirement("obligations_clear", "Nothing is owed", detail="2 books")] for pk in found}

    contributions.register_request_requirement(contribute)
    yield owes
    contributions._for_requests.remove(contribute)


def test_an_upper_app_stops_a_request_for_a_student_who_owes_something(owing: dict[str, set[int]]) -> None:
    desk = Desk()
    owing["transcript"] = {desk.student.pk}
    body = {"type": desk.transcript.pk, "title": "Transcript"}
    refused = desk.sara.post(REQUESTS, body)
    assert (refused.status, refused.code, refused.missing) == (409, "obligations_clear", ["obligations_clear"])
    assert refused.json["missing"][0]["detail"] == "2 books"
    assert desk.sara.post(REQUESTS, {**body, "type": desk.letter.pk}).status == 201
    assert desk.omar.post(REQUESTS, body).status == 201
    assert Client(directory.member("Dr Khan", "faculty")).post(REQUESTS, body).status == 201


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_request_is_seen_by_who_made_it_and_by_those_who_handle_its_type() -> None:
    desk = Desk()
    letter, transcript, plan = desk.asked(), desk.asked(desk.transcript), desk.asked(desk.plan)
    elsewhere = make.request(desk.other.person, type=desk.plan, student=desk.other)
    of_nobody = make.request(directory.person("Dr Khan"), type=desk.plan)
    everything = {letter.pk, transcript.pk, plan.pk, elsewhere.pk, of_nobody.pk}
    people = {
        "sara": {letter.pk, transcript.pk, plan.pk}, "omar": {elsewhere.pk}, "ruth": everything,
        "ed": {transcript.pk}, "cora": {plan.pk},
    }  # fmt: skip
    clients: dict[str, Client] = {name: getattr(desk, name) for name in people}
    clients |= {
        "auditor": Client(directory.member("Tara", "auditor")),
        "all": Client(directory.member("Alma", "coordinator")),
        "fay": Client(directory.member("Fay", "finance")),
    }
    people |= {"auditor": everything, "all": {plan.pk, elsewhere.pk, of_nobody.pk}, "fay": set()}
    for name, client in clients.items():
        assert set(ids(client.get(REQUESTS))) == people[name], name
        for pk in everything:
            assert client.get(f"{REQUESTS}{pk}/").status == (200 if pk in people[name] else 404), name
        handled = {pk for pk in people[name] if client.get(f"{REQUESTS}{pk}/").json["is_handler"]}
        assert handled == (set() if name in ("sara", "omar", "auditor") else people[name]), name


def test_a_role_that_handles_nothing_sees_no_request_of_its_type() -> None:
    desk = Desk()
    office = make.request_type("forms", handler_role="office_assistant")
    request = desk.asked(office)
    clerk = Client(directory.member("Olga", "office_assistant"))
    both = Client(directory.member("Ona", "office_assistant", "finance"))
    assert [ids(each.get(REQUESTS)) for each in (clerk, both, desk.ruth)] == [[], [], [request.pk]]
    assert move(both, request, "approve").status == 404


def test_the_list_is_filtered_searched_and_exported() -> None:
    desk = Desk()
    first = desk.asked(title="For the bank", priority="low", submitted_at=clock.now() - timedelta(days=2))
    second = desk.asked(desk.transcript, title="For Leeds", priority="urgent", status="under_review",
                        assigned_to=desk.eds)  # fmt: skip
    third = make.request(desk.ruths, type=desk.letter, title="Leave letter", status="rejected", resolved_at=clock.now())
    expected = {
        f"type={desk.letter.pk}": {first.pk, third.pk}, "status=UNDER_REVIEW": {second.pk}, "priority=Low": {first.pk},
        f"assigned_to={desk.eds.pk}": {second.pk}, f"requester={desk.ruths.pk}": {third.pk},
        f"student={desk.student.pk}": {first.pk, second.pk}, "mine=true": {third.pk},
        "mine=false": {first.pk, second.pk}, "is_open=true": {first.pk, second.pk}, "is_open=false": {third.pk},
        "search=leeds": {second.pk}, "search=Transcript": {second.pk}, "search=ruth": {third.pk},
        f"search=%23{first.pk}": {first.pk}, f"search={desk.student.reg_no}": {first.pk, second.pk},
        "search=Nowhere": set(),
    }  # fmt: skip
    for query, found in expected.items():
        assert set(ids(desk.ruth.get(f"{REQUESTS}?{query}"))) == found, query
    assert ids(desk.ruth.get(f"{REQUESTS}?ordering=-urgency"))[0] == second.pk
    assert ids(desk.ruth.get(REQUESTS))[-1] == first.pk
    exported = desk.ruth.get(f"{REQUESTS}export/?search=leeds").body.decode()
    assert ("For Leeds" in exported, "For the bank" in exported) == (True, False)
    assert desk.omar.get(f"{REQUESTS}export/").body.decode().count("\n") == 1


def test_nothing_of_another_institution_is_seen_or_touched() -> None:
    theirs = Desk()
    request = theirs.asked()
    paper = make.attachment(request)
    desk = Desk("other")
    zara = Client(directory.member("Zara", "admin"))
    named = zara.post(REQUESTS, {"type": theirs.letter.pk, "title": "A letter"})
    assert (named.status, named.pointers) == (422, [("/type", "unknown_reference")])
    of_theirs = zara.post(REQUESTS, {"type": desk.letter.pk, "title": "A letter", "student": theirs.student.pk})
    assert (of_theirs.status, of_theirs.pointers) == (422, [("/student", "unknown_reference")])
    given = move(zara, desk.asked(), "assign", assigned_to=theirs.ruths.pk)
    assert (given.status, given.pointers) == (422, [("/assigned_to", "unknown_reference")])
    for rest in ("", f"attachments/{paper.pk}/", "remarks/", "timeline/", "handlers/"):
        assert zara.get(url(request, rest)).status == 404
    assert move(zara, request, "approve").status == 404
    assert zara.post(url(request, "remarks/"), {"text": "Hello"}).status == 404


# --- decisions --------------------------------------------------------------------------------------------------------


def test_a_request_is_given_to_somebody_decided_and_served() -> None:
    desk = Desk()
    request = desk.asked(desk.transcript)
    named = desk.ed.get(url(request, "handlers/")).json
    assert [each["name"] for each in named] == ["Ed", "Ruth"]
    given = move(desk.ruth, request, "assign", assigned_to=desk.eds.pk)
    assert (given.status, given.json["status"], given.json["assigned_to_name"]) == (200, "under_review", "Ed")
    early = move(desk.ed, request, "complete")
    assert (early.status, early.code, early.missing) == (409, "NOT_APPROVED", ["NOT_APPROVED"])
    approved = move(desk.ed, request, "approve", notes=" Printed tomorrow. ")
    assert (approved.json["status"], approved.json["resolution_notes"]) == ("approved", "Printed tomorrow.")
    assert approved.json["resolved_at"] == "2026-03-01T08:00:00Z"
    served = move(desk.ed, request, "complete")
    assert (served.json["status"], served.json["resolution_notes"]) == ("completed", "Printed tomorrow.")
    again = move(desk.ed, request, "complete")
    assert (again.status, again.code) == (409, "NOT_APPROVED")
    kinds = [each["kind"] for each in desk.sara.get(url(request, "timeline/")).json["results"]]
    assert kinds == ["request.completed", "request.approved", "request.assigned"]


def test_a_rejection_needs_a_reason_and_ends_the_request() -> None:
    desk = Desk()
    request = desk.asked()
    for body in ({}, {"reason": "no"}, {"notes": "    "}, {"reason": "x" * 501}):
        refused = move(desk.ruth, request, "reject", **body)
        assert (refused.status, refused.pointers) == (422, [("/reason", "REASON_REQUIRED")])
    rejected = move(desk.ruth, request, "reject", reason="The fee is not paid.")
    assert (rejected.status, rejected.json["resolution_notes"]) == (200, "The fee is not paid.")
    assert JournalLine.objects.get(kind="request.rejected").reason == "The fee is not paid."
    late = [
        move(desk.ruth, request, "approve"),
        move(desk.ruth, request, "reject", reason="Once more"),
        move(desk.ruth, request, "assign", assigned_to=desk.ruths.pk),
    ]
    assert [(each.status, each.code, each.missing) for each in late] == [(409, "not_now", ["wrong_status"])] * 3
    assert lines("request.rejected") == 1


def test_a_move_names_the_version_it_has_seen_where_it_matters() -> None:
    desk = Desk()
    request = desk.asked()
    stale = desk.ruth.post(url(request, "moves/approve/"), {"version": 7})
    assert (stale.status, stale.code) == (412, "stale_version")
    request.refresh_from_db()
    assert request.status == "pending"
    assert desk.ruth.post(url(request, "moves/approve/"), {}, version=1).status == 200


def test_a_request_is_given_only_to_somebody_who_can_serve_it() -> None:
    desk = Desk()
    request = desk.asked(desk.plan)
    emil = directory.member("Emil", "coordinator", scope=("program", make.program().pk))
    for person in (desk.eds, emil, desk.student.person):
        refused = move(desk.ruth, request, "assign", assigned_to=person.pk)
        assert (refused.status, refused.pointers) == (422, [("/assigned_to", "not_a_handler")])
    assert move(desk.ruth, request, "assign").status == 422
    request.refresh_from_db()
    assert (request.status, request.assigned_to_id, lines("request.assigned")) == ("pending", None, 0)
    assert move(desk.cora, request, "assign", assigned_to=desk.coras.pk).status == 200


def test_whoever_only_asked_decides_nothing() -> None:
    desk = Desk()
    request = desk.asked()
    for name in ("assign", "approve", "reject", "complete"):
        refused = move(desk.sara, request, name, **({"assigned_to": desk.ruths.pk} if name == "assign" else {}))
        assert (refused.status, refused.code) == (403, "not_allowed"), name
    assert desk.sara.get(url(request, "handlers/")).status == 403
    auditor = Client(directory.member("Tara", "auditor"))
    assert (move(auditor, request, "approve").status, move(desk.ed, request, "approve").status) == (403, 404)
    request.refresh_from_db()
    assert (request.status, request.version) == ("pending", 1)


def test_nobody_serves_the_own_request_also_not_one_who_handles_its_type() -> None:
    desk = Desk()
    own, anna = make.request(desk.ruths, type=desk.letter), directory.member("Anna", "admin")
    refused = [
        move(desk.ruth, own, "approve"),
        move(desk.ruth, own, "reject", reason="I would like it"),
        move(desk.ruth, own, "assign", assigned_to=anna.pk),
    ]
    assert [(each.status, each.code, each.missing) for each in refused] == [(409, "not_now", ["own_request"])] * 3
    to_oneself = move(Client(anna), own, "assign", assigned_to=desk.ruths.pk)
    assert (to_oneself.status, to_oneself.pointers) == (422, [("/assigned_to", "not_a_handler")])
    Request.objects.filter(pk=own.pk).update(status="approved", resolved_at=clock.now())
    assert move(desk.ruth, own, "complete").missing == ["own_request"]
    shown = {each["name"]: [one["code"] for one in each["missing"]] for each in desk.ruth.get(url(own)).json["moves"]}
    assert shown["complete"] == ["own_request"]
    assert [each["name"] for each in desk.ruth.get(url(own, "handlers/")).json] == ["Anna"]


def test_a_request_is_taken_back_while_it_is_pending() -> None:
    desk = Desk()
    request = desk.asked()
    cancelled = move(desk.sara, request, "cancel")
    assert (cancelled.status, cancelled.json["status"], cancelled.json["is_editable"]) == (200, "cancelled", False)
    reviewed = desk.asked(status="under_review", assigned_to=desk.ruths)
    refused = move(desk.sara, reviewed, "cancel")
    assert (refused.status, refused.missing) == (409, ["wrong_status"])
    assert lines("request.cancelled") == 1


def test_what_is_said_at_length_is_kept_whole_or_refused_by_name() -> None:
    desk = Desk()
    said = "It is no longer needed. " * 40
    cancelled = move(desk.sara, desk.asked(), "cancel", notes=said)
    assert (cancelled.status, cancelled.json["resolution_notes"]) == (200, said.strip())
    request = desk.asked()
    for field in ("notes", "reason"):
        refused = move(desk.ruth, request, "approve", **{field: "x" * 2001})
        assert (refused.status, refused.pointers) == (422, [(f"/{field}", "too_long")])
    request.refresh_from_db()
    assert request.status == "pending"


def test_an_upper_app_completes_what_it_served_and_nothing_else() -> None:
    from maristan.academics.actions import requests as actions
    from maristan.kernel.errors import NotFound, NotNow

    desk = Desk()
    request = desk.asked(desk.transcript)
    by = directory.actor(desk.eds)
    with pytest.raises(NotNow) as refused:
        actions.serve(pk=request.pk, notes="Transcript 12 was issued.", by=by)
    assert refused.value.code == "NOT_APPROVED"
    assert move(desk.ed, request, "approve").status == 200
    served = actions.serve(pk=request.pk, notes="Transcript 12 was issued.", by=by)
    assert (served.status, served.resolution_notes) == ("completed", "Transcript 12 was issued.")
    assert lines("request.completed") == 1
    with pytest.raises(NotFound):
        actions.serve(pk=999999, notes="", by=by)
