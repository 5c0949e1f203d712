"""Exams: drafted, announced, marked, cancelled; who may write what of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from maristan.agenda import actions as agenda_actions
from maristan.agenda.tests import factories as agenda
from maristan.assessment.models import Candidate, Exam, GradeScheme, Result
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.config.tests.counting import counted
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def kinds() -> list[str]:
    return list(JournalLine.objects.filter(kind__startswith="exam").order_by("id").values_list("kind", flat=True))


def test_the_audience_of_an_exam_becomes_its_candidates() -> None:
    of = make.college()
    pk = make.draft(of)
    page = of.eve.get(f"{EXAMS}{pk}/").json
    assert (page["candidate_count"], page["course"], page["academic_period"]) == (3, of.course.pk, of.period.pk)
    listed = of.eve.get(f"{EXAMS}{pk}/candidates/").json["results"]
    assert [each["reg_no"] for each in listed] == ["P-0000", "P-0001", "P-0002"]
    assert {each["admission"] for each in listed} == {"admitted"}


def test_a_changed_audience_takes_its_candidates_along() -> None:
    of = make.college()
    pk = make.draft(of)
    only = {"audience": [[f"person:{of.students[0].person_id}"]]}
    assert of.eve.patch(f"{EXAMS}{pk}/", only, version=1).status == 200
    assert [each.person_id for each in Candidate.objects.all()] == [of.students[0].person_id]


def test_an_audience_is_neither_empty_nor_unknown_nor_out_of_scope() -> None:
    of = make.college()
    for audience, status, code in (
        ([[]], 422, "audience_empty"),
        ([["section:999999"]], 422, "unknown_audience_key"),
        ([["institution"]], 403, "audience_out_of_scope"),
    ):
        answer = of.cora.post(EXAMS, make.body(of, audience=audience))
        assert (answer.status, answer.code) == (status, code)
    assert not Exam.objects.exists()


def test_an_office_assistant_may_not_write_what_decides_who_passes() -> None:
    of = make.college()
    refused = of.otto.post(EXAMS, make.body(of, pass_total_percent="40", requires_eligibility=True))
    assert (refused.status, refused.json["fields"]) == (403, ["pass_total_percent", "requires_eligibility"])
    assert not Exam.objects.exists()
    made = of.otto.post(EXAMS, make.body(of, pass_total_percent=None))
    assert made.status == 201
    parts = f"{EXAMS}{made.json['id']}/components/"
    refused = of.otto.post(
        parts, {"name": "Theory", "max_marks": "60", "pass_marks": "1", "is_mandatory_to_pass": True}
    )
    assert (refused.status, refused.json["fields"]) == (403, ["is_mandatory_to_pass", "pass_marks"])
    part = of.otto.post(parts, {"name": "Theory", "max_marks": "60"})
    assert part.status == 201
    refused = of.otto.patch(f"{parts}{part.json['id']}/", {"pass_percent": "10"}, version=1)
    assert (refused.status, refused.json["fields"]) == (403, ["pass_percent"])
    refused = of.otto.patch(f"{EXAMS}{made.json['id']}/", {"passing_mode": "hybrid"}, version=1)
    assert (refused.status, refused.json["fields"]) == (403, ["passing_mode"])
    assert of.otto.patch(f"{EXAMS}{made.json['id']}/", {"title": "Final"}, version=1).status == 200
    assert (Exam.objects.get().passing_mode, Exam.objects.get().components.get().pass_marks) == ("total_only", None)


def test_announcing_names_everything_that_is_missing_and_changes_nothing() -> None:
    of = make.college()
    pk = of.eve.post(
        EXAMS,
        make.body(of, pass_total_percent=None, audience=[], scheduled_at="2025-12-31T09:00:00+05:00", place=of.room.pk),
    ).json["id"]
    at = [datetime.fromisoformat(each) for each in ("2025-12-31T10:00:00+05:00", "2025-12-31T12:00:00+05:00")]
    hold = agenda_actions.Hold(of.room.pk, 1, "Painters", at[0], at[1])
    agenda_actions.hold(owner_kind="x", holds=[hold], by=directory.acting_as("admin"))
    answer = make.move(of.eve, pk, "announce")
    missing = ["has_components", "passing_rule_complete", "scheduled_in_future", "within_period", "has_candidates",
               "place_free"]  # fmt: skip
    assert (answer.status, answer.code, answer.missing) == (409, "not_now", missing)
    assert "Painters" in answer.json["missing"][-1]["detail"]
    assert (make.exam(pk).status, agenda.entries().count()) == ("draft", 0)
    moves = {each["name"]: each for each in of.eve.get(f"{EXAMS}{pk}/").json["moves"]}
    assert [each["code"] for each in moves["announce"]["missing"]] == missing


def test_an_announced_exam_holds_its_place_pins_its_scheme_and_stands_in_the_calendar() -> None:
    of = make.college()
    pk = make.draft(of, place=of.room.pk)
    assert of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": of.khan_person.pk}).status == 201
    assert make.move(of.eve, pk, "announce").status == 200
    exam = make.exam(pk)
    assert (exam.status, exam.grade_scheme and exam.grade_scheme.name) == ("scheduled", "Undergraduate")
    held = agenda.bookings().get()
    assert (held.place_id, held.ends_at) == (of.room.pk, datetime.fromisoformat("2026-03-09T11:00:00+05:00"))
    shown = {each.owner_kind: each.audience for each in agenda.entries()}
    learners = [f"person:{each.person_id}" for each in of.students]
    teacher = f"person:{of.khan_person.pk}"
    assert shown["assessment.exam"] == [*learners, teacher, f"department:{of.department.pk}"]
    assert shown["assessment.marks_due"] == [teacher]
    assert make.move(of.eve, pk, "revise", reason="The hall is closed").status == 200
    assert (agenda.bookings().count(), agenda.entries().count(), make.exam(pk).status) == (0, 0, "draft")


def test_two_exams_do_not_take_one_place_at_once_and_share_no_candidate_unwarned() -> None:
    of = make.college()
    make.announced(of, place=of.room.pk)
    second = make.draft(of, place=of.room.pk, title="Viva", scheduled_at="2026-03-09T10:59:00+05:00")
    answer = make.move(of.eve, second, "announce")
    assert (answer.status, answer.missing) == (409, ["place_free"])
    assert of.eve.patch(f"{EXAMS}{second}/", {"place": None}, version=1).status == 200
    done = make.move(of.eve, second, "announce")
    assert (done.status, [each["code"] for each in done.json["warnings"]]) == (200, ["candidate_clash"])
    third = make.draft(of, place=of.room.pk, scheduled_at="2026-03-09T11:00:00+05:00")
    assert of.eve.patch(f"{EXAMS}{second}/", {"title": "Oral"}, version=3).code == "exam_not_draft"
    assert make.move(of.eve, third, "announce").status == 200


def test_an_exam_begins_by_itself_and_every_candidate_has_an_empty_result() -> None:
    from maristan.assessment import jobs

    of = make.college()
    pk = make.announced(of)
    refused = make.move(of.eve, pk, "start_marking")
    assert (refused.status, refused.missing) == (409, ["exam_begun"])
    with clock.stopped_at("2026-03-09T08:59:59+05:00"):
        jobs.exam_moves.start_due(by=directory.actor(directory.member("Adam", "admin")))
        assert (make.exam(pk).status, Result.objects.count()) == ("scheduled", 0)
    with clock.stopped_at(make.STARTS):
        by = jobs.platform(make.exam(pk).institution_id)
        assert (jobs.exam_moves.start_due(by=by), jobs.exam_moves.start_due(by=by)) == (1, 0)
    results = Result.objects.filter(exam_id=pk)
    assert {(each.status, each.final_outcome, each.total_max) for each in results} == {("draft", "pending", 100)}
    assert (make.exam(pk).status, results.count()) == ("marking", 3)


def test_an_exam_that_requires_eligibility_admits_nobody_while_no_list_is_known() -> None:
    of = make.college()
    pk = make.announced(of, requires_eligibility=True)
    with clock.stopped_at(make.LATER):
        done = make.move(of.eve, pk, "start_marking")
    assert (done.status, [each["code"] for each in done.json["warnings"]]) == (200, ["eligibility_known"])
    found = {(each.admission, each.code) for each in Candidate.objects.all()}
    assert found == {("not_eligible", "no_eligibility_list")}


def test_who_is_on_the_list_is_admitted_and_the_others_know_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    from maristan.assessment.queries import admission
    from maristan.assessment.rules.admission import Verdict

    of = make.college()
    sara, bilal, third = (each.person_id for each in of.students)
    listed = {sara: Verdict(True, "eligible"), bilal: Verdict(False, "below_threshold")}
    monkeypatch.setattr(admission, "_sources", [lambda exam, persons: listed])
    make.announced(of, requires_eligibility=True)
    found = {each.person_id: (each.admission, each.code) for each in Candidate.objects.all()}
    assert found == {
        sara: ("admitted", "eligible"), bilal: ("not_eligible", "below_threshold"),
        third: ("not_eligible", "not_on_list"),
    }  # fmt: skip


def test_a_condition_of_another_app_keeps_a_candidate_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from maristan.assessment.queries import admission

    of = make.college()
    sara = of.students[0].person_id
    asked: list[int] = []

    def owes(exam: int, persons: Any) -> dict[int, str]:
        asked.append(len(persons))
        return {sara: "obligations_clear"}

    monkeypatch.setattr(admission, "_conditions", [owes])
    make.draft(of)
    assert asked == [3]
    assert {each.code for each in Candidate.objects.filter(person_id=sara)} == {"obligations_clear"}
    assert Candidate.objects.filter(admission="admitted").count() == 2


def test_an_exam_is_cancelled_with_a_reason_and_leaves_the_calendar() -> None:
    of = make.college()
    pk = make.announced(of, place=of.room.pk)
    assert make.move(of.eve, pk, "cancel").pointers == [("/reason", "REASON_REQUIRED")]
    assert (make.exam(pk).status, agenda.entries().count()) == ("scheduled", 1)
    assert make.move(of.eve, pk, "cancel", reason="The paper leaked").status == 200
    assert (make.exam(pk).cancel_reason, agenda.entries().count(), agenda.bookings().count()) == (
        "The paper leaked", 0, 0,
    )  # fmt: skip


def test_while_an_exam_is_marked_its_rule_changes_by_an_amendment_with_a_reason() -> None:
    of = make.college()
    pk = make.announced(of)
    url = f"{EXAMS}{pk}/"
    with clock.stopped_at(make.LATER):
        assert make.move(of.eve, pk, "start_marking").status == 200
        version = make.exam(pk).version
        assert of.eve.patch(url, {"title": "Other"}, version=version).code == "exam_not_draft"
        assert of.eve.patch(url, {"pass_total_percent": "40"}, version=version).code == "REASON_REQUIRED"
        Result.objects.filter(pk=Result.objects.earliest("pk").pk).update(status="verified")
        wanted = {"pass_total_percent": "40", "reason": "Agreed by the board"}
        assert of.eve.patch(url, wanted, version=version).code == "results_not_draft"
        Result.objects.update(status="draft")
        assert of.otto.patch(url, wanted, version=version).status == 403
        assert make.exam(pk).pass_total_percent == 50
        assert of.eve.patch(url, wanted, version=version).status == 200
    line = JournalLine.objects.get(kind="exam.amended")
    assert (make.exam(pk).pass_total_percent, line.reason) == (40, "Agreed by the board")


def told(client: Client) -> list[str]:
    found = client.get("/api/v1/comms/notifications/").json["results"]
    return [each["event"] for each in found]


def test_candidates_and_examiners_are_told_and_nobody_else() -> None:
    of = make.college()
    pk = make.announced(of)
    run_jobs()
    assert told(of.sara) == told(of.bilal) == ["exam.announced"]
    assert told(of.khan) == []
    make.move(of.eve, pk, "cancel", reason="The paper leaked")
    run_jobs()
    assert told(of.sara) == ["exam.cancelled", "exam.announced"]


def test_a_candidate_sees_an_announced_exam_and_the_own_line_alone() -> None:
    of = make.college()
    pk = make.draft(of)
    assert of.sara.get(f"{EXAMS}{pk}/").status == 404
    assert of.khan.get(f"{EXAMS}{pk}/").status == 200
    make.move(of.eve, pk, "announce")
    page = of.sara.get(f"{EXAMS}{pk}/").json
    assert (page["status"], page["moves"], page["audience"]) == ("scheduled", [], [])
    listed = of.sara.get(f"{EXAMS}{pk}/candidates/").json["results"]
    assert [each["full_name"] for each in listed] == ["Sara"]
    other = directory.member("Omar", "student")
    assert Client(other).get(f"{EXAMS}{pk}/").status == 404


def test_a_coordinator_and_a_teacher_stay_within_their_own() -> None:
    of = make.college()
    pk = make.draft(of)
    elsewhere = Client(directory.member("Zoe", "coordinator", scope=("program", 999)))
    stranger = Client(directory.member("Dr Lee", "faculty"))
    for client in (elsewhere, stranger):
        assert client.get(f"{EXAMS}{pk}/").status == 404
        assert client.get(EXAMS).json["count"] == 0
    refused = elsewhere.post(EXAMS, make.body(of, audience=[]))
    assert (refused.status, refused.pointers) == (422, [("/academic_period", "unknown_reference")])
    assert elsewhere.post(EXAMS, {**make.body(of, audience=[]), "section": None}).status == 403
    assert of.cora.get(EXAMS).json["count"] == 1
    assert of.khan.patch(f"{EXAMS}{pk}/", {"title": "Mine"}, version=1).status == 403
    assert Exam.objects.get().title == "Pathology final"


def test_a_seat_belongs_to_one_candidate_and_withdrawing_takes_a_reason() -> None:
    of = make.college()
    pk = make.announced(of)
    first, second = (each["id"] for each in of.eve.get(f"{EXAMS}{pk}/candidates/").json["results"][:2])
    url = f"{EXAMS}{pk}/candidates/"
    assert of.eve.patch(f"{url}{first}/", {"seat_no": "A1"}, version=1).json["seat_no"] == "A1"
    assert of.eve.patch(f"{url}{second}/", {"seat_no": "A1"}, version=1).code == "seat_taken"
    assert of.eve.delete(f"{url}{first}/").code == "exam_not_draft"
    assert of.eve.post(f"{url}{first}/moves/withdraw/", {}).code == "REASON_REQUIRED"
    gone = of.eve.post(f"{url}{first}/moves/withdraw/", {"reason": "Left the program"})
    assert (gone.json["admission"], of.eve.get(f"{EXAMS}{pk}/").json["candidate_count"]) == ("withdrawn", 2)
    assert of.eve.post(f"{url}{first}/moves/restore/", {"reason": "Came back"}).json["admission"] == "admitted"


def test_an_active_scheme_is_followed_by_a_next_version_that_later_exams_pin() -> None:
    of = make.college()
    make.announced(of)
    bands = [{"min_percent": "0", "letter": "F", "is_fail": True}, {"min_percent": "50", "letter": "P", "point": "4"}]
    url = "/api/v1/assessment/grade-schemes/"
    first = GradeScheme.objects.get(name="Undergraduate")
    assert of.eve.patch(f"{url}{first.pk}/", {"bands": bands}, version=1).code == "scheme_active"
    wrong = of.eve.post(url, {"name": "Undergraduate", "bands": bands[1:]})
    assert wrong.pointers == [("/bands", "gap_below"), ("/bands", "fail_band_count")]
    made = of.eve.post(url, {"name": "undergraduate", "bands": bands})
    assert (made.status, made.json["number"]) == (201, 2)
    assert of.eve.post(url, {"name": "Undergraduate", "bands": bands}).code == "version_drafted"
    assert of.eve.post(f"{url}{made.json['id']}/moves/activate/").status == 200
    later = make.announced(of, title="Resit", grade_scheme=first.pk)
    assert make.exam(later).grade_scheme_id == made.json["id"]
    assert of.cora.post(url, {"name": "X", "bands": bands}).status == 403
    course = of.eve.post(url, {"name": "Course", "bands": bands, "scope_key": f"course:{of.course.pk}"})
    assert (course.status, course.json["scope_key"]) == (201, f"course:{of.course.pk}")
    for scope in ("course:999999", "course:x", "batch:1"):
        unknown = of.eve.post(url, {"name": "Nowhere", "bands": bands, "scope_key": scope})
        assert (unknown.status, unknown.pointers) == (422, [("/scope_key", "unknown_reference")])


def test_every_write_leaves_its_line() -> None:
    of = make.college()
    pk = make.announced(of)
    make.move(of.eve, pk, "revise", reason="Another day")
    assert of.eve.delete(f"{EXAMS}{pk}/").status == 204
    assert kinds() == [
        "exam.created", "exam_component.created", "exam_component.created", "exam.announced", "exam.revised",
        "exam.deleted",
    ]  # fmt: skip


@pytest.mark.parametrize("learners", [3, 60])
def test_an_exam_page_costs_the_same_for_few_and_for_many(learners: int) -> None:
    of = make.college(learners=learners)
    pk = make.announced(of)
    with counted() as count:
        assert of.eve.get(f"{EXAMS}{pk}/").status == 200
    assert len(count) == 3
