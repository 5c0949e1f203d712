"""Sessions: who may see them, one by id, and what the rules of one session look at."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, JSONObject

from maristan.academics.queries import audience as academics
from maristan.academics.queries import planning
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound, Refusal
from maristan.timetable.models import Session, SessionGroup, SessionSyllabusItem, SessionTeacher
from maristan.timetable.queries.surroundings import Names
from maristan.timetable.rules.calendar import local_dates
from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.sessions import (
    REQUESTED_MOVES,
    SESSION,
    SessionFacts,
    SessionMoveFacts,
    check_change,
    check_delete,
    may_move,
)
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


TEACHERS = SessionTeacher.objects.filter(session=OuterRef("pk")).order_by("id")
GROUPS = SessionGroup.objects.filter(session=OuterRef("pk")).order_by("position", "id")
NAMES: dict[str, Any] = {
    "department_name": F("department__name"),
    "teacher_name": F("faculty__name"),
    "room_name": F("room__name"),
    "course_code": F("course__code"),
    "course_name": F("course__name"),
    "section_label": Concat("section__course__code", Value(" "), "section__name"),
    "plan_batch_id": F("occurrence__week_plan__batch_id"),
    "plan_program_id": F("occurrence__week_plan__batch__program_id"),
    "academic_period_name": F("academic_period__name"),
    "program_id": F("academic_period__program_id"),
    "period_batch_id": F("academic_period__batch_id"),
    "week_plan_id": F("occurrence__week_plan_id"),
    "week_cell_id": F("occurrence__week_cell_id"),
    "further_teachers": ArraySubquery(TEACHERS.values(json=JSONObject(id="person_id", name="person__name"))),
    "attending": ArraySubquery(
        GROUPS.values(json=JSONObject(id="group_id", name="group__name", batch="group__batch_id"))
    ),
}


def with_names(rows: "QuerySet[Session]") -> "QuerySet[Session]":
    """Sessions with everything that lists, rules and documents read of what they point to, in the same statement."""
    return rows.annotate(**NAMES)


def named(ids: Collection[int]) -> "QuerySet[Session]":
    """Sessions by id, for an app above that has decided who may see them."""
    return Session.objects.filter(pk__in=list(ids))


def get(pk: int, *, actor: Actor, lock: bool = False) -> Session:
    """One session, locked if asked; raises `NotFound`."""
    rows = with_names(visible_to(actor=actor)).filter(pk=pk)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def content_of(row: Session) -> Content:
    """What is taught, by whom, to whom and where, as the rules know it."""
    named: Any = row
    return Content(
        row.academic_period_id, row.course_id, row.section_id, row.department_id, row.topic, row.faculty_id,
        tuple(each["id"] for each in named.further_teachers), row.faculty_name, row.room_id,
        tuple(each["id"] for each in named.attending), SessionKind(row.kind), row.note,
    )  # fmt: skip


def occurrence_of(row: Session) -> Any:
    """The occurrence of a planned session, none for a direct one."""
    return getattr(row, "occurrence", None)


def facts_of(row: Session, zone: str) -> SessionFacts:
    """A session as the rules of one session see it."""
    first, last = local_dates(row.starts_at, row.ends_at, zone)
    content = content_of(row)
    named: Any = row
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
        week_plan=named.week_plan_id,
        cell=named.week_cell_id,
        batches=frozenset(each["batch"] for each in named.attending)
        | _given(named.period_batch_id, named.plan_batch_id),
        programs=frozenset({named.program_id}),
    )


def manages(actor: Actor, content: Content, today: date) -> bool:
    """Whether `session.manage` reaches everybody taught: the period, each group and the section."""
    return not unmanaged(actor, content, today)


def unmanaged(actor: Actor, content: Content, today: date) -> list[tuple[str, int]]:
    """Field and id of what `session.manage` does not reach: the period, groups and the section."""
    reach = actor.demand(Perm.SESSION_MANAGE)
    if reach.everything:
        return []
    period, section = content.academic_period or 0, content.section or 0
    found = planning.facts(periods=[period], groups=content.groups, sections=[section], first=today, last=today)
    taught: list[tuple[str, int, Any]] = [("academic_period", period, found.periods.get(period))]
    taught += [("groups", each, found.groups.get(each)) for each in content.groups]
    taught += [("section", section, found.sections.get(section))] if section else []
    return [
        (field, pk)
        for field, pk, each in taught
        if each is None or not reach.covers(program=each["program"], batch=each["batch"])
    ]


def amends(actor: Actor, row: Any) -> bool:
    """Whether `week.amend` reaches the plan of a session of `with_names`; one without a plan needs no amendment."""
    reach = actor.reach(Perm.WEEK_AMEND)
    if row.week_plan_id is None or reach.everything:
        return True
    return row.plan_batch_id is not None and reach.covers(program=row.plan_program_id, batch=row.plan_batch_id)


def page(pk: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A session with what may be done with it now, by the rules that decide it; raises `NotFound`."""
    row = get(pk, actor=actor)
    facts = facts_of(row, institution().time_zone)
    reach, person = actor.reach(Perm.SESSION_MANAGE), actor.person_id
    in_scope = bool(reach) and manages(actor, content_of(row), now.date())
    movable = bool(reach) and may_move(facts, person=person, manages=in_scope and amends(actor, row))
    moves = SESSION.moves(SessionMoveFacts(facts), actor, now, may=lambda _: movable)
    return {
        **shown(row),
        "syllabus_items": _syllabus_of(row),
        "moves": [each.as_dict() for each in moves if each.name in REQUESTED_MOVES],
        "can_annotate": bool(reach)
        and _passes(lambda: check_change(facts, ("topic", "note"), person=person, manages=in_scope, now=now)),
        "can_delete": bool(reach) and _passes(lambda: check_delete(facts, person=person, manages=in_scope, now=now)),
    }


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except Refusal:
        return False
    return True


def _given(*ids: int | None) -> frozenset[int]:
    return frozenset(pk for pk in ids if pk is not None)


def between(rows: "QuerySet[Session]", first: date, last: date, zone: str) -> "QuerySet[Session]":
    """Those of `rows` that start on a local day of [first, last]."""
    local = ZoneInfo(zone)
    starts = datetime.combine(first, time.min, local)
    return rows.filter(starts_at__gte=starts, starts_at__lt=datetime.combine(last + timedelta(days=1), time.min, local))


def shown(row: Any) -> dict[str, Any]:
    """A session of `with_names` as lists and pages show it."""
    own = [{"id": row.faculty_id, "name": row.teacher_name}] if row.faculty_id else []
    return {
        "id": row.pk,
        "academic_period": row.academic_period_id,
        "academic_period_name": row.academic_period_name,
        "group": row.group_id,
        "groups": [{"id": each["id"], "name": each["name"]} for each in row.attending],
        "faculty": row.faculty_id,
        "faculty_name": row.faculty_name,
        "teachers": own + row.further_teachers,
        "department": row.department_id,
        "department_name": row.department_name,
        "section": row.section_id,
        "section_name": row.section_label if row.section_id else "",
        "course": row.course_id,
        "course_code": row.course_code or "",
        "course_name": row.course_name or "",
        "title": title_of(row),
        "room": row.room_id,
        "room_name": row.room_name or "",
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
        "week_plan": row.week_plan_id,
        "week_cell": row.week_cell_id,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def items_of(session: Session) -> list[int]:
    """Ids of the syllabus items that a session teaches, ascending."""
    taught = SessionSyllabusItem.objects.filter(session=session).order_by("item_id")
    return list(taught.values_list("item_id", flat=True))


def _syllabus_of(session: Session) -> list[dict[str, Any]]:
    """The syllabus items that a session teaches, in their order."""
    taught = SessionSyllabusItem.objects.filter(session=session).select_related("item")
    return [
        {"id": each.item_id, "name": f"{each.item.code} {each.item.title}".strip()}
        for each in taught.order_by("item__order_no", "item_id")
    ]


def groups_taught_by(person: int) -> Collection[int]:
    """Ids of the groups that a person teaches in live sessions without a section: one query."""
    taught = Session.objects.filter(section__isnull=True).exclude(status=SessionStatus.CANCELLED)
    co_taught = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id=person)
    own_sessions = taught.filter(Q(faculty_id=person) | Exists(co_taught))
    groups = SessionGroup.objects.filter(session__in=own_sessions.values("pk"))
    return set(groups.values_list("group_id", flat=True))


def names_of(row: Any) -> Names:
    """What a session of `with_names` needs to be shown in the calendar."""
    return Names(
        institution="",
        people={row.faculty_id: row.teacher_name, **{each["id"]: each["name"] for each in row.further_teachers}},
        rooms={row.room_id: row.room_name},
        groups={each["id"]: each["name"] for each in row.attending},
        courses={row.course_id: row.course_name or ""},
        sections={row.section_id: row.section_label},
        departments={row.department_id: row.department_name},
    )


def title_of(row: Any) -> str:
    """What a session of `with_names` is called: its course, else its topic."""
    return str(row.course_name or row.topic)


def hit_by(first: date, last: date, zone: str) -> Iterable[Session]:
    """Live sessions that touch the days of a holiday, locked for a cancellation."""
    rows = with_names(touching(Session.objects.exclude(status=SessionStatus.CANCELLED), first, last, zone))
    return rows.select_for_update(of=("self",)).order_by("starts_at", "id")


def touching(rows: "QuerySet[Session]", first: date, last: date, zone: str) -> "QuerySet[Session]":
    """Those of `rows` that touch a local day of [first, last]; one that began the evening before is among them."""
    return between(rows, first - timedelta(days=1), last, zone).filter(
        ends_at__gt=datetime.combine(first, time.min, ZoneInfo(zone))
    )


def filtered(
    rows: "QuerySet[Session]",
    *,
    group: int | None,
    batch: int | None,
    faculty: int | None,
    week_plan: int | None,
    changed_since: datetime | None,
    text: str,
) -> "QuerySet[Session]":
    """Rows narrowed by who is taught, who teaches, their week, when they changed, and words of course or topic."""
    if group is not None:
        attends = Exists(SessionGroup.objects.filter(session=OuterRef("pk"), group_id=group))
        rows = rows.filter(Q(attends) | Q(section__group_id=group))
    if batch is not None:
        attends = Exists(SessionGroup.objects.filter(session=OuterRef("pk"), group__batch_id=batch))
        rows = rows.filter(Q(attends) | Q(section__group__batch_id=batch) | Q(academic_period__batch_id=batch))
    if faculty is not None:
        co_taught = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id=faculty)
        rows = rows.filter(Q(faculty_id=faculty) | Exists(co_taught))
    if week_plan is not None:
        rows = rows.filter(occurrence__week_plan_id=week_plan)
    if changed_since is not None:
        rows = rows.filter(updated_at__gte=changed_since)
    return rows.filter(Q(course__name__icontains=text) | Q(topic__icontains=text)) if text else rows


def count_between(person: int, first: date, last: date | None) -> int:
    """How many live sessions a person teaches from one local day to another (a year ahead without an end)."""
    zone = institution().time_zone
    co_taught = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id=person)
    live = Session.objects.exclude(status=SessionStatus.CANCELLED).filter(Q(faculty_id=person) | Exists(co_taught))
    return between(live, first, last or first + timedelta(days=366), zone).count()
