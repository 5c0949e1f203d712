"""How people stand: what counts, by which policy, and who may know (A3, E1 to E4)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from maristan.attendance.actions import policies, summaries
from maristan.attendance.models import Attendance, Policy, Register, Summary
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import Client, academics, directory, timetable
from maristan.config.tests.counting import counted
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine

pytestmark = pytest.mark.django_db
SUMMARY = "/api/attendance/summary/"
MINE = "/api/v1/attendance/mine/"
LIST = "/api/v1/attendance/eligibility/"
POLICIES = "/api/v1/attendance/policies/"
NOW = "2026-03-09T09:00:00+05:00"
WINDOW = "period=custom&start_date=2026-02-01&end_date=2026-03-31"


def summary(client: Client, query: str = WINDOW) -> Any:
    """The summary at the exact path."""
    with clock.stopped_at(NOW):
        answer = client.get(f"{SUMMARY}?{query}")
    assert answer.status == 200, answer.json
    return answer.json


def cancel(session: Any) -> None:
    """A session is cancelled."""
    values = {"status": "cancelled", "cancelled_at": clock.now(), "cancelled_by": "A", "cancel_reason": "Rain"}
    timetable.Session.objects.filter(pk=session.pk).update(**values)


def test_2_present_2_absent_is_50_cancelling_one_absent_is_66_67_tomorrow_changes_nothing_unmarked_is_told() -> None:
    of = make.a_class()
    sessions = make.held(of, "present", "present", "absent", "absent", None)
    make.held(of, "absent", start=date(2026, 3, 10))
    found = summary(of.sara)
    assert (found["percentage_present"], found["total_sessions"], found["unmarked_count"]) == (50.0, 4, 1)
    cancel(sessions[2])
    assert summary(of.sara)["percentage_present"] == 66.67


def test_the_summary_has_the_keys_of_its_contract_and_names_the_policy() -> None:
    of = make.a_class()
    make.policy(threshold="80.00")
    make.held(of, "present", "late", "absent", "excused")
    found = summary(of.sara)
    assert found == {
        "user_id": of.school.sara_person.user_id, "username": of.school.sara_person.user.username,
        "full_name": "Sara", "person_id": of.school.sara_person.pk, "period": "custom", "start_date": "2026-02-01",
        "end_date": "2026-03-31", "total_sessions": 4, "attended_sessions": 2, "present_count": 1, "late_count": 1,
        "absent_count": 1, "excused_count": 1, "unmarked_count": 0, "percentage_present": 66.67,
        "threshold_percentage": 80.0, "is_eligible": False, "code": "below_threshold",
        "policy": {"scope": "institution", "number": 1},
    }  # fmt: skip


def test_the_summary_of_a_course_counts_its_sessions_alone() -> None:
    of = make.a_class()
    make.held(of, "present", "absent")
    other = academics.course("ANAT", name="Anatomy")
    make.held(of, "absent", start=date(2026, 2, 20), course=other)
    counts = [
        summary(of.sara, f"{WINDOW}&course={pk}")["total_sessions"]
        for pk in (of.school.course.pk, other.pk, other.pk + 999)
    ]
    assert counts == [2, 1, 0]


def test_zero_sessions_is_0_not_eligible_no_sessions() -> None:
    of = make.a_class()
    make.held(of, "excused")
    found = summary(of.sara)
    assert (found["percentage_present"], found["is_eligible"], found["code"]) == (0, False, "no_sessions")


def test_visitors_and_sessions_that_were_not_held_do_not_count_and_days_are_local() -> None:
    of = make.a_class()
    visited, not_held, late = make.held(of, "absent", "absent", "absent")
    Attendance.objects.filter(session=visited).update(expected=False)
    Register.objects.filter(session=not_held).update(status="not_held")
    moved = make.local(date(2026, 3, 1), "00:30")
    timetable.Session.objects.filter(pk=late.pk).update(starts_at=moved, ends_at=moved + timedelta(hours=1))
    assert summary(of.sara, "period=custom&start_date=2026-02-01&end_date=2026-02-28")["total_sessions"] == 0
    assert summary(of.sara, "period=monthly")["total_sessions"] == 1


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "DATE_RANGE_REQUIRED"),
        ("period=custom&start_date=2026-02-01", 400, "DATE_RANGE_REQUIRED"),
        ("period=weekly", 400, "INVALID_PERIOD"),
        ("period=monthly&start_date=soon", 400, "INVALID_DATE_FORMAT"),
        ("period=custom&start_date=2026-02-02&end_date=2026-02-01", 400, "DATE_RANGE_REVERSED"),
        ("period=monthly&course=x", 400, "bad_value"),
        ("period=semester&start_date=2019-01-01", 400, "PERIOD_NOT_FOUND"),
        ("period=monthly&user=999999999", 404, "not_found"),
        ("period=monthly&user=abc", 404, "not_found"),
        ("period=monthly&reg_no=NOBODY", 404, "not_found"),
    ],
)
def test_what_cannot_be_answered_has_the_code_of_the_contract(query: str, status: int, code: str) -> None:
    of = make.a_class()
    for path in (SUMMARY, "/api/v1/attendance/summary/"):
        answer = of.sara.get(f"{path}?{query}")
        assert (answer.status, answer.code) == (status, code)
        if status == 404:
            assert answer.json["error"] == "User not found"


def test_a_semester_is_the_period_of_the_batch_around_the_day() -> None:
    of = make.a_class()
    found = summary(of.sara, "period=semester")
    assert (found["start_date"], found["end_date"]) == ("2026-01-01", "2026-12-31")


def test_who_may_see_whom() -> None:
    of = make.a_class()
    make.held(of, "present")
    sara = f"{WINDOW}&user={of.school.sara_person.user_id}"
    other = Client(directory.member("Mina", "student"))
    noor = Client(directory.member("Dr Noor", "faculty"))
    for client in (other, noor):
        answer = client.get(f"{SUMMARY}?{sara}")
        assert (answer.status, answer.code) == (403, "out_of_scope")
    for client in (of.khan, of.alice, of.sara, Client(directory.member("Ruth", "registrar"))):
        assert summary(client, sara)["total_sessions"] == 1
    assert Client(directory.member("Finn", "finance")).get(f"{SUMMARY}?{sara}").status == 403
    directory.institution("other")
    assert Client(directory.member("Zara", "admin")).get(f"{SUMMARY}?{sara}").status == 404


def test_a_summary_is_one_aggregate_and_says_the_same_by_number_and_address() -> None:
    of = make.a_class()
    make.held(of, *(["present"] * 30))
    directory.email(of.school.sara_person, "sara@example.org")
    number = academics.Student.objects.get(person=of.school.sara_person).reg_no
    by_account = summary(of.alice, f"{WINDOW}&user={of.school.sara_person.user_id}")
    assert summary(of.alice, f"{WINDOW}&reg_no={number}&email=SARA@example.org") == by_account
    assert of.alice.get(f"{SUMMARY}?{WINDOW}&reg_no=MB-001&email=sara@example.org").status == 404
    with counted() as count, clock.stopped_at(NOW):
        of.sara.get(f"{SUMMARY}?{WINDOW}")
    assert sum("attendance_attendance" in each for each in count.statements) == 1


def test_mine_shows_each_course_with_its_own_policy_and_what_may_be_missed() -> None:
    of = make.a_class()
    make.policy(f"course:{of.school.course.pk}", threshold="50.00")
    other = academics.course("ANA", of.school.batch.program, department=of.school.department, name="Anatomy")
    make.held(of, "present", "absent")
    make.held(of, "present", "absent", start=date(2026, 2, 10), course=other)
    make.held(of, None, None, start=date(2026, 4, 1))
    with clock.stopped_at(NOW):
        found = of.sara.get(MINE).json
    anatomy, pathology = found["courses"]
    assert (anatomy["name"], anatomy["code"], anatomy["reachable"]) == ("Anatomy", "below_threshold", False)
    assert (pathology["code"], pathology["to_come"], pathology["can_miss"]) == ("eligible", 2, 1)
    assert (found["overall"]["total"], found["overall"]["percentage"]) == (4, "50.00")


def test_the_list_shows_learners_in_reach_counted_over_all_sessions_asked_for() -> None:
    of = make.a_class()
    make.held(of, "present")
    noor = directory.member("Dr Noor", "faculty")
    make.held(of, "absent", start=date(2026, 2, 10), faculty=noor)
    with clock.stopped_at(NOW):
        for client in (of.khan, Client(noor), of.alice, of.sara):
            found = client.get(LIST).json
            assert [(each["full_name"], each["total"]) for each in found["results"]] == [("Sara", 2)]
        assert Client(directory.member("Dr Qazi", "faculty")).get(LIST).json["count"] == 0
        assert of.alice.get(f"{LIST}?code=ELIGIBLE").json["count"] == 0
        assert of.alice.get(f"{LIST}?code=below_threshold&search=sar").json["count"] == 1
        assert of.alice.get(f"{LIST}?course=999999").json["count"] == 0
        assert b"Sara" in of.alice.get(f"{LIST}export/").body


def test_the_overview_tells_of_seven_days_in_reach() -> None:
    of = make.a_class()
    make.held(of, "present", "late", "absent", "absent", None, start=date(2026, 3, 3))
    with clock.stopped_at(NOW):
        assert of.khan.get("/api/v1/attendance/overview/").json["last_7_days"] == {
            "total_marked": 4, "absent_percent": 50.0, "late_percent": 25.0, "missing_entries": 1,
        }  # fmt: skip
        noor = Client(directory.member("Dr Noor", "faculty"))
        assert noor.get("/api/v1/attendance/overview/").json["last_7_days"]["total_marked"] == 0


# --- policies -----------------------------------------------------------------------------------------------------


def draft(client: Client, **values: Any) -> Any:
    """Draft a version for the institution."""
    return client.post(POLICIES, {"scope": "institution", "effective_from": "2026-03-10", **values})


def test_a_version_is_drafted_previewed_put_in_force_and_never_changed() -> None:
    of = make.a_class()
    make.held(of, "present", "absent")
    anna = Client(directory.member("Anna", "admin"))
    with clock.stopped_at(NOW):
        made = draft(anna, threshold="50.00")
        assert (made.status, made.json["number"], made.json["status"]) == (201, 1, "draft")
        pk = made.json["id"]
        preview = anna.get(f"{POLICIES}{pk}/preview/").json
        assert (preview["people"], preview["gain"], preview["lose"]) == (1, 1, 0)
        assert anna.patch(f"{POLICIES}{pk}/", {"near_margin": "3.00"}).status == 428
        assert anna.patch(f"{POLICIES}{pk}/", {"near_margin": "3.00"}, version=1).status == 200
        assert anna.post(f"{POLICIES}{pk}/moves/activate/", {}).json["status"] == "active"
        assert anna.patch(f"{POLICIES}{pk}/", {"threshold": "10.00"}, version=3).code == "policy_active"
        assert anna.post(f"{POLICIES}{pk}/moves/activate/", {}).missing == ["wrong_status"]
        second = draft(anna, threshold="60.00").json["id"]
        assert anna.post(f"{POLICIES}{second}/moves/activate/", {}).missing == ["not_in_use_twice"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Policy.objects.filter(pk=pk).update(threshold=10)
    assert summary(of.sara)["threshold_percentage"] == 50.0
    assert JournalLine.objects.filter(kind="attendance_policy.activated").count() == 1


def test_a_version_for_all_does_not_concern_whom_a_nearer_one_governs() -> None:
    of = make.a_class()
    make.held(of, "present", "absent")
    make.policy(f"program:{of.school.batch.program_id}", threshold="90.00")
    anna = Client(directory.member("Anna", "admin"))
    with clock.stopped_at(NOW):
        pk = draft(anna, threshold="50.00").json["id"]
        preview = anna.get(f"{POLICIES}{pk}/preview/").json
    assert (preview["people"], preview["gain"], preview["lose"], preview["sample"]) == (0, 0, 0, [])


def test_terms_that_are_being_written_are_tried_on_counts_and_nothing_is_written() -> None:
    make.a_class()
    anna, olga = (Client(directory.member(name, role)) for name, role in (("Anna", "admin"), ("Olga", "exam_cell")))
    counts = "present_count=3&late_count=1&absent_count=1&excused_count=1"
    shown = [
        ("", "80.00", "eligible", True, False),
        ("&excused=absent", "66.67", "below_threshold", False, False),
        ("&excused=absent&condonation_max_points=8.33", "66.67", "below_threshold", False, True),
        ("&late_weight=0.5", "70.00", "below_threshold", False, True),
        ("&near_margin=4.99", "80.00", "eligible", False, False),
    ]
    for terms, percentage, code, is_near, is_condonable in shown:
        found = anna.get(f"{POLICIES}example/?{counts}{terms}").json
        told = (found["percentage"], found["code"], found["is_near"], found["is_condonable"])
        assert told == (percentage, code, is_near, is_condonable), terms
    assert anna.get(f"{POLICIES}example/").json["code"] == "no_sessions"
    assert anna.get(f"{POLICIES}example/?threshold=100.01").status == 422
    assert anna.get(f"{POLICIES}example/?present_count=-1").status == 422
    assert olga.get(f"{POLICIES}example/?{counts}").status == 403
    assert Policy.objects.count() == 0


def test_a_version_begins_today_or_later_and_names_something_here() -> None:
    make.a_class()
    anna = Client(directory.member("Anna", "admin"))
    with clock.stopped_at(NOW):
        past = draft(anna, effective_from="2026-03-08").json["id"]
        assert anna.post(f"{POLICIES}{past}/moves/activate/", {}).missing == ["effective_from_not_past"]
        for scope in ("batch:1", "program:999999", "course:999999", "x"):
            assert draft(anna, scope=scope).pointers == [("/scope", "unknown_scope")]
        assert draft(anna, threshold="100.01").status == 422
    assert Policy.objects.filter(status="active").count() == 0


def test_only_administrators_make_policies_and_no_request_brings_its_own_threshold() -> None:
    of = make.a_class()
    make.held(of, "present", "absent")
    assert draft(of.alice).status == 403
    assert of.khan.get(POLICIES).status == 200
    assert summary(of.sara, f"{WINDOW}&threshold=10")["threshold_percentage"] == 75.0
    assert Policy.objects.count() == 0


def test_a_policy_says_how_early_marking_opens() -> None:
    of = make.a_class()
    make.policy(f"course:{of.school.course.pk}", check_in_opens_minutes=60)
    make.policy(check_in_opens_minutes=5)
    with clock.stopped_at("2026-03-09T09:00:00+05:00"):
        assert make.mark(of.khan, of, rest="present").status == 200


def test_a_new_institution_begins_with_a_version_of_the_operators_threshold(settings: Any) -> None:
    settings.ATTENDANCE_THRESHOLD = "66.5"
    here = directory.institution("fresh")
    policies.begin(by=platform(here.pk))
    found = Policy.objects.get()
    assert (found.scope, found.number, str(found.threshold), found.status) == ("institution", 1, "66.50", "active")


# --- pictures -----------------------------------------------------------------------------------------------------


def test_the_first_of_the_month_keeps_the_month_before_once_and_it_is_no_input() -> None:
    of = make.a_class()
    make.held(of, "present", "absent", "absent", None)
    by = platform(of.session.institution_id)
    with clock.stopped_at("2026-03-01T00:59:00+05:00"):
        assert summaries.take_month(by=by) == 0
    with clock.stopped_at("2026-03-01T01:05:00+05:00"):
        assert (summaries.take_month(by=by), summaries.take_month(by=by)) == (1, 0)
    kept = Summary.objects.get()
    assert (kept.start, kept.end, kept.present, kept.unmarked, str(kept.percentage)) == (
        date(2026, 2, 1), date(2026, 2, 28), 1, 1, "33.33",
    )  # fmt: skip
    Summary.objects.update(present=99)
    assert summary(of.sara)["present_count"] == 1
    assert JournalLine.objects.filter(kind="attendance_summary.taken").count() == 1
