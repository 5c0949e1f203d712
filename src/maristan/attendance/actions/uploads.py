"""Files of marks: read, judged row by row, and written in one transaction; by the exact path and by imports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from maristan.academics.queries.learners import match_key
from maristan.attendance.actions import rosters
from maristan.attendance.models import Attendance, MarkChange
from maristan.attendance.queries import uploads as queries
from maristan.attendance.rules import uploads as rules
from maristan.attendance.rules.states import Mark, Perm, Source
from maristan.attendance.rules.uploads import Known, Uploaded
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, imports, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, Refusal, TooLarge
from maristan.kernel.imports import Importer, Outcomes, Report
from maristan.kernel.models import ImportRun
from maristan.kernel.tables.cells import Row, Table
from maristan.kernel.tables.outcomes import ImportMode, RowAction, RowOutcome
from maristan.kernel.tables.reading import read_table
from maristan.kernel.tables.writing import TableFormat, error_stream
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.actions import attending

KIND, UPLOADED = "attendance", "attendance.uploaded"
BATCH = 5000
SHOWN = 1000
FAULTY = "Upload completed with errors"
WRITTEN = [
    "status", "source", "check_in_at", "remarks", "marked_at", "marked_by", "expected", "by_hand", "version",
    "updated_at",
]  # fmt: skip
CODES = {"not_a_table": "file_unreadable", "no_rows": "file_empty", "header_mismatch": "missing_columns"}


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows with what will become of them, and what that was judged by."""

    outcomes: Sequence[RowOutcome[Uploaded]]
    known: Known
    registers: Mapping[int, Any]


class JudgedRows(tuple[RowOutcome[Uploaded], ...]):
    """The outcomes of an import, with what they were judged by."""

    judged: Judged


@transaction.atomic
def upload(
    *, filename: str, content: bytes | None, session: str, partial: bool, add: bool, by: Actor
) -> dict[str, Any]:
    """Write the marks of a file, all of it, or the good rows alone when `partial`.

    Gives the answer of the contract. Raises `NotAllowed`, and `Refusal` (400) with the codes and sentences of the
    contract.
    """
    by.demand(Perm.UPLOAD)
    if content is None:
        raise rules.refused("file_missing", "Send the file as file.")
    form_session = rules.number_of(session) if session.strip() else None
    if session.strip() and form_session is None:
        raise rules.refused("bad_value", "session_id is a number.")
    table = _table(content, filename)
    if not rules.names_enough(table.columns, has_session=form_session is not None):
        raise rules.refused("missing_columns", rules.MISSING)
    judged = judge(rows=table.rows, session=form_session, add=add, by=by)
    wrong = [each for each in judged.outcomes if each.action is RowAction.ERROR]
    good = len(judged.outcomes) - len(wrong)
    faults = _faults(wrong, table) if wrong else {}
    if wrong and not partial:
        raise Refusal("rows_have_faults", FAULTY, **{**faults, "success_count": 0})
    write(judged=judged, by=by)
    message = FAULTY if wrong else f"Successfully uploaded {good} attendance records"
    return {"message": message, "success_count": good, **({**faults, "success_count": good} if wrong else {})}


def _table(content: bytes, filename: str) -> Table:
    try:
        return read_table(content, filename, required=(), known=rules.COLUMNS)
    except TooLarge as fault:
        raise rules.refused("file_too_large", fault.detail) from fault
    except Invalid as fault:
        code = CODES.get(fault.code, "file_unreadable")
        raise rules.refused(code, rules.MISSING if code == "missing_columns" else fault.detail) from fault


def _faults(wrong: Sequence[RowOutcome[Uploaded]], table: Table) -> dict[str, Any]:
    messages = {each.row: "; ".join(fault.detail for fault in each.faults) for each in wrong}
    content = b"".join(error_stream(table, messages, TableFormat.CSV)).decode("utf-8-sig")
    listed = [(each.row, fault) for each in wrong for fault in each.faults]
    return {
        "message": FAULTY,
        "error_count": len(wrong),
        "errors": [f"Row {row}: {fault.detail}" for row, fault in listed[:SHOWN]],
        "error_rows": [
            {"row": row, "column": fault.column, "code": fault.code, "message": fault.detail}
            for row, fault in listed[:SHOWN]
        ],
        "error_file": {"name": "errors.csv", "content": content},
    }


def judge(*, rows: Sequence[Row], session: int | None, add: bool, by: Actor) -> Judged:
    """What a file would do now; rosters of sessions that the actor may mark are fixed first where they are not."""
    here = institution()
    today = clock.today(here.time_zone)
    slots = queries.slots(rows, actor=by, zone=here.time_zone, today=today)
    ids = queries.sessions_named(rows, slots, session)
    rosters.settle_missing(ids=queries.in_reach(ids, actor=by), by=by)
    known, registers = queries.known(rows, ids, slots, add=add, actor=by, now=clock.now())
    outcomes = rules.plan(rows, known, key=match_key, session=session, today=today)
    return Judged(outcomes, known, registers)


@transaction.atomic
def write(*, judged: Judged, by: Actor) -> int:
    """Write the good rows of a file with one line of the journal; gives how many lines changed."""
    wanted = [each.values for each in judged.outcomes if each.values is not None]
    if not wanted:
        return 0
    now = clock.now()
    added = [each for each in wanted if each.line is None]
    made = Attendance.objects.bulk_create(
        [
            Attendance(session_id=each.session, person_id=each.person, student_id=judged.known.learners[each.person],
                       by_hand=True)
            for each in added
        ],
        batch_size=BATCH,
    )  # fmt: skip
    ids = {(row.session_id, row.person_id): row.pk for row in made}
    rows = Attendance.objects.select_for_update().in_bulk(
        [each.line.id if each.line else ids[each.session, each.person] for each in wanted]
    )
    history = []
    for each in wanted:
        row = rows[each.line.id if each.line else ids[each.session, each.person]]
        if row.status != each.mark:
            history.append(
                MarkChange(line_id=row.pk, before=row.status or "", after=each.mark, source=Source.UPLOAD, by=by.name,
                           at=now)
            )  # fmt: skip
        _fill(row, each, by, now)
    Attendance.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN, batch_size=BATCH
    )
    MarkChange.objects.bulk_create(history, batch_size=BATCH)
    sessions = sorted({each.session for each in wanted})
    changes = {"sessions": sessions, "lines": len(wanted), **_counted(wanted)}
    journal.record(UPLOADED, ("institution", by.institution_id), by=by, changes=changes)
    unnoted = [pk for pk in sessions if judged.registers[pk].of_attendance_recorded_at is None]
    attending.record(ids=unnoted, at=now, by=by)
    return len(wanted)


def _fill(row: Attendance, each: Uploaded, by: Actor, now: Any) -> None:
    if row.status is None and not row.expected:
        row.expected = row.by_hand = True
    row.status, row.source = each.mark.value, Source.UPLOAD.value
    row.check_in_at = each.check_in_at or row.check_in_at
    row.remarks = row.remarks if each.remarks is None else each.remarks
    row.marked_at, row.marked_by, row.updated_at = now, by.name, now
    row.version += 1


def _counted(wanted: Iterable[Uploaded]) -> dict[str, int]:
    marks = [each.mark for each in wanted]
    return {mark.value: marks.count(mark) for mark in Mark}


@unjournaled("the commit writes the line")
def begin(*, session: int, filename: str, content: bytes, add: bool, by: Actor) -> ImportRun:
    """Read a file whose rows are all of one session unless they name another, and enqueue its preview.

    Raises `NotAllowed`, `NotFound`, `TooLarge`, `Invalid` (`not_a_table`, `no_rows`).
    """
    if not queries.in_reach([session], actor=by):
        raise NotFound()
    return imports.upload(
        kind=KIND, filename=filename, content=content, mode=ImportMode.UPSERT,
        options={"session": session, "auto_create": add}, by=by,
    )  # fmt: skip


def _preview(rows: Sequence[Row], mode: ImportMode, options: Mapping[str, Any], by: Actor) -> Outcomes:
    judged = judge(rows=rows, session=options.get("session"), add=bool(options.get("auto_create")), by=by)
    found = JudgedRows(judged.outcomes)
    found.judged = judged
    return found


def _commit(outcomes: Outcomes, options: Mapping[str, Any], by: Actor, report: Report) -> dict[str, Any]:
    assert isinstance(outcomes, JudgedRows)
    changed = write(judged=outcomes.judged, by=by)
    report(len(outcomes), len(outcomes), "written")
    return {"lines_changed": changed}


def _template(by: Actor) -> list[tuple[str, ...]]:
    """A row of somebody who is expected in a session that the actor may mark now; none where there is nobody."""
    return []


IMPORTER = Importer(
    kind=KIND,
    permission=Perm.UPLOAD,
    required=(),
    known=rules.COLUMNS,
    preview=_preview,
    commit=_commit,
    template=_template,
)
