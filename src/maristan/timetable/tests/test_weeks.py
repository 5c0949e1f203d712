"""Weeks from draft to published sessions."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.timetable.models import Session, SessionAllocation, SessionOccurrence, WeekCell, WeekChangelog, WeekPlan
from maristan.timetable.queries import weeks
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def kinds() -> list[str]:
    return list(JournalLine.objects.order_by("id").values_list("kind", flat=True))


def test_one_filled_cell_becomes_one_session_with_three_allocations() -> None:
    of = make.school()
    make.published(of)
    session = Session.objects.get()
    assert session.starts_at.isoformat() == "2026-03-09T03:00:00+00:00"
    assert (session.course_id, session.department_id, session.room_id) == (of.course.pk, of.department.pk, of.room.pk)
    assert SessionOccurrence.objects.count() == 1
    assert sorted(SessionAllocation.objects.values_list("kind", flat=True)) == ["faculty", "group", "room"]


def test_what_is_missing_is_named_with_its_cells_and_nothing_is_published() -> None:
    of = make.school()
    pk = make.week(of)
    ethics = make.lesson(of, row=2, day=1, course=None, topic="Ethics")
    make.save(of.alice, pk, make.lesson(of), ethics, rows=[make.times(2)])
    refused = make.move(of.alice, pk, "verify")
    assert (refused.status, refused.code) == (409, "not_now")
    assert {"row_times_missing", "cell_department_missing"} <= set(refused.missing)
    where = {each["code"]: each["where"]["cells"] for each in refused.json["missing"]}
    assert [(cell["row_index"], cell["day_of_week"]) for cell in where["row_times_missing"]] == [(1, 0)]
    assert [(cell["row_index"], cell["day_of_week"]) for cell in where["cell_department_missing"]] == [(2, 1)]
    assert not Session.objects.exists()
    assert WeekPlan.objects.get(pk=pk).status == "draft"


def test_two_editors_of_one_version_and_the_second_learns_what_changed() -> None:
    of = make.school()
    pk = make.week(of)
    assert make.save(of.alice, pk, make.lesson(of), version=1).json["version"] == 2
    stale = make.save(of.alice, pk, make.lesson(of, day=1), version=1)
    assert (stale.status, stale.code) == (412, "stale_version")
    unversioned = of.alice.post(f"{WEEKS}{pk}/save-grid/", {"cells": []})
    assert (unversioned.status, unversioned.code) == (428, "version_required")
    assert WeekCell.objects.filter(status="scheduled").count() == 1


def test_amending_needs_a_reason_and_keeps_the_session() -> None:
    of = make.school()
    pk = make.published(of)
    before = Session.objects.get().pk
    other = make.directory.room("Hall 2")
    refused = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "room": other.pk})
    assert (refused.status, refused.code) == (422, "REASON_REQUIRED")
    assert Session.objects.get().room_id == of.room.pk
    done = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "room": other.pk}, reason="Hall 1 is painted")
    assert done.status == 200
    assert (Session.objects.get().pk, Session.objects.get().room_id) == (before, other.pk)
    log = WeekChangelog.objects.get()
    assert [(each["field"], each["old"], each["new"]) for each in log.changes] == [("room", of.room.pk, other.pk)]
    assert log.sessions == {"created": [], "updated": [before], "cancelled": []}


def test_publishing_again_with_no_difference_changes_nothing() -> None:
    of = make.school()
    pk = make.published(of)
    before, version = kinds(), WeekPlan.objects.get(pk=pk).version
    again = make.move(of.alice, pk, "publish")
    assert again.status == 200
    assert {key: again.json["delta"][key] for key in ("created", "updated", "cancelled")} == {
        "created": 0, "updated": 0, "cancelled": 0,
    }  # fmt: skip
    assert (kinds(), WeekPlan.objects.get(pk=pk).version) == (before, version)


def test_revert_and_publish_again_revive_the_same_session() -> None:
    of = make.school()
    pk = make.published(of)
    session = Session.objects.get().pk
    assert make.move(of.alice, pk, "revert", reason="Wrong draft").status == 200
    assert Session.objects.get().status == "cancelled"
    assert SessionOccurrence.objects.get().state == "withdrawn"
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    assert (Session.objects.get().pk, Session.objects.get().status) == (session, "scheduled")
    assert SessionOccurrence.objects.get().state == "live"


def test_rooms_of_two_sessions_are_swapped_in_one_amendment() -> None:
    of = make.school()
    other = make.directory.room("Hall 2")
    second = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    cells = [
        make.lesson(of),
        make.lesson(of, row=2, room=other.pk, faculty=second.pk, groups=[of.groups[1].pk]),
    ]
    pk = make.published(of, *cells, rows=[make.times(1, lane="A"), make.times(2, lane="B")])
    swap = [
        {"row_index": 1, "day_of_week": 0, "room": other.pk},
        {"row_index": 2, "day_of_week": 0, "room": of.room.pk},
    ]
    answer = make.save(of.alice, pk, *swap, reason="Projector broken")
    assert answer.status == 200, answer.json
    rooms = dict(Session.objects.values_list("faculty_id", "room_id"))
    assert rooms == {of.teacher.pk: other.pk, second.pk: of.room.pk}


def test_editing_a_verified_week_makes_it_a_draft_without_stamps() -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    assert make.move(of.alice, pk, "verify").status == 200
    saved = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "topic": "Cell injury"})
    assert saved.json["status"] == "draft"
    plan = WeekPlan.objects.get(pk=pk)
    assert (plan.status, plan.verified_at, plan.verified_by) == ("draft", None, None)


def test_a_draft_is_not_there_for_a_student_and_is_once_published() -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    assert of.sara.get(f"{WEEKS}{pk}/").status == 404
    assert of.sara.get(WEEKS).json["count"] == 0
    for name in ("verify", "publish"):
        make.move(of.alice, pk, name)
    assert of.sara.get(f"{WEEKS}{pk}/").status == 200
    assert [each["id"] for each in of.sara.get(WEEKS).json["results"]] == [pk]


def test_an_admin_sees_every_draft_and_a_coordinator_those_of_the_own_programs() -> None:
    of = make.school()
    pk = make.week(of)
    admin = make.Client(make.directory.member("Adam", "admin"))
    other = make.directory.member("Olga", "coordinator", scope=("program", make.academics.program().pk))
    assert admin.get(f"{WEEKS}{pk}/").status == 200
    assert make.Client(other).get(f"{WEEKS}{pk}/").status == 404
    assert make.move(make.Client(other), pk, "verify").status == 404


def test_the_permission_for_a_move_is_asked_before_the_version_and_the_version_before_what_is_missing() -> None:
    of = make.school()
    pk = make.published(of)
    for name in ("verify", "publish", "revert"):
        refused = of.sara.post(f"{WEEKS}{pk}/moves/{name}/", {"reason": "Not mine to do"}, version=1)
        assert (refused.status, refused.code) == (403, "not_allowed")
        stale = of.alice.post(f"{WEEKS}{pk}/moves/{name}/", {"reason": "Seen long ago"}, version=1)
        assert (stale.status, stale.code) == (412, "stale_version")
    assert of.alice.get(f"{WEEKS}{pk}/").json["status"] == "published"


def test_two_batches_cannot_publish_one_room_at_one_time() -> None:
    of = make.school()
    make.published(of)
    second = make.academics.batch(of.batch.program)
    group = make.academics.group(second)
    pk = make.week(of, batch=second.pk)
    cell = make.lesson(of, faculty=None, faculty_name="Guest", groups=[group.pk])
    make.save(of.alice, pk, cell, rows=[make.times(start="08:49", end="09:30")])
    refused = make.move(of.alice, pk, "verify")
    assert (refused.status, refused.missing) == (409, ["room_clash"])
    other = refused.json["missing"][0]["where"]["with"]
    assert (other["kind"], other["week_plan"], other["label"]) == ("session", WeekPlan.objects.first().pk, "Pathology")
    make.save(of.alice, pk, rows=[make.times(start="08:50", end="09:30")])
    assert make.move(of.alice, pk, "verify").status == 200


def test_another_institution_finds_no_week() -> None:
    of = make.school()
    pk = make.published(of)
    zara = make.school("other").alice
    assert zara.get(f"{WEEKS}{pk}/").status == 404
    assert zara.get(WEEKS).json["count"] == 0
    assert make.move(zara, pk, "publish").status == 404


def test_with_sunday_as_first_weekday_the_week_begins_on_sunday_and_day_six_is_its_first() -> None:
    of = make.school()
    of.batch.institution.first_weekday = 6
    of.batch.institution.save(update_fields=["first_weekday"])
    pk = make.week(of, "2026-03-04")
    assert WeekPlan.objects.get(pk=pk).week_start_date.isoformat() == "2026-03-01"
    make.save(of.alice, pk, make.lesson(of, day=6), rows=[make.times()])
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    assert Session.objects.get().starts_at.isoformat() == "2026-03-01T03:00:00+00:00"


def test_the_first_weekday_stays_once_a_week_is_planned() -> None:
    of = make.school()
    admin = make.Client(make.directory.member("Adam", "admin"))
    make.week(of)
    url = f"/api/v1/directory/institutions/{of.batch.institution_id}/"
    refused = admin.patch(url, {"first_weekday": 6}, version=1)
    assert (refused.status, refused.code) == (409, "weeks_exist")
    of.batch.institution.refresh_from_db()
    assert of.batch.institution.first_weekday == 0


def test_new_weeks_are_judged_in_their_shape_before_the_permission() -> None:
    of = make.school()
    nobody = {"week_start_date": "2026-03-09", "scope": "batch"}
    carol = make.Client(make.directory.member("Carol", "coordinator", scope=("program", of.batch.program_id)))
    answer = carol.post(WEEKS, nobody)
    assert (answer.status, ("/batch", "batch_required") in answer.pointers) == (422, True)
    body = {"scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    unknown = of.alice.post(f"{WEEKS}create-next-4/", {**body, "template_week": 999_999})
    assert (unknown.status, unknown.pointers) == (422, [("/template_week", "unknown_reference")])
    other = make.academics.period(of.batch.program, batch=make.academics.batch(of.batch.program))
    foreign = of.alice.post(f"{WEEKS}create-next-4/", {**body, "academic_period": other.pk})
    assert (foreign.status, foreign.pointers) == (422, [("/academic_period", "unknown_reference")])
    late = of.alice.post(f"{WEEKS}create-next-4/", {**body, "from_week_start": str(of.period.end_date)})
    assert (late.status, late.code) == (422, "week_outside_period")
    assert not WeekPlan.objects.exists()


def test_each_new_week_takes_the_rows_of_the_latest_before_it() -> None:
    of = make.school()
    middle = make.week(of, "2026-03-16")
    make.save(of.alice, middle, make.lesson(of), rows=[make.times(1, "07:30", "08:20")])
    body = {"scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    made = of.alice.post(f"{WEEKS}create-next-4/", body).json["weeks"]
    first_times = [of.alice.get(f"{WEEKS}{each['id']}/").json["rows"][0]["start_time"] for each in made]
    assert first_times == [None, "07:30", "07:30", "07:30"]


def two_departments(of: make.School) -> tuple[Any, Any, int]:
    """Surgery with its course and head, and a draft with a lesson of Pathology at row 1, of Surgery at row 2."""
    surgery = make.directory.department("Surgery")
    course = make.academics.course("SUR", of.batch.program, department=surgery, name="Surgery")
    head = make.Client(make.directory.member("Dina", "department_head", scope=("department", surgery.pk)))
    pk = make.week(of)
    lessons = make.lesson(of), make.lesson(of, row=2, course=course.pk, faculty=None, room=None)
    assert make.save(of.alice, pk, *lessons, rows=[make.times(), make.times(2, "09:00", "09:50")]).status == 200
    return course, head, pk


def test_a_head_writes_lessons_of_own_departments_and_no_others() -> None:
    of = make.school()
    course, dina, pk = two_departments(of)
    foreign = {"row_index": 1, "day_of_week": 0, "status": "empty"}
    own = {"row_index": 2, "day_of_week": 1, "course": course.pk, "topic": "Sutures"}
    for cells in ([foreign], [foreign, own]):
        refused = make.save(dina, pk, *cells)
        assert (refused.status, refused.pointers) == (422, [("/cells", "unknown_reference")])
    assert WeekCell.objects.filter(week_plan=pk, status="scheduled").count() == 2
    moved = make.save(dina, pk, rows=[make.times(1, "08:05", "08:50")])
    assert (moved.status, moved.pointers) == (422, [("/cells", "unknown_reference")])
    assert dina.get(f"{WEEKS}{pk}/").json["may_edit"] is True
    assert make.save(dina, pk, own).status == 200
    assert (dina.delete(f"{WEEKS}{pk}/").status, WeekPlan.objects.count()) == (404, 1)


def test_a_head_sees_drafts_that_touch_own_departments_or_are_blank() -> None:
    of = make.school()
    _, dina, pk = two_departments(of)
    blank = make.week(of, "2026-03-16")
    foreign = make.week(of, "2026-03-23")
    make.save(of.alice, foreign, make.lesson(of))
    seen = {pk: 200, blank: 200, foreign: 404}
    assert {week: dina.get(f"{WEEKS}{week}/").status for week in seen} == seen
    assert {each["id"] for each in dina.get(WEEKS).json["results"]} == {pk, blank}


def test_a_stale_save_names_the_cells_that_differ() -> None:
    of = make.school()
    pk = make.week(of)
    assert make.save(of.alice, pk, make.lesson(of), rows=[make.times()]).status == 200
    stale = make.save(of.bob, pk, make.lesson(of, row=2), version=1)
    assert (stale.status, stale.code) == (412, "stale_version")
    differing = [
        {key: each.get(key) for key in ("field", "row_index", "day_of_week", "by")} for each in stale.json["differing"]
    ]
    assert {"field": "room", "row_index": 1, "day_of_week": 0, "by": "Alice"} in differing
    assert {"field": "start_time", "row_index": 1, "day_of_week": None, "by": "Alice"} in differing
    assert {each["field"] for each in differing} >= {"course", "faculty", "groups", "status"}


def test_nothing_is_copied_into_a_closed_period_nor_from_the_week_itself() -> None:
    of = make.school()
    source, target = make.week(of), make.week(of, "2026-03-16")
    make.save(of.alice, source, make.lesson(of, topic="Necrosis"), rows=[make.times()])
    itself = of.alice.post(f"{WEEKS}{source}/copy-from/", {"source": source, "overwrite": True})
    assert (itself.status, itself.pointers) == (422, [("/source", "unknown_reference")])
    of.period.status = "closed"
    of.period.save()
    refused = of.alice.post(f"{WEEKS}{target}/copy-from/", {"source": source})
    assert (refused.status, refused.code, refused.missing) == (409, "period_closed", ["period_closed"])
    assert not WeekCell.objects.filter(week_plan=target).exclude(status="empty").exists()


def test_a_cell_takes_a_period_of_its_batch_only() -> None:
    of = make.school()
    pk = make.week(of)
    other = make.academics.period()
    refused = make.save(of.alice, pk, make.lesson(of, academic_period=other.pk))
    assert (refused.status, refused.pointers) == (422, [("/cells/0/academic_period", "unknown_reference")])


def test_a_preview_shows_what_would_happen_and_what_stands_against_it() -> None:
    of = make.school()
    make.published(of)
    batch = make.academics.batch(of.batch.program)
    group = make.academics.group(batch)
    pk = make.week(of, "2026-03-09", batch=batch.pk)
    lessons = [make.lesson(of, groups=[group.pk]), make.lesson(of, day=1, groups=[group.pk])]
    draft = make.save(of.alice, pk, *lessons, rows=[make.times()], preview=True).json
    assert (draft["changed"]["cells"], draft["delta"]["created"], draft["version"]) == (2, 0, 1)
    assert "room_clash" in {each["code"] for each in draft["conflicts"]["results"]}
    assert not WeekCell.objects.filter(week_plan=pk).exclude(status="empty").exists()
    make.save(of.alice, pk, lessons[1], rows=[make.times()])
    assert make.move(of.alice, pk, "verify").status == 200
    make.directory.holiday("Pakistan Day", "2026-03-10")
    seen = make.move(of.alice, pk, "publish", preview=True)
    assert (seen.status, seen.json["delta"]["created"], [each["code"] for each in seen.json["missing"]]) == (
        200, 1, ["on_holiday"],
    )  # fmt: skip
    assert Session.objects.count() == 1


def test_a_revert_is_previewed_without_a_reason_and_names_who_will_be_told() -> None:
    of = make.school()
    pk = make.published(of)
    seen = make.move(of.alice, pk, "revert", preview=True).json
    assert seen["delta"]["cancelled"] == 1
    assert [each["name"] for each in seen["consequences"]["persons"]] == ["Dr Khan", "Sara"]
    assert seen["consequences"]["persons_notified"] == 2
    assert Session.objects.get().status == "scheduled"


def test_publishing_again_tells_and_foretells_the_whole_week() -> None:
    of = make.school()
    pk = make.published(of, make.lesson(of), make.lesson(of, day=1, groups=[of.groups[1].pk], faculty=None))
    omar = make.directory.member("Omar", "student")
    make.academics.student(of.groups[1], person=omar)
    assert make.move(of.alice, pk, "revert", reason="Once more").status == 200
    make.save(of.alice, pk, make.lesson(of, topic="Necrosis"))
    assert make.move(of.alice, pk, "verify").status == 200
    seen = make.move(of.alice, pk, "publish", preview=True).json
    assert seen["consequences"]["persons_notified"] == 3


def report(of: make.School, pk: int) -> list[dict[str, Any]]:
    return list(of.alice.get(f"{WEEKS}{pk}/conflicts/").json["results"])


def test_who_moves_in_the_middle_of_the_week_counts_once_a_day() -> None:
    of = make.school()
    of.room.capacity = 1
    of.room.save()
    pk = make.week(of)
    both = [each.pk for each in of.groups]
    make.save(of.alice, pk, make.lesson(of, groups=both), make.lesson(of, day=3, groups=both), rows=[make.times()])
    assert "room_too_small" not in {each["code"] for each in report(of, pk)}
    sara = of.sara_person.pk
    student = of.alice.get("/api/v1/academics/students/").json["results"][0]
    assert student["person"] == sara
    moved = {"batch": of.batch.pk, "group": of.groups[1].pk, "from_date": "2026-03-11", "reason": "Asked for it"}
    assert of.alice.patch(f"/api/v1/academics/students/{student['id']}/placement/", moved).status == 200
    assert "room_too_small" not in {each["code"] for each in report(of, pk)}
    make.academics.student(of.groups[1])
    small = {
        each["when"]["date"]: each["detail"]["size"] for each in report(of, pk) if each["code"] == "room_too_small"
    }
    assert small == {"2026-03-09": 2, "2026-03-12": 2}


def test_students_of_a_section_who_are_elsewhere_in_another_are_counted() -> None:
    of = make.school()
    anatomy = make.academics.course("ANA", of.batch.program, name="Anatomy", department=of.department)
    own, other = (make.academics.section(course, academic_period=of.period) for course in (of.course, anatomy))
    student = make.academics.student(of.groups[0])
    for section in (own, other):
        make.academics.enrollment(student, section)
    body = {
        "academic_period": of.period.pk, "section": other.pk, "starts_at": "2026-03-09T08:00:00+05:00",
        "ends_at": "2026-03-09T09:00:00+05:00",
    }  # fmt: skip
    assert of.alice.post("/api/v1/timetable/sessions/", body).status == 201
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of, section=own.pk, groups=[]), rows=[make.times()])
    clash = next(each for each in report(of, pk) if each["code"] == "student_clash")
    assert (clash["severity"], clash["detail"], clash["with"]["label"]) == ("warn", {"count": 1}, "Anatomy")


def test_a_new_room_is_compared_before_it_is_written() -> None:
    of = make.school()
    make.published(of)
    batch = make.academics.batch(of.batch.program)
    group = make.academics.group(batch)
    pk = make.week(of, "2026-03-09", batch=batch.pk)
    free = make.directory.room("Hall 2")
    lesson = make.lesson(of, groups=[group.pk], faculty=None, room=free.pk)
    make.save(of.alice, pk, lesson, rows=[make.times()])
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    refused = make.save(of.alice, pk, {**lesson, "room": of.room.pk}, reason="A bigger hall")
    assert (refused.status, refused.missing) == (409, ["room_clash"])


def test_a_move_needs_no_body_and_words_may_be_in_capitals() -> None:
    of = make.school()
    body = {"week_start_date": "2026-03-09", "scope": "BATCH", "batch": of.batch.pk, "academic_period": of.period.pk}
    made = of.alice.post(WEEKS, body)
    assert made.status == 201
    pk = made.json["id"]
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    verified = of.alice.django.generic("POST", f"{WEEKS}{pk}/moves/verify/")
    assert (verified.status_code, verified.json()["status"]) == (200, "verified")
    assert of.alice.get(f"{WEEKS}?status=VERIFIED&scope=BATCH").json["count"] == 1


def test_weeks_and_their_changes_are_exported() -> None:
    of = make.school()
    pk = make.published(of)
    free = make.directory.room("Hall 2")
    make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "room": free.pk}, reason="Hall 1 is painted")
    weeks = of.alice.get(f"{WEEKS}export/").body.decode("utf-8-sig").splitlines()
    assert weeks[0].startswith("week_start_date,scope,batch_name")
    assert "published" in weeks[1]
    changes = of.alice.get(f"{WEEKS}{pk}/changelog/export/").body.decode()
    assert f"row 1 Monday room {of.room.pk} → {free.pk}" in changes
    sessions = of.alice.get("/api/v1/timetable/sessions/export/").body.decode()
    assert "Dr Khan" in sessions


def test_a_week_is_found_by_what_is_taught_in_it_once_it_is_published() -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    by = make.directory.actor
    assert [hit.url for hit in weeks.find(by(of.sara_person), "Pathology", 8)] == []
    assert [hit.url for hit in weeks.find(by(of.alice_person), "Pathology", 8)] == [f"/timetable/weeks/{pk}"]
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    assert [hit.url for hit in weeks.find(by(of.sara_person), "Pathology", 8)] == [f"/timetable/weeks/{pk}"]
    assert of.alice.get(f"{WEEKS}?search=nothing").json["count"] == 0
