"""Writing a publication: sessions, what they occupy, their place in the calendar, in bulk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from maristan.agenda import actions as agenda
from maristan.kernel import journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.rows import violated
from maristan.kernel.workflow import Requirement
from maristan.timetable.models import (
    Session,
    SessionOccurrence,
)
from maristan.timetable.queries.surroundings import SESSION_OWNER, Names, WeekInContext
from maristan.timetable.rules import occurrences
from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.publication import (
    DesiredSession,
    ExistingSession,
    PublicationDiff,
    SessionChange,
    allocations,
)
from maristan.timetable.rules.states import OccurrenceState, SessionSource, SessionStatus

CLASH_CONSTRAINTS = {"timetable_sessionallocation_no_overlap", "agenda_booking_no_overlap"}
# What a session holds comes and goes together: three tables, one statement.
OCCUPY = """
WITH teachers AS (
  INSERT INTO timetable_sessionteacher (created_at, updated_at, session_id, person_id)
  SELECT now(), now(), * FROM unnest(%(taught)s::bigint[], %(teachers)s::bigint[])
), groups AS (
  INSERT INTO timetable_sessiongroup (created_at, updated_at, session_id, group_id, position)
  SELECT now(), now(), * FROM unnest(%(attended)s::bigint[], %(groups)s::bigint[], %(positions)s::smallint[])
)
INSERT INTO timetable_sessionallocation
  (created_at, updated_at, session_id, starts_at, ends_at, is_live, kind, resource_id)
SELECT now(), now(), s.id, s.starts_at, s.ends_at, s.is_live, held.kind, held.resource_id
FROM unnest(%(holding)s::bigint[], %(kinds)s::text[], %(resources)s::bigint[]) AS held (session_id, kind, resource_id)
JOIN timetable_session s ON s.id = held.session_id
"""
LET_GO = """
WITH teachers AS (DELETE FROM timetable_sessionteacher WHERE session_id = ANY(%(sessions)s)),
     groups AS (DELETE FROM timetable_sessiongroup WHERE session_id = ANY(%(sessions)s))
DELETE FROM timetable_sessionallocation WHERE session_id = ANY(%(sessions)s)
"""
REMOVED = "No longer in the published week."
WRITTEN = [
    "academic_period", "department", "faculty", "faculty_name", "group", "section", "course", "room", "kind", "topic",
    "note", "starts_at", "ends_at", "status", "cancelled_at", "cancelled_by", "cancel_reason", "version", "updated_at",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What a publication wrote: ids of sessions `created`, `updated`, `cancelled`, and the line of each of them."""

    ids: dict[str, list[int]] = field(default_factory=dict)
    lines: tuple[journal.Entry, ...] = ()


def apply(
    context: WeekInContext, diff: PublicationDiff, *, by: Actor, now: datetime, reason: str = "", withdraw: bool = False
) -> Written:
    """Write a difference; the caller records its lines beside that of the week.

    `withdraw` marks the occurrences of what is cancelled as WITHDRAWN (a revert). Raises `IntegrityError` when a
    constraint finds a clash that the report did not know.
    """
    changes = [*diff.update, *diff.revive]
    if changes or diff.cancel:
        _settle_at_the_end()
    created = Session.objects.bulk_create([_fill(Session(source=SessionSource.PLAN), each) for each in diff.create])
    changed = [_changed(each, context.versions) for each in changes]
    stamps = {"cancelled_at": now, "cancelled_by": by.name, "cancel_reason": reason or REMOVED}
    cancelled = [_cancelled(each, context.versions, stamps) for each in diff.cancel]
    _rewrite(changed, cancelled)
    contents = [*(each.content for each in diff.create), *(each.desired.content for each in changes)]
    pairs = list(zip([*created, *changed], contents, strict=True))
    occupy(pairs)
    _place(context, created, diff, withdraw=withdraw)
    gone = zip(cancelled, (each.content for each in diff.cancel), strict=True)
    show([*pairs, *gone], context.names, by=by)
    if changes or diff.cancel:
        _settle_now()
    return Written(
        {"created": _ids(created), "updated": _ids(changed), "cancelled": _ids(cancelled)},
        tuple(_lines(context, diff, _ids(created), reason)),
    )


def _ids(rows: Iterable[Session]) -> list[int]:
    return [row.pk for row in rows]


def _lines(
    context: WeekInContext, diff: PublicationDiff, created: Sequence[int], reason: str
) -> Iterator[journal.Entry]:
    for kind, pk, changes in occurrences.of_publication(diff, created, context.versions, context.plan.pk):
        why = reason or (REMOVED if kind == occurrences.CANCELLED else "")
        yield journal.Entry(kind, ("session", pk), changes, why)


def guarded(write: Callable[[], Any], explain: Callable[[], object]) -> Any:
    """Carry out `write`; when a constraint finds a clash, undo it and let `explain` refuse with who, where, when.

    Raises `NotNow` (with `room_clash`) when `explain` finds no reason any more.
    """
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        if violated(error) not in CLASH_CONSTRAINTS:
            raise
        explain()
        label = "Somebody took a room, teacher or group at that time; try again."
        raise NotNow("not_now", label, missing=[Requirement("room_clash", label).as_dict()]) from error


def _settle_at_the_end() -> None:
    with connection.cursor() as cursor:  # a swap of two rooms overlaps until both sessions are written
        cursor.execute("SET CONSTRAINTS timetable_sessionallocation_no_overlap, agenda_booking_no_overlap DEFERRED")


def _settle_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS timetable_sessionallocation_no_overlap, agenda_booking_no_overlap IMMEDIATE")


def _fill(row: Session, wanted: DesiredSession) -> Session:
    """A session row as a cell wants it."""
    fill_content(row, wanted.content)
    row.starts_at, row.ends_at = wanted.starts_at, wanted.ends_at
    row.status = SessionStatus.SCHEDULED
    return row


def fill_content(row: Session, content: Content) -> None:
    """Set what is taught, by whom, to whom and where."""
    row.academic_period_id = content.academic_period  # type: ignore[assignment]
    row.department_id = content.department  # type: ignore[assignment]
    row.faculty_id, row.faculty_name = content.faculty, content.faculty_name
    row.group_id = content.groups[0] if content.groups else None
    row.section_id, row.course_id, row.room_id = content.section, content.course, content.room
    row.kind, row.topic, row.note = content.kind, content.topic, content.note


def _changed(change: SessionChange, versions: Mapping[int, int]) -> Session:
    old = change.existing
    row = _fill(Session(pk=old.session, source=SessionSource.PLAN, version=versions[old.session] + 1), change.desired)
    row.status = old.status if old.is_live else SessionStatus.SCHEDULED
    return row


def _cancelled(old: ExistingSession, versions: Mapping[int, int], stamps: Mapping[str, Any]) -> Session:
    row = Session(pk=old.session, source=SessionSource.PLAN, version=versions[old.session] + 1, **stamps)
    fill_content(row, old.content)
    row.starts_at, row.ends_at, row.status = old.starts_at, old.ends_at, SessionStatus.CANCELLED
    return row


def _rewrite(changed: Sequence[Session], cancelled: Sequence[Session]) -> None:
    """Write sessions over themselves: what changes lets go of everything first, what is cancelled by the cascade of
    its liveness. Whoever writes a session has the institution's turn, so none has moved since it was read."""
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(LET_GO, {"sessions": _ids(changed)})
    if changed or cancelled:
        Session.objects.bulk_create(
            [*changed, *cancelled], update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN
        )


def cancel_rows(rows: Sequence[Session], *, by: Actor, now: datetime, reason: str) -> None:
    """Cancel sessions; what they occupied becomes free by the cascade of their liveness."""
    for row in rows:
        row.status, row.cancelled_at, row.cancelled_by = SessionStatus.CANCELLED, now, by.name
        row.cancel_reason, row.version, row.updated_at = reason, row.version + 1, now
    fields = ["status", "cancelled_at", "cancelled_by", "cancel_reason", "version", "updated_at"]
    Session.objects.bulk_update(rows, fields)


def occupy(pairs: Sequence[tuple[Session, Content]]) -> None:
    """Store the further teachers, groups and allocations of sessions that have none yet: one statement."""
    if not pairs:
        return
    taught = [(row.pk, person) for row, content in pairs for person in content.co_faculty]
    attended = [(row.pk, group, at) for row, content in pairs for at, group in enumerate(content.groups)]
    held = [(row.pk, str(kind), pk) for row, content in pairs for kind, pk in allocations(content)]
    columns = {
        **_columns(taught, "taught", "teachers"),
        **_columns(attended, "attended", "groups", "positions"),
        **_columns(held, "holding", "kinds", "resources"),
    }
    with connection.cursor() as cursor:
        cursor.execute(OCCUPY, columns)


def _columns(rows: Sequence[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def _place(context: WeekInContext, created: Sequence[Session], diff: PublicationDiff, *, withdraw: bool) -> None:
    """Occurrences of what is new; those that were withdrawn stand again, those that are taken back no longer."""
    new = [_occurrence(context, row.pk, each.cell, each.date) for row, each in zip(created, diff.create, strict=True)]
    old = [each.existing for each in diff.revive]
    again = [_occurrence(context, each.session, each.cell, each.date) for each in old]
    if again:
        SessionOccurrence.objects.bulk_create(
            [*new, *again], update_conflicts=True, unique_fields=["week_cell", "date"], update_fields=["state"]
        )
    elif new:
        SessionOccurrence.objects.bulk_create(new)
    if withdraw:
        gone = [each.session for each in diff.cancel]
        SessionOccurrence.objects.filter(session_id__in=gone).update(state=OccurrenceState.WITHDRAWN)


def _occurrence(context: WeekInContext, session: int, cell: int | None, day: date) -> SessionOccurrence:
    plan = context.plan
    return SessionOccurrence(
        week_plan=plan, week_cell_id=cell or 0, week_start_date=plan.week_start_date, date=day, session_id=session
    )


def show(pairs: Sequence[tuple[Session, Content]], names: Names, *, by: Actor) -> None:
    """Put sessions into the calendar and hold their rooms; a cancelled one stays in sight and holds none."""
    if not pairs:
        return
    agenda.put(owner_kind=SESSION_OWNER, entries=[entry_of(row, content, names) for row, content in pairs], by=by)
    holds = [
        agenda.Hold(row.room_id, row.pk, title(content, names), row.starts_at, row.ends_at)
        for row, content in pairs
        if row.room_id is not None and row.status != SessionStatus.CANCELLED
    ]
    renewed = [row.pk for row, _ in pairs if row.version > 1]
    agenda.hold(owner_kind=SESSION_OWNER, holds=holds, release=renewed, by=by)


def title(content: Content, names: Names) -> str:
    """What a session is called: its course, else its topic."""
    return names.courses.get(content.course or 0, "") or content.topic


def entry_of(row: Session, content: Content, names: Names) -> agenda.Shown:
    """A session as the calendar shows it."""
    shown = [content.topic if names.courses.get(content.course or 0) else "", _teachers(content, names)]
    return agenda.Shown(
        owner_id=row.pk,
        title=title(content, names),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        audience=content.audience,
        place=names.rooms.get(content.room or 0, ""),
        detail=" · ".join(each for each in shown if each)[:500],
        url=f"/timetable/sessions/{row.pk}",
        is_cancelled=row.status == SessionStatus.CANCELLED,
        cancel_reason=row.cancel_reason,
        sequence=row.version,
    )


def _teachers(content: Content, names: Names) -> str:
    known = [names.people.get(each, "") for each in content.teachers]
    return ", ".join(each for each in known if each) or content.faculty_name
