"""Routes of views across plans."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.api import Day, Id, In, Instant, Out, Routes, Rows, actor, needs
from maristan.timetable.actions import holidays
from maristan.timetable.api.conflict_shapes import AcrossOut
from maristan.timetable.api.sessions import SessionOut
from maristan.timetable.queries import overview, views
from maristan.timetable.rules.states import Perm

routes = Routes()


class DayOut(Out):
    """One day with its sessions."""

    date: date
    day_of_week: int
    holiday: str | None
    sessions: list[SessionOut]


class MyWeekOut(Rows):
    """The signed-in person's week."""

    week_start_date: date
    today: date
    days: list[DayOut]
    next: SessionOut | None


class FreeRoom(Out):
    """A room, and what takes it if it is not free."""

    id: int
    name: str
    code: str
    capacity: int | None
    is_free: bool
    label: str


class FreeRooms(Out):
    """Rooms, free ones first."""

    results: list[FreeRoom]


class FreeTeacher(Out):
    """A teacher, and what occupies them if they are not free."""

    id: int
    name: str
    is_free: bool
    label: str


class FreeTeachers(Out):
    """Teachers, free ones first."""

    results: list[FreeTeacher]


class WindowQuery(In):
    """A window of instants; `without` is a session that looks for another room or teacher."""

    starts_at: Instant
    ends_at: Instant
    search: Annotated[str, Field(max_length=100)] = ""
    without: Id | None = None


class RoomQuery(WindowQuery):
    """What a room must have."""

    capacity: Annotated[int, Field(ge=0, le=100000)] | None = None
    feature: Annotated[str, Field(max_length=40)] = ""


class HolidayCancelIn(In):
    """The holiday for which sessions are cancelled."""

    holiday: Id


class HolidayCancelOut(Out):
    """Which sessions were cancelled, and which were left for their attendance."""

    cancelled: list[int]
    left: list[int]


class AcrossQuery(In):
    """From one local day to another, both included."""

    first: Day = Field(alias="from")
    to: Day


@routes.get("/my-week/", response=MyWeekOut, **needs(Perm.SESSION_VIEW))
def my_week(request: HttpRequest, date: date | None = None) -> Any:
    """What the signed-in person teaches or attends in the week of a date."""
    return views.my_week(actor=actor(request), day=date, now=clock.now())


@routes.get("/free-rooms/", response=FreeRooms, **needs("place.view"))
def free_rooms(request: HttpRequest, query: Query[RoomQuery]) -> Any:
    """Rooms with whether they are free in a window."""
    return {"results": views.free_rooms(actor=actor(request), **query.dict())}


@routes.get("/free-teachers/", response=FreeTeachers, **needs(Perm.WEEK_VIEW_DRAFTS))
def free_teachers(request: HttpRequest, query: Query[WindowQuery]) -> Any:
    """Teachers with whether they are free in a window."""
    return {"results": views.free_teachers(actor=actor(request), **query.dict())}


@routes.get("/conflicts/", response=AcrossOut, **needs(Perm.WEEK_VIEW_DRAFTS))
def conflicts_across(request: HttpRequest, query: Query[AcrossQuery]) -> Any:
    """Clashes of every plan that the reader may see, from one local day to another."""
    return overview.conflicts(actor=actor(request), first=query.first, last=query.to, now=clock.now())


@routes.post("/sessions/cancel-for-holiday/", response=HolidayCancelOut, **needs(Perm.SESSION_MANAGE))
def cancel_for_holiday(request: HttpRequest, body: HolidayCancelIn) -> Any:
    """Cancel the sessions that a holiday hits; those with attendance are left and named."""
    return holidays.cancel_sessions(holiday=body.holiday, zone=institution().time_zone, by=actor(request))
