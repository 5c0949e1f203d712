"""Registers: marked by those who teach, in time; submitted when complete, locked when their days have passed."""

from datetime import timedelta

import pytest
from django.db import connection

from maristan.attendance.actions import registers as actions
from maristan.attendance.models import Attendance, MarkChange, Register
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import BEFORE, DURING, MONDAY, Client, directory, local, run_jobs
from maristan.config.tests.counting import counted
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine, StoredFile
from maristan.timetable.tests.factories import Session

pytestmark = pytest.mark.django_db
LATER = "2026-03-10T00:10:00+05:00"


def lock(of: make.Class) -> int:
    """The nightly job."""
    return actions.lock_due(by=platform(of.session.institution_id))


# --- who sees -----------------------------------------------------------------------------------------------------


def test_the_teacher_reads_the_register_by_number_with_the_moves() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        found = make.register(of.khan, of)
    assert [line["reg_no"] for line in found["lines"]][:2] == ["MB-001", "MB-002"]
    assert found["counts"]["unmarked"] == found["counts"]["expected"] == 3
    assert found["session"]["id"] == of.session.pk
    submit = next(each for each in found["moves"] if each["name"] == "submit")
    assert [each["code"] for each in submit["missing"]] == ["all_marked"]
    unlock = next(each for each in found["moves"] if each["name"] == "unlock")
    assert [each["code"] for each in unlock["missing"]] == ["not_permitted", "wrong_status"]


def test_a_line_says_where_the_photo_is_of_who_has_one() -> None:
    of = make.a_class()
    photo = StoredFile.objects.create(key="x", name="x.png", content_type="image/png", size=1, sha256="0")
    person = of.students[0].person
    person.photo = photo
    person.save()
    with clock.stopped_at(DURING):
        lines = make.register(of.khan, of)["lines"]
    assert {each["reg_no"]: each["photo"] for each in lines if each["reg_no"].startswith("MB")} == {
        "MB-001": f"/api/v1/directory/persons/{person.pk}/photo/", "MB-002": None,
    }  # fmt: skip


def test_another_teacher_a_learner_and_finance_do_not_see_a_register() -> None:
    of = make.a_class()
    noor = Client(directory.member("Dr Noor", "faculty"))
    finn = Client(directory.member("Finn", "finance"))
    elsewhere = Client(directory.member("Cora", "coordinator", scope=("program", make.academics.program().pk)))
    assert noor.get(f"{of.url}register/").status == 404
    assert elsewhere.get(f"{of.url}register/").status == 404
    assert of.sara.get(f"{of.url}register/").status == 404
    assert finn.get(f"{of.url}register/").status == 403
    assert Register.objects.count() == 0
    with clock.stopped_at(DURING):
        make.register(of.khan, of)
        for client in (noor, elsewhere):
            assert client.get(f"{of.url}register/").status == 404
            assert make.mark(client, of, rest="present").status == 404
            assert make.move(client, of, "submit").status == 404
    assert set(make.statuses(of.session)) == {None}


def test_who_coordinates_a_batch_sees_the_registers_of_its_groups_alone() -> None:
    of = make.a_class()
    other = make.academics.batch(of.school.batch.program)
    clients = [
        Client(directory.member("Cora", "coordinator", scope=("batch", batch.pk))) for batch in (of.school.batch, other)
    ]
    assert [each.get(f"{of.url}register/").status for each in clients] == [200, 404]


def test_a_head_and_an_auditor_see_it_and_mark_nothing() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        for client in (of.school.bob, Client(directory.member("Otto", "auditor"))):
            assert client.get(f"{of.url}register/").status == 200
            assert make.mark(client, of, rest="present").status == 403
    assert set(make.statuses(of.session)) <= {None}


def test_a_register_of_another_institution_is_404() -> None:
    of = make.a_class()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert zara.get(f"{of.url}register/").status == 404
    assert make.mark(zara, of, rest="present").status == 404


# --- marking ------------------------------------------------------------------------------------------------------


def test_marks_are_saved_with_one_line_of_the_journal_and_the_session_knows() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        lines = make.register(of.khan, of)["lines"]
        answer = make.mark(
            of.khan, of, {"line": lines[0]["id"], "status": "P"}, {"reg_no": " mb-002 ", "status": "Late"},
            {"student_id": lines[2]["student"], "status": "absent", "remarks": "Called"},
        )  # fmt: skip
    assert (answer.status, answer.json["changed"], answer.json["unchanged"]) == (200, 3, 0)
    assert answer.json["counts"] == {
        "present": 1, "late": 1, "absent": 1, "excused": 0, "unmarked": 0, "expected": 3, "unexpected": 0,
    }  # fmt: skip
    by_number = make.lines(of.session)
    assert (by_number["MB-001"].status, by_number["MB-002"].status) == ("present", "late")
    assert {each.source for each in by_number.values()} == {"live"}
    assert MarkChange.objects.count() == 3
    assert JournalLine.objects.filter(kind="register.marked").count() == 1
    assert Session.objects.get(pk=of.session.pk).attendance_recorded_at is not None


def test_an_unknown_word_points_at_the_mark_and_saves_nothing() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        marks = {"reg_no": "MB-001", "status": "p"}, {"reg_no": "MB-002", "status": "banana"}
        answer = make.mark(of.khan, of, *marks, rest="here")
    assert (answer.status, answer.pointers) == (
        422, [("/marks/1/status", "invalid_status"), ("/rest", "invalid_status")],
    )  # fmt: skip
    assert set(make.statuses(of.session)) <= {None}


def test_somebody_who_is_not_on_the_roster_or_named_twice_is_refused_with_a_pointer() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        present = {"status": "present"}
        answer = make.mark(
            of.khan, of, {"reg_no": "XX", **present}, {"reg_no": "MB-001", **present}, {"reg_no": "mb-001", **present},
            {**present}, {"reg_no": "MB-002", "line": 1, **present},
        )  # fmt: skip
    assert answer.pointers == [
        ("/marks/0", "not_expected"), ("/marks/2", "duplicate_line"), ("/marks/3", "required"),
        ("/marks/4", "required"),
    ]  # fmt: skip
    assert set(make.statuses(of.session)) <= {None}


def test_register_with_one_late_and_one_excused_rest_present_leaves_both_unchanged_and_others_present() -> None:
    of = make.a_class(5)
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "late"}, {"reg_no": "MB-002", "status": "excused"})
        answer = make.mark(of.khan, of, rest="PRESENT")
    assert (answer.status, answer.json["changed"]) == (200, 3)
    found = make.lines(of.session)
    assert (found["MB-001"].status, found["MB-002"].status) == ("late", "excused")
    assert (found["MB-003"].status, found["MB-003"].source) == ("present", "bulk")
    assert answer.json["counts"]["present"] == 3


def test_two_teachers_saving_one_line_one_is_200_and_one_is_412_with_what_differs() -> None:
    of = make.a_class()
    noor = directory.member("Dr Noor", "faculty")
    of.session.co_faculty.create(person=noor)
    with clock.stopped_at(DURING):
        line = make.register(of.khan, of)["lines"][0]
        asked = {"line": line["id"], "version": line["version"]}
        assert make.mark(of.khan, of, {**asked, "status": "present"}).status == 200
        stale = make.mark(Client(noor), of, {**asked, "status": "absent"})
        blind = make.mark(Client(noor), of, {"line": line["id"], "status": "absent"})
    assert (stale.status, stale.code) == (412, "stale_version")
    differing = stale.json["differing"][0]
    assert (differing["status"], differing["by"], differing["version"]) == ("present", "Dr Khan", 2)
    assert (blind.status, blind.code) == (428, "version_required")
    assert Attendance.objects.get(pk=line["id"]).status == "present"


def test_the_same_mark_again_is_no_error_and_changes_nothing() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "present"})
        again = make.mark(of.khan, of, {"reg_no": "MB-001", "status": "present"})
    assert (again.status, again.json["changed"], again.json["unchanged"]) == (200, 0, 1)
    assert (MarkChange.objects.count(), make.lines(of.session)["MB-001"].version) == (1, 2)
    assert JournalLine.objects.filter(kind="register.marked").count() == 1


@pytest.mark.parametrize("source", ["excuse", "correction"])
def test_what_a_decision_wrote_is_changed_only_by_who_repairs_and_says_why(source: str) -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "excused"})
        line = make.lines(of.session)["MB-001"]
        Attendance.objects.filter(pk=line.pk).update(source=source)
        asked = {"line": line.pk, "status": "present", "version": 2}
        for client, values in ((of.khan, {"reason": "Was there"}), (of.alice, {})):
            answer = make.mark(client, of, asked, **values)
            assert (answer.status, answer.code) == (409, "mark_protected")
        assert make.lines(of.session)["MB-001"].status == "excused"
        assert make.mark(of.alice, of, asked, reason="Was there after all").status == 200
    assert make.lines(of.session)["MB-001"].status == "present"
    assert MarkChange.objects.latest("pk").reason == "Was there after all"


@pytest.mark.parametrize(
    ("moment", "status", "code"),
    [
        ("2026-03-09T09:44:59+05:00", 409, "session_not_started"),
        ("2026-03-09T09:45:00+05:00", 200, ""),
        ("2026-03-09T23:59:59+05:00", 200, ""),
        ("2026-03-10T00:00:00+05:00", 409, "marking_day_open"),
    ],
)
def test_teachers_mark_from_a_quarter_before_until_midnight(moment: str, status: int, code: str) -> None:
    of = make.a_class()
    with clock.stopped_at(moment):
        answer = make.mark(of.khan, of, rest="present")
    assert answer.status == status
    if code:
        assert answer.code == code
        assert set(make.statuses(of.session)) <= {None}


def test_a_session_that_ends_late_is_marked_two_hours_on() -> None:
    of = make.a_class(start="22:30")
    with clock.stopped_at("2026-03-10T01:29:00+05:00"):
        assert make.mark(of.khan, of, {"reg_no": "MB-001", "status": "present"}).status == 200
    with clock.stopped_at("2026-03-10T01:30:00+05:00"):
        assert make.mark(of.khan, of, rest="present").code == "marking_day_open"


def test_faculty_marks_at_2350_and_not_next_day_the_coordinator_does_and_after_lock_days_nobody() -> None:
    of = make.a_class()
    with clock.stopped_at("2026-03-09T23:50:00+05:00"):
        assert make.mark(of.khan, of, {"reg_no": "MB-001", "status": "present"}).status == 200
    with clock.stopped_at(LATER):
        assert make.mark(of.khan, of, rest="present").code == "marking_day_open"
        assert make.mark(of.alice, of, rest="present").status == 200
        assert make.move(of.alice, of, "submit").status == 200
    with clock.stopped_at("2026-03-16T23:59:00+05:00"):
        assert lock(of) == 0
    with clock.stopped_at("2026-03-17T00:15:00+05:00"):
        assert lock(of) == 1
        assert Register.objects.get().status == "locked"
        for client in (of.khan, of.alice):
            answer = make.mark(client, of, rest="absent")
            assert (answer.status, answer.code) == (409, "register_closed")


def test_further_days_for_teachers_are_a_setting() -> None:
    of = make.a_class()
    directory.setting("attendance.teacher_window_days", 1)
    with clock.stopped_at(LATER):
        assert make.mark(of.khan, of, rest="present").status == 200
    with clock.stopped_at("2026-03-11T00:00:00+05:00"):
        assert make.move(of.khan, of, "submit").missing == ["marking_day_open"]


def test_without_lock_days_a_register_locks_at_midnight_and_an_open_one_never() -> None:
    of = make.a_class()
    other = make.session(of.school, start="12:00")
    directory.setting("attendance_lock_days", 0)
    with clock.stopped_at("2026-03-09T13:30:00+05:00"):
        make.mark(of.khan, of, rest="present")
        assert make.move(of.khan, of, "submit").status == 200
        make.register(of.khan, make.Class(of.school, [], other, of.khan, of.alice, of.sara))
        assert lock(of) == 0
    with clock.stopped_at("2026-03-10T00:15:00+05:00"):
        assert lock(of) == 1
    assert set(Register.objects.values_list("session_id", "status")) == {
        (of.session.pk, "locked"), (other.pk, "open"),
    }  # fmt: skip


def test_a_cancelled_session_takes_no_marks() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        make.register(of.khan, of)
        cancelled = {"status": "cancelled", "cancelled_at": clock.now(), "cancelled_by": "A", "cancel_reason": "Rain"}
        Session.objects.filter(pk=of.session.pk).update(**cancelled)
    with clock.stopped_at(DURING):
        answer = make.mark(of.khan, of, rest="present")
        assert (answer.status, answer.code) == (409, "session_cancelled")
        missing = make.move(of.khan, of, "submit").missing
    assert "session_not_cancelled" in missing


# --- moves --------------------------------------------------------------------------------------------------------


def test_a_register_is_submitted_when_everybody_is_marked_and_the_session_is_held() -> None:
    of = make.a_class()
    with clock.stopped_at("2026-03-09T09:50:00+05:00"):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "present"})
        answer = make.move(of.khan, of, "submit")
        assert (answer.status, answer.missing) == (409, ["session_started", "all_marked"])
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="absent")
        answer = make.move(of.khan, of, "submit")
        assert (answer.status, answer.json["status"], answer.json["submitted_by"]) == (200, "submitted", "Dr Khan")
        assert make.mark(of.khan, of, {"reg_no": "MB-001", "status": "late", "version": 2}).code == "register_closed"
        assert make.move(of.khan, of, "submit").missing == ["wrong_status"]
    assert Session.objects.get(pk=of.session.pk).status == "completed"


def test_reopening_needs_a_reason_and_opens_the_session_too() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="present")
        make.move(of.khan, of, "submit")
        answer = make.move(of.khan, of, "reopen")
        assert (answer.status, answer.code) == (422, "REASON_REQUIRED")
        assert make.move(of.khan, of, "reopen", reason="One came late").json["status"] == "open"
    assert Session.objects.get(pk=of.session.pk).status == "scheduled"
    assert JournalLine.objects.get(kind="register.reopened").reason == "One came late"


def test_an_office_assistant_marks_and_decides_nothing() -> None:
    of = make.a_class()
    olga = Client(directory.member("Olga", "office_assistant", scope=("program", of.school.batch.program_id)))
    with clock.stopped_at(DURING):
        assert make.mark(olga, of, rest="present").status == 200
        assert make.move(olga, of, "submit").status == 403
    assert Register.objects.get().status == "open"


def test_only_who_repairs_unlocks_and_the_teacher_does_not() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="present")
        make.move(of.khan, of, "submit")
    with clock.stopped_at("2026-03-20T08:00:00+05:00"):
        lock(of)
        assert make.move(of.khan, of, "unlock", reason="A mistake").status == 403
        assert make.move(of.alice, of, "unlock").code == "REASON_REQUIRED"
        assert make.move(of.alice, of, "unlock", reason="A mistake").json["status"] == "open"
    assert Session.objects.get(pk=of.session.pk).status == "scheduled"


def test_a_session_that_nobody_attended_may_be_found_not_held_once_it_is_over() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "late"})
        missing = make.move(of.alice, of, "not_held", reason="Teacher was ill").missing
        assert missing == ["session_ended", "nobody_marked_attending"]
        line = make.lines(of.session)["MB-001"]
        make.mark(of.khan, of, {"line": line.pk, "status": "absent", "version": line.version})
    with clock.stopped_at("2026-03-09T12:00:00+05:00"):
        assert make.move(of.khan, of, "not_held", reason="I was ill").status == 403
        assert make.move(of.alice, of, "not_held", reason="Teacher was ill").json["status"] == "not_held"
        assert make.mark(of.alice, of, rest="present").code == "register_closed"
        assert make.move(of.alice, of, "restore", reason="It took place").json["status"] == "open"


def test_a_move_that_nobody_offers_is_404() -> None:
    of = make.a_class()
    assert make.move(of.alice, of, "lock").status == 404
    assert make.move(of.alice, of, "dance").status == 404


# --- budgets ------------------------------------------------------------------------------------------------------


def test_a_register_is_read_within_six_and_marking_ten_or_three_hundred_takes_ten_the_same() -> None:
    of = make.a_class(301)
    twenty = make.academics.group(of.school.batch)
    for _ in range(10):
        make.academics.student(twenty)
    small = make.Class(
        of.school, [], make.session(of.school, groups=[twenty], start="12:00"), of.khan, of.alice, of.sara
    )
    spent = []
    with clock.stopped_at("2026-03-09T12:30:00+05:00"):
        for each in (of, small):
            make.register(of.khan, each)
            with counted() as count:
                make.register(of.khan, each)
            assert len(count) <= 6
            with counted() as count:
                assert make.mark(of.khan, each, rest="present").status == 200
            spent.append(len(count))
    assert spent[0] == spent[1] <= 10


def test_deleting_a_session_that_has_not_started_takes_its_register_along() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        make.register(of.khan, of)
        assert of.alice.delete(f"/api/v1/timetable/sessions/{of.session.pk}/").status == 204
    assert (Register.objects.count(), Attendance.objects.count()) == (0, 0)


def test_marking_is_told_to_nobody_as_a_change_of_the_timetable() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="present")
        run_jobs()
        make.move(of.khan, of, "submit")
        with connection.cursor() as cursor:
            cursor.execute("SELECT args->>'subscriber' FROM procrastinate_jobs WHERE status = 'todo'")
            heard = {row[0] for row in cursor.fetchall()}
    assert heard == {"attendance.registers_waiting", "attendance.tell_absent"}


def test_a_second_lock_changes_nothing() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="present")
        make.move(of.khan, of, "submit")
    with clock.stopped_at(local(MONDAY + timedelta(days=9), "01:00")):
        assert (lock(of), lock(of)) == (1, 0)
    assert JournalLine.objects.filter(kind="register.locked").count() == 1
