"""Rosters: fixed when a session is published, or by whoever comes first; they follow who moves until it starts (A1)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from maristan.academics.queries import roster as academics
from maristan.attendance.actions import excuses
from maristan.attendance.models import Attendance, MarkChange, Register
from maristan.attendance.queries import registers
from maristan.attendance.queries import rosters as queries
from maristan.attendance.rules.rosters import RosterChange, difference, follows
from maristan.attendance.rules.states import Perm
from maristan.attendance.rules.windows import local_day
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.queries import taught

BATCH = 1000
BUILT, CHANGED = "register.built", "register.roster_changed"
REGISTER = "register"
STUDENTS = "students"  # the kind of import that places people


@unjournaled("what it leads to writes the line")
def ensure(*, session: int, by: Actor) -> None:
    """Build the roster of a session that the actor may see, unless it is there; raises `NotFound`."""
    if registers.is_there(session):
        return
    reach = by.demand(Perm.VIEW)
    if not taught.sessions().filter(taught.within(reach, by.person_id), pk=session).exists():
        raise NotFound()
    settle(ids=[session], by=by)


@unjournaled("what it leads to writes the line")
def settle_missing(*, ids: Collection[int], by: Actor) -> None:
    """Fix the rosters of those sessions that have none."""
    missing = registers.without(ids)
    if missing:
        settle(ids=missing, by=by)


@transaction.atomic
def settle(*, ids: Collection[int], persons: Collection[int] | None = None, by: Actor) -> None:
    """Fix the rosters of live sessions that have none, and let those that have not started follow who moved.

    `persons` narrows the second to those people. A constant number of queries, and inserts in batches of 1,000.
    """
    queries.take_turn(by.institution_id)
    now = clock.now()
    found = queries.around(ids, persons=persons)
    missing = [row for row in found.sessions if row.pk not in found.registers]
    if missing and persons is not None:
        _build(missing, queries.around([row.pk for row in missing]).named, by)
    else:
        _build(missing, found.named, by)
    changes = {
        found.registers[row.pk].pk: (row, difference(found.named[row.pk], found.lines.get(row.pk, {})))
        for row in found.sessions
        if row.pk in found.registers and follows(row.of_starts_at, now)
    }
    _follow({pk: each for pk, each in changes.items() if each[1]}, found.registers, by)


def _build(sessions: Sequence[Any], named: Mapping[int, Collection[int]], by: Actor) -> None:
    if not sessions:
        return
    now = clock.now()
    made = Register.objects.bulk_create(
        [Register(session_id=row.pk, frozen_at=now) for row in sessions], batch_size=BATCH
    )
    students = _students({person for row in sessions for person in named[row.pk]}, sessions)
    Attendance.objects.bulk_create(
        [
            Attendance(session_id=row.pk, person_id=person, student_id=students[person])
            for row in sessions
            for person in sorted(named[row.pk])
        ],
        batch_size=BATCH,
    )
    excuses.apply(persons=list(students), sessions=[row.pk for row in sessions], by=by)
    lines = {
        register.pk: {"session": [None, row.pk], "expected": len(named[row.pk])}
        for register, row in zip(made, sessions, strict=True)
    }
    journal.record_each(BUILT, REGISTER, lines, by=by)


def _students(persons: Collection[int], sessions: Sequence[Any]) -> dict[int, int | None]:
    day = min(local_day(row.of_starts_at, row.zone) for row in sessions)
    return queries.students_of(persons, day)


def _follow(changes: Mapping[int, tuple[Any, RosterChange]], known: Mapping[int, Any], by: Actor) -> None:
    """Write what changed of rosters that were there: lines added, expected again, expected no more."""
    if not changes:
        return
    now = clock.now()
    students = _students(
        {person for _, each in changes.values() for person in each.add}, [row for row, _ in changes.values()]
    )
    Attendance.objects.bulk_create(
        [
            Attendance(session_id=row.pk, person_id=person, student_id=students[person])
            for row, each in changes.values()
            for person in each.add
        ],
        batch_size=BATCH,
    )
    excuses.apply(persons=list(students), sessions=[row.pk for row, _ in changes.values()], by=by)
    _expect({(row.pk, person) for row, each in changes.values() for person in each.expect}, expected=True)
    _expect({(row.pk, person) for row, each in changes.values() for person in each.release}, expected=False)
    Register.objects.filter(pk__in=list(changes)).update(
        roster_version=F("roster_version") + 1, version=F("version") + 1, updated_at=now
    )
    versions = {register.pk: register for register in known.values()}
    lines = {
        pk: {
            "added": [*each.add, *each.expect],
            "removed": list(each.release),
            "roster_version": [versions[pk].roster_version, versions[pk].roster_version + 1],
            "version": [versions[pk].version, versions[pk].version + 1],
        }
        for pk, (_, each) in changes.items()
    }
    journal.record_each(CHANGED, REGISTER, lines, by=by)


def _expect(pairs: Collection[tuple[int, int]], *, expected: bool) -> None:
    if not pairs:
        return
    sessions, persons = {session for session, _ in pairs}, {person for _, person in pairs}
    rows = Attendance.objects.filter(session_id__in=sessions, person_id__in=persons, expected=not expected)
    wanted = [
        pk for pk, session, person in rows.values_list("pk", "session_id", "person_id") if (session, person) in pairs
    ]
    Attendance.objects.filter(pk__in=wanted).update(expected=expected, version=F("version") + 1, updated_at=clock.now())


def follow_session(*, line_id: int, by: Actor) -> None:
    """Fix or adjust the roster of a session that came into being or changed by itself."""
    settle(ids=[int(JournalLine.objects.get(pk=line_id).subject_id)], by=by)


def follow_week(*, line_id: int, by: Actor) -> None:
    """Fix or adjust the rosters of a week that was published or amended."""
    plan = int(JournalLine.objects.get(pk=line_id).subject_id)
    settle(ids=list(taught.of_weeks([plan]).values_list("pk", flat=True)), by=by)


def follow_person(*, line_id: int, by: Actor) -> None:
    """Let the sessions to come follow somebody who was placed, enrolled, dropped, or whose status changed."""
    line = JournalLine.objects.get(pk=line_id)
    pk = int(line.subject_id)
    person = academics.person_of(**{line.subject_kind: pk})
    if person is None:
        return
    _follow_people([person], by)


def follow_import(*, line_id: int, by: Actor) -> None:
    """Let the sessions to come follow those whom a file of students entered; who was moved has a line."""
    line = JournalLine.objects.get(pk=line_id)
    if line.changes.get("kind") == STUDENTS:
        _follow_people(academics.entered_by_file(int(line.subject_id)), by)


def _follow_people(persons: Collection[int], by: Actor) -> None:
    """Settle the rosters that name or expect people from now on; what nobody has fixed will name them anyway."""
    now = clock.now()
    groups, sections = academics.belongings(persons)
    to_come = taught.to_come(groups=groups, sections=sections, after=now)
    named = Register.objects.filter(session__in=to_come.values("pk"))
    there = Attendance.objects.filter(person_id__in=list(persons), expected=True, session__starts_at__gt=now)
    ids = {*named.values_list("session_id", flat=True), *there.values_list("session_id", flat=True)}
    settle(ids=ids, persons=persons, by=by)


@unjournaled("the session's own line says that it was deleted")
def forget(*, session: int, by: Actor) -> None:
    """Let go of the register of a session that is deleted before it starts; nobody has been marked in it."""
    if not MarkChange.objects.filter(line__session_id=session).exists():
        Attendance.objects.filter(session_id=session).delete()
        Register.objects.filter(session_id=session).delete()
