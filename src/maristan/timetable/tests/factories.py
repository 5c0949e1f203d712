"""The smallest valid weeks, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from maristan.academics.tests import factories as academics
from maristan.directory.tests import factories as directory
from maristan.kernel.tests.client import Answer, Client
from maristan.timetable.models import Session as Session
from maristan.timetable.models import SessionGroup

WEEKS = "/api/v1/timetable/weeks/"
CLOCK = "2026-03-01T20:30:00+00:00"  # Monday 2 March 01:30 in Karachi


@dataclass
class School:
    """An institution with what one week of teaching needs, and the people who plan it."""

    batch: Any
    groups: list[Any]
    period: Any
    course: Any
    teacher: Any
    room: Any
    alice: Client  # coordinates everything
    bob: Client  # heads the department
    sara: Client  # studies in the first group
    sara_person: Any
    department: Any
    alice_person: Any


def school(code: str = "fmu") -> School:
    """An institution in Asia/Karachi with a batch of two groups, a course, a teacher and a room."""
    directory.institution(code)
    program = academics.program()
    batch = academics.batch(program)
    groups = [academics.group(batch, name) for name in ("A", "B")]
    department = directory.department("Pathology")
    teacher = directory.member("Dr Khan", "faculty", scope=("department", department.pk))
    alice = directory.member("Alice", "coordinator", scope=("program", program.pk))
    bob = directory.member("Bob", "department_head", scope=("department", department.pk))
    sara = directory.member("Sara", "student")
    academics.student(groups[0], person=sara)
    return School(
        batch=batch,
        groups=groups,
        period=academics.period(program),
        course=academics.course("PATH", program, department=department, name="Pathology"),
        teacher=teacher,
        room=directory.room("Hall 1"),
        alice=Client(alice),
        bob=Client(bob),
        sara=Client(sara),
        sara_person=sara,
        department=department,
        alice_person=alice,
    )


def week(of: School, start: str = "2026-03-09", **values: Any) -> int:
    """A draft week of the school's batch; gives its id."""
    body = {"week_start_date": start, "scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    answer = of.alice.post(WEEKS, {**body, **values})
    assert answer.status == 201, answer.json
    return int(answer.json["id"])


def lesson(of: School, row: int = 1, day: int = 0, **values: Any) -> dict[str, Any]:
    """A cell with the school's course, teacher, room and first group."""
    content = {"course": of.course.pk, "faculty": of.teacher.pk, "room": of.room.pk, "groups": [of.groups[0].pk]}
    return {"row_index": row, "day_of_week": day, **content, **values}


def times(row: int = 1, start: str = "08:00", end: str = "08:50", **values: Any) -> dict[str, Any]:
    """A row from 08:00 to 08:50."""
    return {"row_index": row, "start_time": start, "end_time": end, **values}


def save(
    client: Client, pk: int, *cells: dict[str, Any], rows: Any = None, version: int | None = None, **values: Any
) -> Answer:
    """Save cells (and rows) on the present version."""
    version = client.get(f"{WEEKS}{pk}/").json["version"] if version is None else version
    body: dict[str, Any] = {"cells": list(cells), **values}
    if rows is not None:
        body["rows"] = rows
    return client.post(f"{WEEKS}{pk}/save-grid/", body, version=version)


def move(client: Client, pk: int, name: str, **body: Any) -> Answer:
    """One move of a week."""
    return client.post(f"{WEEKS}{pk}/moves/{name}/", body)


def published(of: School, *cells: dict[str, Any], rows: Any = None, start: str = "2026-03-09") -> int:
    """A week with these cells, verified and published."""
    pk = week(of, start)
    answer = save(of.alice, pk, *(cells or (lesson(of),)), rows=rows or [times()])
    assert answer.status == 200, answer.json
    for name in ("verify", "publish"):
        answer = move(of.alice, pk, name)
        assert answer.status == 200, answer.json
    return pk


def direct_session(of: School, starts_at: datetime, groups: Sequence[Any] = (), **values: Any) -> Session:
    """A session of an hour by the school's teacher, outside a week and as if nobody had heard of it yet."""
    defaults: dict[str, Any] = {
        "academic_period": of.period, "department": of.department, "faculty": of.teacher, "course": of.course,
        "source": "direct", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1),
        "group": groups[0] if groups else None,
    }  # fmt: skip
    made = Session.objects.create(**{**defaults, **values})
    for position, group in enumerate(groups):
        SessionGroup.objects.create(session=made, group=group, position=position)
    return made
