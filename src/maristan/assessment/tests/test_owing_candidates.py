"""Who owes what closes the exams may not sit them, until it is handed in; what was sat stays sat."""

from collections.abc import Iterator

import pytest

from maristan.academics.tests import factories as academics
from maristan.assessment.actions import candidates
from maristan.assessment.models import Candidate
from maristan.assessment.tests import factories as make
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def owing(of: make.College) -> int:
    """Sara owes a card that was due last year and closes exams; gives the obligation."""
    asked = academics.requirement(locks=["exam_admission"], kind="document")
    return int(academics.obligation(of.students[0].person, requirement=asked, due_at="2025-01-01T00:00:00Z").pk)


def admission(of: make.College) -> tuple[str, str]:
    row = Candidate.objects.get(person=of.students[0].person)
    return row.admission, row.code


def test_who_owes_it_is_not_admitted_until_it_is_handed_in() -> None:
    of = make.college()
    owed = owing(of)
    exam = make.marking(of)
    assert admission(of) == ("not_eligible", "obligations_clear")
    sara = make.candidates(exam)[0]
    theory = make.components(exam)[0]
    with clock.stopped_at(make.LATER):
        refused = make.enter(of.khan, exam, make.cell(sara, theory, "45"))
        assert (refused.status, refused.code) == (409, "candidate_not_admitted")
        assert "obligations_clear" in str(refused.json)
        handed = of.sara.upload(f"/api/v1/academics/obligations/{owed}/submit/", "card.pdf", PDF)
        assert handed.status == 200
        run_jobs()
        assert admission(of) == ("admitted", "")
        assert make.enter(of.khan, exam, make.cell(sara, theory, "45")).status == 200


def test_what_is_owed_after_the_marks_undoes_nothing() -> None:
    of = make.college()
    exam = make.marking(of)
    with clock.stopped_at(make.LATER):
        make.filled(of, exam)
        owing(of)
        assert candidates.settle(exam=make.exam(exam), by=platform(of.batch.institution_id)) == 0
        assert admission(of) == ("admitted", "")
        assert make.move_all(of.eve, exam, "verify", mode="possible").json["moved"] == 3
