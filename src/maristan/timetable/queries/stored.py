"""A week as it is stored, with everything of the timetable around it, in one statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from maristan.timetable.models import WeekPlan, WeekSlotRow
from maristan.timetable.rules.facts import (
    AvailabilityFacts,
    CellFacts,
    Content,
    DateRange,
    Occupation,
    RowFacts,
    WeekFacts,
)
from maristan.timetable.rules.publication import ExistingSession
from maristan.timetable.rules.states import (
    AvailabilityLevel,
    AvailabilitySubject,
    CellStatus,
    OccurrenceState,
    OtherKind,
    SessionKind,
    SessionStatus,
    WeekScope,
    WeekStatus,
)

ROWS = """
  'rows', (SELECT json_agg(json_build_array(id, row_index, start_time, end_time, label, lane, is_break)
             ORDER BY row_index) FROM timetable_weekslotrow WHERE week_plan_id = %(plan)s),
  'cells', (SELECT json_agg(json_build_array(c.id, r.row_index, c.day_of_week, c.status, c.academic_period_id,
               c.course_id, c.section_id, c.department_id, c.topic, c.faculty_id, c.co_faculty, c.faculty_name,
               c.room_id, c.groups, c.kind, c.note, c.all_groups) ORDER BY r.row_index, c.day_of_week)
            FROM timetable_weekcell c JOIN timetable_weekslotrow r ON r.id = c.slot_row_id
            WHERE c.week_plan_id = %(plan)s)
"""

EXISTING = """
  'existing', (SELECT json_agg(json_build_array(s.id, o.week_cell_id, r.row_index, c.day_of_week, o.date, s.starts_at,
                 s.ends_at, s.academic_period_id, s.course_id, s.section_id, s.department_id, s.topic, s.faculty_id,
                 (SELECT json_agg(t.person_id ORDER BY t.id) FROM timetable_sessionteacher t WHERE t.session_id = s.id),
                 s.faculty_name, s.room_id,
                 (SELECT json_agg(g.group_id ORDER BY g.position) FROM timetable_sessiongroup g
                  WHERE g.session_id = s.id),
                 s.kind, s.note, s.status, o.state, s.attendance_recorded_at IS NOT NULL, s.version))
               FROM timetable_sessionoccurrence o JOIN timetable_session s ON s.id = o.session_id
               JOIN timetable_weekcell c ON c.id = o.week_cell_id JOIN timetable_weekslotrow r ON r.id = c.slot_row_id
               WHERE o.week_plan_id = %(plan)s)
"""

# What a batch's plan is compared with: what shares a room, teacher, group or section with its cells (or with what is
# about to be written into them), and what may teach any group: sessions without a week, institution-wide plans. Where a
# section is taught, its students may be anywhere: then nothing is left out.
OWN = """
  own AS (
    SELECT 'room' AS kind, room_id AS id FROM timetable_weekcell WHERE week_plan_id = %(plan)s AND room_id IS NOT NULL
    UNION SELECT 'faculty', faculty_id FROM timetable_weekcell WHERE week_plan_id = %(plan)s AND faculty_id IS NOT NULL
    UNION SELECT 'faculty', unnest(co_faculty) FROM timetable_weekcell WHERE week_plan_id = %(plan)s
    UNION SELECT 'group', unnest(groups) FROM timetable_weekcell WHERE week_plan_id = %(plan)s
    UNION SELECT 'section', section_id FROM timetable_weekcell WHERE week_plan_id = %(plan)s AND section_id IS NOT NULL
    UNION SELECT 'room', unnest(%(rooms)s::bigint[])
    UNION SELECT 'faculty', unnest(%(people)s::bigint[])
    UNION SELECT 'group', unnest(%(groups)s::bigint[])
    UNION SELECT 'section', unnest(%(sections)s::bigint[])
  ),
  everything AS (SELECT %(all)s OR EXISTS (SELECT FROM own WHERE kind = 'section') AS wanted)
"""

OTHERS = """
  'taken', (SELECT json_agg(json_build_array(a.session_id, a.kind, a.resource_id, a.starts_at, a.ends_at, s.topic,
              s.course_id, o.week_plan_id, p.status))
            FROM timetable_sessionallocation a JOIN timetable_session s ON s.id = a.session_id
            LEFT JOIN timetable_sessionoccurrence o ON o.session_id = s.id
            LEFT JOIN timetable_weekplan p ON p.id = o.week_plan_id
            WHERE a.is_live AND a.starts_at >= %(from)s AND a.starts_at < %(to)s AND a.ends_at > %(first)s
              AND o.week_plan_id IS DISTINCT FROM %(plan)s AND a.session_id <> %(session)s
              AND (p.batch_id IS NULL OR (SELECT wanted FROM everything) OR a.session_id IN (
                SELECT b.session_id FROM timetable_sessionallocation b JOIN own ON own.kind = b.kind
                  AND own.id = b.resource_id
                WHERE b.is_live AND b.starts_at >= %(from)s AND b.starts_at < %(to)s))),
  'planned', (SELECT json_agg(json_build_array(c.id, p.id, p.status, p.week_start_date, c.day_of_week, r.start_time,
                r.end_time, c.topic, c.course_id, c.faculty_id, c.co_faculty, c.room_id, c.groups, c.section_id,
                c.all_groups, p.batch_id))
              FROM timetable_weekcell c JOIN timetable_weekplan p ON p.id = c.week_plan_id
              JOIN timetable_weekslotrow r ON r.id = c.slot_row_id
              WHERE p.status IN ('draft', 'verified') AND p.id <> %(plan)s AND c.status = 'scheduled'
                AND p.week_start_date BETWEEN %(start)s - 6 AND %(start)s + 6
                AND r.start_time IS NOT NULL AND r.end_time IS NOT NULL
                AND (p.batch_id IS NULL OR (SELECT wanted FROM everything) OR EXISTS (
                  SELECT FROM own WHERE own.id = CASE own.kind
                      WHEN 'room' THEN c.room_id WHEN 'section' THEN c.section_id WHEN 'faculty' THEN c.faculty_id END
                    OR own.kind = 'faculty' AND own.id = ANY(c.co_faculty)
                    OR own.kind = 'group' AND own.id = ANY(c.groups)))),
  'availability', (SELECT json_agg(json_build_array(subject_kind, subject_id, level, day_of_week, start_time, end_time,
                     from_date, to_date))
                   FROM timetable_availability
                   WHERE from_date <= %(start)s + 6 AND (to_date IS NULL OR to_date >= %(start)s))
"""

GRID_OF = ROWS.replace("%(plan)s", "p.id")
GRIDS = f"""
  'grids', (SELECT json_object_agg(p.id, json_build_object({GRID_OF})) FROM timetable_weekplan p
            WHERE p.id = ANY(%(plans)s))
"""  # noqa: S608 - put together from constants

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedElsewhere:
    """A scheduled cell of another unpublished plan, not yet worked out to instants."""

    cell: int
    plan: int
    status: WeekStatus
    week_start: date
    day_of_week: int
    start: time
    end: time
    topic: str
    content: Content
    all_groups: bool
    batch: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A live session elsewhere with everything it holds; the label is put together with its course's name."""

    occupation: Occupation
    topic: str
    course: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What the timetable itself holds about a week and its neighbours."""

    week: WeekFacts
    existing: tuple[ExistingSession, ...] = ()
    versions: Mapping[int, int] | None = None
    taken: tuple[Taken, ...] = ()
    planned: tuple[PlannedElsewhere, ...] = ()
    availability: tuple[AvailabilityFacts, ...] = ()


def grid_only(plan: WeekPlan) -> Stored:
    """Rows and cells of a plan: one statement."""
    found = _ask("SELECT json_build_object(" + ROWS + ")", {"plan": plan.pk})
    return Stored(week_facts(plan, found))


def everything(plan: WeekPlan, *, window: tuple[datetime, datetime], extra: Iterable[Content] = ()) -> Stored:
    """Rows, cells, what was published of them, and what they (or `extra` contents) may clash with in the window."""
    written = list(extra)
    statement = f"WITH {OWN} SELECT json_build_object({','.join((ROWS, EXISTING, OTHERS))})"
    named = {
        "all": plan.scope == WeekScope.INSTITUTION,
        "rooms": [each.room for each in written if each.room is not None],
        "people": [person for each in written for person in each.teachers],
        "groups": [group for each in written for group in each.groups],
        "sections": [each.section for each in written if each.section is not None],
    }
    found = _ask(statement, _window(plan.pk, plan.week_start_date, window, 0) | named)
    return Stored(
        week_facts(plan, found),
        tuple(_existing(row) for row in found["existing"] or ()),
        {row[0]: row[22] for row in found["existing"] or ()},
        *_elsewhere(found),
    )


def rows_of(plans: Iterable[int]) -> dict[int, tuple[RowFacts, ...]]:
    """Rows of plans by the plan's id, in order: one statement."""
    found: dict[int, list[RowFacts]] = {pk: [] for pk in plans}
    if found:
        columns = ("id", "row_index", "start_time", "end_time", "label", "lane", "is_break")
        rows = WeekSlotRow.objects.filter(week_plan_id__in=list(found)).order_by("row_index")
        for plan, *values in rows.values_list("week_plan_id", *columns):
            found[plan].append(RowFacts(*values))
    return {pk: tuple(rows) for pk, rows in found.items()}


def side_by_side(plans: Sequence[WeekPlan], *, window: tuple[datetime, datetime]) -> tuple[list[WeekFacts], Stored]:
    """Plans of one same week, each as the rules know it, and what lies in the window, their own part included.

    One statement, however many plans.
    """
    nothing = WeekFacts(0, WeekScope.INSTITUTION, plans[0].week_start_date)
    parameters = _window(0, nothing.week_start, window, 0) | {"plans": [each.pk for each in plans]}
    found = _ask(f"WITH {OWN} SELECT json_build_object({','.join((GRIDS, OTHERS))})", parameters)
    weeks = [week_facts(each, found["grids"][str(each.pk)]) for each in plans]
    return weeks, Stored(nothing, (), {}, *_elsewhere(found))


def around(
    start: date, window: tuple[datetime, datetime], *, without_session: int = 0
) -> tuple[tuple[Taken, ...], tuple[PlannedElsewhere, ...], tuple[AvailabilityFacts, ...]]:
    """What else of the timetable lies in the window, for a session that stands alone: one statement."""
    statement = f"WITH {OWN} SELECT json_build_object({OTHERS})"
    return _elsewhere(_ask(statement, _window(0, start, window, without_session)))


def _elsewhere(
    found: Mapping[str, Any],
) -> tuple[tuple[Taken, ...], tuple[PlannedElsewhere, ...], tuple[AvailabilityFacts, ...]]:
    return (
        tuple(_taken(found["taken"] or ())),
        tuple(_planned(row) for row in found["planned"] or ()),
        tuple(_availability(row) for row in found["availability"] or ()),
    )


def _window(plan: int, start: date, window: tuple[datetime, datetime], session: int) -> dict[str, Any]:
    first, last = window
    named: dict[str, Any] = {"all": True, "rooms": [], "people": [], "groups": [], "sections": []}
    return named | {"plan": plan, "start": start, "first": first, "from": first - DAY, "to": last, "session": session}


def _ask(statement: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        value = cursor.fetchone()[0]
    return json.loads(value) if isinstance(value, str) else value  # type: ignore[no-any-return]


def week_facts(plan: WeekPlan, found: Mapping[str, Any]) -> WeekFacts:
    """A plan with its rows and cells as the rules know it; `program` is filled in by the surroundings."""
    return WeekFacts(
        id=plan.pk,
        scope=WeekScope(plan.scope),
        week_start=plan.week_start_date,
        status=WeekStatus(plan.status),
        version=plan.version,
        batch=plan.batch_id,
        academic_period=plan.academic_period_id,
        was_published=plan.first_published_at is not None,
        rows=tuple(_row(row) for row in found["rows"] or ()),
        cells=tuple(_cell(row) for row in found["cells"] or ()),
    )


def _row(row: list[Any]) -> RowFacts:
    return RowFacts(row[0], row[1], _time(row[2]), _time(row[3]), row[4], row[5], row[6])


def _cell(row: list[Any]) -> CellFacts:
    return CellFacts(row[0], row[1], row[2], CellStatus(row[3]), _content(row[4:16]), row[16])


def _content(values: list[Any]) -> Content:
    period, course, section, department, topic, faculty, co_faculty, guest, room, groups, kind, note = values
    return Content(
        period, course, section, department, topic, faculty, tuple(co_faculty or ()), guest, room,
        tuple(groups or ()), SessionKind(kind), note,
    )  # fmt: skip


def _existing(row: list[Any]) -> ExistingSession:
    return ExistingSession(
        session=row[0],
        cell=row[1],
        row_index=row[2],
        day_of_week=row[3],
        date=date.fromisoformat(row[4]),
        starts_at=datetime.fromisoformat(row[5]),
        ends_at=datetime.fromisoformat(row[6]),
        content=_content(row[7:19]),
        status=SessionStatus(row[19]),
        state=OccurrenceState(row[20]),
        attendance_recorded=row[21],
    )


def _taken(rows: Iterable[list[Any]]) -> Iterable[Taken]:
    """Sessions put together from their allocations."""
    held: dict[int, tuple[list[Any], dict[str, list[int]]]] = {}
    for row in rows:
        _, resources = held.setdefault(row[0], (row, {}))
        resources.setdefault(row[1], []).append(row[2])
    for session, (row, resources) in held.items():
        occupation = Occupation(
            OtherKind.SESSION,
            session,
            "",
            datetime.fromisoformat(row[3]),
            datetime.fromisoformat(row[4]),
            room=next(iter(resources.get("room", ())), None),
            teachers=tuple(resources.get("faculty", ())),
            groups=tuple(resources.get("group", ())),
            section=next(iter(resources.get("section", ())), None),
            week_plan=row[7],
            status=WeekStatus(row[8]) if row[8] else None,
        )
        yield Taken(occupation, row[5], row[6])


def _planned(row: list[Any]) -> PlannedElsewhere:
    cell, plan, status, start, day, starts, ends, topic, course, faculty, co_faculty, room, groups, section = row[:14]
    content = Content(
        course=course, section=section, faculty=faculty, co_faculty=tuple(co_faculty or ()), room=room,
        groups=tuple(groups or ()),
    )  # fmt: skip
    begins, finishes = time.fromisoformat(starts), time.fromisoformat(ends)
    return PlannedElsewhere(
        cell, plan, WeekStatus(status), date.fromisoformat(start), day, begins, finishes, topic, content, row[14],
        row[15],
    )  # fmt: skip


def _availability(row: list[Any]) -> AvailabilityFacts:
    return AvailabilityFacts(
        AvailabilitySubject(row[0]),
        row[1],
        AvailabilityLevel(row[2]),
        row[3],
        time.fromisoformat(row[4]),
        time.fromisoformat(row[5]),
        DateRange(date.fromisoformat(row[6]), date.fromisoformat(row[7]) if row[7] else None),
    )


def _time(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)
