"""Marks: written by those who teach or repair, line by line or for the rest; the first one is noted on the session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from maristan.academics.queries.learners import match_key
from maristan.attendance.actions import rosters
from maristan.attendance.models import Attendance, MarkChange
from maristan.attendance.queries import registers
from maristan.attendance.rules import marking
from maristan.attendance.rules.registers import marking_refusal
from maristan.attendance.rules.states import Mark, Perm, Source
from maristan.attendance.rules.words import mark_of
from maristan.kernel import clock, events, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, NotFound, Stale, VersionRequired
from maristan.kernel.workflow import require_reason
from maristan.timetable.actions import sessions as timetable

MARKED = "register.marked"
WRITTEN = ["status", "source", "check_in_at", "remarks", "marked_at", "marked_by", "version", "updated_at"]


@dataclass(frozen=True, slots=True)
class MarkAsked:
    """One mark of a request: whom it names, and what it says in words."""

    named: marking.Named
    status: str
    check_in_at: datetime | None = None
    remarks: str | None = None
    version: int | None = None


@transaction.atomic
def mark(
    *, session: int, marks: Sequence[MarkAsked], rest: str | None, reason: str | None, by: Actor
) -> dict[str, Any]:
    """Mark lines of a session, and `rest` for everybody expected who is unmarked; all of it or nothing.

    Gives how many lines changed, how many stood there already, and the counts after it.
    Raises `NotFound`, `NotAllowed`, `Invalid` (`invalid_status`, `not_expected`, ... with pointers), `VersionRequired`
    and `Stale` (with what differs), `NotNow` (`session_not_started`, `session_cancelled`, `register_closed`,
    `marking_day_open`, `mark_protected`).
    """
    by.demand(Perm.MARK)
    said, filling = _statuses(marks, rest)
    register = _register(session, by)
    rows = list(registers.lines(session).select_for_update(of=("self",)))
    lines = [registers.line_facts(row) for row in rows]
    wanted = _wanted(marks, said, rows)
    found = marking.plan(wanted, filling, lines, source=Source.LIVE)
    facts = registers.facts(register, actor=by)
    given = require_reason(reason) if reason is not None else ""
    judged = marking.judge(found, wanted, may_override=facts.may_repair and bool(given))
    by_id = {row.pk: row for row in rows}
    _must_be_seen(judged, by_id)
    now = clock.now()
    refusal = marking_refusal(facts, now)
    if refusal is not None:
        raise refusal
    marking.refuse_protected(judged.protected)
    if found.changes:
        with events.gathered():
            write(register=register, changes=found.changes, rows=by_id, reason=given, at=now, by=by)
    return {
        "changed": len(found.changes),
        "unchanged": found.unchanged,
        "counts": marking.counts(registers.line_facts(row) for row in rows),
    }


def _statuses(marks: Sequence[MarkAsked], rest: str | None) -> tuple[list[Mark], Mark | None]:
    """What the words of a request mean; raises `Invalid` (`invalid_status`) pointing at each that means nothing."""
    faults, known = Faults(), "Must be one of: present, absent, late, excused"
    said = []
    for at, each in enumerate(marks):
        status = mark_of(each.status)
        if status is None:
            faults.add(f"/marks/{at}/status", "invalid_status", known)
        else:
            said.append(status)
    filling = None if rest is None else mark_of(rest)
    if rest is not None and filling is None:
        faults.add("/rest", "invalid_status", known)
    faults.stop()
    return said, filling


def _register(session: int, by: Actor) -> Any:
    """The register to be marked, built first where nobody has come before."""
    try:
        return registers.get(session, actor=by, permission=Perm.MARK, lock=True)
    except NotFound:
        rosters.ensure(session=session, by=by)
    return registers.get(session, actor=by, permission=Perm.MARK, lock=True)


def _wanted(marks: Sequence[MarkAsked], said: Sequence[Mark], rows: Sequence[Any]) -> dict[int, marking.Wanted]:
    by_reg_no: dict[str, list[int]] = {}
    for row in rows:
        if row.reg_no:
            by_reg_no.setdefault(match_key(row.reg_no), []).append(row.pk)
    named = [marking.Named(each.named.line, match_key(each.named.reg_no), each.named.student) for each in marks]
    by_student = {row.student_id: row.pk for row in rows if row.student_id is not None}
    found = marking.lines_named(named, by_student=by_student, by_reg_no=by_reg_no, known={row.pk for row in rows})
    return {
        pk: marking.Wanted(status, each.check_in_at, each.remarks, each.version)
        for pk, status, each in zip(found, said, marks, strict=True)
    }


def _must_be_seen(judged: marking.Judgement, rows: Mapping[int, Any]) -> None:
    """Raise `VersionRequired` or `Stale`, naming what somebody else wrote meanwhile."""
    if judged.unseen:
        ids = [line.id for line in judged.unseen]
        raise VersionRequired(detail="Name the version of each mark that you change.", lines=ids)
    if judged.stale:
        raise Stale(
            detail="Somebody else marked these lines.", differing=[_theirs(rows[line.id]) for line in judged.stale]
        )


def _theirs(row: Any) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in ("status", "source", "check_in_at", "remarks", "version")}
    return {
        "line": row.pk,
        "full_name": row.full_name,
        "field": "status",
        **said,
        "by": row.marked_by,
        "at": row.marked_at,
    }


def write(
    *, register: Any, changes: Sequence[marking.Change], rows: Mapping[int, Any], reason: str, at: datetime, by: Actor
) -> None:
    """Write lines of one register, what became of each mark, and one line of the journal.

    The first is noted on the session. A constant number of statements for each 1,000 lines.
    """
    Attendance.objects.bulk_create(
        [_filled(rows[each.line.id], each, at, by) for each in changes],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=WRITTEN,
        batch_size=rosters.BATCH,
    )
    MarkChange.objects.bulk_create(
        [_history(each, reason, at, by) for each in changes if each.is_mark], batch_size=rosters.BATCH
    )
    counted = {mark.value: sum(1 for each in changes if each.status is mark) for mark in Mark}
    said = {"session": register.session_id, "lines": [each.line.id for each in changes], **counted}
    journal.record(MARKED, (rosters.REGISTER, register.pk), by=by, changes=said, reason=reason)
    if register.of_attendance_recorded_at is None:
        timetable.record_attendance(pk=register.session_id, at=at, by=by)


def _history(change: marking.Change, reason: str, at: datetime, by: Actor) -> MarkChange:
    return MarkChange(
        line_id=change.line.id,
        before=change.line.status or "",
        after=change.status,
        source=change.source,
        by=by.name,
        at=at,
        reason=reason,
    )


def _filled(row: Any, change: marking.Change, at: datetime, by: Actor) -> Attendance:
    row.status, row.source = change.status.value, change.source.value
    row.check_in_at, row.remarks = change.check_in_at, change.remarks
    row.marked_at, row.marked_by, row.updated_at = at, by.name, at
    row.version += 1
    return row  # type: ignore[no-any-return]
