"""Students without an open placement wait for whoever places them, as long as they stand without one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from maristan.academics import jobs
from maristan.academics.actions import inbox
from maristan.academics.models import Placement, Student
from maristan.academics.tests import factories as make
from maristan.academics.tests.counting import statements
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic_jobs
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
STUDENTS = "/api/v1/academics/students/"
INBOX = "/api/v1/work/inbox-items/"
KIND = "students_without_placement"
MONDAY, TUESDAY = "2026-03-09T06:00:00+00:00", "2026-03-10T06:00:00+00:00"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MONDAY):
        yield


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def waiting(who: Client) -> list[dict[str, Any]]:
    """What waits for somebody after all jobs have run."""
    run_jobs()
    return [each for each in who.get(INBOX).json["results"] if each["kind"] == KIND]


def counts(who: Client) -> list[int]:
    return [each["params"]["count"] for each in waiting(who)]


def unplaced(*students: Student, last: str = "2026-03-01") -> None:
    """The placement ended, as data from elsewhere brings it."""
    Placement.objects.filter(student__in=students).update(to_date=date.fromisoformat(last))
    jobs.settle_inbox.func(0)


def place(who: Client, student: Student, in_group: Any) -> None:
    body = {"batch": in_group.batch_id, "group": in_group.pk}
    assert who.patch(f"{STUDENTS}{student.pk}/placement/", body).status == 200


def test_students_without_a_placement_wait_for_those_who_place_them_and_for_nobody_else(alice: Client) -> None:
    group = make.group(make.batch(make.program("MBBS"), name="Class of 2031"))
    sara, omar = make.student(group, name="Sara"), make.student(group, name="Omar")
    make.student(group, name="Ali")
    cora, emil, khan = (
        Client(directory.member(name, role, scope=scope))
        for name, role, scope in (
            ("Cora", "coordinator", ("program", group.batch.program_id)),
            ("Emil", "coordinator", ("program", make.program().pk)),
            ("Khan", "faculty", ("institution", None)),
        )
    )
    unplaced(sara, omar)
    for who in (alice, cora):
        (item,) = waiting(who)
        assert (item["title"], item["detail"]) == ("2 students of Class of 2031 without a placement", "MBBS")
        shown = who.get(item["url"].replace("/academics/students?", f"{STUDENTS}?")).json["results"]
        assert {each["name"] for each in shown} == {"Sara", "Omar"}
    assert (waiting(emil), waiting(khan)) == ([], [])
    directory.institution("other")
    assert waiting(Client(directory.member("Zara", "registrar"))) == []


def test_placing_closes_it_whoever_does_it(alice: Client) -> None:
    group = make.group()
    sara, omar = make.student(group), make.student(group)
    cora = Client(directory.member("Cora", "coordinator", scope=("program", group.batch.program_id)))
    unplaced(sara, omar)
    (item,) = waiting(alice)
    place(cora, sara, group)
    (kept,) = waiting(alice)
    assert (kept["id"], kept["params"]["count"]) == (item["id"], 1)
    place(alice, omar, group)
    assert waiting(alice) == []


def test_a_student_placed_in_another_batch_leaves_the_one_behind(alice: Client) -> None:
    sara = make.student()
    unplaced(sara)
    assert counts(alice) == [1]
    place(alice, sara, make.group())
    assert waiting(alice) == []


def test_a_placement_that_ends_with_its_last_day_is_found_the_day_after(alice: Client) -> None:
    sara = make.student()
    unplaced(sara, last="2026-03-09")
    assert waiting(alice) == []
    with clock.stopped_at(TUESDAY):
        jobs.settle_inbox.func(0)
        assert counts(alice) == [1]
        Placement.objects.filter(student=sara).update(to_date=None)
        jobs.settle_inbox.func(0)
        assert waiting(alice) == []


def test_who_does_not_study_is_no_cause_and_who_studies_again_is(alice: Client) -> None:
    sara = make.student()
    unplaced(sara)
    for name, found in (("suspend", []), ("reinstate", [1]), ("graduate", [])):
        moved = alice.post(f"{STUDENTS}{sara.pk}/moves/{name}/", {"reason": "As decided"})
        assert (moved.status, counts(alice)) == (200, found), name
    on_leave = make.student(status="on_leave")
    unplaced(on_leave)
    assert counts(alice) == [1]


def test_each_batch_has_an_item_of_its_own_and_settling_asks_the_same_for_any_number(alice: Client) -> None:
    def settle() -> None:
        inbox.settle(by=platform(tenancy.current()))

    group = make.group()
    unplaced(make.student(group), make.student())
    assert counts(alice) == [1, 1]
    one = statements(settle)
    unplaced(*(make.student(group) for _ in range(10)))
    assert (sorted(counts(alice)), statements(settle)) == ([1, 11], one)


def test_the_list_and_its_file_show_who_stands_without_a_placement(alice: Client) -> None:
    group = make.group()
    sara, gone, ali = (make.student(group, name=name) for name in ("Sara", "Gone", "Ali"))
    unplaced(sara, gone)
    Student.objects.filter(pk=gone.pk).update(status="graduated")
    for wanted, names in (("true", ["Sara"]), ("false", ["Gone", "Ali"])):
        listed = alice.get(f"{STUDENTS}?without_placement={wanted}&ordering=id").json["results"]
        assert [each["name"] for each in listed] == names
    lines = alice.get(f"{STUDENTS}export/?format=csv&without_placement=true").body.decode("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines] == ["name", "Sara"]
    assert alice.get(f"{STUDENTS}?without_placement=maybe").pointers == [("?without_placement", "bad_value")]
    assert ali.placements.count() == 1


def test_the_jobs_are_known_to_the_operations_screen() -> None:
    assert {name: cron for name, cron in periodic_jobs.items() if name.startswith("academics.")} == {
        "academics.purge_drafts": "5 1 * * *", "academics.settle_placements": "9 * * * *",
        "academics.settle_inbox": "11 * * * *", "academics.settle_obligations": "*/30 * * * *",
        "academics.tell_materials": "* * * * *",
    }  # fmt: skip


def test_what_waits_and_what_was_told_is_found_by_the_words_in_which_it_is_read(alice: Client) -> None:
    here = make.group(make.batch(name="Class of 2031"))
    sara, omar = make.student_with_account("Sara", here), make.student(here)
    unplaced(omar)
    place(alice, sara, make.group(here.batch))
    run_jobs()
    notes = "/api/v1/comms/notifications/"
    for who, url, urdu, english in (
        (alice, INBOX, "نہیں رکھے گئے", "without a placement"), (Client(sara.person), notes, "اب آپ", "you are now"),
    ):  # fmt: skip
        assert who.get(f"{url}?search={urdu}", Accept_Language="ur").json["count"] == 1
        assert who.get(f"{url}?search={english}").json["count"] == 1
        assert who.get(f"{url}?search={urdu}").json["count"] == 0
        assert who.get(f"{url}?search=Class of 2031", Accept_Language="ur").json["count"] == 1
        assert who.get(f"{url}?search=وجہ نامعلوم", Accept_Language="ur").json["count"] == 0
