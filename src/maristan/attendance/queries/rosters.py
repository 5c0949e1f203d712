"""Who is expected in sessions, as academics and audiences name them on the local day of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from maristan.academics.queries import learners, roster
from maristan.attendance.models import Attendance, Register
from maristan.attendance.rules.rosters import RosterLine
from maristan.attendance.rules.windows import local_day
from maristan.directory.queries import audiences
from maristan.timetable.queries import taught


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Sessions with their registers and lines, and who ought to be in them."""

    sessions: Sequence[Any]
    registers: Mapping[int, Any]
    lines: Mapping[int, Mapping[int, RosterLine]] = field(default_factory=dict)
    named: Mapping[int, set[int]] = field(default_factory=dict)


def take_turn(institution_id: int | None) -> None:
    """Let one roster be built at a time in an institution: the reader and the job may come at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('attendance.rosters'), %s::int)", [institution_id or 0])


def around(ids: Collection[int], *, persons: Collection[int] | None = None) -> Surroundings:
    """Live sessions of these ids with all that a roster needs; `persons` narrows it to those people.

    The number of queries does not depend on the number of sessions, but on how many days have an added audience.
    """
    found = [each for each in taught.sessions().filter(pk__in=list(ids)) if not taught.is_cancelled(each)]
    registers = {each.session_id: each for each in Register.objects.filter(session_id__in=[row.pk for row in found])}
    lines: dict[int, dict[int, RosterLine]] = {}
    rows = Attendance.objects.filter(session_id__in=list(registers))
    rows = rows if persons is None else rows.filter(person_id__in=list(persons))
    for session, person, expected, status, by_hand in rows.values_list(
        "session_id", "person_id", "expected", "status", "by_hand"
    ):
        lines.setdefault(session, {})[person] = RosterLine(person, expected, status is not None, by_hand)
    named = _named(found, registers, persons)
    return Surroundings(found, registers, lines, named)


def _named(
    sessions: Sequence[Any], registers: Mapping[int, Any], persons: Collection[int] | None
) -> dict[int, set[int]]:
    """Whom, of all or of `persons`, academics and added audiences name for each session (A1)."""
    if not sessions:
        return {}
    days = {row.pk: local_day(row.of_starts_at, row.zone) for row in sessions}
    groups = {group for row in sessions if row.of_section_id is None for group in row.of_groups}
    sections = {row.of_section_id for row in sessions if row.of_section_id is not None}
    first, last = min(days.values()), max(days.values())
    known = roster.attending(groups=groups, sections=sections, first=first, last=last, persons=persons)
    named = {
        row.pk: known.people(
            groups=() if row.of_section_id is not None else row.of_groups,
            sections=() if row.of_section_id is None else (row.of_section_id,),
            day=days[row.pk],
        )
        for row in sessions
    }
    for session, people in _added(registers, days).items():
        named[session] |= people if persons is None else people & set(persons)
    return named


def _added(registers: Mapping[int, Any], days: Mapping[int, date]) -> dict[int, set[int]]:
    """Learners of the audience that was added to a session: asked once for each audience and day."""
    asked: dict[tuple[str, date], set[int]] = {}
    found: dict[int, set[int]] = {}
    for session, register in registers.items():
        if not register.audience:
            continue
        key = (str(register.audience), days[session])
        if key not in asked:
            people = audiences.people(audiences.read(register.audience), days[session])
            asked[key] = set(learners.of(people, day=days[session])) - roster.out_of_study(people)
        found[session] = asked[key]
    return found


def students_of(persons: Iterable[int], day: date) -> dict[int, int | None]:
    """The student record of each person, none for who learns without one."""
    wanted = list(persons)
    known = learners.of(wanted, day=day) if wanted else {}
    return {person: known[person].student if person in known else None for person in wanted}
