"""Files of marks: what each row means, and what stands against it (A2, A7, A8, A11, A12)."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from maristan.attendance.rules.marking import Line
from maristan.attendance.rules.states import PROTECTED, Mark
from maristan.attendance.rules.words import NotATime, mark_of, mark_of_column, moment_of
from maristan.kernel.dates import DateOrder, parse_date
from maristan.kernel.errors import Refusal
from maristan.kernel.names import match_key as name_key
from maristan.kernel.tables.cells import Row
from maristan.kernel.tables.outcomes import CellFault, Note, RowAction, RowOutcome

NUMBERS = ("reg_no", "roll_no", "registration_no", "registration_number")
PEOPLE = ("user_id", *NUMBERS, "email")
SLOT = ("date", "start_time", "group")
STATUSES = ("status", "present", "absent")
COLUMNS = ("session_id", *SLOT, *PEOPLE, *STATUSES, "check_in_time", "remarks")
MISSING = "CSV must contain columns: session_id, user_id, status"
REMARKS = 300
WORDS = "Must be one of: present, absent, late, excused"
TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?")
Slot = tuple[date, time, str]


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session that a file names; `refusal` is (code, sentence) where it takes no marks from the actor now."""

    id: int
    day: date
    zone: str
    starts_at: datetime
    ends_at: datetime
    in_scope: bool = True
    refusal: tuple[str, str] | None = None
    takes_anybody: bool = False
    may_add: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is compared with; people are by `learners.match_key` of what names them."""

    sessions: Mapping[int, KnownSession] = field(default_factory=dict)
    slots: Mapping[Slot, Sequence[int]] = field(default_factory=dict)
    users: Mapping[int, int] = field(default_factory=dict)
    reg_nos: Mapping[str, Collection[int]] = field(default_factory=dict)
    emails: Mapping[str, Collection[int]] = field(default_factory=dict)
    learners: Mapping[int, int | None] = field(default_factory=dict)
    lines: Mapping[tuple[int, int], Line] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A row that will be written; without a line one is added."""

    session: int
    person: int
    mark: Mark
    check_in_at: datetime | None
    remarks: str | None
    line: Line | None


def refused(code: str, detail: str, **extra: Any) -> Refusal:
    """What the exact path answers with 400; nothing is saved."""
    said = {"message": detail, "success_count": 0, "error_count": 1, "errors": [detail], "error_rows": []}
    return Refusal(code, detail, **{**said, **extra})


def names_enough(columns: Collection[str], *, has_session: bool) -> bool:
    """Whether a header names a session, a person and a mark."""
    there = set(columns)
    session = has_session or "session_id" in there or there.issuperset(SLOT)
    return session and bool(there & set(PEOPLE)) and bool(there & set(STATUSES))


def number_of(text: str) -> int | None:
    """An id as a sheet writes it; none for anything else."""
    said = text.strip().removesuffix(".0")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 18 else None


def slot_of(row: Row, today: date) -> Slot | None:
    """Date, start and group that name a session; none when one is missing or cannot be read."""
    cell, found = row.cell("date"), TIME.fullmatch(row.cell("start_time").text.strip())
    group = name_key(row.cell("group").text)
    if found is None or not group:
        return None
    try:
        day = parse_date(cell.text, cell.native, order=DateOrder.DMY, today=today)
        return day, time(int(found[1]), int(found[2])), group
    except ValueError:
        return None


def reg_no_of(row: Row) -> str:
    """The registration number of a row, under whatever name its column has."""
    return next((row.cell(name).text for name in NUMBERS if not row.cell(name).is_blank), "")


class _Row:
    """One row being judged; faults are collected so that a reader sees all of them at once."""

    def __init__(self, row: Row, known: Known, key: Callable[[str], str], session: int | None, today: date) -> None:
        self.row, self.known, self.key, self.today = row, known, key, today
        self.form_session = session
        self.faults: list[CellFault] = []

    def fault(self, column: str, code: str, detail: str) -> None:
        self.faults.append(CellFault(column, code, detail))

    def mark(self) -> Mark | None:
        column = next((name for name in STATUSES if not self.row.cell(name).is_blank), "status")
        text = self.row.cell(column).text
        found = mark_of(text) if column == "status" else mark_of_column(column, text)
        if found is None:
            self.fault(column, "invalid_status", f"Invalid status '{text.strip()}'. {WORDS}")
        return found

    def session(self) -> KnownSession | None:
        text = self.row.cell("session_id").text
        if text.strip() or self.form_session is not None:
            found = [number_of(text) if text.strip() else self.form_session]
        else:
            slot = slot_of(self.row, self.today)
            found = list(self.known.slots.get(slot, ())) if slot else []
        if len(found) > 1:
            self.fault("group", "session_ambiguous", "Several sessions begin then for this group.")
            return None
        one = self.known.sessions.get(found[0] or 0) if found else None
        if one is None:
            self.fault("session_id", "session_not_found", f"Session {text.strip() or ''} not found".replace("  ", " "))
        elif not one.in_scope:
            self.fault("session_id", "out_of_scope", "This session is not yours to mark.")
        elif one.refusal is not None:
            self.fault("session_id", *one.refusal)
        return one

    def person(self) -> int | None:
        named: list[Collection[int]] = []
        user = self.row.cell("user_id").text
        if user.strip():
            pk = self.known.users.get(number_of(user) or 0)
            named.append(() if pk is None else (pk,))
        reg_no, email = reg_no_of(self.row), self.row.cell("email").text
        if reg_no.strip():
            named.append(self.known.reg_nos.get(self.key(reg_no), ()))
        if email.strip():
            named.append(self.known.emails.get(self.key(email), ()))
        return self._one(named)

    def _one(self, named: Sequence[Collection[int]]) -> int | None:
        if not named or not all(named):
            self.fault("user_id", "unknown_person", "Nobody of that name learns here.")
            return None
        both = set.intersection(*(set(each) for each in named))
        if not both:
            self.fault("user_id", "person_mismatch", "Number, address and account name different people.")
        elif len(both) > 1:
            self.fault("reg_no", "person_ambiguous", "Two people are named by it.")
        elif not both & self.known.learners.keys():
            self.fault("user_id", "unknown_person", "Nobody of that name learns here.")
        else:
            return both.pop()
        return None

    def check_in(self, session: KnownSession | None) -> tuple[datetime | None, tuple[Note, ...]]:
        text = self.row.cell("check_in_time").text
        if not text.strip() or session is None:
            return None, ()
        try:
            at = moment_of(text, session.day, session.zone)
        except NotATime as wrong:
            self.fault("check_in_time", wrong.code, f"'{text.strip()[:40]}' is no time of that day.")
            return None, ()
        is_within = session.starts_at <= at <= session.ends_at
        return at, () if is_within else (Note("check_in_outside", "The check-in lies outside the session."),)


def plan(
    rows: Sequence[Row], known: Known, *, key: Callable[[str], str], session: int | None, today: date
) -> list[RowOutcome[Uploaded]]:
    """What becomes of each row, in their order; `key` is what two writings of a number have in common."""
    seen: dict[tuple[int, int], int] = {}
    return [_outcome(_Row(row, known, key, session, today), seen) for row in rows]


def _outcome(row: _Row, seen: dict[tuple[int, int], int]) -> RowOutcome[Uploaded]:
    mark, session, person = row.mark(), row.session(), row.person()
    at, notes = row.check_in(session)
    line = None
    if session is not None and person is not None and session.in_scope:
        line = _line_of(row, session, person, mark, seen)
    text = row.row.cell("remarks").text.strip()
    if len(text) > REMARKS:
        row.fault("remarks", "too_long", f"At most {REMARKS} characters.")
    number = row.row.number
    if row.faults or mark is None or session is None or person is None:
        return RowOutcome(number, RowAction.ERROR, None, tuple(row.faults))
    values = Uploaded(session.id, person, mark, at, text or None, line)
    if line is None or line.status is None:
        return RowOutcome(number, RowAction.CREATE, values, notes=notes)
    if (line.status, line.check_in_at, line.remarks) == (mark, at or line.check_in_at, text or line.remarks):
        return RowOutcome(number, RowAction.SKIP, None, notes=notes)
    change = Note("changes", f"{line.status.value} → {mark.value}")
    return RowOutcome(number, RowAction.UPDATE, values, notes=(*notes, change))


def _line_of(
    row: _Row, session: KnownSession, person: int, mark: Mark | None, seen: dict[tuple[int, int], int]
) -> Line | None:
    """The line of a person in a session, with what stands against writing it."""
    first = seen.setdefault((session.id, person), row.row.number)
    if first != row.row.number:
        row.fault("", "duplicate_row", f"The same person and session stand in row {first}.")
    line = row.known.lines.get((session.id, person))
    is_there = line is not None and (line.expected or line.status is not None)
    if not (is_there or session.takes_anybody or session.may_add):
        row.fault("user_id", "not_expected", "Not expected in this session.")
    if line is not None and mark is not None and line.source in PROTECTED and line.status is not mark:
        row.fault("status", "mark_protected", "An excuse or a correction stands there.")
    return line
