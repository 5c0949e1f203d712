"""What a publication does: the sessions that should be against those that are (rules T9, T10, T11).

A pure difference: nothing is deleted, ids survive, and running it on its own result gives nothing to do.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from maristan.kernel.messages import together
from maristan.kernel.workflow import Requirement
from maristan.timetable.rules.clashes import Resource, resources_of
from maristan.timetable.rules.details import DETAILS
from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.planned import PlannedSession
from maristan.timetable.rules.states import OccurrenceState, SessionStatus

Address = tuple[int, int]
FIXED_BY_ATTENDANCE = frozenset({"starts_at", "ends_at", "groups", "section"})
COMPARED = ("starts_at", "ends_at", *(each.name for each in fields(Content)))


@dataclass(frozen=True, slots=True)
class DesiredSession:
    """The session a SCHEDULED cell asks for; `cell` is None while the cell is not yet stored (a preview)."""

    cell: int | None
    row_index: int
    day_of_week: int
    date: date
    starts_at: datetime
    ends_at: datetime
    content: Content
    all_groups: bool = False

    @property
    def address(self) -> Address:
        """(`row_index`, `day_of_week`) of its cell."""
        return self.row_index, self.day_of_week


@dataclass(frozen=True, slots=True)
class ExistingSession:
    """An occurrence with its session, as stored; `cell` and `date` are the occurrence's key."""

    session: int
    cell: int
    row_index: int
    day_of_week: int
    date: date
    starts_at: datetime
    ends_at: datetime
    content: Content
    status: SessionStatus = SessionStatus.SCHEDULED
    state: OccurrenceState = OccurrenceState.LIVE
    attendance_recorded: bool = False

    @property
    def is_live(self) -> bool:
        """True when it stands: neither cancelled nor withdrawn."""
        return self.status is not SessionStatus.CANCELLED and self.state is OccurrenceState.LIVE

    @property
    def address(self) -> Address:
        """(`row_index`, `day_of_week`) of its cell."""
        return self.row_index, self.day_of_week


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a session, old and new, as values (instants, ids, tuples of ids, text)."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session to be written: what stands, what shall stand, and the fields in which they differ."""

    existing: ExistingSession
    desired: DesiredSession
    changes: tuple[FieldChange, ...]

    @property
    def released(self) -> frozenset[Resource]:
        """(kind, id) of what it no longer holds."""
        return frozenset(resources_of(self.existing.content)) - frozenset(resources_of(self.desired.content))

    @property
    def taken(self) -> frozenset[Resource]:
        """(kind, id) of what it newly holds."""
        return frozenset(resources_of(self.desired.content)) - frozenset(resources_of(self.existing.content))


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a change concerns, before or after it."""

    people: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    sections: frozenset[int] = frozenset()

    def __or__(self, other: "Touched") -> "Touched":
        return Touched(self.people | other.people, self.groups | other.groups, self.sections | other.sections)


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """One session in a message to those it concerns; the words are put elsewhere.

    `action` is created, changed, cancelled or revived; `content` and times are the new ones (the old when cancelled).
    """

    action: str
    session: int | None
    cell: int | None
    date: date
    starts_at: datetime
    ends_at: datetime
    content: Content
    changes: tuple[FieldChange, ...]
    touched: Touched


@dataclass(frozen=True, slots=True)
class PublicationDiff:
    """What to write; `blocked` holds the sessions whose recorded attendance forbids it."""

    create: tuple[DesiredSession, ...] = ()
    update: tuple[SessionChange, ...] = ()
    revive: tuple[SessionChange, ...] = ()
    cancel: tuple[ExistingSession, ...] = ()
    unchanged: tuple[ExistingSession, ...] = ()
    blocked: tuple[Requirement, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when every session already stands as it should."""
        return not (self.create or self.update or self.revive or self.cancel)

    @property
    def touched(self) -> Touched:
        """Everyone concerned, old or new."""
        found = Touched()
        for line in self.lines():
            found |= line.touched
        return found

    @property
    def standing(self) -> tuple[tuple[Content, date], ...]:
        """What is taught on which date once the difference is written."""
        kept = ((each.content, each.date) for each in self.unchanged)
        written = (each.desired for each in (*self.update, *self.revive))
        return (*kept, *((each.content, each.date) for each in (*self.create, *written)))

    def counts(self) -> dict[str, int]:
        """`delta`: created, updated (revived sessions among them), cancelled, unchanged, and `revived` apart."""
        return {
            "created": len(self.create),
            "updated": len(self.update) + len(self.revive),
            "cancelled": len(self.cancel),
            "unchanged": len(self.unchanged),
            "revived": len(self.revive),
        }

    def lines(self) -> tuple[AmendmentLine, ...]:
        """One line for each session that changes, by start."""
        found = [_created(each) for each in self.create]
        found += [_changed("changed", each) for each in self.update]
        found += [_changed("revived", each) for each in self.revive]
        found += [_cancelled(each) for each in self.cancel]
        return tuple(sorted(found, key=lambda line: line.starts_at))


def desired_sessions(planned: Iterable[PlannedSession]) -> tuple[DesiredSession, ...]:
    """The sessions a plan asks for; cells without a valid time ask for none (they block publication elsewhere)."""
    found = []
    for each in planned:
        if each.cell is not None and each.interval is not None:
            cell = each.cell
            key = (cell.id, cell.row_index, cell.day_of_week, each.day)
            found.append(DesiredSession(*key, *each.interval, each.content, cell.all_groups))
    return tuple(found)


def publication_diff(
    desired: Iterable[DesiredSession],
    existing: Iterable[ExistingSession],
    *,
    only: Collection[Address] | None = None,
) -> PublicationDiff:
    """The difference, keyed by (cell, date); with `only` (an amendment) just the cells at these addresses.

    `existing` holds every occurrence of the plan, withdrawn and cancelled ones too.
    """
    wanted = [each for each in desired if only is None or each.address in only]
    standing: dict[tuple[int | None, date], ExistingSession] = {
        (each.cell, each.date): each for each in existing if only is None or each.address in only
    }
    asked = {(each.cell, each.date) for each in wanted}
    met = [(standing[each.cell, each.date], each) for each in wanted if (each.cell, each.date) in standing]
    changes = [SessionChange(old, new, tuple(_differences(old, new))) for old, new in met]
    live = [each for each in changes if each.existing.is_live]
    update = tuple(each for each in live if each.changes)
    cancel = tuple(each for key, each in standing.items() if key not in asked and each.is_live)
    return PublicationDiff(
        create=tuple(each for each in wanted if (each.cell, each.date) not in standing),
        update=update,
        revive=tuple(each for each in changes if not each.existing.is_live),
        cancel=cancel,
        unchanged=tuple(each.existing for each in live if not each.changes),
        blocked=attendance_blocks(update, cancel),
    )


def withdrawal(existing: Iterable[ExistingSession]) -> PublicationDiff:
    """What a revert does (rule T11): every live session is cancelled, those with attendance forbid it."""
    live = tuple(each for each in existing if each.is_live)
    return PublicationDiff(cancel=live, blocked=attendance_blocks((), live))


def standing(
    existing: Iterable[ExistingSession], diff: PublicationDiff, created: Collection[int], withdrawn: bool = False
) -> tuple[ExistingSession, ...]:
    """What stands once a difference is written; `created` holds the ids of `diff.create`, in its order."""
    gone = {each.session for each in diff.cancel}
    state = OccurrenceState.WITHDRAWN if withdrawn else OccurrenceState.LIVE
    changed = {each.existing.session: each for each in (*diff.update, *diff.revive)}
    found = [_written(each, changed) for each in existing if each.session not in gone]
    found += [replace(each, status=SessionStatus.CANCELLED, state=state) for each in diff.cancel]
    for session, new in zip(created, diff.create, strict=True):
        key = (session, new.cell or 0, new.row_index, new.day_of_week, new.date)
        found.append(ExistingSession(*key, new.starts_at, new.ends_at, new.content))
    return tuple(found)


def _written(old: ExistingSession, changed: Mapping[int, SessionChange]) -> ExistingSession:
    change = changed.get(old.session)
    if change is None:
        return old
    new = change.desired
    status = old.status if old.is_live else SessionStatus.SCHEDULED
    return replace(
        old, starts_at=new.starts_at, ends_at=new.ends_at, content=new.content, status=status,
        state=OccurrenceState.LIVE,
    )  # fmt: skip


def attendance_blocks(update: Iterable[SessionChange], cancel: Iterable[ExistingSession]) -> tuple[Requirement, ...]:
    """`attendance_exists` for each recorded session that would be removed or change time, groups or section (T9)."""
    found = [attendance_block(each, ("removal",)) for each in cancel if each.attendance_recorded]
    for change in update:
        fixed = tuple(each.field for each in change.changes if each.field in FIXED_BY_ATTENDANCE)
        if change.existing.attendance_recorded and fixed:
            found.append(attendance_block(change.existing, fixed))
    return tuple(found)


def attendance_block(existing: ExistingSession, why: Collection[str]) -> Requirement:
    """The unmet requirement; `where` names the session, its date, its cell and the fields that must stay."""
    return Requirement(
        "attendance_exists",
        "Attendance is recorded for the session",
        detail=together(DETAILS["attendance_exists"].told(why=each) for each in why),
        where={
            "session": existing.session,
            "date": existing.date.isoformat(),
            "cells": [{"id": existing.cell, "row_index": existing.row_index, "day_of_week": existing.day_of_week}],
            "fields": list(why),
        },
    )


def allocations(content: Content) -> tuple[Resource, ...]:
    """(kind, resource id) of everything a session holds: room, each teacher, each group, section."""
    return resources_of(content)


def touched_by(contents: Iterable[Content]) -> Touched:
    """The teachers, groups and sections of these sessions: the audience of a publication."""
    listed = list(contents)
    return Touched(
        frozenset(person for each in listed for person in each.teachers),
        frozenset(group for each in listed for group in each.attending_groups),
        frozenset(each.section for each in listed if each.section is not None),
    )


def _differences(old: ExistingSession, new: DesiredSession) -> Iterator[FieldChange]:
    keeps_groups = old.attendance_recorded and new.all_groups
    for name in COMPARED:
        before, after = _value(old, name), _value(new, name)
        if before != after and not (name == "groups" and keeps_groups):
            yield FieldChange(name, before, after)


def _value(session: ExistingSession | DesiredSession, name: str) -> object:
    return getattr(session if name in ("starts_at", "ends_at") else session.content, name)


def _created(new: DesiredSession) -> AmendmentLine:
    times = (new.date, new.starts_at, new.ends_at)
    return AmendmentLine("created", None, new.cell, *times, new.content, (), touched_by([new.content]))


def _changed(action: str, change: SessionChange) -> AmendmentLine:
    old, new = change.existing, change.desired
    times = (new.date, new.starts_at, new.ends_at)
    touched = touched_by([old.content, new.content])
    return AmendmentLine(action, old.session, new.cell, *times, new.content, change.changes, touched)


def _cancelled(old: ExistingSession) -> AmendmentLine:
    times = (old.date, old.starts_at, old.ends_at)
    return AmendmentLine("cancelled", old.session, old.cell, *times, old.content, (), touched_by([old.content]))
