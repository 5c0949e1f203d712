"""Sessions of their own: created, changed, cancelled outside a week; moves of one session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from maristan.academics.queries import audience
from maristan.academics.queries import planning as academics
from maristan.agenda import actions as agenda
from maristan.directory.queries import planning as directory
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, events, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, Invalid, NotNow
from maristan.kernel.workflow import Requirement, require_reason
from maristan.timetable.actions import grid, publishing, session_syllabus
from maristan.timetable.models import Session, SessionAllocation, SessionGroup, SessionTeacher, WeekPlan
from maristan.timetable.queries import sessions, surroundings, weeks
from maristan.timetable.queries.surroundings import SESSION_OWNER
from maristan.timetable.rules import occurrences
from maristan.timetable.rules.conflict_report import Conflict
from maristan.timetable.rules.conflicts import session_conflicts
from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.planned import direct_session
from maristan.timetable.rules.sessions import (
    SESSION,
    SessionMoveFacts,
    check_change,
    check_delete,
    check_direct,
    check_times,
    may_move,
    out_of_scope,
)
from maristan.timetable.rules.states import Perm, SessionKind, SessionSource, SessionStatus

CONTENT = (
    "academic_period",
    "course",
    "section",
    "department",
    "topic",
    "faculty",
    "faculty_name",
    "room",
    "kind",
    "note",
)


@dataclass(frozen=True, slots=True)
class SessionRemoved:
    """A session that has not started is being deleted; told within the transaction, before the row goes."""

    session: int
    by: Actor


def _content(values: Mapping[str, Any], before: Content | None = None) -> Content:
    """The content that a body asks for; `group` alone means `groups` of one."""
    given = {name: values[name] for name in CONTENT if name in values}
    if "kind" in given:
        given["kind"] = SessionKind(given["kind"])
    if "groups" in values:
        given["groups"] = tuple(dict.fromkeys(values["groups"]))
    elif "group" in values:
        given["groups"] = (values["group"],) if values["group"] is not None else ()
    if "co_faculty" in values:
        given["co_faculty"] = tuple(dict.fromkeys(values["co_faculty"]))
    return replace(before or Content(), **given)


def _must_be_known(content: Content, values: Mapping[str, Any]) -> None:
    """Raise `Invalid` (`unknown_reference`) for each id that does not exist here."""
    here = directory.known(
        people=content.teachers,
        rooms=[content.room] if content.room else [],
        departments=[content.department] if content.department else [],
    )
    there = academics.known(
        periods=[content.academic_period] if content.academic_period else [],
        courses=[content.course] if content.course else [],
        sections=[content.section] if content.section else [],
        groups=content.groups,
        batch=None,
    )
    faults = Faults()
    for name, value, known in (
        ("academic_period", content.academic_period, there.periods),
        ("course", content.course, there.courses),
        ("section", content.section, there.sections),
        ("department", content.department, here.departments),
        ("faculty", content.faculty, here.people),
        ("room", content.room, here.rooms),
    ):
        if value is not None and value not in known:
            faults.unknown(f"/{name}")
    for value in content.groups:
        if value not in there.groups:
            faults.unknown(_pointer("groups", value, content, values))
    for position, value in enumerate(content.co_faculty):
        if value not in here.people:
            faults.unknown(f"/co_faculty/{position}")
    faults.stop()


def _must_be_whole(content: Content) -> None:
    faults = Faults()
    for name in ("academic_period", "department"):
        if getattr(content, name) is None:
            faults.add(f"/{name}", "required", "A session needs it.")
    if not content.groups and content.section is None:
        faults.add("/group", "audience_missing", "Name a group or a section.")
    faults.stop()


def _section_of(content: Content) -> Mapping[str, Any]:
    today = clock.now().date()
    found = academics.facts(sections=[content.section] if content.section else [], first=today, last=today)
    return found.sections.get(content.section or 0, {})


def _defaults(content: Content) -> Content:
    """The course of the section, and the department of the course, where none is named."""
    today = clock.now().date()
    found = academics.facts(
        sections=[content.section] if content.section else [],
        courses=[content.course] if content.course else [],
        first=today, last=today,
    )  # fmt: skip
    section = found.sections.get(content.section or 0)
    course = content.course or (section["course"] if section else None)
    department = content.department or (found.courses[course]["department"] if course in found.courses else None)
    return replace(content, course=course, department=department)


def _followed(content: Content, values: Mapping[str, Any]) -> Content:
    """After a change: another section brings its course along, another course its department, unless they are named."""
    if "section" in values and "course" not in values and content.section is not None:
        content = replace(content, course=None)
    if {"section", "course"} & values.keys() and "department" not in values:
        content = replace(content, department=None if content.course or content.section else content.department)
    return _defaults(content)


def _manages(by: Actor, content: Content) -> bool:
    return sessions.manages(by, content, clock.now().date())


def _must_manage(by: Actor, content: Content, values: Mapping[str, Any]) -> None:
    """Raise `Invalid` (`unknown_reference`) for what the actor neither manages nor teaches as the section alone."""
    unmanaged = sessions.unmanaged(by, content, clock.now().date())
    if not unmanaged:
        return
    reach = by.reach(Perm.SESSION_MANAGE)
    refused = out_of_scope(
        content,
        unmanaged,
        is_teacher=by.person_id in audience.teachers_of(content.section),
        own_group=_section_of(content).get("group"),
        manages_programs=bool(reach.programs or reach.batches),
    )
    faults = Faults()
    for field, pk in refused:
        faults.unknown(_pointer(field, pk, content, values))
    faults.stop()


def _pointer(field: str, pk: int, content: Content, values: Mapping[str, Any]) -> str:
    if field != "groups":
        return f"/{field}"
    return f"/groups/{content.groups.index(pk)}" if "groups" in values else "/group"


def _conflicts(
    content: Content, starts_at: datetime, ends_at: datetime, *, by: Actor, without: int = 0
) -> tuple[tuple[Conflict, ...], surroundings.Names]:
    zone = institution().time_zone
    planned = direct_session(content, starts_at, ends_at, zone)
    around, names = surroundings.of_session(planned, actor=by, without=without)
    return session_conflicts(planned, around), names


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Session:
    """Create a session outside a week.

    Raises `NotAllowed`, `Invalid` (`offset_required`, `unknown_reference`, times), and `NotNow` with every clash.
    """
    check_times(values["starts_at"], values["ends_at"])
    content = _content(values)
    _must_be_known(content, values)
    content = _defaults(content)
    _must_be_whole(content)
    _must_manage(by, content, values)
    weeks.take_turn(by.institution_id)
    conflicts, names = _conflicts(content, values["starts_at"], values["ends_at"], by=by)
    check_direct(conflicts)
    row = Session(source=SessionSource.DIRECT, starts_at=values["starts_at"], ends_at=values["ends_at"])

    def write() -> None:
        publishing.fill_content(row, content)
        row.save()
        publishing.occupy([(row, content)])
        publishing.show([(row, content)], names, by=by)

    publishing.guarded(write, lambda: check_direct(_conflicts(content, row.starts_at, row.ends_at, by=by)[0]))
    changes = occurrences.created(content, row.starts_at, row.ends_at)
    changes |= session_syllabus.change(session=row, items=values.get("syllabus_items"), by=by)
    journal.record(occurrences.CREATED, ("session", row.pk), by=by, changes=changes)
    return row


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Session:
    """Change a direct session that has not started, or annotate a planned one.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `Stale`, `NotNow` (`session_has_plan`, `session_in_use`, clashes).
    """
    weeks.take_turn(by.institution_id)
    row = sessions.get(pk, actor=by, lock=True)
    zone = institution().time_zone
    before = sessions.content_of(row)
    check_change(
        sessions.facts_of(row, zone), list(values), person=by.person_id, manages=_manages(by, before), now=clock.now()
    )
    rows.must_match(row, version, ("session", pk), required=False)
    if row.source == SessionSource.PLAN:
        return _annotate(row, values, by)
    content = _content(values, before)
    _must_be_known(content, values)
    content = _followed(content, values)
    _must_be_whole(content)
    _must_manage(by, content, values)
    starts_at, ends_at = values.get("starts_at", row.starts_at), values.get("ends_at", row.ends_at)
    check_times(starts_at, ends_at)
    taught = session_syllabus.change(session=row, items=values.get("syllabus_items"), by=by)
    return _rewrite(row, content, starts_at, ends_at, before, by, "", taught)


def _differences(
    row: Session, before: Content, after: Content, starts_at: datetime, ends_at: datetime
) -> dict[str, list[Any]]:
    found = {
        name: [getattr(before, name), getattr(after, name)]
        for name in (*CONTENT, "groups", "co_faculty")
        if getattr(before, name) != getattr(after, name)
    }
    for name, old, new in (("starts_at", row.starts_at, starts_at), ("ends_at", row.ends_at, ends_at)):
        if old != new:
            found[name] = [old, new]
    return found


def _rewrite(
    row: Session,
    content: Content,
    starts_at: datetime,
    ends_at: datetime,
    before: Content,
    by: Actor,
    reason: str,
    taught: Mapping[str, Any] | None = None,
) -> Session:
    """Write a direct session anew under its id, after asking whether anything stands against it.

    `taught` is what changed already of its syllabus items.
    """
    changes: dict[str, Any] = {**_differences(row, before, content, starts_at, ends_at), **(taught or {})}
    if not changes:
        return row
    conflicts, names = _conflicts(content, starts_at, ends_at, by=by, without=row.pk)
    check_direct(conflicts)

    def write() -> None:
        SessionAllocation.objects.filter(session=row).delete()
        SessionTeacher.objects.filter(session=row).delete()
        SessionGroup.objects.filter(session=row).delete()
        publishing.fill_content(row, content)
        row.starts_at, row.ends_at, row.version = starts_at, ends_at, row.version + 1
        row.save()
        publishing.occupy([(row, content)])
        publishing.show([(row, content)], names, by=by)

    publishing.guarded(write, lambda: check_direct(_conflicts(content, starts_at, ends_at, by=by, without=row.pk)[0]))
    changes["version"] = [row.version - 1, row.version]
    changes["told"] = sorted({*before.audience, *content.audience})
    journal.record(occurrences.CHANGED, ("session", row.pk), by=by, changes=changes, reason=reason)
    return row


def _annotate(row: Session, values: Mapping[str, Any], by: Actor) -> Session:
    """A teacher's note on an own planned session; it goes to the cell, so that publication keeps it, and the calendar.

    Raises `Invalid` (`required`) for a blank topic of a session without a course: it would have no name.
    """
    if values.get("topic") == "" and row.course_id is None:
        raise Invalid.at("/topic", "required", "A session without a course needs a topic.")
    said = rows.change(row, {name: values[name] for name in ("topic", "note") if name in values})
    taught = session_syllabus.change(session=row, items=values.get("syllabus_items"), by=by)
    changes: dict[str, Any] = {**said}
    if not (said or taught):
        return row
    if said:
        grid.annotate(sessions.occurrence_of(row), {name: new for name, (_, new) in said.items()})
    rows.save_changes(row, changes)
    changes |= taught
    publishing.show([(row, sessions.content_of(row))], sessions.names_of(row), by=by)
    journal.record(occurrences.CHANGED, ("session", row.pk), by=by, changes=changes)
    return row


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a direct session that has not started and has no attendance.

    Raises `NotFound`, `NotAllowed`, `NotNow` (`session_has_plan`, `session_in_use`).
    """
    weeks.take_turn(by.institution_id)
    row = sessions.get(pk, actor=by, lock=True)
    content = sessions.content_of(row)
    facts = sessions.facts_of(row, institution().time_zone)
    check_delete(facts, person=by.person_id, manages=_manages(by, content), now=clock.now())
    agenda.withdraw(owner_kind=SESSION_OWNER, owner_ids=[pk], by=by)
    agenda.release(owner_kind=SESSION_OWNER, owner_ids=[pk], by=by)
    changes = {
        "deleted": True,
        "title": sessions.title_of(row),
        "starts_at": [row.starts_at, None],
        "told": list(content.audience),
    }
    journal.record(occurrences.CANCELLED, ("session", pk), by=by, changes=changes)
    events.publish_within(SessionRemoved(pk, by))
    row.delete()


@transaction.atomic
def move(*, pk: int, name: str, reason: str | None, to: int | None = None, by: Actor) -> tuple[Requirement, ...]:
    """Cancel a session, or give it another teacher (`substitute`) or room (`relocate`); a planned one by its week.

    Gives the warnings that came with it.
    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`, `unknown_reference`), `NotNow` with what is unmet.
    """
    weeks.take_turn(by.institution_id)
    row = sessions.get(pk, actor=by, lock=True)
    before = sessions.content_of(row)
    session = sessions.facts_of(row, institution().time_zone)
    manages = _manages(by, before) and sessions.amends(by, row)
    by.demand(Perm.SESSION_MANAGE, within=may_move(session, person=by.person_id, manages=manages))
    after = _moved(before, name, to)
    _must_be_known(after, {})
    facts = SessionMoveFacts(
        session,
        _conflicts(after, row.starts_at, row.ends_at, by=by, without=pk)[0] if name != "cancel" else (),
    )
    _, warnings = SESSION.check(facts, name, by, clock.now(), reason=reason, may=lambda _: True)
    sentence = require_reason(reason)
    if row.source == SessionSource.PLAN:
        _by_its_week([row], _cell_change(name, to), sentence, by)
    elif name == "cancel":
        cancel_direct(group=[row], reason=sentence, by=by)
    else:
        _rewrite(row, after, row.starts_at, row.ends_at, before, by, sentence)
    return warnings


def _moved(before: Content, name: str, to: int | None) -> Content:
    if name == "cancel":
        return before
    if to is None:
        raise Invalid.at("/faculty" if name == "substitute" else "/room", "required", "Say who or where.")
    if name == "relocate":
        return replace(before, room=to)
    return replace(
        before, faculty=to, faculty_name="", co_faculty=tuple(each for each in before.co_faculty if each != to)
    )


def _cell_change(name: str, to: int | None) -> dict[str, Any]:
    if name == "cancel":
        return {"status": "cancelled"}
    return {"room": to} if name == "relocate" else {"faculty": to, "faculty_name": ""}


def _by_its_week(group: Sequence[Session], change: Mapping[str, Any], reason: str, by: Actor) -> None:
    """Amend the cells of planned sessions of one week."""
    occurrences = [sessions.occurrence_of(row) for row in group]
    plan: WeekPlan = occurrences[0].week_plan
    cells = [{"id": each.week_cell_id, **change} for each in occurrences]
    grid.save(pk=plan.pk, version=plan.version, payload={"cells": cells, "reason": reason}, by=by)


@transaction.atomic
def cancel_direct(*, group: Sequence[Session], reason: str, holiday: int | None = None, by: Actor) -> None:
    """Cancel direct sessions, keep them in sight and free their rooms; each leaves a line.

    One that goes with a `holiday` is told by the line of the holiday.
    """
    part = {} if holiday is None else {occurrences.PART_OF: {"holiday": holiday}}
    changes = {
        row.pk: occurrences.renumbered(occurrences.cancelled(SessionStatus(row.status)), row.version) | part
        for row in group
    }
    publishing.cancel_rows(group, by=by, now=clock.now(), reason=reason)
    agenda.mark_cancelled(owner_kind=SESSION_OWNER, owners={row.pk: (reason, row.version) for row in group}, by=by)
    agenda.release(owner_kind=SESSION_OWNER, owner_ids=[row.pk for row in group], by=by)
    journal.record_each(occurrences.CANCELLED, "session", changes, by=by, reason=reason)


@transaction.atomic
def record_attendance(*, pk: int, at: datetime, by: Actor) -> None:
    """Note that attendance has been recorded; from then on time, groups and section stay.

    Raises `NotFound`, and `NotNow` (`wrong_status`) for a cancelled session.
    """
    weeks.take_turn(by.institution_id, shared=True)
    row = sessions.get(pk, actor=by, lock=True)
    if row.status == SessionStatus.CANCELLED:
        raise NotNow("wrong_status", "A cancelled session has no attendance.")
    if row.attendance_recorded_at is None:
        changes = rows.change(row, {"attendance_recorded_at": at})
        rows.save_changes(row, changes)
        journal.record(occurrences.CHANGED, ("session", pk), by=by, changes=changes)


@transaction.atomic
def complete(*, pk: int, reopen: bool = False, by: Actor) -> None:
    """Mark a session as held, or open again; called when a register is submitted or reopened. Raises `NotNow`."""
    weeks.take_turn(by.institution_id, shared=True)
    row = sessions.get(pk, actor=by, lock=True)
    facts = SessionMoveFacts(sessions.facts_of(row, institution().time_zone))
    SESSION.check(facts, "reopen" if reopen else "complete", by, clock.now(), may=lambda _: True)
    status = SessionStatus.SCHEDULED if reopen else SessionStatus.COMPLETED
    changes = rows.change(row, {"status": status})
    rows.save_changes(row, changes)
    kind = occurrences.CHANGED if reopen else "session_occurrence.completed"
    journal.record(kind, ("session", pk), by=by, changes=changes)
