"""Corrections of published results: proposed by one, approved by another, and the old revision stays."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from maristan.assessment.actions import corrections as actions
from maristan.assessment.models import Result, ResultCorrection, ResultEntry
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.errors import NotAllowed
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
ASSESSMENT = "/api/v1/assessment/"
CORRECTIONS, RESULTS, MINE = f"{ASSESSMENT}corrections/", f"{ASSESSMENT}results/", f"{ASSESSMENT}my/results/"
REASON = "Question four was added up wrongly."


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK), clock.stopped_at(make.LATER):
        yield


class Case:
    """An exam whose results are published, 45 of 60 and 30 of 40; Alice and Charlie work in the exam cell."""

    def __init__(self, **values: Any) -> None:
        with clock.stopped_at(make.CLOCK):
            self.of = make.college()
            self.exam = make.published(self.of, **values)
        self.theory, self.viva = make.components(self.exam)
        self.alice = Client(directory.member("Alice", "exam_cell"))
        self.charlie = Client(directory.member("Charlie", "exam_cell"))
        self.sara = self.of.students[0].person_id
        self.result = Result.objects.get(person_id=self.sara).pk

    def propose(self, by: Client | None = None, marks: Any = "48", **values: Any) -> Answer:
        """Alice, or another, proposes other marks of Sara's theory."""
        cells = [{"component": self.theory, "marks": marks}]
        return (by or self.alice).post(CORRECTIONS, {
            "result": self.result, "entries": cells, "reason": REASON, **values,
        })  # fmt: skip

    def proposed(self) -> int:
        """A proposal of Alice; gives its id."""
        made = self.propose()
        assert made.status == 201, made.json
        return int(made.json["id"])


def move(client: Client, pk: int, name: str, **body: Any) -> Answer:
    return client.post(f"{CORRECTIONS}{pk}/moves/{name}/", body)


def revisions(of: Case) -> list[tuple[int, bool, str, str]]:
    found = Result.objects.filter(person_id=of.sara).order_by("revision")
    return [(each.revision, each.is_current, str(each.total_obtained), each.status) for each in found]


ONE = [(1, True, "75.00", "published")]


def test_another_approves_and_the_next_revision_takes_the_place_of_the_first() -> None:
    of = Case()
    made = of.propose()
    assert (made.status, made.json["status"], made.json["reg_no"]) == (201, "proposed", "P-0000")
    assert made.json["entries"] == [{
        "component": of.theory, "name": "Theory", "before": {"state": "marked", "marks": "45.00"},
        "after": {"state": "marked", "marks": "48.00"},
    }]  # fmt: skip
    pk = made.json["id"]
    own = move(of.alice, pk, "approve")
    assert (own.status, own.missing) == (409, ["decided_by_other"])
    assert revisions(of) == ONE
    done = move(of.charlie, pk, "approve")
    assert (done.status, done.json["status"], done.json["decided_by_name"]) == (200, "approved", "Charlie")
    assert revisions(of) == [(1, False, "75.00", "published"), (2, True, "78.00", "published")]
    new = Result.objects.get(person_id=of.sara, is_current=True)
    assert (new.percentage, new.letter, new.final_outcome, new.published_by and new.published_by.name) == (
        78, "B", "pass", "Charlie",
    )  # fmt: skip
    entries = {each.component_id: (each.marks, each.entered_by.name) for each in new.entries.all()}
    assert entries == {of.theory: (48, "Alice"), of.viva: (30, "Dr Khan")}
    assert ResultEntry.objects.get(result_id=of.result, component_id=of.theory).marks == 45


def test_only_a_person_proposes_and_only_a_marked_cell_has_marks() -> None:
    of = Case()
    absent = of.propose(entries=[{"component": of.theory, "state": "absent", "marks": "3"}])
    assert (absent.status, absent.pointers) == (422, [("/entries/0/marks", "marks_without_state")])
    unknown = of.propose(result=10**9)
    assert (unknown.status, unknown.pointers) == (422, [("/result", "unknown_reference")])
    with pytest.raises(NotAllowed):
        actions.propose(result=of.result, cells=[], reason=REASON, by=platform(of.of.batch.institution_id))
    assert not ResultCorrection.objects.exists()


def test_the_learner_sees_the_new_revision_alone_and_staff_read_both() -> None:
    of = Case()
    move(of.charlie, of.proposed(), "approve")
    shown = of.of.sara.get(MINE).json["results"]
    assert [(each["revision"], each["total_obtained"]) for each in shown] == [(2, "78.00")]
    new = shown[0]["id"]
    assert of.of.sara.get(f"{RESULTS}{of.result}/").status == 404
    assert of.of.sara.get(f"{RESULTS}{new}/revisions/").status == 404
    assert of.of.sara.get(f"{RESULTS}{new}/").json["may_propose"] is False
    assert of.of.sara.get(RESULTS).json["count"] == 1
    for pk in (of.result, new):
        listed = of.of.khan.get(f"{RESULTS}{pk}/revisions/").json["results"]
        assert [(each["revision"], each["is_current"], each["total_obtained"]) for each in listed] == [
            (2, True, "78.00"), (1, False, "75.00"),
        ]  # fmt: skip
    old = of.of.eve.get(f"{RESULTS}{of.result}/").json
    assert (old["cells"][0]["marks"], old["moves"], old["may_propose"]) == ("45.00", [], False)
    assert of.of.eve.get(f"{RESULTS}{new}/").json["may_propose"] is True


def test_a_frozen_result_is_corrected_in_its_state_and_its_outcome_follows() -> None:
    of = Case()
    make.move_all(of.of.eve, of.exam, "freeze")
    make.move(of.of.eve, of.exam, "complete")
    pk = of.propose(entries=[{"component": of.theory, "state": "ABSENT"}, {"component": of.viva, "marks": "40"}])
    assert pk.status == 201, pk.json
    assert move(of.charlie, pk.json["id"], "approve").status == 200
    assert revisions(of) == [(1, False, "75.00", "frozen"), (2, True, "40.00", "frozen")]
    new = Result.objects.get(person_id=of.sara, is_current=True)
    assert (new.final_outcome, new.letter) == ("fail", "F")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Result.objects.filter(pk=new.pk).update(total_obtained=99)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        ResultEntry.objects.filter(result=new).update(outcome="pass")
    Result.objects.filter(pk=new.pk).update(is_current=False)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Result.objects.filter(pk=of.result).update(is_current=True)


def test_one_line_names_both_persons_the_reason_and_both_revisions() -> None:
    of = Case()
    pk = of.proposed()
    move(of.charlie, pk, "approve", reason="Checked against the sheet")
    line = JournalLine.objects.get(kind="result.corrected")
    new = Result.objects.get(person_id=of.sara, is_current=True).pk
    assert (line.subject_kind, line.subject_id, line.by_name) == ("result_correction", str(pk), "Charlie")
    assert (line.changes["requested_by"], line.reason) == ("Alice", "Checked against the sheet")
    assert (line.changes["result"], line.changes["person"], line.changes["exam"]) == (
        [of.result, new], of.sara, of.exam,
    )  # fmt: skip
    assert line.changes["entries"] == [{"field": "Theory", "old": "45.00", "new": "48.00"}]
    assert JournalLine.objects.get(kind="result_correction.proposed").reason == REASON


@pytest.mark.parametrize(
    ("cells", "pointers"),
    [
        ([("theory", "60.01")], [("/entries/0/marks", "out_of_range")]),
        ([("theory", "45.125")], [("/entries/0/marks", "too_many_decimals")]),
        ([("theory", "48"), ("theory", "49")], [("/entries/1", "duplicate_cell")]),
        ([("theory", "48"), ("other", "4")], [("/entries/1/component", "unknown_reference")]),
    ],
)
def test_wrong_cells_are_named(cells: list[tuple[str, str]], pointers: list[tuple[str, str]]) -> None:
    of = Case()
    ids = {"theory": of.theory, "other": 999_999}
    answer = of.propose(entries=[{"component": ids[name], "marks": marks} for name, marks in cells])
    assert (answer.status, answer.pointers) == (422, pointers)
    assert not ResultCorrection.objects.exists()


def test_a_proposal_changes_something_and_there_is_one_at_a_time() -> None:
    of = Case()
    assert of.propose(marks="45.0").missing == ["something_changes"]
    exempt = [{"component": each, "state": "exempt"} for each in (of.theory, of.viva)]
    assert of.propose(entries=exempt).missing == ["outcome_decided"]
    assert not ResultCorrection.objects.exists()
    of.proposed()
    again = of.propose(by=of.charlie, marks="50")
    assert (again.status, again.missing) == (409, ["no_open_correction"])
    assert of.of.eve.get(f"{RESULTS}{of.result}/").json["may_propose"] is False
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        ResultCorrection.objects.create(result_id=of.result, reason=REASON, requested_by_id=of.sara)
    assert ResultCorrection.objects.count() == 1


def test_only_what_is_published_is_corrected() -> None:
    with clock.stopped_at(make.CLOCK):
        of = make.college()
        pk = make.marking(of)
    make.filled(of, pk)
    result = Result.objects.get(person_id=of.students[0].person_id).pk
    wanted = {"result": result, "entries": [{"component": make.components(pk)[0], "marks": "48"}], "reason": REASON}
    assert of.eve.post(CORRECTIONS, wanted).missing == ["result_published"]
    make.move_all(of.eve, pk, "verify")
    assert of.eve.post(CORRECTIONS, wanted).missing == ["result_published"]
    assert of.otto.post(CORRECTIONS, wanted).status == 403
    assert not ResultCorrection.objects.exists()


def test_an_open_correction_holds_the_result_back_from_being_frozen() -> None:
    of = Case()
    pk = of.proposed()
    refused = make.move_all(of.of.eve, of.exam, "freeze")
    assert (refused.status, refused.code, refused.missing) == (409, "NOT_FREEZABLE", ["no_open_correction"])
    assert move(of.alice, pk, "withdraw").status == 200
    assert make.move_all(of.of.eve, of.exam, "freeze").json["moved"] == 3


def test_a_proposal_about_a_revision_that_is_past_cannot_be_approved_and_can_be_withdrawn() -> None:
    of = Case()
    pk = of.proposed()
    Result.objects.filter(pk=of.result).update(is_current=False)
    refused = move(of.charlie, pk, "approve")
    assert (refused.status, refused.missing) == (409, ["still_current"])
    assert revisions(of) == [(1, False, "75.00", "published")]
    assert move(of.alice, pk, "withdraw").status == 200


def test_a_rejection_says_why_and_changes_nothing_and_only_who_proposed_withdraws() -> None:
    of = Case()
    pk = of.proposed()
    assert move(of.charlie, pk, "reject").pointers == [("/reason", "REASON_REQUIRED")]
    assert move(of.alice, pk, "reject", reason="Not so bad").missing == ["decided_by_other"]
    assert move(of.charlie, pk, "withdraw").status == 403
    assert move(of.charlie, pk, "dance").status == 404
    assert ResultCorrection.objects.get().status == "proposed"
    done = move(of.charlie, pk, "reject", reason="The sheet says 45")
    assert (done.json["status"], done.json["answer"]) == ("rejected", "The sheet says 45")
    again = move(of.charlie, pk, "approve")
    assert (again.status, again.missing) == (409, ["wrong_status"])
    assert revisions(of) == ONE


def test_a_teacher_proposes_and_a_coordinator_but_they_do_not_approve_and_learners_see_nothing() -> None:
    of = Case()
    made = of.propose(by=of.of.khan)
    assert made.status == 201
    pk = made.json["id"]
    assert of.of.cora.get(f"{CORRECTIONS}{pk}/").json["full_name"] == "Sara"
    assert move(of.of.cora, pk, "approve").status == 403
    assert move(of.of.khan, pk, "approve").status == 403
    assert of.propose(by=of.of.sara).status == 403
    assert of.of.sara.get(CORRECTIONS).json["count"] == 0
    assert (of.of.sara.get(f"{CORRECTIONS}{pk}/").status, move(of.of.sara, pk, "withdraw").status) == (404, 404)
    fox = Client(directory.member("Dr Fox", "faculty"))
    assert (fox.get(CORRECTIONS).json["count"], fox.get(f"{CORRECTIONS}{pk}/").status) == (0, 404)
    foreign = of.propose(by=fox)
    assert (foreign.status, foreign.pointers) == (422, [("/result", "unknown_reference")])
    assert move(of.of.khan, pk, "withdraw").json["status"] == "withdrawn"
    assert of.propose(by=of.of.cora).status == 201
    assert revisions(of) == ONE


def test_another_institution_sees_no_correction_and_proposes_none() -> None:
    of = Case()
    pk = of.proposed()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert (zara.get(f"{CORRECTIONS}{pk}/").status, zara.get(CORRECTIONS).json["count"]) == (404, 0)
    assert move(zara, pk, "approve").status == 404
    assert of.propose(by=zara).pointers == [("/result", "unknown_reference")]


def events(client: Client) -> list[tuple[str, str]]:
    found = client.get("/api/v1/comms/notifications/").json["results"]
    return [(each["event"], each["title"]) for each in found if "correct" in each["event"]]


def waiting(client: Client) -> list[str]:
    found = client.get("/api/v1/work/inbox-items/").json["results"]
    return [each["kind"] for each in found if each["closed_at"] is None and "correction" in each["kind"]]


def test_a_proposal_waits_for_the_others_who_approve_and_its_end_is_told_without_marks() -> None:
    of = Case()
    pk = of.proposed()
    run_jobs()
    assert waiting(of.charlie) == ["result_correction_to_decide"]
    assert (waiting(of.alice), waiting(of.of.cora), events(of.alice)) == ([], [], [])
    assert events(of.charlie) == [
        ("result_correction.proposed", "Alice proposes to correct a result of Pathology final")
    ]
    move(of.charlie, pk, "approve")
    run_jobs()
    assert waiting(of.charlie) == []
    assert events(of.of.sara) == [("result.corrected", "Your result for Pathology final was corrected")]
    assert events(of.alice) == [
        ("result_correction.approved", "The correction for Sara in Pathology final was approved")
    ]
    told = of.of.sara.get("/api/v1/comms/notifications/").json["results"]
    assert not any("48" in each["body"] or "78" in each["body"] for each in told)
    assert events(of.of.bilal) == []


def test_who_proposed_learns_why_it_was_rejected_and_the_learner_hears_nothing() -> None:
    of = Case()
    pk = of.proposed()
    move(of.charlie, pk, "reject", reason="The sheet says 45")
    run_jobs()
    assert (waiting(of.charlie), events(of.of.sara)) == ([], [])
    assert [each[0] for each in events(of.alice)] == ["result_correction.rejected"]


def test_a_coordinator_finds_the_moves_of_verification_on_a_result() -> None:
    with clock.stopped_at(make.CLOCK):
        of = make.college()
        pk = make.marking(of)
    make.filled(of, pk)
    result = Result.objects.earliest("pk").pk
    moves = {each["name"]: each["allowed"] for each in of.cora.get(f"{RESULTS}{result}/").json["moves"]}
    assert moves == {"verify": True, "return": False, "publish": False, "freeze": False}
    assert of.eve.get(f"{EXAMS}{pk}/").status == 200
