"""The student file: preview, commit, what is created, and what is never stored."""

from collections.abc import Iterable
from datetime import date

import pytest

from maristan.academics.models import Batch, Group, Placement, Program, Student
from maristan.academics.queries import student_import as queries
from maristan.academics.tests import factories as make
from maristan.academics.tests.counting import statements
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, files, tenancy
from maristan.kernel.models import ImportRow, ImportRun, JournalLine, StoredFile
from maristan.kernel.tables.outcomes import ImportMode
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
URL = "/api/v1/academics/students/imports/"
HEADER = "reg_no,name,program_name,batch_name,group_name,status,email,phone,date_of_birth"
TODAY = "2026-03-09T06:00:00+00:00"


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


@pytest.fixture
def group(alice: Client) -> Group:
    """Group A of the batch 2031 of MBBS."""
    return make.group(make.batch(make.program("MBBS", code="MBBS"), "2031 Batch"), "Group A")


def row(reg_no: str, name: str = "Sara Khan", **values: str) -> str:
    """A line of the file; places as in `group`."""
    cells = {
        "program": "MBBS", "batch": "2031 Batch", "group": "Group A", "status": "active", "email": "", "phone": "",
        "date_of_birth": "", **values,
    }  # fmt: skip
    return ",".join([reg_no, name, *cells.values()])


def file_of(lines: Iterable[str], header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode()


def upload(client: Client, content: bytes, filename: str = "students.csv", **fields: str) -> dict[str, object]:
    """Upload and let the preview run; gives the run as its page shows it."""
    answer = client.upload(URL, filename, content, **fields)
    assert answer.status == 201, answer.body
    with clock.stopped_at(TODAY):
        run_jobs()
    return client.get(f"{URL}{answer.json['id']}/").json


def commit(client: Client, run: dict[str, object], **body: object) -> dict[str, object]:
    """Commit and let it run; gives the run as its page shows it."""
    answer = client.post(f"{URL}{run['id']}/commit/", {"confirm": True, **body})
    assert answer.status == 200, answer.body
    with clock.stopped_at(TODAY):
        run_jobs()
    return client.get(f"{URL}{run['id']}/").json


def counts(run: dict[str, object]) -> dict[str, int]:
    return {key: run["summary"][key] for key in ("create", "update", "skip", "error")}


def faults(client: Client, run: dict[str, object]) -> dict[int, list[tuple[str, str]]]:
    listed = client.get(f"{URL}{run['id']}/rows/?action=error").json["results"]
    return {each["row"]: [(fault["column"], fault["code"]) for fault in each["faults"]] for each in listed}


def test_a_preview_writes_nothing_but_itself_and_the_commit_creates_everything(alice: Client, group: Group) -> None:
    lines = [row("1", "Ali Khan", email="ALI@Example.edu", phone="0300 1234567", date_of_birth="13/11/2004"), row("2")]
    run = upload(alice, file_of(lines))
    assert (run["status"], counts(run)) == ("previewed", {"create": 2, "update": 0, "skip": 0, "error": 0})
    assert (Student.objects.count(), Placement.objects.count(), directory.Person.objects.count()) == (0, 0, 1)
    done = commit(alice, run)
    job = {key: done["job"][key] for key in ("status", "done", "total")}
    assert (done["status"], job) == ("committed", {"status": "succeeded", "done": 2, "total": 2})
    assert done["summary"]["students_created"] == 2
    student = Student.objects.select_related("person").get(reg_no="1")
    assert (student.group, student.batch, student.program, student.status) == (
        group, group.batch, group.batch.program, "active"
    )  # fmt: skip
    assert student.person.date_of_birth.isoformat() == "2004-11-13"
    assert set(student.person.contacts.values_list("kind", "value", "is_primary")) == {
        ("email", "ali@example.edu", True), ("phone", "+923001234567", True)
    }  # fmt: skip
    assert list(student.placements.values_list("group", "to_date")) == [(group.pk, None)]
    assert list(student.person.memberships.values_list("role", "scope_kind")) == [("student", "institution")]
    assert sorted(JournalLine.objects.values_list("kind", flat=True)) == [
        "import.committed", "student.created", "student.created"
    ]  # fmt: skip


def test_two_alis_get_two_usernames_and_nobody_a_password(alice: Client, group: Group) -> None:
    header = HEADER + ",password"
    content = file_of([row("1", "Ali Raza") + ",secret-1", row("2", "Ali Shah") + ",secret-2"], header)
    run = upload(alice, content)
    assert [each["code"] for each in run["warnings"]] == ["password_ignored"]
    commit(alice, run)
    people = Student.objects.order_by("reg_no").values_list("person__proposed_username", "person__user")
    assert list(people) == [("ali.b31", None), ("ali2.b31", None)]
    stored = [files.content(file) for file in StoredFile.objects.all()]
    shown = [str(each) for each in ImportRow.objects.values_list("cells", "notes", "faults")]
    lines = [str(each) for each in JournalLine.objects.values_list("changes", "reason")]
    assert not [text for text in [*map(str, stored), *shown, *lines] if "secret" in text]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("there", ["groups", "program", ""])
def test_the_template_passes_its_own_preview(alice: Client, file_format: str, there: str) -> None:
    if there == "groups":
        make.group(make.batch(make.program("Medicine"), "2031"), "Z")
    elif there:
        make.program("Medicine")
    template = alice.get(f"{URL}template/?format={file_format}")
    assert (template.status, template.headers["Content-Disposition"]) == (
        200, f'attachment; filename="students_import_template.{file_format}"'
    )  # fmt: skip
    run = upload(alice, template.body, f"t.{file_format}")
    assert counts(run) == {"create": 2, "update": 0, "skip": 0, "error": 0}
    assert (Student.objects.count(), Program.objects.count()) == (0, int(bool(there)))
    commit(alice, run)
    assert (Student.objects.count(), Program.objects.count()) == (2, 1)


def test_what_the_institution_sets_is_settled_when_the_file_arrives(alice: Client) -> None:
    rows = [directory.setting("academics.date_order", "mdy")]
    rows.append(directory.setting("academics.student_email_domain", "st.example.edu"))
    kept = queries.settled({"auto_create": True, "date_order": ""})
    assert kept == {"auto_create": True, "date_order": "mdy", "email_domain": "st.example.edu"}
    assert queries.settled({"date_order": "Dmy"})["date_order"] == "dmy"
    for each in rows:
        each.delete()
    assert queries.settled(kept) == kept
    wanted = queries.options(mode=ImportMode.CREATE_ONLY, asked=kept, actor=directory.acting_as("registrar"))
    assert (wanted.date_order, wanted.email_domain) == ("mdy", "st.example.edu")


def test_a_setting_that_changes_after_the_preview_turns_no_date_around(alice: Client, group: Group) -> None:
    run = upload(alice, file_of([row("A-1", date_of_birth="03/04/2004")]))
    assert counts(run)["create"] == 1
    directory.setting("academics.date_order", "mdy")
    commit(alice, run)
    assert str(Student.objects.get().person.date_of_birth) == "2004-04-03"


def test_the_order_of_dates_is_named_in_any_case(alice: Client, group: Group) -> None:
    run = upload(alice, file_of([row("A-1", date_of_birth="13/04/2004")]), date_order="Mdy")
    assert counts(run)["error"] == 1


def test_a_graduate_is_not_enrolled_after_graduation_by_a_file(alice: Client, group: Group) -> None:
    there = make.student(group, "Sara", reg_no="1", status="graduated", actual_graduation_year=2025)
    header = f"{HEADER},enrollment_year"
    run = upload(alice, file_of([row("1") + ",2026"], header), mode="upsert")
    assert faults(alice, run) == {2: [("enrollment_year", "bad_year")]}
    there.refresh_from_db()
    assert there.enrollment_year is None


def test_missing_places_are_notes_in_the_preview_and_rows_after_the_commit(alice: Client) -> None:
    lines = [row("1"), row("2", group="Group B"), row("3", program="Doctor of Physical Therapy", batch="2030 Batch")]
    run = upload(alice, file_of(lines), auto_create="true")
    assert counts(run) == {"create": 3, "update": 0, "skip": 0, "error": 0}
    listed = alice.get(f"{URL}{run['id']}/rows/").json["results"]
    assert [[note["code"] for note in each["notes"]] for each in listed] == [
        ["program_created", "batch_created", "group_created"], ["group_created"],
        ["program_created", "batch_created", "group_created"],
    ]  # fmt: skip
    assert [model.objects.count() for model in (Program, Batch, Group)] == [0, 0, 0]
    commit(alice, run)
    assert list(Program.objects.order_by("name").values_list("name", "code", "status", "structure_type")) == [
        ("Doctor of Physical Therapy", "DPT", "draft", "yearly"), ("MBBS", "MBBS", "draft", "yearly")
    ]  # fmt: skip
    batches = Batch.objects.order_by("name").values_list("name", "intake_year", "graduation_year")
    assert list(batches) == [("2030 Batch", 2025, 2030), ("2031 Batch", 2026, 2031)]
    groups = Group.objects.order_by("batch__name", "position").values_list("batch__name", "name", "position")
    assert list(groups) == [("2030 Batch", "Group A", 1), ("2031 Batch", "Group A", 1), ("2031 Batch", "Group B", 2)]
    assert Student.objects.count() == 3


def test_a_new_group_of_a_batch_that_exists_stands_after_the_others(alice: Client, group: Group) -> None:
    commit(alice, upload(alice, file_of([row("1", group="Group Z")]), auto_create="true"))
    made = Group.objects.get(name="Group Z")
    assert (made.batch, made.position) == (group.batch, 2)
    assert (Batch.objects.count(), Program.objects.count()) == (1, 1)


def test_without_auto_create_unknown_places_are_errors(alice: Client, group: Group) -> None:
    run = upload(alice, file_of([row("1", group="X"), row("2", batch="X"), row("3", program="X")]))
    assert faults(alice, run) == {
        2: [("group_name", "unknown_group")], 3: [("batch_name", "unknown_batch")],
        4: [("program_name", "unknown_program")],
    }  # fmt: skip


def test_dates_have_one_order_in_a_file_and_years_are_not_guessed(alice: Client, group: Group) -> None:
    dates = ["2005", "15/01/45", "13/02/2004", "02/13/2004"]
    run = upload(alice, file_of(row(str(number), date_of_birth=day) for number, day in enumerate(dates)))
    assert faults(alice, run) == {2: [("date_of_birth", "bad_date")], 5: [("date_of_birth", "bad_date")]}
    commit(alice, run, partial=True)
    born = dict(Student.objects.values_list("reg_no", "person__date_of_birth"))
    assert {key: day.isoformat() for key, day in born.items()} == {"1": "1945-01-15", "2": "2004-02-13"}


def test_an_existing_number_is_skipped_or_changed_as_asked(alice: Client, group: Group) -> None:
    there = make.student(group, "Sara", reg_no="2026-MBBS-001", email="old@example.edu")
    other = make.group(group.batch, "Group B")
    content = file_of([row("2026-mbbs-001", "Sara Khan", group="Group B", status="suspended", email="new@example.edu")])
    skipped = upload(alice, content)
    assert counts(skipped) == {"create": 0, "update": 0, "skip": 1, "error": 0}
    run = upload(alice, content, mode="UPSERT")
    assert counts(run) == {"create": 0, "update": 1, "skip": 0, "error": 0}
    done = commit(alice, run)
    assert (done["summary"]["students_changed"], done["summary"]["students_placed"]) == (1, 1)
    there.refresh_from_db()
    assert (there.person.name, there.group, there.status) == ("Sara Khan", other, "active")
    assert [each.value for each in there.person.contacts.filter(is_primary=True)] == ["new@example.edu"]
    history = list(there.placements.values_list("group", "to_date"))
    assert [(pk, day and day.isoformat()) for pk, day in history] == [(other.pk, None), (group.pk, "2026-03-08")]
    kinds = set(JournalLine.objects.filter(subject_kind__in=["student", "person"]).values_list("kind", flat=True))
    assert kinds == {"student.placed", "person.updated", "contact.updated"}


def test_a_file_of_the_same_day_replaces_where_somebody_was_put_and_keeps_the_year(alice: Client, group: Group) -> None:
    there = make.student(group, "Sara", reg_no="1")
    header = f"{HEADER},enrollment_year"
    for name in ("Group B", "Group C"):
        make.group(group.batch, name)
        run = upload(alice, file_of([row("1", "Sara", group=name) + ",2026"], header), mode="upsert")
        assert commit(alice, run)["summary"]["students_placed"] == 1
    there.refresh_from_db()
    assert (there.group.name, there.enrollment_year) == ("Group C", 2026)
    history = [
        (each.group.name, str(each.from_date), each.to_date and str(each.to_date)) for each in there.placements.all()
    ]
    assert history == [("Group C", "2026-03-09", None), ("Group A", "2026-01-01", "2026-03-08")]


def test_the_national_id_of_somebody_else_is_a_fault_of_its_row(alice: Client, group: Group) -> None:
    directory.person("Zoya", national_id="3520212345671")
    lines = [row("1", "Sara") + ",35202-1234567-1", row("2", "Omar") + ",35202-7654321-1"]
    run = upload(alice, file_of(lines, f"{HEADER},national_id"))
    assert [code for _, code in faults(alice, run)[2]] == ["national_id_taken"]
    assert counts(run) == {"create": 1, "update": 0, "skip": 0, "error": 1}


def test_who_imports_nothing_learns_nothing_of_files(alice: Client, group: Group) -> None:
    run = upload(alice, file_of([row("1")]))
    commit(alice, run)
    students = "/api/v1/academics/students/"
    olga = Client(directory.member("Olga", "auditor"))
    found = [each.get(f"{students}?import_run={run['id']}").json["count"] for each in (alice, olga)]
    assert (found, olga.get(students).json["count"]) == ([1, 0], 1)


def test_a_coordinator_imports_into_own_programs_only(alice: Client, group: Group) -> None:
    make.group(make.batch(make.program("BDS"), "2031 Batch"), "Group A")
    bob = Client(directory.member("Bob", "coordinator", scope=("program", group.batch.program_id)))
    run = upload(bob, file_of([row("1"), row("2", program="BDS")]))
    assert faults(bob, run) == {3: [("program_name", "unknown_program")]}
    assert alice.get(f"{URL}{run['id']}/").status == 404
    charlie = Client(directory.member("Charlie", "office_assistant"))
    refused = charlie.upload(URL, "students.csv", file_of([row("1")]))
    assert (refused.status, refused.code) == (403, "not_allowed")


def test_who_may_enter_no_program_creates_none_by_a_file_either(alice: Client, group: Group) -> None:
    bob = Client(directory.member("Bob", "coordinator", scope=("program", group.batch.program_id)))
    run = upload(bob, file_of([row("1", program="Dentistry"), row("2", group="Group Z")]), auto_create="true")
    assert faults(bob, run) == {2: [("program_name", "unknown_program")]}
    assert (counts(run)["create"], Program.objects.count()) == (1, 1)
    assert ImportRun.objects.count() == 1


def test_blank_optional_cells_pass_and_all_faults_of_a_row_are_named(alice: Client, group: Group) -> None:
    bad = row("1", "", status="flying", email="nobody", phone="abc", date_of_birth="soon")
    run = upload(alice, file_of([row("2"), bad, row("3"), row("3")]))
    found = faults(alice, run)
    assert found[3] == [
        ("name", "required"), ("status", "bad_status"), ("email", "bad_email"), ("phone", "bad_phone"),
        ("date_of_birth", "bad_date"),
    ]  # fmt: skip
    assert (found[4], found[5]) == ([("reg_no", "duplicate_in_file")], [("reg_no", "duplicate_in_file")])


def test_an_address_is_proposed_only_where_a_domain_is_set(alice: Client, group: Group) -> None:
    commit(alice, upload(alice, file_of([row("1", "Sara Khan")])))
    assert not Student.objects.get(reg_no="1").person.contacts.exists()
    admin = Client(directory.member("Root", "admin"))
    put = admin.put("/api/v1/directory/settings/academics.student_email_domain/", {"value": "students.example.edu"})
    assert put.status == 200
    commit(alice, upload(alice, file_of([row("2", "Sara Malik"), row("3", "Sara Malik")])))
    values = Student.objects.exclude(reg_no="1").order_by("reg_no").values_list("person__contacts__value", flat=True)
    assert list(values) == ["sara.malik.b31@students.example.edu", "sara.malik2.b31@students.example.edu"]


def test_a_second_commit_replays_the_first_answer(alice: Client, group: Group) -> None:
    run = upload(alice, file_of([row("1")]))
    done = commit(alice, run)
    again = alice.post(f"{URL}{run['id']}/commit/", {"confirm": True})
    assert (again.status, again.json["summary"]) == (200, done["summary"])
    assert Student.objects.count() == 1
    other = upload(alice, file_of([row("1")]))
    assert [each["code"] for each in other["warnings"]] == ["duplicate_of"]


def test_five_thousand_rows_with_one_bad_one(alice: Client, group: Group) -> None:
    lines = [row(f"2026-{number:05}", f"Student {number}") for number in range(1, 5000)]
    content = file_of([*lines, row("2026-05000", status="flying")])
    run = upload(alice, content)
    assert counts(run) == {"create": 4999, "update": 0, "skip": 0, "error": 1}
    assert (run["job"]["status"], run["job"]["done"], run["job"]["total"]) == ("succeeded", 5000, 5000)
    refused = alice.post(f"{URL}{run['id']}/commit/", {"confirm": True})
    assert (refused.status, refused.code) == (409, "rows_have_faults")
    run_jobs()
    assert (Student.objects.count(), Placement.objects.count()) == (0, 0)
    errors = alice.get(f"{URL}{run['id']}/errors/").body.decode("utf-8-sig").splitlines()
    assert [len(errors), errors[0].endswith("error_message"), errors[1].startswith("2026-05000")] == [2, True, True]
    done = commit(alice, run, partial=True)
    assert (done["status"], done["job"]["status"], done["summary"]["students_created"]) == (
        "committed",
        "succeeded",
        4999,
    )
    assert (Student.objects.count(), Placement.objects.filter(to_date=None).count()) == (4999, 4999)


def test_a_file_is_read_and_written_in_few_queries(alice: Client, group: Group) -> None:
    lines = [row(f"{number:05}", f"Student {number}", email=f"s{number}@example.edu") for number in range(2000)]
    assert alice.upload(URL, "students.csv", file_of(lines)).status == 201
    preview = statements(run_jobs)
    run = ImportRun.objects.get()
    assert alice.post(f"{URL}{run.pk}/commit/", {"confirm": True}).status == 200
    created = statements(run_jobs)
    changed = [line.replace("Student", "Scholar").replace("example.edu", "example.org") for line in lines]
    assert alice.upload(URL, "changed.csv", file_of(changed), mode="upsert").status == 201
    again = statements(run_jobs)
    assert alice.post(f"{URL}{ImportRun.objects.latest('pk').pk}/commit/", {"confirm": True}).status == 200
    updated = statements(run_jobs)
    assert Student.objects.filter(person__name__startswith="Scholar").count() == 2000
    around = 3  # the job is fetched, taken and looked for again
    assert (preview - around, again - around) <= (30, 30)
    assert (created - around <= 80, updated - around <= 80) == (True, True)


def test_zara_of_another_institution_finds_nothing(alice: Client, group: Group) -> None:
    run = upload(alice, file_of([row("1")]))
    institution = tenancy.current()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    make.group()
    assert zara.get(URL).json["count"] == 0
    for path in ("", "rows/", "errors/"):
        assert zara.get(f"{URL}{run['id']}/{path}").status == 404
    assert zara.post(f"{URL}{run['id']}/commit/", {"confirm": True}).status == 404
    other = upload(zara, file_of([row("1")]))
    assert faults(zara, other) == {2: [("program_name", "unknown_program")]}
    tenancy.enter(institution)
    assert ImportRun.objects.get().status == "previewed"


def test_a_student_who_stands_nowhere_is_placed_again_by_naming_the_group(alice: Client, group: Group) -> None:
    sara, gone = (make.student(group, "Sara Khan", reg_no=number) for number in ("A-1", "A-2"))
    Placement.objects.update(to_date=date(2026, 3, 1))
    Student.objects.filter(pk=gone.pk).update(status="inactive")
    run = upload(alice, file_of([row("A-1"), row("A-2", status="inactive")]), mode="upsert")
    assert commit(alice, run)["summary"]["students_placed"] == 1
    placed = sara.placements.values_list("group", "from_date", "to_date")
    assert list(placed) == [(group.pk, date(2026, 3, 9), None), (group.pk, make.FIRST_DAY, date(2026, 3, 1))]
    assert gone.placements.filter(to_date=None).count() == 0
    assert JournalLine.objects.filter(kind="student.placed", subject_id=str(sara.pk)).count() == 1


def test_a_placement_to_come_stands_in_the_way_of_a_file_unless_it_says_where_the_student_is(
    alice: Client, group: Group
) -> None:
    make.group(group.batch, "Group B")
    later = make.group(group.batch, "Group C")
    sara = make.student(group, "Sara Khan", reg_no="A-1")
    sara.placements.update(to_date=date(2026, 3, 31))
    Placement.objects.create(student=sara, batch=later.batch, group=later, from_date=date(2026, 4, 1))
    run = upload(alice, file_of([row("A-1", group="Group B"), row("A-2")]), mode="upsert")
    assert faults(alice, run) == {2: [("group_name", "overlap")]}
    assert commit(alice, run, partial=True)["summary"]["create"] == 1
    stays = upload(alice, file_of([row("A-1", "Sara Bibi")]), mode="upsert")
    assert counts(commit(alice, stays)) == {"create": 0, "update": 1, "skip": 0, "error": 0}
    sara.refresh_from_db()
    assert (sara.person.name, sara.group_id, sara.placements.count()) == ("Sara Bibi", group.pk, 2)
