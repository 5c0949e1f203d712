"""Attendance decides who may sit an exam: no list admits nobody, a frozen one its eligible lines."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from maristan.assessment.actions import schemes
from maristan.assessment.models import Candidate, Result, ResultEntry
from maristan.assessment.tests import factories as assessment
from maristan.attendance.models import Condonation, EligibilityList, Register
from maristan.attendance.tests import factories as attendance
from maristan.attendance.tests.factories import ATTENDANCE, Client
from maristan.config.tests.counting import counted
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.tests.client import Answer
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
LISTS, CONDONATIONS = f"{ATTENDANCE}eligibility-lists/", f"{ATTENDANCE}condonations/"
BEFORE, STARTS, AFTER = "2026-03-16T09:00:00+05:00", "2026-03-20T09:00:00+05:00", "2026-03-21T09:00:00+05:00"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(BEFORE):
        yield


class Board:
    """A class with the exam that its attendance opens, which is being marked."""

    def __init__(self, attended: int, missed: int, follow: Callable[[], Any] = run_jobs) -> None:
        self.follow = follow
        self.of = attendance.a_class()
        schemes.begin(by=platform(self.of.school.teacher.institution_id))
        self.eve = Client(attendance.directory.member("Eve", "exam_cell"))
        self.ella = Client(attendance.directory.member("Ella", "exam_cell"))
        self.group = self.of.school.groups[0].pk
        attendance.held(self.of, *["present"] * attended, *["absent"] * missed)
        Register.objects.update(status="submitted", submitted_at=clock.now(), submitted_by="Dr Khan")
        self.exam = self._exam()
        self.sara = Candidate.objects.get(person=self.of.school.sara_person).pk

    def _exam(self) -> int:
        wanted = {
            "title": "Final", "scheduled_at": STARTS, "duration_minutes": 60, "audience": [[f"group:{self.group}"]],
            "pass_total_percent": "50", "requires_eligibility": True,
        }  # fmt: skip
        made = self.eve.post(assessment.EXAMS, wanted)
        assert made.status == 201, made.json
        pk = int(made.json["id"])
        part = self.eve.post(f"{assessment.EXAMS}{pk}/components/", {"name": "Theory", "max_marks": "60"})
        assert part.status == 201
        assert assessment.move(self.eve, pk, "announce").status == 200
        with clock.stopped_at(AFTER):
            assert assessment.move(self.eve, pk, "start_marking").status == 200
        return pk

    def mark(self, value: str = "40") -> Answer:
        """Eve enters Sara's marks."""
        theory = assessment.components(self.exam)[0]
        with clock.stopped_at(AFTER):
            return assessment.enter(self.eve, self.exam, assessment.cell(self.sara, theory, value))

    def frozen(self) -> int:
        """The list of the exam, frozen by Alice; gives its id."""
        made = self.of.alice.post(LISTS, {
            "title": "Final", "owner_kind": "exam", "owner_id": self.exam, "first_day": "2026-02-01",
            "last_day": "2026-03-15", "audience": [[f"group:{self.group}"]],
        })  # fmt: skip
        assert made.status == 201, made.json
        done = self.of.alice.post(f"{LISTS}{made.json['id']}/moves/freeze/", {})
        assert done.status == 200, done.json
        self.follow()
        return int(made.json["id"])

    def condoned(self, of_list: int) -> int:
        """A condonation of Sara's line that Eve asked for and Ella granted; gives its id."""
        people = self.of.alice.get(f"{LISTS}{of_list}/people/").json["results"]
        line = next(each["id"] for each in people if each["person"] == self.of.school.sara_person.pk)
        asked = self.eve.post(CONDONATIONS, {"line": line, "reason": "Ill for two weeks."})
        assert asked.status == 201, asked.json
        assert self.ella.post(f"{CONDONATIONS}{asked.json['id']}/moves/grant/", {}).status == 200
        self.follow()
        return int(asked.json["id"])

    def revoke(self, condonation: int) -> Answer:
        """Ella takes the condonation back."""
        answer = self.ella.post(f"{CONDONATIONS}{condonation}/moves/revoke/", {"reason": "The certificate is forged"})
        self.follow()
        return answer

    @property
    def admission(self) -> tuple[str, str]:
        """Whether Sara may sit, and why."""
        row = Candidate.objects.get(pk=self.sara)
        return row.admission, row.code


def refusal(answer: Answer) -> tuple[int, str, Any]:
    return answer.status, answer.code, answer.json["detail"]


def test_an_exam_without_a_frozen_list_takes_no_marks_and_freezing_the_list_admits() -> None:
    of = Board(attended=4, missed=1)
    assert refusal(of.mark()) == (409, "candidate_not_admitted", "no_eligibility_list")
    assert of.admission == ("not_eligible", "no_eligibility_list")
    assert not ResultEntry.objects.exists()
    of.frozen()
    assert of.admission == ("admitted", "eligible")
    assert set(Candidate.objects.exclude(pk=of.sara).values_list("code", flat=True)) == {"no_sessions"}
    assert of.mark().status == 200


def test_marks_of_somebody_whom_the_list_holds_back_say_the_code_of_the_line() -> None:
    of = Board(attended=14, missed=6)
    of.frozen()
    assert refusal(of.mark()) == (409, "candidate_not_admitted", "below_threshold")
    assert not ResultEntry.objects.exists()


def test_a_condonation_admits_and_revoked_before_any_marks_it_admits_no_longer() -> None:
    of = Board(attended=14, missed=6)
    granted = of.condoned(of.frozen())
    assert of.admission == ("admitted", "condoned")
    assert of.revoke(granted).status == 200
    assert of.admission == ("not_eligible", "below_threshold")
    assert refusal(of.mark()) == (409, "candidate_not_admitted", "below_threshold")


def test_a_condonation_is_not_revoked_once_marks_are_entered() -> None:
    of = Board(attended=14, missed=6)
    granted = of.condoned(of.frozen())
    assert of.mark().status == 200
    refused = of.revoke(granted)
    assert (refused.status, refused.missing) == (409, ["no_marks_entered"])
    assert (Condonation.objects.get().status, of.admission) == ("granted", ("admitted", "condoned"))
    move = next(each for each in of.ella.get(f"{CONDONATIONS}{granted}/").json["moves"] if each["name"] == "revoke")
    assert (move["allowed"], [each["code"] for each in move["missing"]]) == (False, ["no_marks_entered"])


def test_the_marks_of_others_do_not_hold_a_condonation() -> None:
    of = Board(attended=14, missed=6)
    granted = of.condoned(of.frozen())
    other = Candidate.objects.exclude(pk=of.sara).latest("pk")
    ResultEntry.objects.create(
        result=Result.objects.get(person_id=other.person_id), component_id=assessment.components(of.exam)[0],
        state="absent", max_marks=60, outcome="fail", entered_at=clock.now(), entered_by_id=other.person_id,
    )  # fmt: skip
    assert of.revoke(granted).status == 200


def test_renewing_the_list_closes_the_exam_until_the_next_is_frozen_and_not_after_publication() -> None:
    of = Board(attended=4, missed=1)
    pk = of.frozen()
    assert of.mark().status == 200
    renewed = of.of.alice.post(f"{LISTS}{pk}/moves/renew/", {"reason": "Marks were corrected"})
    assert renewed.status == 200
    run_jobs()
    assert of.admission == ("not_eligible", "no_eligibility_list")
    following = renewed.json["id"]
    assert of.of.alice.post(f"{LISTS}{following}/moves/freeze/", {}).status == 200
    run_jobs()
    assert of.admission == ("admitted", "eligible")
    with clock.stopped_at(AFTER):
        for name in ("verify", "publish"):
            client = of.ella if name == "verify" else of.eve
            assert assessment.move_all(client, of.exam, name).status == 200
    refused = of.of.alice.post(f"{LISTS}{following}/moves/renew/", {"reason": "Once more"})
    assert (refused.status, refused.missing) == (409, ["exam_not_published"])
    assert EligibilityList.objects.get(pk=following).status == "frozen"


def test_condonations_cost_the_same_for_one_and_for_many_exams() -> None:
    of = Board(attended=14, missed=6)
    of.condoned(of.frozen())
    with counted() as few:
        assert of.eve.get(CONDONATIONS).json["count"] == 1
    condonation = Condonation.objects.get()
    for number in range(5):
        row = attendance.eligibility_list(
            attendance.academics.student(), "frozen", owner_kind="exam", owner_id=of.exam + number + 1
        )
        line = condonation.line
        line.pk, line.of_list = None, row
        line.save()
        condonation.pk, condonation.line = None, line
        condonation.save()
    with counted() as many:
        assert of.eve.get(CONDONATIONS).json["count"] == 6
    assert len(many) == len(few), "\n".join(many.statements)
