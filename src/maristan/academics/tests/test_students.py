"""Students: entering, finding, changing, placing, and the moves of their status."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from maristan.academics import jobs
from maristan.academics.actions import students as actions
from maristan.academics.models import Placement, Student
from maristan.academics.queries import contributions
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel import access, clock, search, tenancy
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
URL = "/api/v1/academics/students/"
SPRING = "2026-03-09T06:00:00+00:00"


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def kinds() -> list[str]:
    return list(JournalLine.objects.order_by("id").values_list("kind", flat=True))


def body(group: object, **values: object) -> dict[str, object]:
    return {"reg_no": "2026-MBBS-001", "name": "Ali Khan", "batch": group.batch_id, "group": group.pk, **values}


def test_a_student_is_entered_with_person_contacts_role_and_placement(alice: Client) -> None:
    group = make.group()
    with clock.stopped_at(SPRING):
        made = alice.post(URL, body(group, email="Ali@Example.EDU", phone="0300 1234567", date_of_birth="2005-03-14"))
    assert made.status == 201
    shown = {key: made.json[key] for key in ("reg_no", "name", "email", "phone", "status", "batch_year", "batch_code")}
    assert shown == {
        "reg_no": "2026-MBBS-001", "name": "Ali Khan", "email": "ali@example.edu", "phone": "+923001234567",
        "status": "active", "batch_year": 2031, "batch_code": "b31",
    }  # fmt: skip
    student = Student.objects.get()
    assert (student.program_id, student.expected_graduation_year) == (group.batch.program_id, 2031)
    held = list(student.person.memberships.values_list("role", "scope_kind", "from_date", "to_date"))
    assert held == [("student", "institution", date(2026, 3, 9), None)]
    assert (student.person.proposed_username, student.person.user_id) == ("ali.b31", None)
    assert list(student.placements.values_list("group", "from_date", "to_date")) == [(group.pk, date(2026, 3, 9), None)]
    assert kinds() == ["student.created"]


def test_a_second_ali_gets_the_next_username(alice: Client) -> None:
    group = make.group()
    alice.post(URL, body(group))
    alice.post(URL, body(group, reg_no="2026-MBBS-002"))
    names = list(Student.objects.order_by("pk").values_list("person__proposed_username", flat=True))
    assert names == ["ali.b31", "ali2.b31"]


def test_a_registration_number_is_taken_whatever_the_case_and_nobody_is_entered(alice: Client) -> None:
    group = make.group()
    make.student(group, reg_no="2026-mbbs-001")
    people = type(Student.objects.get().person).objects.count()
    refused = alice.post(URL, body(group))
    assert (refused.status, refused.code) == (409, "reg_no_taken")
    assert (Student.objects.count(), type(Student.objects.get().person).objects.count()) == (1, people)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("email", "nobody", "bad_email"), ("phone", "12", "bad_phone"), ("group", 10**9, "unknown_reference")],
)
def test_what_is_wrong_is_named_and_nothing_is_entered(alice: Client, field: str, value: object, code: str) -> None:
    refused = alice.post(URL, {**body(make.group()), field: value})
    assert (refused.status, refused.pointers) == (422, [(f"/{field}", code)])
    assert not Student.objects.exists()


def test_a_group_of_another_batch_does_not_fit(alice: Client) -> None:
    refused = alice.post(URL, body(make.group(), batch=make.batch().pk))
    assert (refused.status, refused.pointers) == (422, [("/group", "group_not_in_batch")])


@pytest.mark.parametrize("text", ["sara", "سارہ", "R-77", "0300 1234", "+92300", "sara@"])
def test_a_student_is_found_by_name_in_any_script_number_and_phone(alice: Client, text: str) -> None:
    group = make.group()
    person = directory.person("سارہ خان", name_latin="Sara Khan")
    make.student(group, person=person, reg_no="R-77", phone="+923001234567", email="sara@example.edu")
    make.student(group, "Omar", reg_no="X-1", phone="+923219999999")
    found = alice.get(f"{URL}?search={text.replace('+', '%2B')}").json
    assert [each["reg_no"] for each in found["results"]] == ["R-77"]


def test_filters_narrow_the_list_and_take_words_in_any_case(alice: Client) -> None:
    group = make.group()
    sara = make.student(group)
    omar = make.student(make.group(group.batch), status="suspended")
    make.student()
    assert alice.get(f"{URL}?batch={group.batch_id}").json["count"] == 2
    assert [each["id"] for each in alice.get(f"{URL}?group={group.pk}").json["results"]] == [sara.pk]
    assert [each["id"] for each in alice.get(f"{URL}?status=SUSPENDED").json["results"]] == [omar.pk]
    assert alice.get(f"{URL}?status=flying").pointers == [("?status", "bad_value")]
    seat = make.enrollment(sara)
    assert [each["id"] for each in alice.get(f"{URL}?section={seat.section_id}").json["results"]] == [sara.pk]


def test_a_change_reaches_person_and_contacts_and_names_its_version(alice: Client) -> None:
    student = make.student(name="Sara", email="old@example.edu")
    url = f"{URL}{student.pk}/"
    assert alice.patch(url, {"current_year": 2}).status == 428
    moved = alice.patch(url, {"current_year": 2, "name": "Sara Khan", "email": "new@example.edu"}, version=1)
    assert (moved.status, moved.json["name"], moved.json["email"], moved.json["current_year"]) == (
        200, "Sara Khan", "new@example.edu", 2
    )  # fmt: skip
    stale = alice.patch(url, {"current_year": 3}, version=1)
    assert (stale.status, stale.code) == (412, "stale_version")
    assert kinds() == ["person.updated", "contact.updated", "student.updated"]


@pytest.mark.parametrize("field", ["reg_no", "status", "program", "batch", "group"])
def test_what_has_its_own_way_is_not_patched(alice: Client, field: str) -> None:
    refused = alice.patch(f"{URL}{make.student().pk}/", {field: "x"}, version=1)
    code = "read_only_field" if field in ("reg_no", "status") else "unknown_field"
    assert (refused.status, refused.pointers) == (422, [(f"/{field}", code)])


def test_the_moves_of_the_status(alice: Client) -> None:
    student = make.student()
    url = f"{URL}{student.pk}/moves/"
    bare = alice.post(f"{url}suspend/")
    assert (bare.status, bare.code) == (422, "REASON_REQUIRED")
    suspended = alice.post(f"{url}suspend/", {"reason": "Unpaid dues"})
    assert suspended.json["status"] == "suspended"
    allowed = {each["name"]: each["allowed"] for each in suspended.json["moves"]}
    assert allowed == {"suspend": False, "reinstate": True, "deactivate": True, "graduate": True}
    again = alice.post(f"{url}suspend/", {"reason": "Unpaid dues"})
    assert (again.status, again.code, again.missing) == (409, "not_now", ["wrong_status"])
    assert alice.post(f"{url}reinstate/", {"reason": "Dues are paid"}).json["status"] == "active"
    line = JournalLine.objects.order_by("id").first()
    assert (line.kind, line.changes["status"], line.reason) == (
        "student.status_changed", ["active", "suspended"], "Unpaid dues"
    )  # fmt: skip


def test_nobody_graduates_before_enrolling(alice: Client) -> None:
    student = make.student(enrollment_year=2026)
    url = f"{URL}{student.pk}/moves/graduate/"
    refused = alice.post(url, {"actual_graduation_year": 2025})
    assert (refused.status, refused.pointers) == (422, [("/actual_graduation_year", "out_of_range")])
    done = alice.post(url, {"actual_graduation_year": 2031})
    assert (done.json["status"], done.json["actual_graduation_year"]) == ("graduated", 2031)


def test_a_coordinator_places_but_does_not_change_status_and_sees_only_own_programs() -> None:
    directory.institution()
    student, outside = make.student(), make.student()
    bob = Client(directory.member("Bob", "coordinator", scope=("program", student.program_id)))
    assert [each["id"] for each in bob.get(URL).json["results"]] == [student.pk]
    assert bob.get(f"{URL}{outside.pk}/").status == 404
    refused = bob.post(f"{URL}{student.pk}/moves/suspend/", {"reason": "Unpaid dues"})
    assert (refused.status, refused.code) == (403, "not_allowed")
    group = make.group(student.batch)
    assert bob.patch(f"{URL}{student.pk}/placement/", {"batch": group.batch_id, "group": group.pk}).status == 200
    student.refresh_from_db()
    assert (student.status, student.group_id) == ("active", group.pk)


def test_placing_closes_the_day_before_and_opens_the_next(alice: Client) -> None:
    student = make.student()
    group = make.group(student.batch, "B")
    url = f"{URL}{student.pk}/placement/"
    placed = alice.patch(url, {"batch": group.batch_id, "group": group.pk, "from_date": "2026-03-09", "reason": "Swap"})
    assert (placed.status, placed.json["group_name"]) == (200, "B")
    history = list(student.placements.values_list("group", "from_date", "to_date"))
    assert history == [
        (group.pk, date(2026, 3, 9), None), (student.group_id, make.FIRST_DAY, date(2026, 3, 8))
    ]  # fmt: skip
    again = make.group(student.batch, "C")
    alice.patch(url, {"batch": again.batch_id, "group": again.pk, "from_date": "2026-03-09"})
    assert student.placements.first().group_id == again.pk
    assert student.placements.count() == 2
    shown = alice.get(f"{URL}{student.pk}/placements/").json["results"]
    assert [(each["group_name"], each["to_date"]) for each in shown] == [
        ("C", None), (student.group.name, "2026-03-08")
    ]  # fmt: skip
    assert kinds() == ["student.placed", "student.placed"]


def test_placing_somebody_where_they_are_leaves_no_line(alice: Client) -> None:
    student = make.student()
    where = {"batch": student.batch_id, "group": student.group_id}
    same = alice.patch(f"{URL}{student.pk}/placement/", where)
    assert (same.status, same.json["version"], student.placements.count(), kinds()) == (200, 1, 1, [])


def test_the_national_id_of_a_student_has_one_shape_and_one_holder(alice: Client) -> None:
    group = make.group()
    body = {
        "reg_no": "N-1",
        "name": "Sara",
        "batch": group.batch_id,
        "group": group.pk,
        "national_id": "35202-1234567-1",
    }
    made = alice.post(URL, body)
    assert made.status == 201, made.json
    assert directory.Person.objects.get(name="Sara").national_id == "3520212345671"
    again = alice.post(URL, {**body, "reg_no": "N-2", "name": "Zoya", "national_id": "35202 1234567 1"})
    assert (again.status, again.code) == (409, "national_id_taken")
    assert not directory.Person.objects.filter(name="Zoya").exists()


def test_a_placement_in_the_past_is_refused_and_nothing_moves(alice: Client) -> None:
    student = make.student()
    group = make.group(student.batch)
    refused = alice.patch(
        f"{URL}{student.pk}/placement/", {"batch": group.batch_id, "group": group.pk, "from_date": "2025-06-01"}
    )
    assert (refused.status, refused.code) == (409, "overlap")
    student.refresh_from_db()
    assert (student.group_id == group.pk, student.placements.count()) == (False, 1)


def test_until_the_day_of_a_placement_to_come_a_student_stays_where_they_are() -> None:
    directory.institution()
    batch = make.batch()
    here, there = make.group(batch, "A"), make.group(batch, "B")
    alice, student = Client(directory.member("Alice", "registrar")), make.student_with_account("Sara", here)
    sara = Client(student.person)
    url, body = f"{URL}{student.pk}/placement/", {"batch": there.batch_id, "group": there.pk, "from_date": "2026-04-01"}

    def told() -> list[str]:
        run_jobs()
        return [each["title"] for each in sara.get("/api/v1/comms/notifications/").json["results"]]

    with clock.stopped_at(SPRING):
        placed = alice.patch(url, body)
        assert (placed.status, placed.json["group_name"], placed.json["version"]) == (200, "A", 2)
        jobs.settle_placements.func(0)
        assert told() == ["From 1 April you are in " + f"{batch.name}, group B"]
        assert alice.get(f"{URL}{student.pk}/").json["group_name"] == "A"
        early = alice.patch(url, {**body, "from_date": "2026-03-20"})
        assert (early.status, early.code) == (409, "overlap")
    with clock.stopped_at("2026-03-31T18:59:00+00:00"):
        jobs.settle_placements.func(0)
        assert alice.get(f"{URL}{student.pk}/").json["group_name"] == "A"
    with clock.stopped_at("2026-03-31T19:01:00+00:00"):
        for _ in range(2):
            jobs.settle_placements.func(0)
        shown = alice.get(f"{URL}{student.pk}/").json
        assert (shown["group_name"], shown["version"]) == ("B", 3)
        assert told()[0] == f"You are now in {batch.name}, group B"
    lines = JournalLine.objects.filter(kind="student.placed").order_by("id")
    placed = [(row.by_name, row.changes["group_id"]) for row in lines]
    assert placed == [("Alice", [here.pk, there.pk]), ("Maristan", [here.pk, there.pk])]


def test_another_program_needs_its_own_permission() -> None:
    directory.institution()
    student, group = make.student(), make.group()
    target = {"batch": group.batch_id, "group": group.pk}
    bob = directory.member("Bob", "coordinator", scope=("program", student.program_id))
    directory.membership(bob, "coordinator", scope=("program", group.batch.program_id))
    refused = Client(bob).patch(f"{URL}{student.pk}/placement/", target)
    assert (refused.status, refused.json["permission"]) == (403, "student.place_program")
    alice = Client(directory.member("Alice", "registrar"))
    moved = alice.patch(f"{URL}{student.pk}/placement/", target)
    assert (moved.status, moved.json["program"]) == (200, group.batch.program_id)


def test_the_database_keeps_one_placement_at_a_time_and_a_group_in_its_batch(alice: Client) -> None:
    student, other = make.student(), make.group()
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(
            student=student, batch=student.batch, group=student.group, from_date=date(2026, 2, 1),
            to_date=date(2026, 2, 2),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Student.objects.filter(pk=student.pk).update(group=other)


def test_sara_sees_herself_and_nobody_else() -> None:
    directory.institution()
    sara = make.student_with_account("Sara", email="sara@example.edu")
    other = make.student(sara.group)
    client = Client(sara.person)
    own = client.get(f"{URL}me/")
    assert (own.status, own.json["id"], own.json["email"]) == (200, sara.pk, "sara@example.edu")
    assert [each["id"] for each in client.get(URL).json["results"]] == [sara.pk]
    assert client.get(f"{URL}{other.pk}/").status == 404
    for field in ("current_year", "enrollment_year"):
        refused = client.patch(f"{URL}{sara.pk}/", {field: 2020 if "enroll" in field else 5}, version=1)
        assert (refused.status, refused.code) == (403, "not_allowed")
    placed = client.patch(f"{URL}{sara.pk}/placement/", {"batch": sara.batch_id, "group": sara.group_id})
    assert placed.status == 403
    sara.refresh_from_db()
    assert (sara.version, sara.current_year) == (1, 1)


def test_who_is_no_student_has_no_student_of_their_own(alice: Client) -> None:
    answer = alice.get(f"{URL}me/")
    assert (answer.status, answer.code) == (404, "no_student")


def test_a_teacher_sees_the_names_of_own_students_and_no_more() -> None:
    directory.institution()
    khan = directory.member("Khan", "faculty")
    taught = make.student(name="Sara", email="sara@example.edu", phone="+923001234567")
    make.enrollment(taught, make.section(faculty=khan))
    stranger = make.student(name="Omar")
    client = Client(khan)
    shown = client.get(URL).json["results"]
    assert [(each["name"], each["email"], each["phone"], each["date_of_birth"]) for each in shown] == [
        ("Sara", None, None, None)
    ]
    assert client.get(f"{URL}?search=0300 1234567").json["count"] == 0
    assert client.get(f"{URL}{stranger.pk}/").status == 404
    refused = client.get(f"{URL}{taught.pk}/timeline/")
    assert (refused.status, refused.json["permission"]) == (403, "journal.view")


def test_a_teacher_sees_students_of_the_groups_that_upper_apps_know(monkeypatch: pytest.MonkeyPatch) -> None:
    directory.institution()
    khan, student = directory.member("Khan", "faculty"), make.student()
    monkeypatch.setattr(contributions, "_groups_taught", [])
    assert Client(khan).get(URL).json["count"] == 0
    contributions.register_groups_taught(lambda person: {student.group_id} if person == khan.pk else set())
    assert [each["id"] for each in Client(khan).get(URL).json["results"]] == [student.pk]


def test_the_timeline_tells_the_student_the_person_and_the_enrolments(alice: Client) -> None:
    group = make.group()
    made = alice.post(URL, body(group)).json
    alice.post("/api/v1/academics/enrollments/", {"student": made["id"], "section": make.section().pk})
    alice.post(f"{URL}{made['id']}/moves/suspend/", {"reason": "Unpaid dues"})
    shown = alice.get(f"{URL}{made['id']}/timeline/").json["results"]
    assert [(each["kind"], each["by_name"], each["reason"]) for each in shown] == [
        ("student.status_changed", "Alice", "Unpaid dues"),
        ("enrolment.created", "Alice", ""),
        ("student.created", "Alice", ""),
    ]


def test_leave_takes_out_of_study_and_gives_back_and_a_status_set_by_hand_wins() -> None:
    directory.institution()
    by = access.platform(tenancy.current())
    sara, omar, mina = make.student(), make.student(status="suspended"), make.student(status="on_leave")
    people = {each.person_id for each in (sara, omar, mina)}
    teacher = directory.person("Khan")
    assert actions.switch_study(begin={*people, teacher.pk}, finish=set(), by=by) == 1
    assert statuses(sara, omar, mina) == ["on_leave", "suspended", "on_leave"]
    assert actions.switch_study(begin=set(), finish=people, by=by) == 2
    assert statuses(sara, omar, mina) == ["active", "suspended", "active"]
    assert [line.changes["status"] for line in JournalLine.objects.order_by("id")] == [
        ["active", "on_leave"], ["on_leave", "active"], ["on_leave", "active"]
    ]  # fmt: skip


def test_a_leave_that_follows_another_at_once_keeps_the_student_away() -> None:
    directory.institution()
    mina = make.student(status="on_leave")
    who = {mina.person_id}
    assert actions.switch_study(begin=who, finish=who, by=access.platform(tenancy.current())) == 0
    assert statuses(mina) == ["on_leave"]


def statuses(*students: Student) -> list[str]:
    found = dict(Student.objects.values_list("pk", "status"))
    return [found[each.pk] for each in students]


def test_an_approved_academic_leave_of_today_makes_the_student_on_leave(alice: Client) -> None:
    student = make.student_with_account("Sara")
    today = clock.today("Asia/Karachi")
    asked = Client(student.person).post(
        "/api/v1/directory/leaves/",
        {"kind": "academic", "start_date": today.isoformat(), "end_date": (today + timedelta(days=9)).isoformat(),
         "reason": "Exchange term"},
    )  # fmt: skip
    assert asked.status == 201
    approved = alice.post(f"/api/v1/directory/leaves/{asked.json['id']}/moves/approve/")
    assert approved.status == 200
    assert statuses(student) == ["on_leave"]


def test_the_search_box_finds_only_whom_one_may_see() -> None:
    directory.institution()
    sara = make.student_with_account("Sara Khan")
    make.student(name="Sara Malik", reg_no="R-2")
    alice = directory.actor(directory.member("Alice", "registrar"))
    titles = [hit.title for hit in search.find(actor=alice, text="sara") if hit.kind == "student"]
    assert sorted(titles) == ["Sara Khan", "Sara Malik"]
    own = directory.actor(sara.person)
    assert [hit.title for hit in search.find(actor=own, text="sara") if hit.kind == "student"] == ["Sara Khan"]
    directory.institution("other")
    zara = directory.actor(directory.member("Zara", "admin"))
    assert [hit for hit in search.find(actor=zara, text="sara") if hit.kind == "student"] == []


def test_the_alias_is_the_same_list(alice: Client) -> None:
    student = make.student()
    for url in ("/api/students/", "/api/v1/students/"):
        assert alice.get(url).json["results"] == alice.get(URL).json["results"]
        assert alice.get(f"{url}{student.pk}/").json["reg_no"] == student.reg_no
    assert Client().get("/api/students/").status == 401


def test_zara_of_another_institution_finds_nothing() -> None:
    directory.institution("fmu")
    student = make.student()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    url = f"{URL}{student.pk}/"
    answers = [
        zara.get(url), zara.patch(url, {"current_year": 2}, version=1),
        zara.post(f"{url}moves/suspend/", {"reason": "No reason"}),
        zara.patch(f"{url}placement/", {"batch": student.batch_id, "group": student.group_id}),
        zara.get(f"{url}placements/"), zara.get(f"{url}enrollments/"), zara.get(f"{url}timeline/"),
    ]  # fmt: skip
    assert {each.status for each in answers} == {404}
    assert zara.get(URL).json["count"] == 0
    refused = zara.post(URL, body(student.group))
    assert (refused.status, refused.pointers) == (422, [("/batch", "unknown_reference")])
