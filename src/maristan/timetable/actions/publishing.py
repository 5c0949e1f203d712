"""Writing a publication: sessions, what they occupy, their place in the calendar, in bulk."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from maristan.agenda import actions as agenda
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.rows import violated
from maristan.kernel.workflow import Requirement
from maristan.timetable.models import (
    Session,
    SessionAllocation,
    SessionGroup,
    SessionOccurrence,
    SessionTeacher,
)
from maristan.timetable.queries.surroundings import SESSION_OWNER, Names, WeekInContext
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
REMOVED = "No longer in the published week."
WRITTEN = [
    "academic_period", "department", "faculty", "faculty_name", "group", "section", "course", "room", "kind", "topic",
    "note", "starts_at", "ends_at", "status", "cancelled_at", "cancelled_by", "cancel_reason", "version", "updated_at",
]  # fmt: skip


def apply(
    context: WeekInContext, diff: PublicationDiff, *, by: Actor, now: datetime, reason: str = "", withdraw: bool = False
) -> dict[str, list[int]]:
    """Write a difference and give the ids of sessions `created`, `updated`, `cancelled`.

    `withdraw` marks the occurrences of what is cancelled as WITHDRAWN (a revert). Raises `IntegrityError` when a
    constraint finds a clash that the report did not know.
    """
    changed = [*diff.update, *diff.revive]
    if changed or diff.cancel:
        _settle_at_the_end()
    cancelled = _cancel(diff.cancel, by=by, now=now, reason=reason, withdraw=withdraw)
    created = Session.objects.bulk_create([_fill(Session(source=SessionSource.PLAN), each) for each in diff.create])
    updated = _update(changed, context.versions)
    pairs = list(zip([*created, *updated], [*diff.create, *(each.desired for each in changed)], strict=True))
    _occupy(pairs, renewed=[row.pk for row in updated])
    _place(context, created, diff)
    _show(pairs, cancelled, context.names, by=by)
    if changed or diff.cancel:
        _settle_now()
    return {
        "created": [row.pk for row in created],
        "updated": [row.pk for row in updated],
        "cancelled": [row.pk for row in cancelled],
    }


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


def _update(changes: Sequence[SessionChange], versions: dict[int, int]) -> list[Session]:
    rows = []
    for each in changes:
        old = each.existing
        row = _fill(Session(pk=old.session, source=SessionSource.PLAN, version=versions[old.session] + 1), each.desired)
        row.status = old.status if old.is_live else SessionStatus.SCHEDULED
        rows.append(row)
    if rows:
        SessionAllocation.objects.filter(session_id__in=[row.pk for row in rows]).delete()
        Session.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
    return rows


def _cancel(
    sessions: Sequence[ExistingSession], *, by: Actor, now: datetime, reason: str, withdraw: bool
) -> list[Session]:
    if not sessions:
        return []
    ids = [each.session for each in sessions]
    rows = list(Session.objects.filter(pk__in=ids).select_for_update(of=("self",)))
    cancel_rows(rows, by=by, now=now, reason=reason or REMOVED)
    if withdraw:
        SessionOccurrence.objects.filter(session_id__in=ids).update(state=OccurrenceState.WITHDRAWN)
    return rows


def cancel_rows(rows: Sequence[Session], *, by: Actor, now: datetime, reason: str) -> None:
    """Cancel sessions; what they occupied becomes free by the cascade of their liveness."""
    for row in rows:
        row.status, row.cancelled_at, row.cancelled_by = SessionStatus.CANCELLED, now, by.name
        row.cancel_reason, row.version, row.updated_at = reason, row.version + 1, now
    fields = ["status", "cancelled_at", "cancelled_by", "cancel_reason", "version", "updated_at"]
    Session.objects.bulk_update(rows, fields)


def _occupy(pairs: Sequence[tuple[Session, DesiredSession]], *, renewed: Sequence[int]) -> None:
    """Teachers, groups and allocations of sessions; `renewed` had others before."""
    if renewed:
        SessionTeacher.objects.filter(session_id__in=renewed).delete()
        SessionGroup.objects.filter(session_id__in=renewed).delete()
    occupy((row, wanted.content) for row, wanted in pairs)


def occupy(pairs: Iterable[tuple[Session, Content]]) -> None:
    """Store the further teachers, groups and allocations of sessions that have none yet."""
    teachers, groups, held = [], [], []
    for row, content in pairs:
        teachers += [SessionTeacher(session=row, person_id=each) for each in content.co_faculty]
        groups += [SessionGroup(session=row, group_id=each, position=at) for at, each in enumerate(content.groups)]
        held += [
            SessionAllocation(
                session=row, kind=kind, resource_id=pk, starts_at=row.starts_at, ends_at=row.ends_at, is_live=True
            )
            for kind, pk in allocations(content)
        ]
    if teachers:
        SessionTeacher.objects.bulk_create(teachers)
    if groups:
        SessionGroup.objects.bulk_create(groups)
    if held:
        SessionAllocation.objects.bulk_create(held)


def _place(context: WeekInContext, created: Sequence[Session], diff: PublicationDiff) -> None:
    """Occurrences of what is new, and those that were withdrawn stand again."""
    if created:
        SessionOccurrence.objects.bulk_create(
            SessionOccurrence(
                week_plan=context.plan,
                week_cell_id=wanted.cell or 0,
                week_start_date=context.plan.week_start_date,
                date=wanted.date,
                session=row,
            )
            for row, wanted in zip(created, diff.create, strict=True)
        )
    revived = [each.existing.session for each in diff.revive]
    if revived:
        SessionOccurrence.objects.filter(session_id__in=revived).update(state=OccurrenceState.LIVE)


def _show(
    pairs: Sequence[tuple[Session, DesiredSession]], cancelled: Sequence[Session], names: Names, *, by: Actor
) -> None:
    """The calendar and the rooms' bookings follow in the same transaction."""
    show([(row, wanted.content) for row, wanted in pairs], names, by=by)
    if cancelled:
        agenda.mark_cancelled(
            owner_kind=SESSION_OWNER,
            owners={row.pk: (row.cancel_reason, row.version) for row in cancelled},
            by=by,
        )
        agenda.release(owner_kind=SESSION_OWNER, owner_ids=[row.pk for row in cancelled], by=by)


def show(pairs: Sequence[tuple[Session, Content]], names: Names, *, by: Actor) -> None:
    """Put sessions into the calendar and hold their rooms."""
    if not pairs:
        return
    agenda.put(owner_kind=SESSION_OWNER, entries=[_entry(row, content, names) for row, content in pairs], by=by)
    holds = [
        agenda.Hold(row.room_id, row.pk, title(content, names), row.starts_at, row.ends_at)
        for row, content in pairs
        if row.room_id is not None
    ]
    renewed = [row.pk for row, _ in pairs if row.version > 1]
    agenda.hold(owner_kind=SESSION_OWNER, holds=holds, release=renewed, by=by)


def title(content: Content, names: Names) -> str:
    """What a session is called: its course, else its topic."""
    return names.courses.get(content.course or 0, "") or content.topic


def _entry(row: Session, content: Content, names: Names) -> agenda.Shown:
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
        sequence=row.version,
    )


def _teachers(content: Content, names: Names) -> str:
    known = [names.people.get(each, "") for each in content.teachers]
    return ", ".join(each for each in known if each) or content.faculty_name
