"""The first steps of an empty institution, with how far each has come."""

from typing import Any

from django.db import connection
from django.http import HttpRequest

from maristan.kernel.api import Out, Routes, actor, needs

routes = Routes()

STEPS = (
    ("departments", "/directory/departments", "SELECT count(*) FROM directory_department"),
    ("places", "/directory/places", "SELECT count(*) FROM directory_place WHERE kind = 'room'"),
    ("students", "/academics/imports", "SELECT count(*) FROM academics_student"),
    (
        "teachers",
        "/academics/imports",
        "SELECT count(DISTINCT person_id) FROM directory_membership WHERE role = 'faculty' AND to_date IS NULL",
    ),
    ("period", "/academics/periods", "SELECT count(*) FROM academics_academicperiod WHERE status = 'open'"),
    ("weeks", "/timetable/weeks", "SELECT count(*) FROM timetable_weekplan"),
    ("published", "/timetable/weeks", "SELECT count(*) FROM timetable_weekplan WHERE status = 'published'"),
)


class StepOut(Out):
    """One step: done when something of it is there."""

    key: str
    done: bool
    count: int
    url: str


class SetupOut(Out):
    """The steps in their order."""

    steps: list[StepOut]


@routes.get("/setup/", response=SetupOut, **needs("week.view_drafts"))
def setup(request: HttpRequest) -> Any:
    """How far the institution has come from empty to a published week: one query."""
    actor(request).demand("week.view_drafts")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({statement})" for _, _, statement in STEPS))
        counts = cursor.fetchone()
    return {
        "steps": [
            {"key": key, "done": count > 0, "count": count, "url": url}
            for (key, url, _), count in zip(STEPS, counts, strict=True)
        ]
    }
