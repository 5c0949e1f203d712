"""Sessions of their own, moves of one session, views across plans."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from maristan.agenda.tests import factories as agenda
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.timetable.actions import sessions as actions
from maristan.timetable.models import Session, WeekCell, WeekChangelog, WeekPlan
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db
SESSIONS = "/api/timetable/sessions/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def body(of: make.School, **values: Any) -> dict[str, Any]:
    return {
        "academic_period": of.period.pk, "group": of.groups[0].pk, "faculty": of.teacher.pk,
        "department": of.department.pk, "starts_at": "2026-03-10T09:00:00+05:00",
        "ends_at": "2026-03-10T10:00:00+05:00", **values,
    }  # fmt: skip


def test_the_six_keys_alone_make_a_session_on_the_exact_path() -> None:
    of = make.school()
    made = of.alice.post(SESSIONS, body(of))
    assert made.status == 201, made.json
    keys = "id academic_period group faculty department starts_at ends_at created_at updated_at"
    assert set(keys.split()) <= set(made.json)
    assert (made.json["source"], made.json["starts_at"]) == ("direct", "2026-03-10T04:00:00Z")
    assert agenda.entries().get().audience == [f"person:{of.teacher.pk}", f"group:{of.groups[0].pk}"]


def test_instants_without_an_offset_are_refused_by_name() -> None:
    of = make.school()
    answer = of.alice.post(SESSIONS, body(of, starts_at="2026-03-10T09:00:00", ends_at="2026-03-10T10:00:00"))
    assert (answer.status, answer.code) == (422, "offset_required")
    assert answer.pointers == [("/starts_at", "offset_required"), ("/ends_at", "offset_required")]
    assert not Session.objects.exists()


def test_a_clash_with_a_published_session_is_refused_with_who_and_where() -> None:
    of = make.school()
    make.published(of)
    clash = body(of, starts_at="2026-03-09T08:30:00+05:00", ends_at="2026-03-09T09:30:00+05:00")
    answer = of.alice.post(SESSIONS, clash)
    assert (answer.status, set(answer.missing)) == (409, {"faculty_clash", "group_clash"})
    assert Session.objects.count() == 1
    later = body(of, starts_at="2026-03-09T08:50:00+05:00", ends_at="2026-03-09T09:30:00+05:00")
    assert of.alice.post(SESSIONS, later).status == 201


def moves_of(client: make.Client, pk: int) -> dict[str, list[str]]:
    page = client.get(f"{SESSIONS}{pk}/").json
    return {each["name"]: [why["code"] for why in each["missing"]] for each in page["moves"]}


def test_a_session_says_which_moves_are_open_and_to_whom() -> None:
    of = make.school()
    make.published(of)
    pk = Session.objects.get().pk
    every = ("cancel", "substitute", "relocate")
    assert moves_of(of.alice, pk) == {name: [] for name in every}
    khan, sara = make.Client(of.teacher), of.sara
    for client in (khan, sara):
        assert moves_of(client, pk) == {name: ["not_permitted"] for name in every}
    pages = {who: client.get(f"{SESSIONS}{pk}/").json for who, client in (("khan", khan), ("sara", sara))}
    assert [pages[who]["can_annotate"] for who in ("khan", "sara")] == [True, False]
    assert of.alice.post(f"{SESSIONS}{pk}/moves/cancel/", {"reason": "Dr Khan is unwell"}).status == 200
    assert moves_of(of.alice, pk) == {name: ["wrong_status"] for name in every}
    assert khan.get(f"{SESSIONS}{pk}/").json["can_annotate"] is False


def test_a_session_with_attendance_does_not_offer_to_be_cancelled() -> None:
    of = make.school()
    make.published(of)
    pk = Session.objects.get().pk
    actions.record_attendance(pk=pk, at=clock.now(), by=make.directory.actor(of.alice_person))
    assert moves_of(of.alice, pk) == {"cancel": ["attendance_exists"], "substitute": [], "relocate": []}


def test_a_teacher_moves_a_direct_session_of_an_own_section_and_no_planned_one() -> None:
    of = make.school()
    khan = make.Client(of.teacher)
    own = make.academics.section(of.course, academic_period=of.period, faculty=of.teacher)
    pk = khan.post(SESSIONS, body(of, section=own.pk, group=None)).json["id"]
    page = khan.get(f"{SESSIONS}{pk}/").json
    assert (moves_of(khan, pk)["cancel"], page["can_delete"]) == ([], True)
    assert khan.post(f"{SESSIONS}{pk}/moves/cancel/", {"reason": "The hall is flooded"}).status == 200
    make.published(of)
    planned = Session.objects.get(source="plan").pk
    refused = khan.post(f"{SESSIONS}{planned}/moves/cancel/", {"reason": "The hall is flooded"})
    assert (refused.status, refused.code, Session.objects.get(pk=planned).status) == (404, "not_found", "scheduled")


def test_a_student_may_not_create_one() -> None:
    of = make.school()
    answer = of.sara.post(SESSIONS, body(of))
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert not Session.objects.exists()


def test_a_teacher_creates_sessions_of_an_own_section_only() -> None:
    of = make.school()
    khan = make.Client(of.teacher)
    own = make.academics.section(of.course, academic_period=of.period, faculty=of.teacher)
    other = make.academics.section(of.course, academic_period=of.period)
    refused = khan.post(SESSIONS, body(of, section=other.pk, group=None))
    assert (refused.status, refused.pointers) == (422, [("/section", "unknown_reference")])
    refused = khan.post(SESSIONS, body(of))
    assert (refused.status, refused.pointers) == (422, [("/group", "unknown_reference")])
    assert not Session.objects.exists()
    assert khan.post(SESSIONS, body(of, section=own.pk, group=None)).status == 201


def test_a_planned_session_is_changed_through_its_week_but_annotated_by_its_teacher() -> None:
    of = make.school()
    plan = make.published(of)
    url = f"{SESSIONS}{Session.objects.get().pk}/"
    refused = of.alice.patch(url, {"room": of.room.pk})
    assert (refused.status, refused.code, refused.json["week"]) == (409, "session_has_plan", plan)
    khan = make.Client(of.teacher)
    assert khan.patch(url, {"topic": "Cell injury"}).status == 200
    assert (Session.objects.get().topic, WeekCell.objects.get(status="scheduled").topic) == ("Cell injury",) * 2


def test_cancelling_a_planned_session_amends_its_week_and_frees_the_room() -> None:
    of = make.school()
    make.published(of)
    session = Session.objects.get()
    url = f"{SESSIONS}{session.pk}/moves/cancel/"
    assert (of.alice.post(url, {}).status, Session.objects.get().status) == (422, "scheduled")
    assert agenda.bookings().count() == 1
    done = of.alice.post(url, {"reason": "Dr Khan is unwell"})
    assert (done.status, done.json["status"], done.json["cancel_reason"]) == (200, "cancelled", "Dr Khan is unwell")
    assert WeekChangelog.objects.get().reason == "Dr Khan is unwell"
    assert WeekCell.objects.get(course=of.course).status == "cancelled"
    assert not agenda.bookings().exists()
    assert agenda.entries().get().is_cancelled


def test_what_has_attendance_is_not_cancelled_but_may_change_its_topic() -> None:
    of = make.school()
    pk = make.published(of)
    session = Session.objects.get()
    actions.record_attendance(pk=session.pk, at=clock.now(), by=make.directory.actor(of.alice_person))
    refused = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "status": "empty"}, reason="Not needed")
    assert (refused.status, refused.missing) == (409, ["attendance_exists"])
    assert Session.objects.get().status == "scheduled"
    topic = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "topic": "Necrosis"}, reason="As agreed")
    assert (topic.status, Session.objects.get().topic) == (200, "Necrosis")
    revert = make.move(of.alice, pk, "revert", reason="Try again")
    assert (revert.status, revert.missing) == (409, ["attendance_exists"])


def test_another_teacher_steps_in_and_one_who_is_busy_may_not() -> None:
    of = make.school()
    scope = ("department", of.department.pk)
    noor, busy = (make.directory.member(name, "faculty", scope=scope) for name in ("Dr Noor", "Dr Busy"))
    cells = [make.lesson(of), make.lesson(of, row=2, faculty=busy.pk, room=None, groups=[of.groups[1].pk])]
    make.published(of, *cells, rows=[make.times(1, lane="A"), make.times(2, lane="B")])
    url = f"{SESSIONS}{Session.objects.get(faculty=of.teacher).pk}/moves/substitute/"
    refused = of.alice.post(url, {"faculty": busy.pk, "reason": "Dr Khan is unwell"})
    assert (refused.status, refused.missing) == (409, ["faculty_clash"])
    done = of.alice.post(url, {"faculty": noor.pk, "reason": "Dr Khan is unwell"})
    assert (done.status, done.json["faculty"]) == (200, noor.pk)


def test_a_holiday_over_published_sessions_cancels_them_in_one_action_with_its_name() -> None:
    of = make.school()
    make.published(of, make.lesson(of), make.lesson(of, day=1))
    holiday = make.directory.holiday("Pakistan Day", "2026-03-09")
    answer = of.alice.post("/api/v1/timetable/sessions/cancel-for-holiday/", {"holiday": holiday.pk})
    assert answer.status == 200, answer.json
    assert list(Session.objects.order_by("starts_at").values_list("status", "cancel_reason")) == [
        ("cancelled", "Holiday: Pakistan Day"), ("scheduled", ""),
    ]  # fmt: skip


def test_a_direct_session_is_deleted_before_it_starts_and_not_after() -> None:
    of = make.school()
    pk = of.alice.post(SESSIONS, body(of)).json["id"]
    with clock.stopped_at("2026-03-10T04:30:00+00:00"):
        late = of.alice.delete(f"{SESSIONS}{pk}/")
        assert (late.status, late.code) == (409, "session_in_use")
    assert of.alice.delete(f"{SESSIONS}{pk}/").status == 204
    assert not Session.objects.exists()
    assert not agenda.entries().exists()
    assert JournalLine.objects.order_by("-id").first().kind == "session_occurrence.cancelled"


def test_my_week_shows_what_is_mine_and_nothing_of_a_draft() -> None:
    of = make.school()
    make.published(of)
    draft = make.week(of, "2026-03-16")
    make.save(of.alice, draft, make.lesson(of), rows=[make.times()])
    sara = of.sara.get("/api/v1/timetable/my-week/?date=2026-03-11").json
    assert [len(day["sessions"]) for day in sara["days"]] == [1, 0, 0, 0, 0, 0, 0]
    assert (sara["next"]["title"], sara["next"]["room_name"]) == ("Pathology", "Hall 1")
    later = of.sara.get("/api/v1/timetable/my-week/?date=2026-03-16").json
    assert [day["sessions"] for day in later["days"]] == [[]] * 7
    stranger = make.directory.member("Omar", "student")
    assert make.Client(stranger).get("/api/v1/timetable/my-week/?date=2026-03-11").json["next"] is None


def test_rooms_and_teachers_show_whether_they_are_free_before_one_is_chosen() -> None:
    of = make.school()
    make.published(of)
    make.directory.room("Hall 2")
    window = "?starts_at=2026-03-09T08:30:00%2B05:00&ends_at=2026-03-09T09:00:00%2B05:00"
    rooms = of.alice.get("/api/v1/timetable/free-rooms/" + window).json["results"]
    assert [(each["name"], each["is_free"], each["label"]) for each in rooms] == [
        ("Hall 2", True, ""), ("Hall 1", False, "Pathology"),
    ]  # fmt: skip
    teachers = of.alice.get("/api/v1/timetable/free-teachers/" + window).json["results"]
    assert [(each["name"], each["is_free"]) for each in teachers] == [("Dr Khan", False)]


ACROSS = "/api/v1/timetable/conflicts/?from=2026-03-09&to=2026-03-22"


def two_batches_in_one_room(of: make.School, start: str) -> list[int]:
    made = []
    for batch in (of.batch, make.academics.batch(of.batch.program)):
        group = make.academics.group(batch)
        pk = make.week(of, start, batch=batch.pk)
        make.save(of.alice, pk, make.lesson(of, groups=[group.pk]), rows=[make.times()])
        made.append(pk)
    return made


def test_conflicts_are_found_across_plans() -> None:
    of = make.school()
    two_batches_in_one_room(of, "2026-03-09")
    found = of.alice.get(ACROSS).json
    assert {(each["code"], each["severity"]) for each in found["results"]} == {
        ("room_clash", "warn"), ("faculty_clash", "warn"),
    }  # fmt: skip


def test_the_report_across_plans_is_that_of_each_plan() -> None:
    of = make.school()
    plans = two_batches_in_one_room(of, "2026-03-09") + two_batches_in_one_room(of, "2026-03-16")
    everyone = make.lesson(of, day=2, room=None, groups=[], all_groups=True)
    make.save(of.alice, plans[1], everyone, {**everyone, "day_of_week": 3, "faculty": None})
    make.directory.holiday("Pakistan Day", "2026-03-12")
    across = of.alice.get(ACROSS).json
    alone = [
        {**conflict, "week_plan": pk, "batch_name": WeekPlan.objects.get(pk=pk).batch.name}
        for pk in plans
        for conflict in of.alice.get(f"{WEEKS}{pk}/conflicts/").json["results"]
    ]
    assert {each["code"] for each in alone} >= {"room_clash", "room_missing", "faculty_missing", "on_holiday"}

    def key(each: dict[str, Any]) -> str:
        return json.dumps(each, sort_keys=True)

    assert across["count"] == len(alone)
    assert sorted(across["results"], key=key) == sorted(alone, key=key)


def test_another_institution_finds_no_session() -> None:
    of = make.school()
    make.published(of)
    pk = Session.objects.get().pk
    zara = make.school("other").alice
    assert zara.get(f"{SESSIONS}{pk}/").status == 404
    assert zara.patch(f"{SESSIONS}{pk}/", {"topic": "X"}).status == 404
    assert zara.post(f"{SESSIONS}{pk}/moves/cancel/", {"reason": "Because"}).status == 404
    assert zara.get(SESSIONS).json["count"] == 0
    assert zara.get(f"{WEEKS}").json["count"] == 0


def test_a_teacher_teaches_an_own_section_and_nobody_beside_it() -> None:
    of = make.school()
    khan = make.Client(of.teacher)
    own = make.academics.section(of.course, academic_period=of.period, faculty=of.teacher, group=of.groups[0])
    other = make.academics.section(of.course, academic_period=of.period)
    refused = khan.post(SESSIONS, body(of, section=own.pk, group=of.groups[1].pk))
    assert (refused.status, refused.pointers) == (422, [("/group", "unknown_reference")])
    assert not Session.objects.exists()
    made = khan.post(SESSIONS, body(of, section=own.pk, group=of.groups[0].pk))
    assert made.status == 201, made.json
    taken = khan.patch(f"{SESSIONS}{made.json['id']}/", {"section": other.pk}, version=1)
    assert (taken.status, taken.pointers) == (422, [("/section", "unknown_reference")])
    assert Session.objects.get().section_id == own.pk


def test_a_coordinator_stays_within_own_programs_before_and_after_a_change() -> None:
    of = make.school()
    program = ("program", of.batch.program_id)
    carol = make.Client(make.directory.member("Carol", "coordinator", scope=program))
    foreign = make.academics.group(make.academics.batch(make.academics.program("BDS")))
    refused = carol.post(SESSIONS, body(of, group=foreign.pk))
    assert (refused.status, refused.pointers) == (422, [("/group", "unknown_reference")])
    refused = carol.post(SESSIONS, {**body(of), "groups": [of.groups[0].pk, foreign.pk]})
    assert (refused.status, refused.pointers) == (422, [("/groups/1", "unknown_reference")])
    assert not Session.objects.exists()
    made = carol.post(SESSIONS, body(of)).json
    moved = carol.patch(f"{SESSIONS}{made['id']}/", {"group": foreign.pk}, version=1)
    assert (moved.status, moved.pointers) == (422, [("/group", "unknown_reference")])
    assert Session.objects.get().group_id == of.groups[0].pk
    bob = make.Client(make.directory.member("Bob", "coordinator", scope=("program", foreign.batch.program_id)))
    url = f"{SESSIONS}{made['id']}/"
    refused = [
        bob.patch(url, {"topic": "Mine"}, version=1),
        bob.post(f"{url}moves/cancel/", {"reason": "Not theirs"}),
        bob.delete(url),
    ]
    assert {(each.status, each.json["code"], each.json["detail"]) for each in refused} == {(404, "not_found", "")}
    assert (Session.objects.get().topic, Session.objects.get().version) == ("", 1)


def test_a_section_brings_its_course_along() -> None:
    of = make.school()
    anatomy = make.academics.course("ANA", of.batch.program, name="Anatomy", department=of.department)
    sections = [make.academics.section(course, academic_period=of.period) for course in (of.course, anatomy)]
    pk = of.alice.post(SESSIONS, body(of, section=sections[0].pk, group=None)).json["id"]
    changed = of.alice.patch(f"{SESSIONS}{pk}/", {"section": sections[1].pk}, version=1)
    assert (changed.status, changed.json["course"], changed.json["title"]) == (200, anatomy.pk, "Anatomy")


def test_a_cancelled_session_is_not_changed_and_repeated_names_count_once() -> None:
    of = make.school()
    twice = [of.groups[1].pk, of.groups[1].pk]
    pk = of.alice.post(SESSIONS, body(of, group=None, groups=twice)).json["id"]
    assert [each["id"] for each in of.alice.get(f"{SESSIONS}{pk}/").json["groups"]] == [of.groups[1].pk]
    assert of.alice.post(f"{SESSIONS}{pk}/moves/cancel/", {"reason": "The hall is flooded"}).status == 200
    late = of.alice.patch(f"{SESSIONS}{pk}/", {"topic": "Late"}, version=2)
    assert (late.status, late.code, Session.objects.get().topic) == (409, "session_in_use", "")


def test_what_one_may_not_see_is_only_occupied() -> None:
    of = make.school()
    make.published(of)
    noor = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    section = make.academics.section(of.course, academic_period=of.period, faculty=noor)
    clash = body(
        of, section=section.pk, group=None, faculty=noor.pk, room=of.room.pk, starts_at="2026-03-09T08:30:00+05:00",
        ends_at="2026-03-09T09:30:00+05:00",
    )  # fmt: skip
    answer = make.Client(noor).post(SESSIONS, clash)
    found = {each["code"]: each["where"]["with"]["label"] for each in answer.json["missing"]}
    assert (answer.status, found) == (409, {"room_clash": "occupied"})
    again = of.alice.post(SESSIONS, clash)
    assert {each["where"]["with"]["label"] for each in again.json["missing"]} == {"Pathology"}


def test_a_holiday_is_no_errand_of_teachers_and_nothing_to_cancel_leaves_no_line() -> None:
    of = make.school()
    holiday = make.directory.holiday("Pakistan Day", "2026-03-23")
    url = "/api/v1/timetable/sessions/cancel-for-holiday/"
    assert make.Client(of.teacher).post(url, {"holiday": holiday.pk}).status == 403
    assert of.alice.post(url, {"holiday": holiday.pk}).json == {"cancelled": [], "left": []}
    assert not JournalLine.objects.filter(kind="holiday.sessions_cancelled").exists()


def test_a_session_into_a_holiday_is_cancelled_with_it() -> None:
    of = make.school()
    night = body(of, starts_at="2026-03-10T22:00:00+05:00", ends_at="2026-03-11T06:00:00+05:00")
    pk = of.alice.post(SESSIONS, night).json["id"]
    holiday = make.directory.holiday("Pakistan Day", "2026-03-11")
    found = of.alice.post("/api/v1/timetable/sessions/cancel-for-holiday/", {"holiday": holiday.pk}).json
    assert found == {"cancelled": [pk], "left": []}


@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/timetable/conflicts/?from=9999-12-31&to=9999-12-31",
        "/api/v1/timetable/sessions/?end_date=9999-12-31",
        "/api/v1/timetable/sessions/?changed_since=2026-03-09T08:00:00",
        "/api/v1/timetable/free-rooms/?starts_at=9999-12-31T20:00:00Z&ends_at=9999-12-31T21:00:00Z",
        "/api/v1/timetable/free-rooms/?starts_at=0001-01-01T00:00:00Z&ends_at=0001-01-01T01:00:00Z",
        "/api/v1/timetable/free-teachers/?starts_at=9999-12-31T20:00:00Z&ends_at=9999-12-31T21:00:00Z",
        "/api/v1/timetable/print/?by=room&id=1&from=9999-12-31&to=9999-12-31",
        "/api/v1/timetable/my-week/?date=9999-12-31",
        "/api/v1/agenda/entries/?start_date=9999-12-31&end_date=9999-12-31",
        "/api/v1/agenda/entries/?start_date=0001-01-01&end_date=0001-01-02",
    ],
)
def test_the_ends_of_the_calendar_are_refused(url: str) -> None:
    assert make.school().alice.get(url).status == 422


def test_words_of_filters_and_bodies_may_be_in_capitals() -> None:
    of = make.school()
    assert of.alice.post(SESSIONS, body(of, kind="TUTORIAL")).json["kind"] == "tutorial"
    assert of.alice.get("/api/v1/timetable/sessions/?source=DIRECT&status=SCHEDULED").json["count"] == 1


def test_a_session_of_a_section_is_found_by_its_group_and_batch() -> None:
    of = make.school()
    section = make.academics.section(of.course, academic_period=of.period, group=of.groups[0])
    assert of.alice.post(SESSIONS, body(of, section=section.pk, group=None)).status == 201
    for query in (f"group={of.groups[0].pk}", f"batch={of.batch.pk}"):
        assert of.alice.get(f"/api/v1/timetable/sessions/?{query}").json["count"] == 1, query
    assert of.alice.get(f"/api/v1/timetable/sessions/?group={of.groups[1].pk}").json["count"] == 0


def test_an_annotation_reaches_the_calendar_and_leaves_no_session_without_a_name() -> None:
    of = make.school()
    make.published(of)
    khan = make.Client(of.teacher)
    pk = Session.objects.get().pk
    assert khan.patch(f"{SESSIONS}{pk}/", {"topic": "Cell injury"}).status == 200
    assert "Cell injury" in agenda.entries().get().detail
    Session.objects.update(course=None)
    blank = khan.patch(f"{SESSIONS}{pk}/", {"topic": ""})
    assert (blank.status, blank.pointers, Session.objects.get().topic) == (422, [("/topic", "required")], "Cell injury")


def section_session(of: make.School, batch: Any) -> int:
    """A section alone, in a period of the batch."""
    period = make.academics.period(batch.program, batch=batch)
    section = make.academics.section(of.course, academic_period=period)
    made = of.alice.post(SESSIONS, body(of, academic_period=period.pk, section=section.pk, group=None))
    assert made.status == 201, made.json
    return int(made.json["id"])


def test_a_holiday_of_a_batch_takes_the_sections_of_its_periods() -> None:
    of = make.school()
    pk = section_session(of, of.batch)
    holiday = make.directory.holiday("Picnic", "2026-03-10", scope=("batch", of.batch.pk))
    found = of.alice.post("/api/v1/timetable/sessions/cancel-for-holiday/", {"holiday": holiday.pk}).json
    assert found == {"cancelled": [pk], "left": []}


def test_a_week_shades_the_holidays_of_its_own_batch_alone() -> None:
    of = make.school()
    pk = make.week(of)
    other = make.academics.batch()
    for name, batch in (("Picnic", of.batch), ("Sports", other)):
        make.directory.holiday(name, "2026-03-10", scope=("batch", batch.pk))
    make.directory.holiday("Pakistan Day", "2026-03-11")
    shown = of.alice.get(f"{WEEKS}{pk}/").json["holidays"]
    assert [each["name"] for each in shown] == ["Picnic", "Pakistan Day"]
    sara = of.sara.get("/api/v1/timetable/my-week/?date=2026-03-09").json
    assert [day["holiday"] for day in sara["days"]][1:3] == ["Picnic", "Pakistan Day"]


def test_a_batch_holiday_stands_against_a_section_of_the_plan() -> None:
    of = make.school()
    section = make.academics.section(of.course, academic_period=of.period)
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of, section=section.pk, groups=[]), rows=[make.times()])
    make.directory.holiday("Picnic", "2026-03-09", scope=("batch", of.batch.pk))
    found = of.alice.get(f"{WEEKS}{pk}/conflicts/").json["results"]
    assert "on_holiday" in {each["code"] for each in found}


def test_a_teacher_sees_the_students_of_the_groups_taught() -> None:
    of = make.school()
    khan = make.Client(of.teacher)
    url = "/api/v1/academics/students/"
    assert khan.get(url).json["count"] == 0
    make.published(of)
    make.academics.student(of.groups[1])
    seen = khan.get(url).json["results"]
    assert [(each["name"], each["phone"]) for each in seen] == [("Sara", None)]


def test_a_move_comes_with_its_warnings() -> None:
    of = make.school()
    make.published(of)
    small = make.directory.room("Closet", capacity=0)
    url = f"{SESSIONS}{Session.objects.get().pk}/moves/relocate/"
    moved = of.alice.post(url, {"room": small.pk, "reason": "Hall 1 is painted"})
    assert (moved.status, [each["code"] for each in moved.json["warnings"]]) == (200, ["room_too_small"])
    assert [each["allowed"] for each in moved.json["moves"]] == [True] * 3


def test_a_session_of_an_institution_wide_week_is_not_moved_by_a_program_s_coordinator() -> None:
    of = make.school()
    admin = make.Client(make.directory.member("Adam", "admin"))
    body = {"week_start_date": "2026-03-09", "scope": "institution", "academic_period": of.period.pk}
    pk = admin.post(WEEKS, body).json["id"]
    assert make.save(admin, pk, make.lesson(of), rows=[make.times()]).status == 200
    for name in ("verify", "publish"):
        assert make.move(admin, pk, name).status == 200
    session = Session.objects.get()
    assert moves_of(of.alice, session.pk) == {name: ["not_permitted"] for name in ("cancel", "substitute", "relocate")}
    refused = of.alice.post(f"{SESSIONS}{session.pk}/moves/cancel/", {"reason": "Because"})
    assert (refused.status, Session.objects.get().status) == (404, "scheduled")
    holiday = make.directory.holiday("Pakistan Day", "2026-03-09")
    answer = of.alice.post("/api/v1/timetable/sessions/cancel-for-holiday/", {"holiday": holiday.pk})
    assert answer.json == {"cancelled": [], "left": []}
