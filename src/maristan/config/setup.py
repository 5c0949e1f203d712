"""The first steps of an empty institution, with how far each has come."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from maristan.academics.queries import structure, students
from maristan.directory.queries import people, places
from maristan.directory.queries.settings import local_today
from maristan.kernel.access import Actor
from maristan.kernel.api import Out, Routes, actor, needs
from maristan.timetable.queries import weeks

routes = Routes()

STEPS: tuple[tuple[str, str, Callable[[Actor], int]], ...] = (
    ("departments", "/directory/departments", lambda by: places.departments(actor=by).count()),
    ("places", "/directory/places", lambda by: places.places(actor=by).filter(kind="room").count()),
    ("students", "/academics/imports?kind=students", lambda by: students.students(actor=by).count()),
    (
        "teachers",
        "/academics/imports?kind=faculty",
        lambda by: people.teachers(actor=by, day=local_today()).count(),
    ),
    ("period", "/academics/periods", lambda by: structure.periods(actor=by).filter(status="open").count()),
    ("weeks", "/timetable/weeks", lambda by: weeks.visible_to(actor=by).count()),
    ("published", "/timetable/weeks", lambda by: weeks.visible_to(actor=by).filter(status="published").count()),
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
    """How far the institution has come from empty to a published week, as the signed-in person sees it."""
    counts = [(key, url, count(actor(request))) for key, url, count in STEPS]
    return {"steps": [{"key": key, "done": found > 0, "count": found, "url": url} for key, url, found in counts]}
