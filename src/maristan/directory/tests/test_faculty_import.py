"""The bulk file of teachers: a preview that writes nothing, a commit that makes no account, and what goes wrong."""

import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
import xlsxwriter
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from maristan.directory.models import ContactInfo, Department, Membership, Person
from maristan.directory.tests import factories as make
from maristan.kernel import files, imports, jobs, tenancy
from maristan.kernel.models import ImportRow, ImportRun, Job, JournalLine, StoredFile, User
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs

PERSONS = "/api/v1/directory/persons/"
IMPORTS = "/api/v1/directory/faculty/imports/"
HEADER = "name,department_name,email,phone\r\n"
FOUR = (
    "name,department_name,email,phone\r\n"
    "Dr. José Núñez,Pathology,J.Nunez@example.edu,+92 41 9210079\r\n"
    "Prof. Zoë Müller-Weiß,anatomy,,\r\n"
    "Dr Ahmed Khan,Pathology,a.khan@example.edu,0300-1234567\r\n"
    "Dr Ahmed Khan,Anatomy,a.khan2@example.edu,\r\n"
)
WRONG = FOUR + "Saba Naz,Astrology,saba@example.edu,\r\nNo Mail,Pathology,not-an-address,12\r\n"


def coordinator() -> Client:
    """Somebody who imports, with the two departments of the files."""
    make.institution()
    make.department("Pathology")
    make.department("Anatomy")
    return Client(make.member("Cora", "coordinator", scope=("program", 7)))


def upload(client: Client, text: str | bytes, name: str = "faculty.csv", **fields: str) -> Answer:
    return client.upload(IMPORTS, name, text if isinstance(text, bytes) else text.encode(), **fields)


def previewed(client: Client, text: str | bytes, name: str = "faculty.csv", **fields: str) -> int:
    """The id of a run whose preview is done."""
    answer = upload(client, text, name, **fields)
    assert answer.status == 201, answer.body
    assert run_jobs() == ["kernel.preview_import"]
    return int(answer.json["id"])


def commit(client: Client, run: int, **body: bool) -> Answer:
    return client.post(f"{IMPORTS}{run}/commit/", {"confirm": True, **body})


def imported(client: Client, text: str | bytes, name: str = "faculty.csv", **fields: str) -> dict[str, Any]:
    """The summary of a committed run."""
    run = previewed(client, text, name, **fields)
    assert commit(client, run).status == 200
    run_jobs()
    found = client.get(f"{IMPORTS}{run}/").json
    assert found["status"] == "committed", found
    return dict(found["summary"])


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Person, ContactInfo, Membership, User, JournalLine))


@pytest.mark.django_db
def test_a_preview_writes_nothing_but_itself() -> None:
    cora = coordinator()
    before = counts()
    run = previewed(cora, FOUR.encode("cp1252"))
    assert counts() == before
    found = cora.get(f"{IMPORTS}{run}/").json
    assert (found["status"], found["job"]["status"], found["fault_counts"]) == ("previewed", "succeeded", {})
    assert found["summary"] == {"create": 4, "update": 0, "skip": 0, "error": 0, "total": 4}
    rows = cora.get(f"{IMPORTS}{run}/rows/").json["results"]
    assert [(each["row"], each["action"]) for each in rows] == [(number, "create") for number in (2, 3, 4, 5)]
    assert rows[0]["cells"]["name"] == "Dr. José Núñez"


@pytest.mark.django_db
def test_a_commit_enters_teachers_without_accounts_and_passwords() -> None:
    cora = coordinator()
    accounts = User.objects.count()
    summary = imported(cora, FOUR)
    assert (summary["create"], summary["people_created"]) == (4, 4)
    people = {each.proposed_username: each for each in Person.objects.exclude(proposed_username="")}
    assert sorted(people) == ["ahmed.khan", "ahmed.khan2", "jose.nunez", "zoe.mullerwei"]
    assert User.objects.count() == accounts
    assert {each.user_id for each in people.values()} == {None}
    contacts = people["jose.nunez"].contacts.values_list("kind", "value", "is_primary")
    assert set(contacts) == {("email", "j.nunez@example.edu", True), ("phone", "+92419210079", True)}
    held = people["zoe.mullerwei"].memberships.get()
    assert (held.role, held.scope_kind, held.is_primary, held.to_date) == ("faculty", "department", True, None)
    kinds = Counter(JournalLine.objects.filter(by_name="Cora").values_list("kind", flat=True))
    assert kinds == {"person.created": 4, "membership.granted": 4, "import.committed": 1}


@pytest.mark.django_db
def test_a_second_commit_replays_the_first_answer() -> None:
    cora = coordinator()
    run = previewed(cora, FOUR)
    commit(cora, run)
    run_jobs()
    before = counts()
    again = commit(cora, run)
    assert (again.status, again.json["status"], again.json["summary"]["people_created"]) == (200, "committed", 4)
    assert run_jobs() == []
    assert counts() == before


@pytest.mark.django_db
def test_those_whom_a_file_entered_are_found_by_who_imported_it_and_by_administrators() -> None:
    coordinator()
    rida, noor = Client(make.member("Rida", "registrar")), Client(make.member("Noor", "registrar"))
    anna, khan = Client(make.member("Anna", "admin")), Client(make.member("Khan", "faculty"))
    there = make.person("Dr Ahmed Khan")
    run = previewed(rida, FOUR)
    url = f"{PERSONS}?import_run={run}&has_account=false"
    assert rida.get(url).json["count"] == 0
    commit(rida, run)
    run_jobs()
    for who in (rida, anna):
        names = [each["name"] for each in who.get(url).json["results"]]
        assert names == ["Dr Ahmed Khan", "Dr Ahmed Khan", "Dr. José Núñez", "Prof. Zoë Müller-Weiß"]
        assert there.pk not in [each["id"] for each in who.get(url).json["results"]]
    for who in (noor, khan):
        assert who.get(f"{PERSONS}?import_run={run}").json["count"] == 0
    assert "entered" not in rida.get(f"{IMPORTS}{run}/").json["summary"]
    changed = imported(rida, FOUR.replace("Anatomy", "Pathology"), mode="upsert")
    assert changed["people_created"] == 0
    later = ImportRun.objects.order_by("-id")[0].pk
    assert rida.get(f"{PERSONS}?import_run={later}").json["count"] == 0
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(f"{PERSONS}?import_run={run}").json["count"] == 0


@pytest.mark.django_db
def test_without_confirmation_or_too_early_nothing_is_committed() -> None:
    cora = coordinator()
    run = int(upload(cora, FOUR).json["id"])
    early = commit(cora, run)
    assert (early.status, early.code) == (409, "in_progress")
    run_jobs()
    unconfirmed = cora.post(f"{IMPORTS}{run}/commit/", {})
    assert (unconfirmed.status, unconfirmed.pointers) == (422, [("/confirm", "required")])
    assert commit(cora, run).json["status"] == "committing"
    twice = commit(cora, run)
    assert (twice.status, twice.code) == (409, "in_progress")
    ImportRun.objects.update(status="failed")
    failed = commit(cora, run)
    assert (failed.status, failed.code) == (409, "not_previewed")
    assert not Person.objects.exclude(proposed_username="").exists()


@pytest.mark.django_db
def test_wrong_rows_stop_all_unless_each_stands_alone() -> None:
    cora = coordinator()
    run = previewed(cora, WRONG)
    found = cora.get(f"{IMPORTS}{run}/").json
    assert found["summary"]["error"] == 2
    assert found["fault_counts"] == {"unknown_department": 1, "bad_email": 1, "bad_phone": 1}
    refused = commit(cora, run)
    assert (refused.status, refused.code) == (409, "rows_have_faults")
    assert not Person.objects.exclude(proposed_username="").exists()
    assert commit(cora, run, partial=True).status == 200
    run_jobs()
    assert Person.objects.exclude(proposed_username="").count() == 4


@pytest.mark.django_db
def test_rows_are_filtered_and_the_wrong_ones_leave_as_a_file_to_mend() -> None:
    cora = coordinator()
    run = previewed(cora, WRONG)
    wrong = cora.get(f"{IMPORTS}{run}/rows/?action=ERROR").json["results"]
    assert [each["row"] for each in wrong] == [6, 7]
    assert [(each["column"], each["code"]) for each in wrong[1]["faults"]] == [
        ("email", "bad_email"), ("phone", "bad_phone"),
    ]  # fmt: skip
    assert cora.get(f"{IMPORTS}{run}/rows/?code=bad_email").json["count"] == 1
    text = cora.get(f"{IMPORTS}{run}/errors/?format=csv").body.decode("utf-8-sig").splitlines()
    assert text[0] == "name,department_name,email,phone,error_message"
    assert [line.split(",")[0] for line in text[1:]] == ["Saba Naz", "No Mail"]
    mended = "\r\n".join(text).replace("Astrology", "Anatomy").replace("not-an-address", "").replace(",12,", ",,")
    assert imported(cora, mended)["create"] == 2
    assert cora.get(f"{IMPORTS}{run}/errors/?format=xlsx").body.startswith(b"PK")


@pytest.mark.django_db
def test_who_exists_is_passed_over_or_changed() -> None:
    cora = coordinator()
    imported(cora, FOUR)
    again = previewed(cora, FOUR)
    assert cora.get(f"{IMPORTS}{again}/").json["summary"]["skip"] == 4
    khan = ContactInfo.objects.get(value="a.khan@example.edu").person
    moved = HEADER + "Dr A. Khan,Anatomy,A.Khan@Example.edu,0321 7654321\r\n"
    summary = imported(cora, moved, mode="UPSERT")
    assert (summary["update"], summary["departments_changed"], summary["phones_changed"]) == (1, 1, 1)
    held = list(khan.memberships.order_by("id").values_list("scope_id", "to_date"))
    assert held[0][1] is not None
    assert held[1][1] is None
    phones = khan.contacts.filter(kind="phone").values_list("value", "is_primary")
    assert list(phones) == [("+923217654321", True)]
    khan.refresh_from_db()
    assert khan.name == "Dr Ahmed Khan"
    assert imported(cora, moved, mode="upsert")["departments_changed"] == 0


@pytest.mark.django_db
def test_a_number_that_is_there_already_becomes_the_primary_one() -> None:
    cora = coordinator()
    imported(cora, FOUR)
    khan = ContactInfo.objects.get(value="a.khan@example.edu").person
    ContactInfo.objects.create(person=khan, kind="phone", value="+923217654321")
    imported(cora, HEADER + "Dr A. Khan,Pathology,a.khan@example.edu,03217654321\r\n", mode="upsert")
    assert list(khan.contacts.filter(kind="phone").values_list("value", "is_primary")) == [("+923217654321", True)]


@pytest.mark.django_db
def test_nobody_imports_a_role_for_oneself_nor_for_somebody_inactive() -> None:
    cora = coordinator()
    gone, own = make.person("Gone", is_active=False), Person.objects.get(name="Cora")
    ContactInfo.objects.create(person=gone, kind="email", value="gone@example.edu")
    ContactInfo.objects.create(person=own, kind="email", value="cora@example.edu")
    text = HEADER + "Gone,Pathology,gone@example.edu,\r\nCora,Pathology,cora@example.edu,\r\n"
    run = previewed(cora, text, mode="upsert")
    rows = cora.get(f"{IMPORTS}{run}/rows/").json["results"]
    assert [each["faults"][0]["code"] for each in rows] == ["person_inactive", "own_role"]


@pytest.mark.django_db
def test_a_department_of_two_names_is_written_as_a_path() -> None:
    cora = coordinator()
    for hospital in ("City Hospital", "Civil Hospital"):
        make.department("Medicine", parent=make.department(hospital, code=hospital[:5]))
    run = previewed(cora, HEADER + "Ali,Medicine,,\r\nHina,City Hospital / Medicine,,\r\n")
    rows = cora.get(f"{IMPORTS}{run}/rows/").json["results"]
    assert [each["action"] for each in rows] == ["error", "create"]
    assert rows[0]["faults"][0]["code"] == "ambiguous_department"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"\x00\x01\x02", 422, "not_a_table"),
        (b"", 422, "no_rows"),
        (HEADER.encode(), 422, "no_rows"),
        (b"name,name,email\r\nAli,Ali,\r\n", 422, "header_mismatch"),
        (b"name,department_name\r\n" + b"x" * (10 * 2**20 + 1), 413, "too_large"),
    ],
)
def test_what_is_no_table_leaves_no_run_behind(content: bytes, status: int, code: str) -> None:
    cora = coordinator()
    answer = upload(cora, content)
    assert (answer.status, answer.code) == (status, code)
    assert ImportRun.objects.count() == Job.objects.count() == StoredFile.objects.count() == 0
    if code == "header_mismatch":
        assert (answer.json["missing"], answer.json["duplicate"]) == (["department_name"], ["name"])


@pytest.mark.django_db
def test_a_password_column_is_dropped_before_anything_is_stored() -> None:
    cora = coordinator()
    text = "name,Password,department_name,shoe size\r\nAli,hunter2,Pathology,43\r\n"
    answer = upload(cora, text)
    warnings = [each["code"] for each in answer.json["warnings"]]
    assert warnings == ["password_ignored", "unknown_column"]
    assert answer.json["warnings"][1]["detail"] == "shoe size"
    run = ImportRun.objects.select_related("file").get()
    assert b"hunter2" not in files.content(run.file)
    run_jobs()
    commit(cora, run.pk)
    run_jobs()
    with connection.cursor() as cursor:
        for table in ("kernel_importrow", "kernel_importrun", "procrastinate_jobs", "directory_person", "kernel_user"):
            cursor.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%%hunter2%%'", [])
            assert cursor.fetchone() == (0,), table


@pytest.mark.django_db
def test_a_file_imported_before_is_named() -> None:
    cora = coordinator()
    imported(cora, FOUR)
    first = ImportRun.objects.get().pk
    warned = upload(cora, FOUR).json["warnings"]
    assert [(each["code"], each["id"]) for each in warned] == [("duplicate_of", first)]
    assert upload(cora, FOUR, mode="upsert").json["warnings"] == []


@pytest.mark.django_db
def test_blank_lines_and_cells_of_a_workbook_keep_their_place() -> None:
    cora = coordinator()
    with io.BytesIO() as kept:
        with xlsxwriter.Workbook(kept) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Name", "Department Name", "Phone", "Born"])
            sheet.write_row(2, 0, ["Ali", "Pathology", 923001234567])
            sheet.write_row(4, 0, ["Hina", "Nowhere"])
            sheet.write_string(5, 0, "=1+1")
            sheet.write_string(5, 1, "Anatomy")
        content = kept.getvalue()
    run = previewed(cora, content, "list.xlsx")
    rows = cora.get(f"{IMPORTS}{run}/rows/").json["results"]
    assert [(each["row"], each["action"]) for each in rows] == [(3, "create"), (5, "error"), (6, "create")]
    errors = cora.get(f"{IMPORTS}{run}/errors/?format=csv").body.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in errors[1:]] == ["Hina"]
    commit(cora, run, partial=True)
    run_jobs()
    assert Person.objects.get(name="Ali").contacts.get().value == "+923001234567"
    assert Person.objects.filter(name="=1+1").exists()


@pytest.mark.django_db
def test_dates_of_a_workbook_are_kept_as_dates() -> None:
    with io.BytesIO() as kept:
        with xlsxwriter.Workbook(kept) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["name", "born"])
            sheet.write_string(1, 0, "'=Ali")
            sheet.write_datetime(1, 1, date(2004, 2, 13), book.add_format({"num_format": "dd/mm/yyyy"}))
        content = kept.getvalue()
    table = imports.read_table(content, "x.xlsx", required=("name",), known=("born",))
    stored = imports._without_strangers(table, imports.TableFormat.XLSX)
    again = imports.read_table(stored, "x.xlsx", required=("name",), known=("born",))
    assert again.rows == table.rows
    assert again.rows[0].cell("born").native == date(2004, 2, 13)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_passes_its_own_preview(kind: str) -> None:
    cora = coordinator()
    make.department("Medicine", parent=make.department("City Hospital"))
    answer = cora.get(f"{IMPORTS}template/?format={kind}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="faculty_import_template.{kind}"'
    assert imported(cora, answer.body, f"faculty_import_template.{kind}")["create"] == 2


@pytest.mark.django_db
def test_there_is_no_template_before_there_is_a_department() -> None:
    make.institution()
    refused = Client(make.member("Alice", "admin")).get(f"{IMPORTS}template/")
    assert (refused.status, refused.code) == (409, "no_department")


@pytest.mark.django_db
def test_teachers_and_students_import_nothing() -> None:
    cora = coordinator()
    run = previewed(cora, FOUR)
    for role in ("faculty", "student", "office_assistant", "department_head", "auditor"):
        charlie = Client(make.member(role, role))
        assert upload(charlie, FOUR).status == 403
        assert charlie.get(f"{IMPORTS}template/").status == 403
        assert commit(charlie, run).status == 403
    assert ImportRun.objects.get().status == "previewed"


@pytest.mark.django_db
def test_runs_are_seen_by_who_uploaded_them_and_by_admins() -> None:
    cora = coordinator()
    run = previewed(cora, FOUR)
    bob, alice = Client(make.member("Bob", "registrar")), Client(make.member("Alice", "admin"))
    assert cora.get(IMPORTS).json["count"] == alice.get(IMPORTS).json["count"] == 1
    assert bob.get(IMPORTS).json["count"] == 0
    assert bob.get(f"{IMPORTS}{run}/").status == 404
    assert commit(bob, run).status == 404


@pytest.mark.django_db
def test_a_role_lost_since_the_upload_stops_the_commit() -> None:
    cora = coordinator()
    run = previewed(cora, FOUR)
    assert commit(cora, run).status == 200
    Membership.objects.filter(role="coordinator").delete()
    run_jobs()
    found = ImportRun.objects.select_related("job").get()
    assert (found.status, found.job.status, found.job.error) == ("previewed", "failed", "not_allowed")
    assert not Person.objects.exclude(proposed_username="").exists()


@pytest.mark.django_db
def test_what_has_become_wrong_since_the_preview_is_not_committed() -> None:
    cora = coordinator()
    run = previewed(cora, FOUR)
    commit(cora, run)
    Department.objects.filter(name="Anatomy").delete()
    run_jobs()
    found = cora.get(f"{IMPORTS}{run}/").json
    assert (found["status"], found["job"]["error"]) == ("previewed", "rows_have_faults")
    assert not Person.objects.exclude(proposed_username="").exists()


@pytest.mark.django_db
def test_a_preview_that_breaks_fails_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    cora = coordinator()
    run = int(upload(cora, FOUR).json["id"])

    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("maristan.directory.actions.faculty_import.plan_faculty", broken)
    with pytest.raises(ZeroDivisionError):
        run_jobs()
    found = cora.get(f"{IMPORTS}{run}/").json
    assert (found["status"], found["job"]["status"], found["job"]["error"]) == ("failed", "failed", "internal_error")
    assert not ImportRow.objects.exists()


def many(number: int) -> str:
    return HEADER + "".join(f"Dr Nr{i} Khan,Pathology,nr{i}@example.edu,0300{i:07d}\r\n" for i in range(number))


@pytest.mark.django_db
def test_queries_grow_by_the_thousand_only() -> None:
    cora = coordinator()
    run = int(upload(cora, many(2000)).json["id"])
    with CaptureQueriesContext(connection) as preview:
        run_jobs()
    commit(cora, run)
    with CaptureQueriesContext(connection) as committing:
        run_jobs()
    assert Person.objects.filter(proposed_username__startswith="nr.khan").count() == 2000
    assert len(preview) <= 20 + 5 * 2
    assert len(committing) <= 40 + 20 * 2


def test_a_screen_sees_progress_while_the_work_goes_on(own_database: Callable[[str], None]) -> None:
    with transaction.atomic():
        make.institution()
        job_id = jobs.start("import", by=make.acting_as("admin"), total=10).pk
    here = tenancy.institution_ids()[0]
    seen: list[tuple[str, int, str]] = []

    def poll() -> None:
        try:
            with tenancy.acting_in(here):
                seen.extend(Job.objects.values_list("status", "done", "message"))
        finally:
            connections.close_all()

    with tenancy.acting_in(here):
        jobs.Report(job_id)(4, 10, "checking")
        poller = Thread(target=poll)
        poller.start()
        poller.join()
        jobs.finish(job_id, result={"create": 10})
    assert seen == [("running", 4, "checking")]
    with tenancy.acting_in(here):
        assert list(Job.objects.values_list("status", "done")) == [("succeeded", 4)]


def test_two_files_of_the_same_people_at_once_make_them_once(own_database: Callable[[str], None]) -> None:
    with transaction.atomic():
        cora = coordinator()
        runs = [int(upload(cora, FOUR).json["id"]) for _ in range(2)]
        here = tenancy.current()
    with tenancy.acting_in(here):
        run_jobs()
        for run in runs:
            assert commit(cora, run).status == 200
        work = list(ImportRun.objects.order_by("id").values_list("job_id", "pk"))
    barrier = Barrier(2)

    def carry_out(job_id: int, run_id: int) -> None:
        try:
            barrier.wait()
            imports.commit_import.func(institution_id=here, job_id=job_id, run_id=run_id)
        finally:
            connections.close_all()

    workers = [Thread(target=carry_out, args=each) for each in work]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    with tenancy.acting_in(here):
        assert Person.objects.exclude(proposed_username="").count() == 4
        created = sorted(run.summary["people_created"] for run in ImportRun.objects.all())
        assert created == [0, 4]


@pytest.mark.django_db
def test_another_institution_sees_no_run() -> None:
    cora = coordinator()
    run = previewed(cora, FOUR)
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(IMPORTS).json["count"] == 0
    for answer in (zara.get(f"{IMPORTS}{run}/"), zara.get(f"{IMPORTS}{run}/rows/"),
                   zara.get(f"{IMPORTS}{run}/errors/"), commit(zara, run)):  # fmt: skip
        assert answer.status == 404
