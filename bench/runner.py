"""The measurements: each figure beside the one it is compared with, in the same run on the same data."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection, connections, transaction
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from bench import attendance
from bench.data import FIRST_MONDAY, Built, Size, build
from bench.measuring import Results, Signed, report, seconds
from maristan.config.database import runtime_role
from maristan.config.tests.counting import counted
from maristan.kernel import clock, tenancy
from maristan.kernel.tests.client import Client

WEEKS = "/api/v1/timetable/weeks/"


def run(*, small: bool) -> int:
    """Build, measure, print and write; 1 when a query budget is exceeded."""
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    connections.close_all()
    connection.settings_dict["OPTIONS"]["options"] += f" -c role={runtime_role(connection.settings_dict['USER'])}"
    results = Results()
    try:
        large = Size(students=1000, weeks=6, teachers=40, rooms=100, enrollments=600) if small else Size()
        little = Size(programs=1, batches=1, students=30, teachers=35, rooms=10, weeks=6, enrollments=60)
        print("building the data set", flush=True)
        first = build("large", large)
        alike = build("alike", large)
        second = build("little", little)
        _analyze()
        with clock.stopped_at("2026-03-02T05:00:00+00:00"):
            lists(results, first, second)
            weeks(results, first, second)
            imports(results, first)
            attendance.run(results, first, alike, _analyze, small=small)
    finally:
        connections.close_all()
        connection.settings_dict["OPTIONS"].pop("options", None)
        teardown_databases(made, verbosity=0)
    report(results, "bench")
    return results.exit_code


def _analyze() -> None:
    connections.close_all()
    role = connection.settings_dict["OPTIONS"].pop("options")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()
    connection.settings_dict["OPTIONS"]["options"] = role


def statements(client: Client, method: str, url: str, *args: Any, **kwargs: Any) -> int:
    """Statements of one request; raises when it is refused."""
    with counted() as count:
        answer = getattr(client, method)(url, *args, **kwargs)
    if answer.status >= 300:
        raise RuntimeError(f"{method} {url}: {answer.status} {answer.body[:300]!r}")
    return len(count)


def plain(institution: int, statement: str, parameters: tuple[Any, ...] = ()) -> Callable[[], bytes]:
    """The same rows by plain psycopg, encoded with orjson: the physical limit."""

    def fetch() -> bytes:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('maristan.institution', %s, true)", [str(institution)])
            cursor.execute(statement, parameters)
            names = [column.name for column in cursor.description]
            return orjson.dumps([dict(zip(names, row, strict=True)) for row in cursor.fetchall()], default=str)

    return fetch


def lists(results: Results, large: Built, little: Built) -> None:
    """Lists and the agenda window."""
    alice, bob = Signed(large), Signed(little)
    urls = {
        "student list": "/api/v1/academics/students/?page_size=200",
        "session list": "/api/v1/timetable/sessions/?page_size=200",
        "weeks list": f"{WEEKS}?page_size=200",
        "period tree": "/api/v1/academics/academic-periods/?tree=true",
        "department tree": "/api/v1/directory/departments/?tree=true",
    }
    for name, url in urls.items():
        results.budget(name, statements(alice, "get", url), 6)
    page = "/api/v1/academics/students/?page_size=25"
    results.ratio(
        "student list among 3,000 / among 30", seconds(lambda: alice.get(page)), seconds(lambda: bob.get(page)), 1.5
    )
    pk = large.institution.pk
    students = """SELECT s.*, p.name, b.name AS batch_name, g.name AS group_name FROM academics_student s
        JOIN directory_person p ON p.id = s.person_id JOIN academics_batch b ON b.id = s.batch_id
        JOIN academics_group g ON g.id = s.group_id ORDER BY s.reg_no LIMIT 200"""
    results.ratio(
        "student list / psycopg + orjson",
        seconds(lambda: alice.get(urls["student list"])),
        seconds(plain(pk, students)),
        4,
    )
    sessions = """SELECT s.*, c.name, r.name AS room_name, p.name AS teacher FROM timetable_session s
        JOIN academics_course c ON c.id = s.course_id JOIN directory_place r ON r.id = s.room_id
        JOIN directory_person p ON p.id = s.faculty_id ORDER BY s.starts_at, s.id LIMIT 200"""
    results.ratio(
        "session list / psycopg + orjson",
        seconds(lambda: alice.get(urls["session list"])),
        seconds(plain(pk, sessions)),
        4,
    )
    last = FIRST_MONDAY + timedelta(days=6)
    window = f"/api/v1/agenda/entries/?start_date={FIRST_MONDAY}&end_date={last}"
    entries = (
        "SELECT * FROM agenda_entry WHERE starts_at >= %s AND starts_at < %s AND audience && %s::varchar[] LIMIT 1000"
    )
    khan, key = _teacher(large)
    results.budget("agenda window", statements(khan, "get", window), 6)
    results.ratio(
        "agenda window / psycopg + orjson", seconds(lambda: khan.get(window)),
        seconds(plain(pk, entries, (FIRST_MONDAY, last, [key]))), 4,
    )  # fmt: skip


def _teacher(built: Built) -> tuple[Client, str]:
    """A teacher who has sessions in the first week, and the audience key."""
    from maristan.directory.models import Person
    from maristan.kernel.models import User

    teacher = built.teachers[0]
    with tenancy.acting_in(built.institution.pk):
        user = User.objects.create_user("measured-teacher", password=None)
        Person.objects.filter(pk=teacher.pk).update(user=user)
    client = Client()
    client.django.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, f"person:{teacher.pk}"


def _draft(built: Built, batch: Any) -> int:
    from maristan.timetable.models import WeekPlan

    with tenancy.acting_in(built.institution.pk):
        return int(WeekPlan.objects.filter(batch=batch, status="draft").values_list("pk", flat=True)[0])


def _cells(built: Built, batch: Any, count: int, mark: str) -> list[dict[str, Any]]:
    number = built.batches.index(batch)
    return [
        {
            "row_index": at % 8 + 1, "day_of_week": at // 8, "course": built.courses[0].pk, "topic": f"{mark} {at}",
            "faculty": built.teachers[number % len(built.teachers)].pk, "room": built.rooms[number].pk,
            "all_groups": True,
        }
        for at in range(count)
    ]  # fmt: skip


def weeks(results: Results, large: Built, little: Built) -> None:
    """The grid: opening, saving, publishing, conflicts."""
    alice, bob = Signed(large), Signed(little)
    batch = large.batches[0]
    body = {"scope": "batch", "batch": batch.pk, "academic_period": large.periods[batch.pk].pk}
    start = str(FIRST_MONDAY + timedelta(days=7 * 45))
    results.budget(
        "create-next-4", statements(alice, "post", WEEKS + "create-next-4/", {**body, "from_week_start": start}), 10
    )
    pk = _draft(large, batch)
    results.budget("week page with moves", statements(alice, "get", f"{WEEKS}{pk}/"), 12)
    results.budget("conflicts of a week", statements(alice, "get", f"{WEEKS}{pk}/conflicts/"), 10)
    results.ratio(
        "conflicts with all sessions / with few", seconds(lambda: alice.get(f"{WEEKS}{pk}/conflicts/")),
        seconds(lambda: bob.get(f"{WEEKS}{_draft(little, little.batches[0])}/conflicts/")), 1.5,
    )  # fmt: skip
    marks = iter(range(1000))

    def save(count: int) -> None:
        answer = alice.post(
            f"{WEEKS}{pk}/save-grid/", {"cells": _cells(large, batch, count, f"T{next(marks)}")}, version=version()
        )
        if answer.status != 200:
            raise RuntimeError(answer.body[:300])

    def version() -> int:
        from maristan.timetable.models import WeekPlan

        with tenancy.acting_in(large.institution.pk):
            return int(WeekPlan.objects.values_list("version", flat=True).get(pk=pk))

    body = {"cells": _cells(large, batch, 56, "S")}
    spent = statements(alice, "post", f"{WEEKS}{pk}/save-grid/", body, version=version())
    results.budget("save-grid of 56 cells", spent, 10)
    results.ratio("save-grid of 56 cells / of one", seconds(lambda: save(56)), seconds(lambda: save(1)), 4)
    publish = {count: _first_publication(results, large, count) for count in (56, 14)}
    results.ratio("first publication of 56 / of 14", publish[56], publish[14], 4)
    _my_week(results, large)


def _first_publication(results: Results, built: Built, count: int) -> float:
    """Median time of a first publication, in weeks of batches that teach nothing else."""
    alice = Signed(built)
    times = []
    for number in range(5):
        batch = built.batches[number % len(built.batches)]
        start = str(FIRST_MONDAY + timedelta(days=7 * (46 + number)))
        body = {
            "week_start_date": start,
            "scope": "batch",
            "batch": batch.pk,
            "academic_period": built.periods[batch.pk].pk,
        }
        made = alice.post(WEEKS, body)
        pk = made.json["id"]
        rows = [
            {"row_index": at + 1, "start_time": f"{8 + at:02}:00", "end_time": f"{8 + at:02}:50"} for at in range(8)
        ]
        alice.post(f"{WEEKS}{pk}/save-grid/", {"rows": rows, "cells": _cells(built, batch, count, "P")}, version=1)
        verified = alice.post(f"{WEEKS}{pk}/moves/verify/")
        if verified.status != 200:
            raise RuntimeError(verified.body[:400])
        begin = time.perf_counter()
        spent = statements(alice, "post", f"{WEEKS}{pk}/moves/publish/", {})
        times.append(time.perf_counter() - begin)
        if number == 0:
            results.budget(f"first publication of {count}", spent, 15)
            results.budget(
                f"publication of {count} without difference",
                statements(alice, "post", f"{WEEKS}{pk}/moves/publish/", {}),
                10,
            )
        alice.post(f"{WEEKS}{pk}/moves/revert/", {"reason": "measured"})
        _forget(built, pk)
    return statistics.median(times)


def _forget(built: Built, pk: int) -> None:
    """Move a measured week out of the way."""
    from maristan.timetable.models import WeekPlan

    with tenancy.acting_in(built.institution.pk):
        plan = WeekPlan.objects.get(pk=pk)
        far = plan.week_start_date.replace(year=2090) + timedelta(days=pk % 300)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM timetable_sessionoccurrence WHERE week_plan_id = %s", [pk])
        WeekPlan.objects.filter(pk=pk).update(week_start_date=far)


def _my_week(results: Results, built: Built) -> None:
    """The last of all students against the first."""
    from maristan.directory.models import Person
    from maristan.kernel.models import User

    clients = []
    for at, student in enumerate((built.students[-1], built.students[0])):
        with tenancy.acting_in(built.institution.pk):
            user = User.objects.create_user(f"measured-{at}", password=None)
            Person.objects.filter(pk=student.person_id).update(user=user)
        client = Client()
        client.django.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        clients.append(client)
    url = f"/api/v1/timetable/my-week/?date={FIRST_MONDAY + timedelta(days=14)}"
    last, first = (seconds(lambda client=client: client.get(url)) for client in clients)
    results.ratio("my-week of the last student / of the first", last, first, 1.5)


def imports(results: Results, built: Built) -> None:
    """Previews and commits of student files, against COPY of the same rows."""
    from maristan.kernel.tests.worker import run_jobs

    alice = Signed(built)
    batch = built.batches[0]
    with tenancy.acting_in(built.institution.pk):
        run_jobs(100_000)  # what published weeks left to tell is not part of an import
        program, group = batch.program.name, built.groups[batch.pk][0].name

    def preview(count: int, mark: str) -> tuple[float, int]:
        header = "reg_no,name,program_name,batch_name,group_name,status,email,phone,date_of_birth\n"
        rows = "".join(
            f"{mark}-{at:05},Student {mark} {at},{program},{batch.name},{group},active,,,13/11/2004\n"
            for at in range(count)
        )
        answer = alice.upload(
            "/api/v1/academics/students/imports/", "s.csv", (header + rows).encode(), mode="create_only"
        )
        if answer.status != 201:
            raise RuntimeError(answer.body[:300])
        start = time.perf_counter()
        with counted() as count_of, tenancy.acting_in(built.institution.pk):
            run_jobs(100_000)
        if count == 5000:
            results.budget("import preview of 5,000 rows", len(count_of), 20 + 25)
        return time.perf_counter() - start, answer.json["id"]

    small, _ = preview(500, "A")
    large, run = preview(5000, "B")
    results.ratio("import preview of 5,000 rows / of 500", large, small, 12)
    committed = alice.post(f"/api/v1/academics/students/imports/{run}/commit/", {"confirm": True})
    if committed.status != 200:
        raise RuntimeError(committed.body[:300])
    with tenancy.acting_in(built.institution.pk):
        before = _heights()
    start = time.perf_counter()
    with counted() as count_of, tenancy.acting_in(built.institution.pk):
        run_jobs(100_000)
    spent = time.perf_counter() - start
    results.budget("import commit of 5,000 rows", len(count_of), 40 + 100)
    with tenancy.acting_in(built.institution.pk):
        copied = _copy(before)
    results.ratio("import commit of 5,000 rows / COPY", spent, copied, 12)


WRITTEN = (
    "directory_person", "directory_membership", "directory_contactinfo", "academics_student", "academics_placement",
    "kernel_journalline",
)  # fmt: skip


def _heights() -> dict[str, int]:
    """The highest id of each table that an import writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT coalesce(max(id), 0) FROM {name})" for name in WRITTEN))
        return dict(zip(WRITTEN, cursor.fetchone(), strict=True))


def _copy(before: dict[str, int]) -> float:
    """COPY of the rows that the import wrote into tables with the same columns, checks and indexes."""
    taken: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        for name, height in before.items():
            with cursor.copy(f"COPY (SELECT * FROM {name} WHERE id > {height}) TO STDOUT (FORMAT binary)") as stream:
                taken[name] = b"".join(bytes(each) for each in stream)

    def all_tables() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for name, rows in taken.items():
                cursor.execute(f"CREATE TEMP TABLE copy_{name} (LIKE {name} INCLUDING ALL)")
                with cursor.copy(f"COPY copy_{name} FROM STDIN (FORMAT binary)") as stream:
                    stream.write(rows)
            transaction.set_rollback(True)

    return seconds(all_tables, 5)
