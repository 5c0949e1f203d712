"""Files of marks: the exact sentences, all or nothing, however the file is written (A8, A11, A12)."""

import io
from typing import Any

import pytest
import xlsxwriter

from maristan.attendance.models import Attendance, MarkChange
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import DURING, Client, academics, directory, run_jobs
from maristan.config.tests.counting import counted
from maristan.kernel import clock
from maristan.kernel.models import ImportRun, JournalLine
from maristan.kernel.tests.client import Answer
from maristan.timetable.tests.factories import Session

pytestmark = pytest.mark.django_db
UPLOAD = "/api/attendance/upload/"
IMPORTS = "/api/v1/attendance/imports/"


def with_accounts(of: make.Class) -> list[int]:
    """The class's students with accounts; gives the ids of these."""
    found = []
    for student in of.students:
        student.person.user = directory.user()
        student.person.save()
        found.append(student.person.user_id)
    return found


def send(client: Client, *lines: str, name: str = "marks.csv", **form: str) -> Answer:
    """Upload a file of these lines while the session runs."""
    with clock.stopped_at(DURING):
        return client.upload(UPLOAD, name, "\n".join(lines).encode(), **form)


def codes(answer: Answer) -> list[tuple[int, str]]:
    """(row, code) of each error."""
    return [(each["row"], each["code"]) for each in answer.json["error_rows"]]


def test_upload_with_the_id_header_3_good_rows_is_201_with_the_exact_message_and_repeating_changes_nothing() -> None:
    of = make.a_class(4)
    users = with_accounts(of)
    lines = ["session_id,user_id,status,check_in_time,remarks"]
    lines += [f"{of.session.pk},{user},{word},10:0{at},Fine" for at, (user, word) in
              enumerate(zip(users, ("present", "L", "0"), strict=True))]  # fmt: skip
    for _ in range(2):
        answer = send(of.khan, *lines)
        assert (answer.status, answer.json) == (
            201, {"message": "Successfully uploaded 3 attendance records", "success_count": 3},
        )  # fmt: skip
    found = make.lines(of.session)
    assert [found[f"MB-00{at}"].status for at in (1, 2, 3)] == ["present", "late", "absent"]
    assert {found[f"MB-00{at}"].source for at in (1, 2, 3)} == {"upload"}
    assert found["MB-002"].check_in_at == make.local(make.MONDAY, "10:01")
    assert (MarkChange.objects.count(), found["MB-001"].version) == (3, 2)
    assert JournalLine.objects.filter(kind="attendance.uploaded").count() == 1
    assert Session.objects.get(pk=of.session.pk).attendance_recorded_at is not None


def test_row_3_status_banana_saves_nothing_and_with_partial_the_two_others() -> None:
    of = make.a_class(4)
    users = with_accounts(of)
    words = ("present", "BANANA", "absent")
    lines = ["session_id,user_id,status", *(f"{of.session.pk},{user},{word}" for user, word in
                                            zip(users, words, strict=True))]  # fmt: skip
    refused = send(of.khan, *lines)
    assert (refused.status, refused.json["success_count"], refused.json["error_count"]) == (400, 0, 1)
    assert refused.json["message"] == "Upload completed with errors"
    assert refused.json["errors"] == [
        "Row 3: Invalid status 'BANANA'. Must be one of: present, absent, late, excused"
    ]  # fmt: skip
    assert codes(refused) == [(3, "invalid_status")]
    assert Attendance.objects.exclude(status=None).count() == 0
    part = send(of.khan, *lines, partial="true")
    assert (part.status, part.json["success_count"], part.json["error_count"]) == (201, 2, 1)
    assert "BANANA" in part.json["error_file"]["content"]
    assert "Invalid status" in part.json["error_file"]["content"]
    assert Attendance.objects.exclude(status=None).count() == 2


def workbook(rows: list[list[Any]]) -> bytes:
    """A sheet with these rows."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return content.getvalue()


ROWS = [["reg_no", "status", "remarks"], ["MB-001", "present", "Zoé"], ["mb-002", "LATE", ""]]


def as_text(separator: str, ending: str) -> str:
    """The rows as a file of text."""
    return ending.join(separator.join(row) for row in ROWS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\xef\xbb\xbf" + as_text(",", "\r\n").encode()),
        ("a.csv", as_text(";", "\n").encode()),
        ("a.csv", as_text(",", "\n").encode("cp1252")),
        ("A.CSV", as_text("\t", "\n").encode()),
        ("a.xlsx", workbook(ROWS)),
    ],
)
def test_the_same_content_in_any_encoding_gives_identical_lines(name: str, content: bytes) -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        answer = of.khan.upload(UPLOAD, name, content, session_id=str(of.session.pk))
    assert answer.status == 201, answer.json
    found = make.lines(of.session)
    assert (found["MB-001"].status, found["MB-001"].remarks, found["MB-002"].status) == ("present", "Zoé", "late")


@pytest.mark.parametrize("header", ["reg_no", "roll_no", "Registration No", "registration_number"])
def test_a_number_is_known_under_every_name_of_its_column_and_however_it_was_copied(header: str) -> None:
    of = make.a_class()
    answer = send(of.khan, f"{header},absent", "\u200f\u00a0mb-001\u200e,1", "MB-002,no", session_id=str(of.session.pk))
    assert answer.status == 201, answer.json
    found = make.lines(of.session)
    assert (found["MB-001"].status, found["MB-002"].status) == ("absent", "present")


def test_a_learner_is_403_and_finance_too_and_nothing_is_saved() -> None:
    of = make.a_class()
    lines = ("session_id,reg_no,status", f"{of.session.pk},MB-001,present")
    assert send(of.sara, *lines).status == 403
    assert send(Client(directory.member("Finn", "finance")), *lines).status == 403
    assert Attendance.objects.exclude(status=None).count() == 0


def test_another_teachers_session_and_one_of_another_institution_are_not_found() -> None:
    of = make.a_class()
    lines = ("session_id,reg_no,status", f"{of.session.pk},MB-001,present")
    noor = send(Client(directory.member("Dr Noor", "faculty")), *lines)
    assert (noor.status, codes(noor)) == (400, [(2, "session_not_found")])
    directory.institution("other")
    zara = send(Client(directory.member("Zara", "admin")), *lines)
    assert (2, "session_not_found") in codes(zara)


def test_a_session_is_named_by_date_start_and_group() -> None:
    of = make.a_class()
    header = "date,start_time,group,reg_no,status"
    answer = send(of.khan, header, "2026-03-09,10:00, a ,MB-001,present", "09/03/2026,10:00,A,MB-002,late")
    assert answer.status == 201, answer.json
    wrong = ("2026-03-09,11:00,A", "2026-03-09,10:00,Z", "2026-02-30,10:00,A", "2026-03-09,25:00,A")
    refused = send(of.khan, header, *(f"{slot},MB-001,present" for slot in wrong))
    assert codes(refused) == [(row, "session_not_found") for row in (2, 3, 4, 5)]
    make.session(of.school, start="10:00", room=None)
    assert codes(send(of.khan, header, "2026-03-09,10:00,A,MB-001,present")) == [(2, "session_ambiguous")]


def test_every_fault_of_people_is_told_by_row() -> None:
    of = make.a_class()
    academics.student(of.school.groups[1], reg_no="OTHER")
    directory.email(of.students[0].person, "one@example.org")
    lines = ["reg_no,email,status", "NOBODY,,p", "MB-002,one@example.org,p", "OTHER,,p", "MB-001,,p",
             "MB-001,one@example.org,a", ",,p"]  # fmt: skip
    answer = send(of.khan, *lines, session_id=str(of.session.pk))
    assert codes(answer) == [
        (2, "unknown_person"), (3, "person_mismatch"), (4, "not_expected"), (6, "duplicate_row"),
        (7, "unknown_person"),
    ]  # fmt: skip
    assert "row 5" in answer.json["error_rows"][3]["message"]
    assert Attendance.objects.exclude(status=None).count() == 0


def test_somebody_not_expected_is_added_by_who_repairs_and_asks_for_it() -> None:
    of = make.a_class()
    academics.student(of.school.groups[1], reg_no="OTHER")
    lines = ("reg_no,status", "OTHER,present")
    form = {"session_id": str(of.session.pk), "add": "true"}
    assert codes(send(of.khan, *lines, **form)) == [(2, "not_expected")]
    assert codes(send(of.alice, *lines, session_id=form["session_id"])) == [(2, "not_expected")]
    assert send(of.alice, *lines, **form).status == 201
    line = make.lines(of.session)["OTHER"]
    assert (line.status, line.expected, line.by_hand) == ("present", True, True)


def test_who_was_let_go_is_expected_again_by_a_file_of_who_repairs() -> None:
    of = make.a_class()
    form = {"session_id": str(of.session.pk), "add": "true"}
    with clock.stopped_at(DURING):
        make.register(of.alice, of)
        line = make.lines(of.session)["MB-001"].pk
        assert of.alice.post(f"{of.url}roster/", {"remove": [line], "reason": "Swapped groups"}).status == 200
    Attendance.objects.filter(pk=line).update(by_hand=False)
    assert codes(send(of.khan, "reg_no,status", "MB-001,late", **form)) == [(2, "not_expected")]
    assert send(of.alice, "reg_no,status", "MB-001,late", **form).status == 201
    found = make.lines(of.session)["MB-001"]
    assert (found.pk, found.status, found.expected, found.by_hand) == (line, "late", True, True)


def test_registers_that_take_no_marks_and_protected_marks_refuse_the_row() -> None:
    of = make.a_class()
    later = make.session(of.school, start="15:00")
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "excused"})
        Attendance.objects.filter(session=of.session, student__reg_no="MB-001").update(source="excuse")
    lines = ["session_id,reg_no,status", f"{later.pk},MB-001,p", f"{of.session.pk},MB-001,p",
             f"{of.session.pk},MB-002,p"]  # fmt: skip
    assert codes(send(of.khan, *lines)) == [(2, "session_not_started"), (3, "mark_protected")]
    same = send(of.khan, "session_id,reg_no,status", f"{of.session.pk},MB-001,leave")
    assert (same.status, same.json["success_count"]) == (201, 1)
    with clock.stopped_at("2026-03-10T00:10:00+05:00"):
        content = f"session_id,reg_no,status\n{of.session.pk},MB-002,p".encode()
        assert codes(of.khan.upload(UPLOAD, "a.csv", content)) == [(2, "marking_day_open")]
        assert of.alice.upload(UPLOAD, "a.csv", content).status == 201
        make.mark(of.alice, of, rest="absent")
        make.move(of.alice, of, "submit")
        assert codes(of.alice.upload(UPLOAD, "a.csv", content)) == [(2, "register_closed")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file_empty"),
        ("a.csv", b"session_id,user_id,status\n", "file_empty"),
        ("a.csv", b"\x00\x01\x02\xff", "file_unreadable"),
        ("a.csv", b"one,two\n1,2\n", "missing_columns"),
        ("a.csv", b"session_id,user_id\n1,2\n", "missing_columns"),
        ("a.csv", b"session_id,user_id,status\n" + b"1,2,p\n" * 20_001, "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_is_400_with_its_code(name: str, content: bytes, code: str) -> None:
    of = make.a_class()
    answer = of.khan.upload(UPLOAD, name, content)
    assert (answer.status, answer.code, answer.json["success_count"]) == (400, code, 0)
    if code == "missing_columns":
        assert answer.json["message"] == "CSV must contain columns: session_id, user_id, status"


def test_without_a_file_and_with_a_form_that_means_nothing_it_is_400() -> None:
    of = make.a_class()
    response = of.khan.django.post(UPLOAD, {"partial": "true"})
    assert (response.status_code, response.json()["code"]) == (400, "file_missing")
    for form in ({"session_id": "x"}, {"partial": "perhaps"}):
        assert send(of.khan, "reg_no,status", "MB-001,p", **form).code == "bad_value"


def test_a_time_that_is_none_is_a_row_error_and_one_outside_is_saved() -> None:
    of = make.a_class()
    lines = ["reg_no,status,check_in_time", "MB-001,p,soon", "MB-002,p,23:00"]
    answer = send(of.khan, *lines, session_id=str(of.session.pk), partial="1")
    assert (answer.status, codes(answer)) == (201, [(2, "invalid_check_in_time")])
    assert make.lines(of.session)["MB-002"].check_in_at == make.local(make.MONDAY, "23:00")


def test_10_000_rows_take_sixty_statements_at_most() -> None:
    of = make.a_class(101)
    sessions = [make.session(of.school, start=f"0{at // 60}:{at % 60:02}", room=None) for at in range(100)]
    rows = [f"{each.pk},MB-{at:03},p" for each in sessions for at in range(1, 101)]
    content = "\n".join(["session_id,reg_no,status", *rows]).encode()
    with clock.stopped_at("2026-03-09T12:00:00+05:00"), counted() as count:
        answer = of.alice.upload(UPLOAD, "a.csv", content)
    assert answer.json["success_count"] == 10_000, answer.json
    assert len(count) <= 60


@pytest.mark.parametrize(("at", "is_noted"), [("09:59", True), ("10:00", False), ("11:00", False), ("11:01", True)])
def test_a_check_in_outside_the_session_is_noted_and_stops_nothing(at: str, is_noted: bool) -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        content = f"session_id,reg_no,status,check_in_time\n{of.session.pk},MB-001,p,{at}\n".encode()
        run = f"{IMPORTS}{of.khan.upload(IMPORTS, 'a.csv', content).json['id']}/"
        run_jobs()
        [row] = of.khan.get(f"{run}rows/").json["results"]
    assert (row["action"], [each["code"] for each in row["notes"]]) == (
        "create", ["check_in_outside"] if is_noted else [],
    )  # fmt: skip


def test_an_import_shows_old_and_new_first_and_writes_when_confirmed() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "absent"})
        content = f"session_id,reg_no,status\n{of.session.pk},MB-001,p\n{of.session.pk},MB-002,p\n".encode()
        made = of.khan.upload(IMPORTS, "a.csv", content)
        assert made.status == 201, made.json
        run_jobs()
        run = f"{IMPORTS}{made.json['id']}/"
        assert of.khan.get(run).json["summary"] == {"create": 1, "update": 1, "skip": 0, "error": 0, "total": 2}
        rows = of.khan.get(f"{run}rows/").json["results"]
        assert rows[0]["notes"] == [{"code": "changes", "detail": "absent → present"}]
        assert make.lines(of.session)["MB-001"].status == "absent"
        assert of.khan.post(f"{run}commit/", {"confirm": True}).status == 200
        run_jobs()
    assert [make.lines(of.session)[each].status for each in ("MB-001", "MB-002")] == ["present", "present"]


def of_session(client: Client, of: make.Class, *lines: str, **form: str) -> Answer:
    """Upload a file from the page of a register."""
    return client.upload(f"{of.url}imports/", "marks.csv", "\n".join(lines).encode(), **form)


def test_a_file_from_a_register_needs_no_session_in_its_rows_and_writes_when_confirmed() -> None:
    of = make.a_class(3)
    with clock.stopped_at(DURING):
        made = of_session(of.khan, of, "reg_no,status", "MB-001,present", "mb-002,L")
        assert made.status == 201, made.json
        run_jobs()
        path = f"{IMPORTS}{made.json['id']}/"
        previewed = of.khan.get(path).json
        assert (previewed["status"], previewed["summary"]["create"], previewed["summary"]["error"]) == (
            "previewed", 2, 0,
        )  # fmt: skip
        assert set(make.statuses(of.session)) <= {None}
        assert of.khan.post(f"{path}commit/", {"confirm": True}).status == 200
        run_jobs()
    found = make.lines(of.session)
    assert (found["MB-001"].status, found["MB-002"].status) == ("present", "late")


def test_a_file_from_a_register_that_is_not_ones_own_is_not_there_and_nothing_is_kept() -> None:
    of = make.a_class(3)
    noor = Client(directory.member("Dr Noor", "faculty"))
    rows = ("reg_no,status", "MB-001,present")
    with clock.stopped_at(DURING):
        assert of_session(noor, of, *rows).status == 404
        assert of_session(of.sara, of, *rows).status == 403
        directory.institution("other")
        assert of_session(Client(directory.member("Zara", "admin")), of, *rows).status == 404
    assert ImportRun.objects.count() == 0


def test_only_who_repairs_takes_strangers_in_by_a_file_from_a_register() -> None:
    of = make.a_class(3)
    academics.student(of.school.groups[1], reg_no="ZZ-900")
    with clock.stopped_at(DURING):
        errors = []
        for client in (of.khan, of.alice):
            pk = of_session(client, of, "reg_no,status", "ZZ-900,present", auto_create="true").json["id"]
            run_jobs()
            errors.append(client.get(f"{IMPORTS}{pk}/").json["fault_counts"])
    assert errors == [{"not_expected": 1}, {}]
