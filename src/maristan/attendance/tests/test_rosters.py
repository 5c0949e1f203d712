"""Rosters: fixed when a session is published, following who moves until it starts, and never afterwards (A1, A2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maristan.academics.queries import learners
from maristan.attendance.actions import rosters
from maristan.attendance.models import Attendance, Register
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import BEFORE, DURING, MONDAY, academics, directory, run_jobs, timetable
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.timetable.tests.factories import Session

pytestmark = pytest.mark.django_db
STUDENTS = "/api/v1/academics/students/"


def expected(of: Session) -> set[str]:
    """Registration numbers of those expected in a session."""
    return {number for number, line in make.lines(of).items() if line.expected}


def settle(*sessions: Session) -> None:
    """Fix rosters as the job does."""
    of = sessions[0].institution_id
    rosters.settle(ids=[each.pk for each in sessions], by=platform(of))


def place(of: make.Class, student: Any, group: Any) -> None:
    """A registrar places a student."""
    ruth = make.Client(directory.member("Ruth", "registrar"))
    body = {"batch": group.batch_id, "group": group.pk, "reason": "Asked for it"}
    answer = ruth.patch(f"{STUDENTS}{student.pk}/placement/", body, version=student.version)
    assert answer.status == 200, answer.json
    run_jobs()


def test_publishing_a_week_fixes_its_rosters_once() -> None:
    of = timetable.school()
    with clock.stopped_at(timetable.CLOCK):
        academics.student(of.groups[0], reg_no="MB-001")
        academics.student(of.groups[1], reg_no="MB-002")
        timetable.published(of)
        run_jobs()
        session = Session.objects.get()
        assert "MB-001" in expected(session)
        assert "MB-002" not in expected(session)
        settle(session)
    assert Register.objects.count() == JournalLine.objects.filter(kind="register.built").count() == 1


def test_a_direct_session_counts_as_published_when_it_is_created() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        body = {
            "academic_period": of.school.period.pk, "group": of.school.groups[0].pk, "course": of.school.course.pk,
            "starts_at": "2026-03-11T10:00:00+05:00", "ends_at": "2026-03-11T11:00:00+05:00",
        }  # fmt: skip
        made = of.alice.post("/api/v1/timetable/sessions/", body)
        assert made.status == 201, made.json
        run_jobs()
    assert Attendance.objects.filter(session_id=made.json["id"]).count() == 3


def test_group_of_30_published_monday_alice_joins_tuesday_is_in_wednesdays_register_alone() -> None:
    of = make.a_class(30)
    wednesday = make.session(of.school, MONDAY + timedelta(days=2))
    alice = academics.student(of.school.groups[1], reg_no="ALICE")
    suspended = academics.student(of.school.groups[0], reg_no="GONE", status="suspended")
    with clock.stopped_at(BEFORE):
        settle(of.session, wednesday)
        assert len(expected(of.session)) == len(expected(wednesday)) == 30
    with clock.stopped_at("2026-03-10T09:00:00+05:00"):
        place(of, alice, of.school.groups[0])
    assert "ALICE" not in expected(of.session)
    assert "ALICE" in expected(wednesday)
    assert suspended.reg_no not in make.lines(of.session)
    assert list(Register.objects.order_by("pk").values_list("roster_version", flat=True)) == [1, 2]
    assert JournalLine.objects.filter(kind="register.roster_changed").count() == 1


def test_who_leaves_the_group_is_expected_no_more_where_it_has_not_started() -> None:
    of = make.a_class()
    later = make.session(of.school, MONDAY + timedelta(days=2))
    with clock.stopped_at(BEFORE):
        settle(of.session, later)
    with clock.stopped_at("2026-03-10T09:00:00+05:00"):
        place(of, of.students[0], of.school.groups[1])
        assert expected(of.session) >= {"MB-001"}
        assert "MB-001" not in expected(later)
        assert make.lines(later)["MB-001"].version == 2
        shown = make.register(of.alice, make.Class(of.school, [], later, of.khan, of.alice, of.sara))
    assert "MB-001" not in [line["reg_no"] for line in shown["lines"]]


def test_suspension_takes_a_student_out_of_sessions_to_come() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        settle(of.session)
        ruth = make.Client(directory.member("Ruth", "registrar"))
        answer = ruth.post(f"{STUDENTS}{of.students[0].pk}/moves/suspend/", {"reason": "Fees unpaid"})
        assert answer.status == 200, answer.json
        run_jobs()
    assert "MB-001" not in expected(of.session)


def test_a_session_of_a_section_follows_its_enrolments() -> None:
    of = make.a_class()
    section = academics.section(of.school.course, academic_period=of.school.period)
    academics.enrollment(of.students[0], section)
    taught = make.session(of.school, MONDAY + timedelta(days=1), section=section, groups=[])
    with clock.stopped_at(BEFORE):
        settle(taught)
        assert expected(taught) == {"MB-001"}
        body = {"section": section.pk, "student": of.students[1].pk}
        assert of.alice.post("/api/v1/academics/enrollments/", body).status == 201
        run_jobs()
        assert expected(taught) == {"MB-001", "MB-002"}
        seat = of.students[0].enrollments.get()
        assert (
            of.alice.post(f"/api/v1/academics/enrollments/{seat.pk}/moves/drop/", {"reason": "Changed"}).status == 200
        )
        run_jobs()
    assert expected(taught) == {"MB-002"}


def test_emptying_a_group_changes_nothing_of_what_has_started() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        settle(of.session)
        for student in of.students:
            place(of, student, of.school.groups[1])
        settle(of.session)
    assert expected(of.session) >= {"MB-001", "MB-002"}


def test_the_first_reader_fixes_the_roster_and_the_job_finds_it_done() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        make.register(of.khan, of)
        settle(of.session)
    assert (Register.objects.count(), Attendance.objects.count()) == (1, 3)


def test_who_is_suspended_gets_no_line_by_an_added_audience_either() -> None:
    of = make.a_class()
    away = make.academics.student(of.school.groups[1], reg_no="ZZ-901", status="suspended")
    with clock.stopped_at(BEFORE):
        make.register(of.khan, of)
        Register.objects.update(audience=[[f"person:{away.person_id}"]])
        rosters.settle(ids=[of.session.pk], by=platform(of.session.institution_id))
        assert "ZZ-901" not in make.lines(of.session)
        away.status = "active"
        away.save()
        rosters.settle(ids=[of.session.pk], by=platform(of.session.institution_id))
    assert make.lines(of.session)["ZZ-901"].expected


def test_an_added_audience_is_expected_besides_the_group() -> None:
    of = make.a_class()
    guest = academics.student(of.school.groups[1], reg_no="GUEST")
    with clock.stopped_at(BEFORE):
        settle(of.session)
        Register.objects.update(audience=[[f"group:{of.school.groups[1].pk}", "status:active"]])
        settle(of.session)
    assert guest.reg_no in expected(of.session)


def test_an_added_audience_stays_when_one_of_them_moves() -> None:
    of = make.a_class()
    guests = [academics.student(of.school.groups[1], reg_no=f"GUEST-{at}") for at in (1, 2)]
    with clock.stopped_at(BEFORE):
        settle(of.session)
        Register.objects.update(audience=[[f"group:{of.school.groups[1].pk}"]])
        by = platform(of.session.institution_id)
        rosters.settle(ids=[of.session.pk], persons=[guests[0].person_id], by=by)
        assert expected(of.session) & {"GUEST-1", "GUEST-2"} == {"GUEST-1"}
        settle(of.session)
        rosters.settle(ids=[of.session.pk], persons=[guests[0].person_id], by=by)
    assert expected(of.session) >= {"GUEST-1", "GUEST-2"}


def test_a_visitor_is_seen_and_not_counted() -> None:
    of = make.a_class()
    academics.student(of.school.groups[1], reg_no="GUEST")
    with clock.stopped_at(DURING):
        answer = of.khan.post(f"{of.url}roster/", {"add": [{"reg_no": "guest"}], "expected": False})
        assert answer.status == 200, answer.json
        make.mark(of.khan, of, rest="absent")
        make.mark(of.khan, of, {"reg_no": "GUEST", "status": "present"})
        found = make.register(of.khan, of)
    assert found["counts"] == {
        "present": 0, "late": 0, "absent": 3, "excused": 0, "unmarked": 0, "expected": 3, "unexpected": 1,
    }  # fmt: skip
    assert ("GUEST", False) in [(line["reg_no"], line["expected"]) for line in found["lines"]]


def test_who_is_expected_in_a_session_that_started_is_settled_by_who_repairs_with_a_reason() -> None:
    of = make.a_class()
    academics.student(of.school.groups[1], reg_no="GUEST")
    body = {"add": [{"reg_no": "GUEST"}]}
    with clock.stopped_at(DURING):
        make.register(of.khan, of)
        line = make.lines(of.session)["MB-001"].pk
        assert of.khan.post(f"{of.url}roster/", {**body, "reason": "Mine today"}).status == 403
        assert of.khan.post(f"{of.url}roster/", {"remove": [line], "reason": "Mine today"}).status == 403
        assert of.alice.post(f"{of.url}roster/", body).code == "REASON_REQUIRED"
        assert expected(of.session) == {"MB-001", "MB-002", *(_sara(of))}
        answer = of.alice.post(f"{of.url}roster/", {**body, "remove": [line], "reason": "Swapped groups"})
        assert (answer.status, answer.json["roster_version"]) == (200, 2)
    assert expected(of.session) == {"MB-002", "GUEST", *(_sara(of))}
    assert Attendance.objects.filter(pk=line, expected=False).exists()
    assert JournalLine.objects.get(kind="register.roster_changed").reason == "Swapped groups"


def _sara(of: make.Class) -> set[str]:
    numbers = Attendance.objects.filter(session=of.session, person=of.school.sara_person)
    return set(numbers.values_list("student__reg_no", flat=True))


def test_what_a_person_settled_by_hand_stays_when_the_roster_follows() -> None:
    of = make.a_class()
    academics.student(of.school.groups[1], reg_no="GUEST")
    with clock.stopped_at(BEFORE):
        make.register(of.alice, of)
        line = make.lines(of.session)["MB-001"].pk
        body = {"add": [{"reg_no": "GUEST"}], "remove": [line], "reason": "Swapped groups"}
        assert of.alice.post(f"{of.url}roster/", body).status == 200
        settle(of.session)
    assert "GUEST" in expected(of.session)
    assert "MB-001" not in expected(of.session)


@pytest.fixture
def rana(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Learns without a student record, and bears the number of a student."""
    found: dict[int, learners.Learner] = {}
    source = learners.LearnerSource(
        of=lambda persons, _day: {pk: each for pk, each in found.items() if pk in persons},
        by_reg_no=lambda keys: {"mb-001": set(found)} if "mb-001" in keys else {},
    )
    monkeypatch.setattr(learners, "_sources", [source])

    def enter() -> int:
        person = directory.person("Rana")
        found[person.pk] = learners.Learner(person.pk, "Rana", "MB-001")
        return int(person.pk)

    return enter


def test_who_learns_without_a_student_record_is_shown_by_number_and_is_not_taken_for_another(rana: Any) -> None:
    of = make.a_class()
    person = rana()
    with clock.stopped_at(DURING):
        several = of.khan.post(f"{of.url}roster/", {"add": [{"reg_no": "mb-001"}], "expected": False})
        assert (several.status, several.pointers) == (422, [("/add/0", "person_ambiguous")])
        assert Attendance.objects.filter(by_hand=True).count() == 0
        assert of.khan.post(f"{of.url}roster/", {"add": [{"person": person}], "expected": False}).status == 200
        shown = {line["person"]: line["reg_no"] for line in make.register(of.khan, of)["lines"]}
    assert shown[person] == "MB-001"


def test_what_stands_in_the_register_already_changes_nothing_and_leaves_no_line() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.register(of.alice, of)
        body = {"add": [{"reg_no": "MB-001"}], "reason": "Swapped groups"}
        assert of.alice.post(f"{of.url}roster/", body).json["roster_version"] == 1
        unknown = of.alice.post(f"{of.url}roster/", {"remove": [10**9], "reason": "Swapped groups"})
        assert (unknown.status, unknown.pointers) == (422, [("/remove/0", "unknown_reference")])
    assert not JournalLine.objects.filter(kind="register.roster_changed").exists()


def test_a_register_that_is_closed_takes_nobody_in_and_lets_nobody_go() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="present")
        assert make.move(of.khan, of, "submit").status == 200
        line = make.lines(of.session)["MB-001"].pk
        refused = of.alice.post(f"{of.url}roster/", {"remove": [line], "reason": "Swapped groups"})
    assert (refused.status, refused.code) == (409, "register_closed")
    assert expected(of.session) == {"MB-001", "MB-002", *_sara(of)}


def test_nobody_unknown_is_added() -> None:
    of = make.a_class()
    stranger = directory.person("Stranger")
    with clock.stopped_at(DURING):
        body = {"add": [{"reg_no": "XX"}, {"person": stranger.pk}], "reason": "Swapped groups", "remove": []}
        answer = of.alice.post(f"{of.url}roster/", body)
    assert answer.pointers == [("/add/0", "unknown_person"), ("/add/1", "unknown_person")]
    assert Attendance.objects.filter(by_hand=True).count() == 0


def test_rosters_of_400_sessions_take_twenty_statements_and_inserts_in_batches() -> None:
    of = make.a_class(12)
    sessions = [make.session(of.school, MONDAY + timedelta(days=at % 5), start=f"{8 + at % 10:02}:00", room=None)
                for at in range(400)]  # fmt: skip
    with clock.stopped_at(BEFORE), CaptureQueriesContext(connection) as captured:
        settle(*sessions)
    assert Attendance.objects.count() == 400 * 12
    inserts = [each for each in captured if each["sql"].startswith("INSERT")]
    others = [each for each in captured if not each["sql"].startswith(("INSERT", "SAVEPOINT", "RELEASE"))]
    assert len(others) <= 20
    assert len(inserts) <= 1 + 5 + 1 + 1


def commit_file(of: make.Class, places: dict[str, Any], **options: str) -> list[str]:
    """Commit a file that puts students (by registration number) into groups; gives the jobs that ran after it."""
    lines = ["reg_no,name,program_name,batch_name,group_name,status"]
    for number, group in places.items():
        where = f"{group.batch.program.name},{group.batch.name},{group.name}"
        lines.append(f"{number},Student {number},{where},active")
    root = make.Client(make.directory.member("Root", "admin"))
    imports = "/api/v1/academics/students/imports/"
    assert root.upload(imports, "students.csv", "\n".join(lines).encode(), **options).status == 201
    make.run_jobs()
    run = root.get(imports).json["results"][0]["id"]
    assert root.post(f"{imports}{run}/commit/", {"confirm": True}).status in (200, 202)
    return make.run_jobs()


def test_students_of_a_file_join_the_sessions_to_come_by_one_job() -> None:
    with clock.stopped_at(make.BEFORE):
        of = make.a_class()
        of.sara.get(f"{of.url}register/")
        of.khan.get(f"{of.url}register/")
        names = commit_file(of, {f"F  {number:03}": of.school.groups[0] for number in range(20)})
        assert len(make.lines(of.session)) == 23
        assert len(names) < 15


def test_a_file_that_moves_a_student_moves_nobody_else() -> None:
    with clock.stopped_at(make.BEFORE):
        of = make.a_class()
        of.khan.get(f"{of.url}register/")
        there = of.school.groups[1]
        beside = make.session(of.school, start="11:00", groups=[there], room=None)
        settle(beside)
        assert [len(make.lines(each)) for each in (of.session, beside)] == [3, 0]
        commit_file(of, {"MB-001": there, "F-001": there}, mode="upsert")
        left = [number for number, line in make.lines(of.session).items() if not line.expected]
        assert (left, len(make.lines(of.session))) == (["MB-001"], 3)
        assert {number: line.expected for number, line in make.lines(beside).items()} == {"MB-001": True, "F-001": True}


def test_a_session_without_a_roster_gets_all_of_it_when_one_person_moved() -> None:
    of = make.a_class()
    with clock.stopped_at(BEFORE):
        moved = {of.students[0].person_id}
        rosters.settle(ids=[of.session.pk], persons=moved, by=platform(of.session.institution_id))
    assert expected(of.session) >= {"MB-001", "MB-002"}
