"""What a file of marks is compared with: a constant number of queries for a file of any length."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from maristan.academics.queries import learners, planning
from maristan.attendance.models import Attendance
from maristan.attendance.queries import registers
from maristan.attendance.rules import uploads as rules
from maristan.attendance.rules.registers import marking_refusal
from maristan.attendance.rules.states import Perm
from maristan.attendance.rules.uploads import Known, KnownSession, Slot
from maristan.attendance.rules.windows import local_day
from maristan.directory.queries import people
from maristan.kernel.access import Actor
from maristan.kernel.names import match_key as name_key
from maristan.kernel.tables.cells import Row
from maristan.timetable.queries import taught


def slots(rows: Sequence[Row], *, actor: Actor, zone: str, today: date) -> dict[Slot, list[int]]:
    """Sessions in scope by the date, start and group that rows without an id name: two queries."""
    wanted = {slot for row in rows if row.cell("session_id").is_blank and (slot := rules.slot_of(row, today))}
    if not wanted:
        return {}
    reach, local = actor.demand(Perm.UPLOAD), ZoneInfo(zone)
    starts = {datetime.combine(day, at, local) for day, at, _ in wanted}
    groups = {row.pk: name_key(row.name) for row in planning.group_names()}
    found: dict[Slot, list[int]] = defaultdict(list)
    there: Any = taught.sessions().filter(taught.within(reach, actor.person_id), starts_at__in=starts)
    for row in there:
        begins = row.of_starts_at.astimezone(local)
        for group in row.of_groups:
            found[begins.date(), begins.time().replace(microsecond=0, second=0), groups.get(group, "")].append(row.pk)
    return {slot: found[slot] for slot in wanted if slot in found}


def sessions_named(rows: Sequence[Row], slots_of: Mapping[Slot, Sequence[int]], session: int | None) -> set[int]:
    """Ids of all sessions that a file and its form name."""
    ids = {rules.number_of(row.cell("session_id").text) for row in rows} | {session}
    return {pk for pk in ids if pk} | {pk for found in slots_of.values() for pk in found}


def in_reach(ids: Collection[int], *, actor: Actor) -> list[int]:
    """Those sessions that the actor may mark by a file."""
    reach = actor.demand(Perm.UPLOAD)
    return list(
        taught.sessions().filter(taught.within(reach, actor.person_id), pk__in=ids).values_list("pk", flat=True)
    )


def known(
    rows: Sequence[Row], ids: Collection[int], slots_of: Mapping[Slot, Sequence[int]], *, add: bool, actor: Actor,
    now: datetime,
) -> tuple[Known, dict[int, Any]]:  # fmt: skip
    """Sessions, people and lines that a file names, and the registers by session."""
    view = actor.demand(Perm.VIEW)
    found = {row.session_id: row for row in registers.registers().filter(session_id__in=list(ids))}
    sessions = {
        pk: _session(row, add=add, actor=actor, now=now)
        for pk, row in found.items()
        if taught.covers(view, row, actor.person_id)
    }
    users = {number for row in rows if (number := rules.number_of(row.cell("user_id").text))}
    accounts = {each.user: each.person for each in people.accounts(users=users)} if users else {}
    numbers = learners.by_reg_no({rules.reg_no_of(row) for row in rows})
    emails = learners.by_email({row.cell("email").text for row in rows})
    persons = {*accounts.values(), *(each for group in (*numbers.values(), *emails.values()) for each in group)}
    known_learners = learners.of(persons, day=local_day(now, "UTC"))
    lines = Attendance.objects.filter(session_id__in=list(sessions), person_id__in=list(persons))
    return Known(
        sessions=sessions,
        slots=slots_of,
        users={user: person for user, person in accounts.items() if user is not None},
        reg_nos=numbers,
        emails=emails,
        learners={person: each.student for person, each in known_learners.items()},
        lines={(row.session_id, row.person_id): registers.line_facts(row) for row in lines},
    ), found


def _session(row: Any, *, add: bool, actor: Actor, now: datetime) -> KnownSession:
    may = registers.may(row, actor=actor)
    refusal = marking_refusal(registers.facts(row, actor=actor), now)
    return KnownSession(
        id=row.session_id,
        day=local_day(row.of_starts_at, row.zone),
        zone=row.zone,
        starts_at=row.of_starts_at,
        ends_at=row.of_ends_at,
        in_scope=may(Perm.UPLOAD),
        refusal=(refusal.code, refusal.detail) if refusal else None,
        takes_anybody=row.of_section_id is None and not row.of_groups and not row.audience,
        may_add=add and may(Perm.REPAIR),
    )
