"""What planning needs to know of people, rooms and days off, in one statement."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from maristan.directory.models import Person, Place
from maristan.kernel import options

STATEMENT = """
SELECT json_build_object(
  'institution', (SELECT json_build_object('time_zone', time_zone, 'first_weekday', first_weekday, 'name', name)
                  FROM directory_institution LIMIT 1),
  'settings', (SELECT json_object_agg(key, value) FROM directory_institutionsetting WHERE key = ANY(%(keys)s)),
  'people', (SELECT json_object_agg(id, name) FROM directory_person WHERE id = ANY(%(people)s)),
  'terms', (SELECT json_agg(json_build_array(person_id, from_date, to_date)) FROM directory_membership
            WHERE person_id = ANY(%(people)s) AND role = 'faculty' AND from_date <= %(last)s
              AND (to_date IS NULL OR to_date >= %(first)s)),
  'rooms', (SELECT json_agg(json_build_array(id, name, capacity, is_active)) FROM directory_place
            WHERE id = ANY(%(rooms)s)),
  'departments', (SELECT json_object_agg(id, name) FROM directory_department WHERE id = ANY(%(departments)s)),
  'leaves', (SELECT json_agg(json_build_array(id, person_id, start_date, end_date)) FROM directory_leave
             WHERE person_id = ANY(%(people)s) AND status = 'approved' AND start_date <= %(last)s
               AND (end_date IS NULL OR end_date >= %(first)s)),
  'holidays', (SELECT json_agg(json_build_array(id, name, start_date, end_date, scope_kind, scope_id))
               FROM directory_holiday WHERE start_date <= %(last)s AND end_date >= %(first)s)
)
"""


@dataclass(frozen=True, slots=True)
class PlanningFacts:
    """The directory's part of a plan's surroundings; all dates include both ends."""

    institution: dict[str, Any]
    settings: dict[str, Any]
    people: dict[int, str]
    terms: tuple[tuple[int, date, date | None], ...]
    rooms: dict[int, tuple[str, int | None, bool]]
    departments: dict[int, str]
    leaves: tuple[tuple[int, int, date, date | None], ...]
    holidays: tuple[tuple[int, str, date, date, str, int | None], ...]


def facts(
    *,
    people: Iterable[int],
    rooms: Iterable[int],
    first: date,
    last: date,
    departments: Iterable[int] = (),
    keys: Iterable[str] = (),
) -> PlanningFacts:
    """Names, faculty terms and approved leaves of people, rooms, departments, holidays and settings for [first, last].

    One statement, whatever the numbers.
    """
    wanted = list(keys)
    parameters: dict[str, Any] = {
        "people": list(people), "rooms": list(rooms), "departments": list(departments), "keys": wanted,
        "first": first, "last": last,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        found = _loaded(cursor.fetchone()[0])
    settings = {key: options.option(key).default for key in wanted}
    return PlanningFacts(
        institution=found["institution"],
        settings={**settings, **(found["settings"] or {})},
        people={int(key): name for key, name in (found["people"] or {}).items()},
        terms=tuple((row[0], _day(row[1]), _end(row[2])) for row in found["terms"] or ()),
        rooms={row[0]: (row[1], row[2], row[3]) for row in found["rooms"] or ()},
        departments={int(key): name for key, name in (found["departments"] or {}).items()},
        leaves=tuple((row[0], row[1], _day(row[2]), _end(row[3])) for row in found["leaves"] or ()),
        holidays=tuple((row[0], row[1], _day(row[2]), _day(row[3]), row[4], row[5]) for row in found["holidays"] or ()),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """Ids that exist here, of those asked for."""

    people: frozenset[int]
    rooms: frozenset[int]
    departments: frozenset[int]


def known(*, people: Iterable[int], rooms: Iterable[int], departments: Iterable[int]) -> Known:
    """Which of these ids exist in the institution: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 'p', id FROM directory_person WHERE id = ANY(%s) AND is_active
               UNION ALL SELECT 'r', id FROM directory_place WHERE id = ANY(%s) AND kind = 'room'
               UNION ALL SELECT 'd', id FROM directory_department WHERE id = ANY(%s)""",
            [list(people), list(rooms), list(departments)],
        )
        rows = cursor.fetchall()
    ids = {letter: frozenset(pk for kind, pk in rows if kind == letter) for letter in "prd"}
    return Known(ids["p"], ids["r"], ids["d"])


def person_names() -> "QuerySet[Person]":
    """People, for their names beside an id that is no foreign key."""
    return Person.objects.all()


def place_names() -> "QuerySet[Place]":
    """Places, for the same."""
    return Place.objects.all()


def _loaded(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else value  # type: ignore[no-any-return]


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _end(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
