"""Files of marks: previewed, committed like cells of the grid, and the grid as a file that changes nothing."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from maristan.assessment.models import Exam, Result, ResultEntry
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import ImportRow, ImportRun, JournalLine
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK), clock.stopped_at(make.LATER):
        yield


def at_marking(learners: int = 3, **values: Any) -> tuple[make.College, int]:
    with clock.stopped_at(make.CLOCK):
        of = make.college(learners=learners)
        return of, make.marking(of, **values)


def upload(client: Client, pk: int, content: str | bytes, name: str = "marks.csv") -> Answer:
    data = content.encode() if isinstance(content, str) else content
    answer = client.upload(f"{EXAMS}{pk}/imports/", name, data)
    run_jobs()
    return answer


def commit(client: Client, pk: int, run: int, **values: Any) -> Answer:
    answer = client.post(f"{EXAMS}{pk}/imports/{run}/commit/", {"confirm": True, **values})
    run_jobs()
    return answer


def imported(client: Client, pk: int, content: str | bytes, name: str = "marks.csv") -> dict[str, Any]:
    """The run of a file without a fault, committed."""
    made = upload(client, pk, content, name)
    assert made.status == 201, made.json
    assert commit(client, pk, made.json["id"]).status == 200
    run: dict[str, Any] = client.get(f"{EXAMS}{pk}/imports/{made.json['id']}/").json
    assert run["status"] == "committed", run
    return run


def faults(client: Client, pk: int, content: str | bytes) -> list[tuple[int, str, str]]:
    """The faults of the preview of a file: row, column, code."""
    made = upload(client, pk, content)
    assert made.status == 201, made.json
    rows = client.get(f"{EXAMS}{pk}/imports/{made.json['id']}/rows/?action=error").json["results"]
    return [(row["row"], each["column"], each["code"]) for row in rows for each in row["faults"]]


def cells() -> dict[tuple[str, str], str]:
    """What stands in each cell by registration number and component."""
    found = ResultEntry.objects.order_by("pk").values_list("result__person__name", "component__name", "state", "marks")
    return {(name, part): state if marks is None else str(marks) for name, part, state, marks in found}


def downloaded(client: Client, pk: int, kind: str = "csv") -> bytes:
    answer = client.django.get(f"{EXAMS}{pk}/grid/export/?format={kind}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_numbers_absent_exempt_and_blank_in_any_digits_enter_as_in_the_grid() -> None:
    of, pk = at_marking()
    make.enter(of.khan, pk, make.cell(make.candidates(pk)[2], make.components(pk)[1], "12"))
    run = imported(of.khan, pk, "reg_no,full_name,Theory,viva\nP-0000,Sara,۴۵.۵,ab\np-0001,Bilal,EX,30\nP-0002,L,20,\n")
    assert (run["summary"]["update"], run["summary"]["cells_changed"]) == (3, 5)
    assert cells() == {
        ("Sara", "Theory"): "45.50", ("Sara", "Viva"): "absent", ("Bilal", "Theory"): "exempt",
        ("Bilal", "Viva"): "30.00", ("Learner 0002", "Theory"): "20.00", ("Learner 0002", "Viva"): "12.00",
    }  # fmt: skip
    result = Result.objects.get(person_id=of.students[1].person_id)
    assert (result.total_max, result.percentage, result.final_outcome) == (40, 75, "pass")
    assert JournalLine.objects.filter(kind="marks.entered").count() == 2
    assert JournalLine.objects.filter(kind="import.committed").count() == 1


def test_columns_are_named_by_their_sequence_too_and_a_learner_by_the_address() -> None:
    of, pk = at_marking()
    of.students[0].person.contacts.create(kind="email", value="sara@fmu.example")
    imported(of.khan, pk, "email;C1;C2\n Sara@FMU.example;40;30\n")
    assert cells() == {("Sara", "Theory"): "40.00", ("Sara", "Viva"): "30.00"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_full_grid_exported_and_imported_changes_nothing(kind: str) -> None:
    of, pk = at_marking(learners=20)
    make.filled(of, pk, theory="45.5", viva="AB")
    before = list(ResultEntry.objects.order_by("pk").values_list("pk", "marks", "version", "entered_at"))
    content = downloaded(of.khan, pk, kind)
    run = imported(of.eve, pk, content, f"marks.{kind}")
    assert (run["summary"]["skip"], run["summary"]["total"], run["summary"]["cells_changed"]) == (20, 20, 0)
    assert list(ResultEntry.objects.order_by("pk").values_list("pk", "marks", "version", "entered_at")) == before
    assert JournalLine.objects.filter(kind="marks.entered").count() == 1


def test_a_published_grid_is_imported_as_it_is_and_not_otherwise() -> None:
    with clock.stopped_at(make.CLOCK):
        of = make.college()
        pk = make.published(of)
    content = downloaded(of.eve, pk).decode("utf-8-sig")
    assert faults(of.eve, pk, content) == []
    assert faults(of.eve, pk, content.replace("45.00", "46", 1)) == [(2, "", "IMMUTABLE_RESULT")]


def test_who_is_no_longer_admitted_when_a_file_is_committed_gets_no_marks() -> None:
    of, pk = at_marking()
    made = upload(of.eve, pk, "reg_no,Theory\nP-0000,45\n")
    assert made.status == 201, made.json
    Exam.objects.filter(pk=pk).update(requires_eligibility=True)
    commit(of.eve, pk, made.json["id"])
    run = ImportRun.objects.get(pk=made.json["id"])
    assert (run.status, cells()) == ("previewed", {})


def test_the_export_says_what_stands_in_the_grid() -> None:
    of, pk = at_marking()
    sara, bilal, _ = make.candidates(pk)
    theory, viva = make.components(pk)
    make.enter(of.khan, pk, make.cell(sara, theory, "45.5"), make.cell(sara, viva, "EX"), make.cell(bilal, viva, "AB"))
    assert list(csv.reader(io.StringIO(downloaded(of.khan, pk).decode("utf-8-sig")))) == [
        ["reg_no", "full_name", "Theory", "Viva"], ["P-0000", "Sara", "45.50", "EX"], ["P-0001", "Bilal", "", "AB"],
        ["P-0002", "Learner 0002", "", ""],
    ]  # fmt: skip


def test_each_wrong_row_says_what_is_wrong_and_nothing_is_written() -> None:
    of, pk = at_marking(learners=6)
    rows = [
        "P-0000,45.125,", "P-0001,60.01,", "P-0002,forty,", 'P-0003,"45,5",', "P-9999,45,", "P-0004,45,3",
        "P-0004,45,4", ",45,", "P-0005,45,3,9",
    ]  # fmt: skip
    found = faults(of.khan, pk, "\n".join(["reg_no,Theory,Viva", *rows]))
    assert found == [
        (2, "Theory", "too_many_decimals"), (3, "Theory", "out_of_range"), (4, "Theory", "not_a_number"),
        (5, "Theory", "not_a_number"), (6, "reg_no", "not_a_candidate"), (8, "", "duplicate_row"),
        (9, "reg_no", "not_a_candidate"), (10, "", "too_many_cells"),
    ]  # fmt: skip
    assert ImportRow.objects.get(row=8).faults[0]["detail"] == "The same candidate stands in row 7."
    run = ImportRun.objects.get()
    refused = commit(of.khan, pk, run.pk)
    assert (refused.status, refused.code) == (409, "rows_have_faults")
    assert cells() == {}
    assert commit(of.khan, pk, run.pk, partial=True).status == 200
    assert cells() == {("Learner 0004", "Theory"): "45.00", ("Learner 0004", "Viva"): "3.00"}


def test_a_number_and_an_address_of_two_people_and_a_component_in_two_columns_are_named() -> None:
    of, pk = at_marking()
    of.students[0].person.contacts.create(kind="email", value="sara@fmu.example")
    assert faults(of.khan, pk, "reg_no,email,Theory\nP-0001,sara@fmu.example,40\n") == [
        (2, "reg_no", "person_mismatch")
    ]
    assert faults(of.khan, pk, "reg_no,Theory,C1\nP-0001,40,41\n") == [(2, "C1", "duplicate_cell")]


def test_an_unknown_column_is_an_error_and_keeps_nothing() -> None:
    of, pk = at_marking()
    refused = upload(of.khan, pk, "reg_no,name,Theory,Practical\nP-0000,Sara,40,30\n")
    assert (refused.status, refused.pointers, refused.json["columns"]) == (
        422, [("/file", "unknown_column")], ["Practical"],
    )  # fmt: skip
    empty = upload(of.khan, pk, "")
    assert (empty.status, empty.pointers) == (422, [("/file", "no_rows")])
    assert not ImportRun.objects.exists()


def test_marks_of_who_is_not_admitted_and_before_the_exam_begins_are_refused() -> None:
    with clock.stopped_at(make.CLOCK):
        of = make.college()
        pk = make.announced(of, requires_eligibility=True)
    content = "reg_no,Theory\nP-0000,40\n"
    assert faults(of.khan, pk, content) == [(2, "", "exam_not_marking")]
    make.move(of.eve, pk, "start_marking")
    assert faults(of.khan, pk, content) == [(2, "", "candidate_not_admitted")]
    row = ImportRow.objects.latest("pk")
    assert "no_eligibility_list" in row.faults[0]["detail"]
    assert cells() == {}


def test_an_examiner_of_one_component_fills_its_column_alone() -> None:
    of, pk = at_marking()
    lee = directory.member("Dr Lee", "faculty")
    of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": lee.pk, "component": make.components(pk)[1]})
    assert faults(Client(lee), pk, "reg_no,Theory,Viva\nP-0000,40,30\n") == [(2, "Theory", "not_your_component")]
    imported(Client(lee), pk, "reg_no,Theory,Viva\nP-0000,,30\n")
    assert cells() == {("Sara", "Viva"): "30.00"}


def test_the_preview_shows_old_and_new_and_a_mark_that_came_meanwhile_is_judged_again() -> None:
    of, pk = at_marking()
    sara, theory = make.candidates(pk)[0], make.components(pk)[0]
    make.enter(of.khan, pk, make.cell(sara, theory, "40"))
    made = upload(of.eve, pk, "reg_no,Theory\nP-0000,41\n").json["id"]
    row = of.eve.get(f"{EXAMS}{pk}/imports/{made}/rows/").json["results"][0]
    assert (row["action"], row["notes"]) == ("update", [{"code": "marks_change", "detail": "Theory: 40.00 → 41.00"}])
    assert cells() == {("Sara", "Theory"): "40.00"}
    make.move_all(of.cora, pk, "verify", mode="possible")
    Result.objects.filter(person_id=of.students[0].person_id).update(status="verified")
    assert commit(of.eve, pk, made).status == 200
    run = ImportRun.objects.get(pk=made)
    assert (run.status, cells()) == ("previewed", {("Sara", "Theory"): "40.00"})


def test_who_imported_is_told_how_it_ended_beside_the_exam() -> None:
    of, pk = at_marking()
    made = imported(of.khan, pk, "reg_no,Theory\nP-0000,60\n")
    told = of.khan.get("/api/v1/comms/notifications/").json["results"]
    found = [(each["title"], each["url"]) for each in told if each["event"] == "import.committed"]
    assert found == [("Import of marks finished", f"/assessment/exams/{pk}/imports/{made['id']}")]


def test_who_enters_no_marks_uploads_none_and_a_file_belongs_to_its_exam() -> None:
    of, pk = at_marking()
    content = "reg_no,Theory\nP-0000,60\n"
    assert upload(of.sara, pk, content).status == 403
    assert upload(of.cora, pk, content).status == 403
    assert upload(Client(directory.member("Dr Fox", "faculty")), pk, content).status == 404
    assert not ImportRun.objects.exists()
    made = upload(of.eve, pk, content).json["id"]
    other = Exam.objects.create(title="Other", scheduled_at=clock.now(), duration_minutes=60)
    assert of.eve.get(f"{EXAMS}{other.pk}/imports/{made}/").status == 404
    assert commit(of.eve, other.pk, made).status == 404
    assert of.khan.get(f"{EXAMS}{pk}/imports/{made}/").status == 404
    assert of.sara.django.get(f"{EXAMS}{pk}/grid/export/").status_code == 404
    assert cells() == {}


def test_a_component_may_be_called_like_a_column_of_the_file() -> None:
    with clock.stopped_at(make.CLOCK):
        of = make.college()
        pk = make.draft(of)
        for name in ("Email", "C2", "Password"):
            assert of.eve.post(f"{EXAMS}{pk}/components/", {"name": name, "max_marks": "10"}).status == 201
        make.move(of.eve, pk, "announce")
    make.move(of.eve, pk, "start_marking")
    header = downloaded(of.eve, pk).decode("utf-8-sig").splitlines()[0]
    assert header == "reg_no,full_name,Theory,Viva,C3,C2,C5"
    imported(of.eve, pk, f"{header}\nP-0000,Sara,,,3,4,5\n")
    assert cells() == {("Sara", "Email"): "3.00", ("Sara", "C2"): "4.00", ("Sara", "Password"): "5.00"}


def test_another_institution_reaches_no_file_and_no_grid() -> None:
    of, pk = at_marking()
    made = upload(of.eve, pk, "reg_no,Theory\nP-0000,60\n").json["id"]
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert upload(zara, pk, "reg_no,Theory\nP-0000,60\n").status == 404
    assert zara.get(f"{EXAMS}{pk}/imports/{made}/").status == 404
    assert zara.django.get(f"{EXAMS}{pk}/grid/export/").status_code == 404
