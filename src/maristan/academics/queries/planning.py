"""What planning needs to know of periods, courses, sections and groups, in one statement."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from maristan.academics.models import AcademicPeriod, Group
from maristan.academics.rules.states import PeriodStatus

# A student counts on every day that touches [first, last] while studying or on leave.
PLACED = """
  FROM academics_placement l JOIN academics_student t ON t.id = l.student_id
  WHERE l.group_id = g.id AND t.status IN ('active', 'on_leave')
    AND l.from_date <= %(last)s AND (l.to_date IS NULL OR l.to_date >= %(first)s)
"""
ENROLLED = """
  FROM academics_enrollment e JOIN academics_student t ON t.id = e.student_id AND t.status IN ('active', 'on_leave')
  WHERE e.section_id = s.id AND e.status = 'active'
"""
STATEMENT = f"""
WITH wanted_groups AS (
  SELECT g.id, g.name, g.batch_id, g.position, b.program_id,
    g.id = ANY(%(groups)s) OR g.batch_id = ANY(%(batches)s) OR g.batch_id = %(batch)s IS TRUE AS is_own
  FROM academics_group g JOIN academics_batch b ON b.id = g.batch_id
  WHERE g.id = ANY(%(groups)s) OR g.batch_id = ANY(%(batches)s) OR g.batch_id = %(batch)s
    OR g.id = ANY(%(other_groups)s) OR g.batch_id = ANY(%(other_batches)s)
), concerned AS (
  SELECT DISTINCT student_id FROM academics_enrollment WHERE section_id = ANY(%(sections)s) AND status = 'active'
)
SELECT json_build_object(
  'groups', (SELECT json_agg(json_build_array(g.id, g.name, g.batch_id, g.program_id,
               CASE WHEN g.is_own THEN (SELECT json_agg(DISTINCT l.student_id) {PLACED})
                 WHEN EXISTS (SELECT FROM concerned) THEN (SELECT json_agg(DISTINCT l.student_id) {PLACED}
                   AND l.student_id IN (SELECT student_id FROM concerned)) END, g.position,
               CASE WHEN g.is_own THEN (SELECT json_agg(json_build_array(l.from_date, l.to_date)) {PLACED}
                  AND (l.from_date > %(first)s OR l.to_date < %(last)s)) END) ORDER BY g.batch_id, g.position, g.id)
             FROM wanted_groups g),
  'sections', (SELECT json_agg(json_build_array(s.id, c.code || ' ' || s.name, s.course_id, s.group_id, s.capacity,
                 CASE WHEN s.id = ANY(%(sections)s) THEN (SELECT json_agg(e.student_id) {ENROLLED})
                   ELSE (SELECT json_agg(e.student_id) {ENROLLED}
                     AND e.student_id IN (SELECT student_id FROM concerned)) END, p.program_id, p.batch_id))
               FROM academics_section s JOIN academics_course c ON c.id = s.course_id
               JOIN academics_academicperiod p ON p.id = s.academic_period_id
               WHERE s.id = ANY(%(sections)s) OR s.id = ANY(%(other_sections)s)),
  'courses', (SELECT json_agg(json_build_array(id, code, name, department_id)) FROM academics_course
              WHERE id = ANY(%(courses)s)
                 OR id IN (SELECT course_id FROM academics_section WHERE id = ANY(%(sections)s))),
  'periods', (SELECT json_agg(json_build_array(id, name, status, program_id, batch_id, start_date, end_date))
              FROM academics_academicperiod WHERE id = ANY(%(periods)s)),
  'batch', (SELECT json_build_array(b.id, b.name, b.program_id, p.name) FROM academics_batch b
            JOIN academics_program p ON p.id = b.program_id WHERE b.id = %(batch)s),
  'programs', (SELECT json_agg(json_build_array(id, program_id)) FROM academics_batch
               WHERE id = ANY(%(batches)s) OR id = ANY(%(other_batches)s))
)
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class PlanningFacts:
    """Academics' part of a plan's surroundings.

    `groups`: id → {name, batch, program, size}; `sections`: id → {name, course, group, capacity, size, program, batch};
    `courses`: id → {code, name, department}; `periods`: id → {name, status, program, batch, start, end};
    `batch`: {id, name, program, program_name} or none; `batch_groups`: its groups in order of position;
    `groups_of` and `program_of` answer for the other batches asked for; `enrolled` and `placed` hold student ids,
    `passing` the dates of a group's placements that cover only part of [first, last].
    """

    groups: dict[int, dict[str, Any]]
    sections: dict[int, dict[str, Any]]
    courses: dict[int, dict[str, Any]]
    periods: dict[int, dict[str, Any]]
    batch: dict[str, Any] | None
    batch_groups: tuple[int, ...]
    groups_of: dict[int, tuple[int, ...]]
    program_of: dict[int, int]
    enrolled: dict[int, frozenset[int]]
    placed: dict[int, frozenset[int]]
    passing: dict[int, tuple[tuple[date, date | None], ...]]

    def batches_within(self, programs: Collection[int], batches: Collection[int]) -> frozenset[int]:
        """Those of the other batches that belong to these programs or are among these batches."""
        return frozenset(batch for batch, program in self.program_of.items() if program in programs or batch in batches)


@dataclass(frozen=True, slots=True)
class Others:
    """Groups, sections and whole batches that something is compared with."""

    groups: Collection[int] = ()
    sections: Collection[int] = ()
    batches: Collection[int] = ()


NO_OTHERS = Others()


def facts(
    *,
    groups: Iterable[int] = (),
    sections: Iterable[int] = (),
    courses: Iterable[int] = (),
    periods: Iterable[int] = (),
    batch: int | None = None,
    batches: Iterable[int] = (),
    others: Others = NO_OTHERS,
    first: date,
    last: date,
) -> PlanningFacts:
    """Everything named by these ids, and the groups of `batch`, with sizes for [first, last]: one statement.

    Of `others` only those students are told who are enrolled in one of `sections`: they may be in two places.
    """
    parameters = {
        "groups": list(groups), "sections": list(sections), "courses": list(courses), "periods": list(periods),
        "batches": list(batches), "batch": batch, "first": first, "last": last,
        "other_groups": list(others.groups), "other_sections": list(others.sections),
        "other_batches": list(others.batches),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        value = cursor.fetchone()[0]
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    rows = found["groups"] or []
    in_batch: dict[int, list[int]] = {}
    for row in rows:
        in_batch.setdefault(row[2], []).append(row[0])
    return PlanningFacts(
        groups={
            row[0]: {"name": row[1], "batch": row[2], "program": row[3], "size": len(row[4] or ())} for row in rows
        },
        sections={row[0]: _section(row) for row in found["sections"] or ()},
        courses={row[0]: {"code": row[1], "name": row[2], "department": row[3]} for row in found["courses"] or ()},
        periods={row[0]: _period(row) for row in found["periods"] or ()},
        batch=_batch(found["batch"]),
        batch_groups=tuple(in_batch.get(batch or 0, ())),
        groups_of={key: tuple(ids) for key, ids in in_batch.items()},
        program_of={row[0]: row[1] for row in found["programs"] or ()},
        enrolled={row[0]: frozenset(row[5] or ()) for row in found["sections"] or ()},
        placed={row[0]: frozenset(row[4] or ()) for row in rows},
        passing={row[0]: tuple(_span(each) for each in row[6]) for row in rows if row[6]},
    )


def _span(row: list[Any]) -> tuple[date, date | None]:
    return date.fromisoformat(row[0]), date.fromisoformat(row[1]) if row[1] else None


def _section(row: list[Any]) -> dict[str, Any]:
    return {
        "name": row[1], "course": row[2], "group": row[3], "capacity": row[4], "size": len(row[5] or ()),
        "program": row[6], "batch": row[7],
    }  # fmt: skip


def _period(row: list[Any]) -> dict[str, Any]:
    start, end = (date.fromisoformat(value) if value else None for value in row[5:])
    return {"name": row[1], "status": row[2], "program": row[3], "batch": row[4], "start": start, "end": end}


def _batch(row: list[Any] | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row[0], "name": row[1], "program": row[2], "program_name": row[3]}


def running_period(*, batch: int, day: date) -> int | None:
    """The open period at the top of a batch's tree that covers a day, its own before one shared by the program.

    None when there is none, or more than one to choose from.
    """
    rows = AcademicPeriod.objects.filter(
        Q(batch_id=batch) | Q(batch__isnull=True, program__batches=batch),
        parent__isnull=True, status=PeriodStatus.OPEN, start_date__lte=day, end_date__gte=day,
    ).values_list("pk", "batch_id")  # fmt: skip
    found = list(rows)
    own = [pk for pk, of_batch in found if of_batch is not None] or [pk for pk, _ in found]
    return own[0] if len(own) == 1 else None


@dataclass(frozen=True, slots=True)
class Known:
    """Ids that exist here, of those asked for, and all groups of the batch; periods as in `PlanningFacts`."""

    periods: dict[int, dict[str, Any]]
    courses: frozenset[int]
    sections: frozenset[int]
    groups: frozenset[int]
    batch_groups: frozenset[int]


def known(
    *,
    periods: Iterable[int],
    courses: Iterable[int],
    sections: Iterable[int],
    groups: Iterable[int],
    batch: int | None,
) -> Known:
    """Which of these ids exist in the institution: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 'p', id, json_build_array(id, name, status, program_id, batch_id, start_date, end_date)
                 FROM academics_academicperiod WHERE id = ANY(%s)
               UNION ALL SELECT 'c', id, NULL FROM academics_course WHERE id = ANY(%s)
               UNION ALL SELECT 's', id, NULL FROM academics_section WHERE id = ANY(%s)
               UNION ALL SELECT 'g', id, NULL FROM academics_group WHERE id = ANY(%s)
               UNION ALL SELECT 'b', id, NULL FROM academics_group WHERE batch_id = %s""",
            [list(periods), list(courses), list(sections), list(groups), batch],
        )
        rows = cursor.fetchall()
    ids = {letter: frozenset(pk for kind, pk, _ in rows if kind == letter) for letter in "csgb"}
    found = {pk: _period(_array(row)) for kind, pk, row in rows if kind == "p"}
    return Known(found, ids["c"], ids["s"], ids["g"], ids["b"])


def group_names() -> "QuerySet[Group]":
    """Groups, for their names beside an id that is no foreign key."""
    return Group.objects.all()


def _array(value: Any) -> list[Any]:
    return json.loads(value) if isinstance(value, str) else value  # type: ignore[no-any-return]
