"""Eligibility lists and condonations: evidence that nobody rewrites, and a second person who decides."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from maristan.attendance.models import Attendance, Condonation, EligibilityLine, EligibilityList, Register
from maristan.attendance.queries import eligibility_lists
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import ATTENDANCE, Client
from maristan.kernel import clock
from maristan.kernel.models import JournalLine

pytestmark = pytest.mark.django_db
LISTS, CONDONATIONS = f"{ATTENDANCE}eligibility-lists/", f"{ATTENDANCE}condonations/"
AFTER = "2026-03-16T09:00:00+05:00"
REASON = "Ill for two weeks, with a certificate."


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(AFTER):
        yield


def body(of: make.Class, **values: Any) -> dict[str, Any]:
    """A list over the first half of the year for everybody of Sara's group."""
    group = of.school.groups[0].pk
    return {
        "title": "Final of Pathology", "first_day": "2026-02-01", "last_day": "2026-03-15",
        "audience": [[f"group:{group}", "status:active"]], **values,
    }  # fmt: skip


def drawn_up(of: make.Class, *marks: str | None, submitted: bool = True, **values: Any) -> int:
    """A draft over sessions in which Sara was marked so; gives its id."""
    make.held(of, *marks)
    if submitted:
        Register.objects.update(status="submitted", submitted_at=clock.now(), submitted_by="Dr Khan")
    made = of.alice.post(LISTS, body(of, **values))
    assert made.status == 201, made.json
    return int(made.json["id"])


def frozen(of: make.Class, attended: int, missed: int) -> tuple[int, dict[str, Any]]:
    """A frozen list with Sara's line."""
    pk = drawn_up(of, *["present"] * attended, *["absent"] * missed)
    answer = move(of.alice, pk, "freeze")
    assert answer.status == 200, answer.json
    return pk, line_of(of, pk)


def move(client: Client, pk: int, name: str, **said: Any) -> Any:
    return client.post(f"{LISTS}{pk}/moves/{name}/", said)


def line_of(of: make.Class, pk: int) -> dict[str, Any]:
    person = of.school.sara_person.pk
    return next(each for each in of.alice.get(f"{LISTS}{pk}/people/").json["results"] if each["person"] == person)


def titles(client: Client) -> list[str]:
    """What somebody was told, the latest first."""
    return [each["title"] for each in client.get("/api/v1/comms/notifications/").json["results"]]


def missing(answer: Any) -> list[str]:
    return [each["code"] for each in answer.json["missing"]]


def test_freezing_with_one_unsubmitted_register_names_it_and_freezes_nothing() -> None:
    of = make.a_class()
    pk = drawn_up(of, "present", "absent", submitted=False)
    first, second = Register.objects.order_by("session__starts_at")
    first.status, first.submitted_at, first.submitted_by = "submitted", clock.now(), "Dr Khan"
    first.save()
    refused = move(of.alice, pk, "freeze")
    assert (refused.status, refused.code, missing(refused)) == (409, "not_now", ["registers_complete"])
    assert refused.json["missing"][0]["where"]["session"] == second.session_id
    assert refused.json["missing"][0]["where"]["teachers"] == [of.school.teacher.name]
    assert not EligibilityLine.objects.exists()
    assert EligibilityList.objects.get().status == "draft"


def test_after_freezing_a_correction_changes_the_summary_but_not_the_list_and_renewing_shows_the_difference() -> None:
    of = make.a_class()
    pk, line = frozen(of, 2, 2)
    assert (line["percentage"], line["code"], line["eligible"]) == ("50.00", "below_threshold", False)
    Attendance.objects.filter(person=of.school.sara_person, status="absent").update(status="present")
    assert line_of(of, pk)["percentage"] == "50.00"
    assert of.alice.get(f"{LISTS}{pk}/differences/").json["count"] == 0
    without = move(of.alice, pk, "renew")
    assert (without.status, without.code) == (422, "REASON_REQUIRED")
    renewed = move(of.alice, pk, "renew", reason="Marks were corrected")
    assert (renewed.status, renewed.json["number"], renewed.json["status"]) == (200, 2, "draft")
    assert EligibilityList.objects.get(pk=pk).status == "superseded"
    person = of.school.sara_person.pk
    changed = of.alice.get(f"{LISTS}{renewed.json['id']}/differences/").json["results"]
    assert [(each["before"], each["after"]) for each in changed if each["person"] == person] == [
        ({"percentage": "50.00", "code": "below_threshold"}, {"percentage": "100.00", "code": "eligible"})
    ]
    twice = move(of.alice, pk, "renew", reason="Once more, please")
    assert (twice.status, missing(twice)) == (409, ["wrong_status"])


def test_who_was_in_no_session_is_on_the_list_and_not_eligible() -> None:
    of = make.a_class(students=3)
    pk, _ = frozen(of, 4, 0)
    others = [each for each in of.alice.get(f"{LISTS}{pk}/people/").json["results"] if each["code"] == "no_sessions"]
    assert len(others) == 2
    assert {(each["percentage"], each["eligible"]) for each in others} == {("0.00", False)}
    assert eligibility_lists.admissions("exam", 1) is None


def test_a_window_that_is_not_over_and_a_list_of_nobody_are_not_frozen() -> None:
    of = make.a_class()
    early = drawn_up(of, "present", last_day="2026-03-16")
    assert missing(move(of.alice, early, "freeze")) == ["window_ended"]
    nobody = of.alice.post(LISTS, body(of, audience=[[f"group:{of.school.groups[0].pk}", "status:graduated"]]))
    assert missing(move(of.alice, nobody.json["id"], "freeze")) == ["list_not_empty"]


def test_who_is_on_a_frozen_list_is_told_whether_they_may_sit() -> None:
    of = make.a_class()
    frozen(of, 4, 0)
    make.run_jobs()
    assert titles(of.sara) == ["Final of Pathology: you may sit"]


@pytest.mark.parametrize(
    ("attended", "missed", "refusal"),
    [(14, 6, None), (16, 7, "shortfall_within_limit"), (15, 5, "below_threshold"), (0, 0, "below_threshold")],
)
def test_a_shortfall_up_to_the_limit_may_be_condoned(attended: int, missed: int, refusal: str | None) -> None:
    of = make.a_class()
    _, line = frozen(of, attended, missed)
    asked = of.alice.post(CONDONATIONS, {"line": line["id"], "reason": REASON})
    if refusal is None:
        assert (asked.status, asked.json["shortfall"]) == (201, "5.00")
        return
    assert asked.status == 409
    assert refusal in missing(asked)
    assert not Condonation.objects.exists()


def test_who_asks_does_not_grant_and_a_granted_one_changes_no_percentage() -> None:
    of = make.a_class()
    pk, line = frozen(of, 14, 6)
    both = Client(make.directory.member("Both", "exam_cell"))
    asked = both.post(CONDONATIONS, {"line": line["id"], "reason": REASON}).json["id"]
    own = both.post(f"{CONDONATIONS}{asked}/moves/grant/", {})
    assert (own.status, missing(own)) == (409, ["decided_by_other"])
    assert of.alice.post(f"{CONDONATIONS}{asked}/moves/grant/", {}).status == 403
    cell = Client(make.directory.member("Cell", "exam_cell"))
    granted = cell.post(f"{CONDONATIONS}{asked}/moves/grant/", {})
    assert (granted.status, granted.json["status"]) == (200, "granted")
    line = line_of(of, pk)
    assert (line["code"], line["eligible"], line["percentage"]) == ("condoned", True, "70.00")
    make.run_jobs()
    assert titles(of.sara)[0].endswith("may sit Final of Pathology in spite of less attendance")
    again = of.alice.post(CONDONATIONS, {"line": line["id"], "reason": REASON})
    assert (again.status, "below_threshold" in missing(again)) == (409, True)
    without = cell.post(f"{CONDONATIONS}{asked}/moves/revoke/", {})
    assert (without.status, without.code) == (422, "REASON_REQUIRED")
    assert cell.post(f"{CONDONATIONS}{asked}/moves/revoke/", {"reason": "The certificate was forged"}).status == 200
    assert (line_of(of, pk)["code"], line_of(of, pk)["eligible"]) == ("below_threshold", False)
    kinds = JournalLine.objects.filter(subject_kind="condonation").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["condonation.requested", "condonation.granted", "condonation.revoked"]


def test_one_grant_in_a_period_is_all_unless_the_policy_says_more() -> None:
    of = make.a_class()
    _, line = frozen(of, 14, 6)
    cell, other = (Client(make.directory.member(name, "exam_cell")) for name in ("Cell", "Other"))
    asked = cell.post(CONDONATIONS, {"line": line["id"], "reason": REASON}).json["id"]
    assert other.post(f"{CONDONATIONS}{asked}/moves/grant/", {}).status == 200
    second = of.alice.post(LISTS, body(of, title="Viva of Pathology")).json["id"]
    move(of.alice, second, "freeze")
    refused = cell.post(CONDONATIONS, {"line": line_of(of, second)["id"], "reason": REASON})
    assert (refused.status, missing(refused)) == (409, ["grants_left"])


def test_the_database_refuses_to_rewrite_a_frozen_line() -> None:
    of = make.a_class()
    _, line = frozen(of, 2, 2)
    for statement in (
        "UPDATE attendance_eligibilityline SET percentage = 80 WHERE id = %s",
        "UPDATE attendance_eligibilityline SET eligible = true, code = 'eligible' WHERE id = %s",
        "UPDATE attendance_eligibilityline SET eligible = true, code = 'condoned' WHERE id = %s",
        "DELETE FROM attendance_eligibilityline WHERE id = %s",
    ):
        with (
            pytest.raises(IntegrityError, match="eligibility list"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [line["id"]])
    assert line_of(of, EligibilityList.objects.get().pk)["percentage"] == "50.00"


def test_a_frozen_list_is_not_edited_and_a_draft_by_its_version() -> None:
    of = make.a_class()
    pk = drawn_up(of, "present")
    assert of.alice.patch(f"{LISTS}{pk}/", {"title": "Viva"}).code == "version_required"
    assert of.alice.patch(f"{LISTS}{pk}/", {"title": "Viva"}, version=1).json["title"] == "Viva"
    assert move(of.alice, pk, "freeze").status == 200
    refused = of.alice.patch(f"{LISTS}{pk}/", {"title": "Final"}, version=3)
    assert (refused.status, refused.code) == (409, "list_frozen")


def test_nobody_draws_up_a_list_beyond_their_programs_and_another_institution_sees_none() -> None:
    of = make.a_class()
    stranger = make.academics.student()
    beyond = of.alice.post(LISTS, body(of, audience=[[f"group:{stranger.group_id}"]]))
    assert (beyond.status, beyond.code) == (403, "audience_out_of_scope")
    assert of.khan.post(LISTS, body(of)).status == 403
    assert of.sara.post(LISTS, body(of)).status == 403
    unknown = of.alice.post(LISTS, body(of, courses=[10**9]))
    assert (unknown.status, unknown.pointers) == (422, [("/courses/0", "unknown_reference")])
    reversed_days = of.alice.post(LISTS, body(of, first_day="2026-03-15", last_day="2026-02-01"))
    assert (reversed_days.status, reversed_days.pointers) == (422, [("/last_day", "ends_before_start")])
    assert not EligibilityList.objects.exists()
    pk, line = frozen(of, 14, 6)
    mona = Client(make.directory.member("Mona", "coordinator", scope=("program", stranger.program_id)))
    assert (mona.get(f"{LISTS}{pk}/").status, mona.get(LISTS).json["count"]) == (404, 0)
    named = mona.post(CONDONATIONS, {"line": line["id"], "reason": REASON})
    assert (named.status, named.pointers) == (422, [("/line", "unknown_reference")])
    make.directory.institution("other")
    zara = Client(make.directory.member("Zara", "admin"))
    assert (zara.get(f"{LISTS}{pk}/").status, move(zara, pk, "renew", reason="Not mine").status) == (404, 404)


def test_a_list_asks_as_often_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    of = make.a_class(students=30)
    pk = drawn_up(of, *["present"] * 5)
    row = EligibilityList.objects.get(pk=pk)
    with django_assert_max_num_queries(8):
        assert len(eligibility_lists.drawn(row)) == 30
    assert row.last_day == date(2026, 3, 15)


def test_a_correction_that_waits_warns_and_freezes_all_the_same() -> None:
    of = make.a_class()
    pk = drawn_up(of, "present", "absent")
    line = Attendance.objects.get(person=of.school.sara_person, status="absent")
    with clock.stopped_at(line.session.ends_at.isoformat()):
        asked = of.sara.post(f"{ATTENDANCE}corrections/", {"line": line.pk, "wanted": "present", "reason": REASON})
    assert asked.status == 201, asked.json
    (shown,) = [each for each in of.alice.get(f"{LISTS}{pk}/").json["moves"] if each["name"] == "freeze"]
    assert [each["code"] for each in shown["warnings"]] == ["no_pending_corrections"]
    assert (shown["allowed"], move(of.alice, pk, "freeze").status) == (True, 200)


def test_while_one_request_waits_no_other_is_taken() -> None:
    of = make.a_class()
    _, line = frozen(of, 14, 6)
    assert of.alice.post(CONDONATIONS, {"line": line["id"], "reason": REASON}).status == 201
    again = of.alice.post(CONDONATIONS, {"line": line["id"], "reason": REASON})
    assert (again.status, missing(again)) == (409, ["no_open_condonation"])
    assert Condonation.objects.count() == 1
