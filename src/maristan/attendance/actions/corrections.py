"""Corrections of marks: asked for, accepted with the mark in the same moment, declined, withdrawn (A10)."""

from pathlib import PurePath
from typing import Any

from django.db import transaction

from maristan.attendance.models import Attendance, Correction, MarkChange
from maristan.attendance.queries import corrections as queries
from maristan.attendance.queries import registers
from maristan.attendance.rules.corrections import CORRECTION, KINDS, RequestFacts, request_requirements
from maristan.attendance.rules.states import CorrectionStatus, Mark, Perm, Source
from maristan.attendance.rules.windows import local_day
from maristan.attendance.rules.words import mark_of
from maristan.directory.queries.settings import setting
from maristan.kernel import clock, files, journal, papers, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotAllowed, NotFound, NotNow, TooLarge
from maristan.kernel.models import JournalLine
from maristan.kernel.workflow import Requirement, refuse
from maristan.timetable.queries import taught

CORRECTED = ["status", "source", "marked_at", "marked_by", "version", "updated_at"]
SUBJECT = "mark_correction"
LONGEST_NAME = 100
CANCELLED_NOTE = "The session was cancelled."


@transaction.atomic
def request(*, line: int, wanted: str, reason: str, by: Actor) -> Correction:
    """Ask for another mark on one's own line, or on a line of a session that one teaches.

    Raises `NotAllowed`, `Invalid` (`invalid_status`, `unknown_reference`), `NotNow` (`line_marked`,
    `within_correction_days`, `no_open_correction`, `status_differs`).
    """
    by.demand(Perm.CORRECT)
    mark = mark_of(wanted)
    if mark is None:
        raise Invalid.at("/wanted", "invalid_status", "Must be one of: present, absent, late, excused")
    found = registers.line(line, lock=True)
    if found is None or not (found.person_id == by.person_id or taught.teaches(found, by.person_id)):
        raise Invalid.unknown("/line")
    pending = Correction.objects.filter(line=line, status=CorrectionStatus.PENDING)
    facts = RequestFacts(
        status=Mark(found.status) if found.status else None,
        wanted=mark,
        day=local_day(found.of_starts_at, found.zone),
        today=local_day(clock.now(), found.zone),
        days=setting("attendance.correction_days"),
        has_open=pending.exists(),
    )
    refuse([each for each in request_requirements(facts) if not each.met])
    made = Correction(
        line_id=line, wanted=mark, reason=reason, requested_by_id=by.person_id or 0, requested_at=clock.now()
    )
    with rows.refusing(attendance_correction_one_pending=NotNow("no_open_correction", "Another request is open.")):
        made.save()
    changes = {"line": line, "wanted": [found.status, mark.value]}
    journal.record("mark_correction.requested", (SUBJECT, made.pk), by=by, changes=changes, reason=reason[:500])
    return made


@transaction.atomic
def attach(*, pk: int, name: str, content: bytes, by: Actor) -> None:
    """Give an open request of one's own its file, in place of the one before.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`file_type_not_allowed`), `TooLarge` (`file_too_large`), `NotNow`
    (`wrong_status`).
    """
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.CORRECT)
    if not queries.may(row, actor=by)(Perm.CORRECT):
        raise NotAllowed.without(Perm.CORRECT)
    paper = _paper(content, name)
    if row.status != CorrectionStatus.PENDING:
        raise NotNow("wrong_status", "The request is decided or withdrawn.")
    before, had = row.file_id, row.filename
    row.file = paper.keep(by=by)
    changes = {"file": [had, row.file.name], "version": [row.version, row.version + 1]}
    row.version, row.updated_at = row.version + 1, clock.now()
    row.save(update_fields=["file", "version", "updated_at"])
    files.drop_id(before)
    journal.record("mark_correction.documented", (SUBJECT, pk), by=by, changes=changes)


def _paper(content: bytes, name: str) -> papers.Paper:
    """A paper whose name ends as its content says."""
    stem = PurePath(name).stem.strip()[:LONGEST_NAME] or "evidence"
    try:
        return papers.document(content, stem=stem)
    except TooLarge as refused:
        raise TooLarge("file_too_large", refused.detail, **refused.extra) from None
    except Invalid:
        raise Invalid.at("/file", "file_type_not_allowed", "A PDF, or a whole JPEG or PNG picture.") from None


@transaction.atomic
def move(*, pk: int, name: str, reason: str | None, version: int | None = None, by: Actor) -> tuple[Requirement, ...]:
    """Accept, decline or withdraw a correction; an accepted one is written on the line in the same moment.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`), `Stale`, `NotNow` with what is missing.
    """
    if name not in KINDS:
        raise NotFound()
    found = rows.one(queries.visible_to(actor=by), pk, lock=True)
    permitted = queries.may(found, actor=by)
    permission = CORRECTION.transition(name).permission
    if not permitted(permission):
        raise NotAllowed.without(permission)
    rows.must_match(found, version, (SUBJECT, pk), required=False)
    transition, warnings = CORRECTION.check(
        queries.facts(found, actor=by), name, by, clock.now(), reason=reason, may=permitted
    )
    said = (reason or "").strip()
    values: dict[str, Any] = {"status": CorrectionStatus(transition.target), "answer": said[:500]}
    if name != "withdraw":
        values |= {"decided_by_id": by.person_id, "decided_at": clock.now()}
    if name == "accept":
        _correct(found, by)
    changes = rows.change(found, values)
    rows.save_changes(found, changes)
    journal.record(KINDS[name], (SUBJECT, pk), by=by, changes={**changes, "line": found.line_id}, reason=said)
    return warnings


def _correct(found: Any, by: Actor) -> None:
    line: Any = Attendance.objects.select_for_update(of=("self",)).get(pk=found.line_id)
    now = clock.now()
    MarkChange.objects.create(
        line=line, before=line.status or "", after=found.wanted, source=Source.CORRECTION, by=by.name, at=now,
        reason=found.reason,
    )  # fmt: skip
    line.status, line.source = found.wanted, Source.CORRECTION
    line.marked_at, line.marked_by, line.version, line.updated_at = now, by.name, line.version + 1, now
    line.save(update_fields=CORRECTED)


@transaction.atomic
def follow_cancelled(*, line_id: int, by: Actor) -> None:
    """Requests about a session that is cancelled are withdrawn with a note."""
    session = int(JournalLine.objects.get(pk=line_id).subject_id)
    pending = Correction.objects.select_for_update(of=("self",)).filter(
        line__session_id=session, status=CorrectionStatus.PENDING
    )
    for found in pending:
        changes = rows.change(found, {"status": CorrectionStatus.WITHDRAWN, "answer": CANCELLED_NOTE})
        rows.save_changes(found, changes)
        said = {**changes, "line": found.line_id}
        journal.record(KINDS["withdraw"], (SUBJECT, found.pk), by=by, changes=said, reason=CANCELLED_NOTE)
