"""Lists of bulk files and of their rows; commits that meet one another."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from maristan.directory.models import Department, Person
from maristan.directory.tests import factories as make
from maristan.directory.tests.factories import institution, member
from maristan.kernel import imports, jobs, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import ImportRow, ImportRun, Job
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

URL = "/api/v1/directory/faculty/imports/"
FILE = b"name,department_name,email\nDr Ali 100%,Pathology,ali@x.example\nDr Hina,Nowhere,hina@x.example\n"


def uploaded(client: Client, filename: str) -> int:
    answer = client.upload(URL, filename, FILE)
    assert answer.status == 201
    run_jobs()
    return int(answer.json["id"])


@pytest.mark.django_db
def test_the_list_of_bulk_files_is_searched_ordered_and_exported() -> None:
    institution()
    make.department("Pathology")
    alice = Client(member("Alice", "admin"))
    first, second = uploaded(alice, "pathology.csv"), uploaded(alice, "anatomy.csv")
    assert [each["id"] for each in alice.get(f"{URL}?ordering=filename").json["results"]] == [second, first]
    assert [each["id"] for each in alice.get(f"{URL}?search=patho").json["results"]] == [first]
    assert alice.get(f"{URL}?ordering=sha256").pointers == [("?ordering", "bad_ordering")]
    lines = alice.get(f"{URL}export/?search=patho").body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("id,filename,mode,status,create,update,skip,error,total,")
    assert [line.split(",")[:9] for line in lines[1:]] == [
        [str(first), "pathology.csv", "create_only", "previewed", "1", "0", "0", "1", "2"]
    ]


@pytest.mark.django_db
def test_the_rows_of_a_bulk_file_are_searched_ordered_and_exported() -> None:
    institution()
    make.department("Pathology")
    alice = Client(member("Alice", "admin"))
    rows = f"{URL}{uploaded(alice, 'a.csv')}/rows/"
    assert [each["row"] for each in alice.get(f"{rows}?ordering=-row").json["results"]] == [3, 2]
    assert [each["row"] for each in alice.get(f"{rows}?search=HINA").json["results"]] == [3]
    assert [each["row"] for each in alice.get(f"{rows}?search=%25").json["results"]] == [2]
    assert alice.get(f"{rows}?ordering=cells").pointers == [("?ordering", "bad_ordering")]
    lines = alice.get(f"{rows}export/?action=error").body.decode("utf-8-sig").splitlines()
    assert lines[0] == "row,action,name,department_name,email,phone,faults,notes"
    assert [line.split(",")[:5] for line in lines[1:]] == [["3", "error", "Dr Hina", "Nowhere", "hina@x.example"]]


@pytest.mark.django_db
def test_a_stranger_sees_no_bulk_file_of_somebody_else() -> None:
    institution()
    make.department("Pathology")
    run = uploaded(Client(member("Alice", "admin")), "a.csv")
    bob = Client(member("Bob", "registrar"))
    assert bob.get(f"{URL}export/").body.decode("utf-8-sig").splitlines()[1:] == []
    assert bob.get(f"{URL}{run}/rows/export/").status == 404


def test_commits_of_one_institution_take_turns_and_those_of_another_do_not_wait(own_database: object) -> None:
    with transaction.atomic():
        here = institution("fmu").pk
        there = institution("other").pk
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with tenancy.acting_in(here):
            imports._take_turns()
            taken.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(10)
    try:
        for institution_id, waits in ((there, False), (here, True)):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '200ms'")
                tenancy.enter(institution_id)
                if waits:
                    with pytest.raises(OperationalError), transaction.atomic():
                        imports._take_turns()
                else:
                    imports._take_turns()
    finally:
        done.set()
        thread.join()


@pytest.mark.django_db
@pytest.mark.parametrize(("failures", "status"), [(2, "succeeded"), (3, "failed")])
def test_a_job_that_somebody_was_faster_than_is_done_again(failures: int, status: str) -> None:
    here = institution()
    tries = []

    def body(report: jobs.Report) -> dict[str, int]:
        tries.append(Department.objects.create(code=f"D{len(tries)}", name="X").pk)
        if len(tries) <= failures:
            raise IntegrityError("directory_person_proposed_username_once")
        return {"tries": len(tries)}

    run = jobs.long_job(f"test.meets_{failures}", attempts=3)(body)
    del jobs.app.tasks[run.name]  # no other test hears of it
    row = jobs.start("test", by=platform(here.pk))
    if status == "failed":
        with pytest.raises(IntegrityError):
            run.func(institution_id=here.pk, job_id=row.pk)
    else:
        run.func(institution_id=here.pk, job_id=row.pk)
    assert (Job.objects.get(pk=row.pk).status, len(tries)) == (status, 3)
    assert Department.objects.count() == (1 if status == "succeeded" else 0)


@pytest.mark.django_db
def test_rows_of_institutions_are_written_as_one_array_for_each_column(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    here = institution()
    with django_assert_num_queries(1) as queries:  # type: ignore[operator]
        made = Person.objects.bulk_create([Person(name=f"Nr {number}") for number in range(500)])
    assert "UNNEST(" in queries[0]["sql"]
    assert {each.institution_id for each in made} == {here.pk}


@pytest.mark.django_db
def test_members_of_enumerations_and_plain_values_may_stand_in_one_column() -> None:
    institution()
    make.department("Pathology")
    run = ImportRun.objects.get(pk=uploaded(Client(member("Alice", "admin")), "a.csv"))
    actions = [imports.RowAction.SKIP, "skip"]
    ImportRow.objects.bulk_create(ImportRow(run=run, row=10 + at, action=each) for at, each in enumerate(actions))
    assert ImportRow.objects.filter(run=run, action="skip").count() == 2
