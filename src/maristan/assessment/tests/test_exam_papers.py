"""The papers of an exam: a sheet for its marks and the gazette of what was published."""

import io
from collections.abc import Iterator

import pypdf
import pytest

from maristan.assessment.models import Candidate, ExamComponent
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def text(client: Client, path: str) -> str:
    """The words of a PDF, page after page, without line ends."""
    answer = client.get(f"{EXAMS}{path}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.json
    pages = pypdf.PdfReader(io.BytesIO(answer.body)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_an_empty_sheet_has_every_candidate_by_seat_then_number_and_a_column_for_each_component() -> None:
    of = make.college(learners=4)
    pk = make.announced(of)
    first, second, _, last = make.candidates(pk)
    Candidate.objects.filter(pk=last).update(seat_no="2")
    Candidate.objects.filter(pk=second).update(seat_no="10")
    Candidate.objects.filter(pk=first).update(admission="withdrawn")
    said = text(of.eve, f"{pk}/marks-sheet/pdf/")
    assert "Marks sheet" in said
    assert "Pathology final" in said
    assert "PATH Pathology" in said
    assert "Theory / 60 Viva / 40 Total" in said
    assert "P-0000" not in said
    assert said.index("P-0003") < said.index("P-0001 Bilal") < said.index("P-0002 Learner 0002")
    assert "Examiner · Date" in said
    assert "Checked by · Date" in said


def test_a_filled_sheet_shows_what_was_entered_and_the_empty_one_does_not() -> None:
    of = make.college()
    pk = make.marking(of)
    candidates, parts = make.candidates(pk), make.components(pk)
    of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": of.khan_person.pk})
    with clock.stopped_at(make.LATER):
        entered = make.enter(
            of.khan, pk, make.cell(candidates[0], parts[0], "45.5"), make.cell(candidates[0], parts[1], "AB"),
            make.cell(candidates[1], parts[0], "EX"),
        )  # fmt: skip
        assert entered.status == 200
        filled, empty = (text(of.khan, f"{pk}/marks-sheet/pdf/{end}") for end in ("?filled=true", ""))
    assert "P-0000 Sara 45.50 AB 45.50" in filled
    assert "P-0001 Bilal EX" in filled
    assert "Dr Khan · Examiner · Date" in filled
    assert "45.50" not in empty
    assert "P-0000 Sara 2 P-0001 Bilal 3" in empty


def test_who_may_see_drafts_alone_finds_decided_marks_left_out_of_the_sheet() -> None:
    of = make.college()
    pk = make.published(of)
    with clock.stopped_at(make.LATER):
        assert "45.00" not in text(of.otto, f"{pk}/marks-sheet/pdf/?filled=true")
        assert "P-0000 Sara 45.00 30.00 75.00" in text(of.khan, f"{pk}/marks-sheet/pdf/?filled=true")


def test_somebody_who_is_not_admitted_stands_on_the_sheet_as_such() -> None:
    of = make.college()
    pk = make.announced(of)
    Candidate.objects.filter(pk=make.candidates(pk)[1]).update(admission="not_eligible")
    assert "P-0001 Bilal · not admitted" in text(of.eve, f"{pk}/marks-sheet/pdf/").replace("⋅", "·")


def test_a_gazette_has_the_published_results_and_counts_them_and_no_draft() -> None:
    of = make.college(learners=3)
    pk = make.marking(of)
    candidates, parts = make.candidates(pk), make.components(pk)
    with clock.stopped_at(make.LATER):
        for candidate, values in zip(candidates, (("45", "30"), ("20", "20"), ("50", None)), strict=True):
            cells = [make.cell(candidate, part, value) for part, value in zip(parts, values, strict=True) if value]
            assert make.enter(of.khan, pk, *cells).status == 200
        refused = of.eve.get(f"{EXAMS}{pk}/gazette/pdf/")
        assert (refused.status, refused.code) == (409, "nothing_published")
        for name in ("verify", "publish"):
            assert make.move_all(of.eve, pk, name, mode="possible").json["moved"] == 2
        said = text(of.eve, f"{pk}/gazette/pdf/")
    assert "Result gazette" in said
    assert "Results: 2 Pass: 1 Fail: 1" in said
    assert "P-0000 Sara 75.00 / 100.00 75.00 B Pass" in said
    assert "P-0001 Bilal" in said
    assert "F Fail" in said
    assert "P-0002" not in said


def test_a_corrected_result_stands_in_the_gazette_as_it_is_now() -> None:
    of = make.college(learners=2)
    pk = make.published(of)
    result = make.exam(pk).results.get(person=of.students[0].person).pk
    with clock.stopped_at(make.LATER):
        cells = [{"component": make.components(pk)[0], "state": "marked", "marks": "50"}]
        asked = {"result": result, "entries": cells, "reason": "The last page was overlooked."}
        made = of.cora.post("/api/v1/assessment/corrections/", asked)
        assert made.status == 201, made.json
        assert of.eve.post(f"/api/v1/assessment/corrections/{made.json['id']}/moves/approve/", {}).status == 200
        said = text(of.eve, f"{pk}/gazette/pdf/")
    assert "P-0000 Sara 80.00 / 100.00" in said
    assert said.count("P-0000") == 1


def test_papers_are_for_the_staff_of_the_exam_alone() -> None:
    of = make.college()
    pk = make.published(of)
    with clock.stopped_at(make.LATER):
        for path in ("marks-sheet/pdf/", "gazette/pdf/"):
            assert of.sara.get(f"{EXAMS}{pk}/{path}").status == 404
            stranger = Client(directory.member("Dr Malik", "faculty"))
            assert stranger.get(f"{EXAMS}{pk}/{path}").status == 404
        assert of.otto.get(f"{EXAMS}{pk}/gazette/pdf/").status == 403
        directory.institution("other")
        zara = Client(directory.member("Zara", "exam_cell"))
        for path in ("marks-sheet/pdf/", "gazette/pdf/"):
            assert zara.get(f"{EXAMS}{pk}/{path}").status == 404


def test_papers_of_an_institution_that_writes_urdu_are_set_in_urdu() -> None:
    of = make.college()
    pk = make.published(of)
    here = of.batch.institution
    here.locale = "ur-PK"
    here.save(update_fields=["locale"])
    with clock.stopped_at(make.LATER):
        for path in ("marks-sheet/pdf/?filled=1", "gazette/pdf/"):
            answer = of.eve.get(f"{EXAMS}{pk}/{path}")
            assert pypdf.PdfReader(io.BytesIO(answer.body)).trailer["/Root"]["/Lang"] == "ur"


def test_a_sheet_of_many_components_is_turned() -> None:
    of = make.college()
    pk = make.draft(of)
    ExamComponent.objects.bulk_create(
        ExamComponent(exam_id=pk, name=f"Station {at}", sequence=at, max_marks=10) for at in range(3, 7)
    )
    page = pypdf.PdfReader(io.BytesIO(of.eve.get(f"{EXAMS}{pk}/marks-sheet/pdf/").body)).pages[0]
    assert page.mediabox.width > page.mediabox.height
