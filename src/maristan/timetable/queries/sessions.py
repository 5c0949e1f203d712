"""Sessions: who may see them, one by id, and what the rules of one session look at."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from maristan.academics.queries import audience as academics
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.timetable.models import Session, SessionGroup, SessionTeacher
from maristan.timetable.rules.calendar import local_dates
from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.sessions import SessionFacts
from maristan.timetable.rules.states import Perm, SessionKind, SessionSource, SessionStatus


def visible_to(*, actor: Actor) -> "QuerySet[Session]":
    """Sessions (published or direct) that the actor may see: all, or those they teach or attend."""
    reach = actor.demand(Perm.SESSION_VIEW)
    rows = Session.objects.all()
    return rows if reach.everything else rows.filter(own(actor))


def own(actor: Actor) -> Q:
    """Sessions that the actor teaches or attends, by their audience keys."""
    keys = [key.partition(":") for key in actor.audience]
    groups = [int(value) for kind, _, value in keys if kind == "group"]
    sections = [int(value) for kind, _, value in keys if kind == "section"]
    person = actor.person_id or 0
    co_taught = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id=person)
    attended = SessionGroup.objects.filter(session=OuterRef("pk"), group_id__in=groups)
    return (
        Q(faculty_id=person)
        | Q(Exists(co_taught))
        | Q(section_id__in=sections)
        | Q(section_id=None) & Q(Exists(attended))
    )


def with_names(rows: "QuerySet[Session]") -> "QuerySet[Session]":
    """Everything that a list shows of sessions: one query and two prefetches."""
    teachers = SessionTeacher.objects.select_related("person").order_by("id")
    groups = SessionGroup.objects.select_related("group").order_by("position", "id")
    return rows.select_related(
        "course", "room", "faculty", "group", "section__course", "department", "academic_period", "occurrence"
    ).prefetch_related(Prefetch("co_faculty", queryset=teachers), Prefetch("session_groups", queryset=groups))


def get(pk: int, *, actor: Actor, lock: bool = False) -> Session:
    """One session, locked if asked; raises `NotFound`."""
    rows = with_names(visible_to(actor=actor)).filter(pk=pk)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def content_of(row: Session) -> Content:
    """What is taught, by whom, to whom and where, as the rules know it."""
    return Content(
        row.academic_period_id, row.course_id, row.section_id, row.department_id, row.topic, row.faculty_id,
        tuple(each.person_id for each in row.co_faculty.all()), row.faculty_name, row.room_id,
        tuple(each.group_id for each in row.session_groups.all()), SessionKind(row.kind), row.note,
    )  # fmt: skip


def occurrence_of(row: Session) -> Any:
    """The occurrence of a planned session, none for a direct one."""
    return getattr(row, "occurrence", None)


def facts_of(row: Session, zone: str) -> SessionFacts:
    """A session as the rules of one session see it."""
    first, last = local_dates(row.starts_at, row.ends_at, zone)
    content, occurrence = content_of(row), occurrence_of(row)
    return SessionFacts(
        id=row.pk,
        source=SessionSource(row.source),
        status=SessionStatus(row.status),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        day=first,
        last_day=last,
        attendance_recorded=row.attendance_recorded_at is not None,
        teachers=frozenset(content.teachers),
        section_teachers=academics.teachers_of(row.section_id),
        week_plan=occurrence.week_plan_id if occurrence else None,
        cell=occurrence.week_cell_id if occurrence else None,
        batches=frozenset(each.group.batch_id for each in row.session_groups.all()),
        programs=frozenset({row.academic_period.program_id}),
    )


def between(rows: "QuerySet[Session]", first: date, last: date, zone: str) -> "QuerySet[Session]":
    """Those of `rows` that start on a local day of [first, last]."""
    local = ZoneInfo(zone)
    starts = datetime.combine(first, time.min, local)
    return rows.filter(starts_at__gte=starts, starts_at__lt=datetime.combine(last + timedelta(days=1), time.min, local))


def shown(row: Session) -> dict[str, Any]:
    """A session as lists and pages show it."""
    occurrence = occurrence_of(row)
    people = [row.faculty, *(each.person for each in row.co_faculty.all())]
    return {
        "id": row.pk,
        "academic_period": row.academic_period_id,
        "group": row.group_id,
        "groups": [{"id": each.group_id, "name": each.group.name} for each in row.session_groups.all()],
        "faculty": row.faculty_id,
        "faculty_name": row.faculty_name,
        "teachers": [{"id": each.pk, "name": each.name} for each in people if each is not None],
        "department": row.department_id,
        "department_name": row.department.name,
        "section": row.section_id,
        "section_name": f"{row.section.course.code} {row.section.name}" if row.section else "",
        "course": row.course_id,
        "course_code": row.course.code if row.course else "",
        "title": row.course.name if row.course else row.topic,
        "room": row.room_id,
        "room_name": row.room.name if row.room else "",
        "kind": row.kind,
        "topic": row.topic,
        "note": row.note,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "status": row.status,
        "source": row.source,
        "cancel_reason": row.cancel_reason,
        "cancelled_at": row.cancelled_at,
        "has_attendance": row.attendance_recorded_at is not None,
        "week_plan": occurrence.week_plan_id if occurrence else None,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def live_at(*, starts_at: datetime, ends_at: datetime) -> "QuerySet[Session]":
    """Live sessions that overlap [starts_at, ends_at); none lasts longer than a day."""
    return Session.objects.filter(
        starts_at__lt=ends_at, starts_at__gt=starts_at - timedelta(days=1), ends_at__gt=starts_at
    ).exclude(status=SessionStatus.CANCELLED)


def hit_by(first: date, last: date, zone: str) -> Iterable[Session]:
    """Live sessions on the days of a holiday, locked for a cancellation."""
    rows = with_names(Session.objects.exclude(status=SessionStatus.CANCELLED))
    return between(rows, first, last, zone).select_for_update(of=("self",)).order_by("starts_at", "id")


def filtered(
    rows: "QuerySet[Session]",
    *,
    group: int | None,
    batch: int | None,
    faculty: int | None,
    changed_since: datetime | None,
    text: str,
) -> "QuerySet[Session]":
    """Rows narrowed by who is taught, who teaches, when they changed, and words of course or topic."""
    if group is not None:
        rows = rows.filter(Exists(SessionGroup.objects.filter(session=OuterRef("pk"), group_id=group)))
    if batch is not None:
        rows = rows.filter(Exists(SessionGroup.objects.filter(session=OuterRef("pk"), group__batch_id=batch)))
    if faculty is not None:
        co_taught = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id=faculty)
        rows = rows.filter(Q(faculty_id=faculty) | Exists(co_taught))
    if changed_since is not None:
        rows = rows.filter(updated_at__gte=changed_since)
    return rows.filter(Q(course__name__icontains=text) | Q(topic__icontains=text)) if text else rows


def count_between(person: int, first: date, last: date | None) -> int:
    """How many live sessions a person teaches from one local day to another (a year ahead without an end)."""
    zone = institution().time_zone
    co_taught = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id=person)
    live = Session.objects.exclude(status=SessionStatus.CANCELLED).filter(Q(faculty_id=person) | Exists(co_taught))
    return between(live, first, last or first + timedelta(days=366), zone).count()
