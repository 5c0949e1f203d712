"""Candidates: entered by name or from the audience, withdrawn and restored, as long as an exam is not over."""

from collections.abc import Iterator

import pytest

from maristan.academics.tests import factories as academics
from maristan.assessment.models import Candidate, Result
from maristan.assessment.queries import exams
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def enter(client: Client, pk: int, *persons: int) -> Answer:
    return client.post(f"{EXAMS}{pk}/candidates/", {"persons": list(persons)})


def move(client: Client, pk: int, candidate: int, name: str, reason: str = "Left the program") -> Answer:
    return client.post(f"{EXAMS}{pk}/candidates/{candidate}/moves/{name}/", {"reason": reason})


def newcomer(of: make.College) -> int:
    """Somebody who sits in the section since a moment ago; gives the person."""
    student = academics.student(of.group, reg_no="P-0999")
    academics.enrollment(student, of.section)
    return int(student.person_id)


def test_who_learns_nothing_here_is_no_candidate() -> None:
    of = make.college()
    pk = make.draft(of)
    refused = enter(of.eve, pk, newcomer(of), of.khan_person.pk)
    assert (refused.status, refused.pointers) == (422, [("/persons/1", "unknown_reference")])
    assert Candidate.objects.count() == 3


def test_who_came_to_the_audience_since_is_gathered_once() -> None:
    of = make.college()
    pk, person = make.announced(of), newcomer(of)
    before = JournalLine.objects.filter(kind="exam_candidate.entered").count()
    for _ in range(2):
        assert of.eve.post(f"{EXAMS}{pk}/candidates/gather/").status == 200
        assert Candidate.objects.filter(exam_id=pk).count() == 4
    (line,) = JournalLine.objects.filter(kind="exam_candidate.entered").order_by("pk")[before:]
    assert (line.changes["persons"], line.changes["count"]) == ([person], 1)


def test_who_is_entered_or_restored_while_marks_are_entered_has_an_empty_result() -> None:
    of = make.college()
    pk = make.announced(of)
    gone = make.candidates(pk)[0]
    assert move(of.eve, pk, gone, "withdraw").status == 200
    with clock.stopped_at(make.LATER):
        assert make.move(of.eve, pk, "start_marking").status == 200
        sara, person = of.students[0].person_id, newcomer(of)
        assert not Result.objects.filter(person__in=[sara, person]).exists()
        assert enter(of.eve, pk, person).status == 200
        assert move(of.eve, pk, gone, "restore", "Came back").json["admission"] == "admitted"
    found = Result.objects.filter(person__in=[sara, person]).values_list("status", "final_outcome", "total_max")
    assert list(found) == [("draft", "pending", 100)] * 2


def test_a_candidate_is_withdrawn_once_and_restored_only_then() -> None:
    of = make.college()
    pk = make.announced(of)
    sara = make.candidates(pk)[0]
    early = move(of.eve, pk, sara, "restore", "Came back")
    assert (early.status, early.code) == (409, "not_withdrawn")
    assert move(of.eve, pk, sara, "withdraw").status == 200
    again = move(of.eve, pk, sara, "withdraw")
    assert (again.status, again.code, Candidate.objects.get(pk=sara).version) == (409, "already_withdrawn", 2)


def test_of_an_exam_that_is_over_nothing_moves() -> None:
    of = make.college()
    pk = make.announced(of)
    sara, person = make.candidates(pk)[0], newcomer(of)
    assert make.move(of.eve, pk, "cancel", reason="The paper leaked").status == 200
    for refused in (
        enter(of.eve, pk, person), move(of.eve, pk, sara, "withdraw"),
        of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": of.khan_person.pk}),
    ):  # fmt: skip
        assert (refused.status, refused.code) == (409, "exam_closed")
    assert set(Candidate.objects.values_list("admission", flat=True)) == {"admitted"}
    assert not make.exam(pk).examiners.exists()


def test_a_new_condition_of_admission_holds_for_the_candidates_of_a_draft_at_once() -> None:
    of = make.college()
    pk = make.draft(of)
    assert of.eve.patch(f"{EXAMS}{pk}/", {"requires_eligibility": True}, version=1).status == 200
    found = set(Candidate.objects.values_list("admission", "code"))
    assert found == {("not_eligible", "no_eligibility_list")}


def test_an_announced_exam_is_taken_back_before_it_is_changed_or_deleted() -> None:
    of = make.college()
    pk = make.announced(of)
    theory = make.components(pk)[0]
    gone = of.eve.delete(f"{EXAMS}{pk}/")
    changed = of.eve.patch(f"{EXAMS}{pk}/components/{theory}/", {"max_marks": "70"}, version=1)
    assert [(each.status, each.code) for each in (gone, changed)] == [(409, "exam_not_draft")] * 2
    assert make.exam(pk).components.get(pk=theory).max_marks == 60


def test_no_more_than_the_maximum_is_asked_of_a_component() -> None:
    of = make.college()
    pk = make.draft(of)
    part = {"name": "Practical", "max_marks": "20", "pass_marks": "20.01"}
    refused = of.eve.post(f"{EXAMS}{pk}/components/", part)
    assert (refused.status, refused.pointers) == (422, [("/pass_marks", "pass_above_maximum")])
    assert make.exam(pk).components.count() == 2


def test_a_higher_minimum_names_who_has_less() -> None:
    of = make.college()
    pk = make.draft(of)
    part = of.eve.post(f"{EXAMS}{pk}/components/", {"name": "Quiz", "max_marks": "10", "min_marks": "-5"}).json["id"]
    assert make.move(of.eve, pk, "announce").status == 200
    url = f"{EXAMS}{pk}/components/{part}/"
    with clock.stopped_at(make.LATER):
        assert make.move(of.eve, pk, "start_marking").status == 200
        assert make.enter(of.khan, pk, make.cell(make.candidates(pk)[0], part, "-3")).status == 200
        body = {"min_marks": "-2", "reason": "Agreed by the board"}
        refused = of.eve.patch(url, body, version=1)
        assert (refused.status, refused.missing) == (409, ["marks_below_new_minimum"])
        assert "Sara" in refused.json["missing"][0]["detail"]
        assert make.exam(pk).components.get(pk=part).min_marks == -5
        assert of.eve.patch(url, {**body, "min_marks": "-3"}, version=1).status == 200


def test_without_an_active_scheme_no_exam_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make.schemes, "begin", lambda by: None)
    of = make.college()
    pk = make.draft(of)
    bands = [{"min_percent": "0", "letter": "F", "is_fail": True}, {"min_percent": "50", "letter": "P"}]
    assert of.eve.post("/api/v1/assessment/grade-schemes/", {"name": "Drafted", "bands": bands}).status == 201
    refused = make.move(of.eve, pk, "announce")
    assert (refused.status, refused.missing) == (409, ["grade_scheme_active"])
    assert (make.exam(pk).status, make.exam(pk).grade_scheme) == ("draft", None)


@pytest.mark.parametrize(("first", "last", "found"), [
    ("2026-03-09", None, ["Late", "Next"]), (None, "2026-03-09", ["Early", "Late"]),
    ("2026-03-09", "2026-03-09", ["Late"]), (None, None, ["Early", "Late", "Next"]),
])  # fmt: skip
def test_exams_are_listed_by_their_local_day(first: str | None, last: str | None, found: list[str]) -> None:
    of = make.college()
    at = {
        "Early": "2026-03-08T23:59:00+05:00",
        "Late": "2026-03-09T23:59:00+05:00",
        "Next": "2026-03-10T00:00:00+05:00",
    }
    for title, moment in at.items():
        assert of.eve.post(EXAMS, make.body(of, title=title, scheduled_at=moment)).status == 201
    asked = "&".join(f"{name}={day}" for name, day in (("start_date", first), ("end_date", last)) if day)
    assert [each["title"] for each in of.eve.get(f"{EXAMS}?ordering=scheduled_at&{asked}").json["results"]] == found


def test_who_examines_or_teaches_the_section_is_known_of_any_exam() -> None:
    of = make.college()
    row = make.exam(make.draft(of))
    noor = directory.member("Dr Noor", "faculty")
    row.examiners.create(person=noor)
    people = [directory.actor(each) for each in (of.khan_person, noor, directory.member("Dr Lee", "faculty"))]
    assert [exams.examines(row, each) for each in people] == [True, True, False]
    assert exams.examines(row, platform(row.institution_id)) is False
