"""The rows of a student import: what each would do, or everything that is wrong with it (I2 to I5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date

from maristan.academics.rules.import_matching import (
    Destination,
    KnownPlaces,
    NewBatch,
    NewGroup,
    NewProgram,
    PlaceFinder,
)
from maristan.academics.rules.programs import BATCH_YEARS, batch_code
from maristan.academics.rules.states import StudentStatus
from maristan.academics.rules.students import (
    REG_NO_LENGTH,
    PlacementFacts,
    graduation_faults,
    is_to_be_placed,
    plan_placement,
    username_stem,
)
from maristan.kernel.dates import DateOrder
from maristan.kernel.errors import NotNow
from maristan.kernel.names import TakenNames, login_parts, match_key, normal_identifier
from maristan.kernel.tables.cells import Row
from maristan.kernel.tables.outcomes import ImportMode, Note, Repeated, RowAction, RowOutcome
from maristan.kernel.tables.row_reader import RowReader

REQUIRED = ("reg_no", "name", "program_name", "batch_name", "group_name", "status")
COLUMNS = (*REQUIRED, "email", "phone", "date_of_birth", "father_name", "gender", "national_id", "enrollment_year")
NAME_LENGTH = 255
PHONE_LENGTH = 40
NATIONAL_ID_LENGTH = 40


@dataclass(frozen=True, slots=True)
class KnownStudent:
    """A student of the institution; one that is not `in_scope` of the importer may not be changed.

    `group` is the present one, `placements` are those that last until today or begin later.
    """

    id: int
    status: StudentStatus
    in_scope: bool = True
    graduated: int | None = None
    group: int = 0
    placements: tuple[PlacementFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownAcademics:
    """What exists when the file is looked at.

    Students by reg_no, usernames and e-mail addresses in use, normalised national ids with the reg_no of their holder
    (blank for one who is no student), and the words allowed for a gender.
    """

    places: KnownPlaces
    students: Mapping[str, KnownStudent] = field(default_factory=dict)
    usernames: Collection[str] = ()
    emails: Collection[str] = ()
    national_ids: Mapping[str, str] = field(default_factory=dict)
    genders: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class StudentImportOptions:
    """How the file is to be read; `today` is the institution's local date, `email_domain` blank to propose none,
    `country` (ISO alpha-2) that in which phone numbers are written.
    """

    today: date
    mode: ImportMode = ImportMode.CREATE_ONLY
    auto_create: bool = False
    date_order: DateOrder = DateOrder.DMY
    email_domain: str = ""
    country: str = "PK"


@dataclass(frozen=True, slots=True)
class StudentCells:
    """What a row says of one student; blank optional cells are None."""

    reg_no: str
    name: str
    status: StudentStatus | None
    email: str | None
    phone: str | None
    date_of_birth: date | None
    father_name: str | None
    gender: str | None
    national_id: str | None
    enrollment_year: int | None


CELLS = tuple(each.name for each in fields(StudentCells))


@dataclass(frozen=True, slots=True)
class StudentValues(StudentCells):
    """One student to be written; ids are None for what the commit creates first.

    `student_id` is that of the student to be changed; `username` and `proposed_email` are made for new ones only.
    """

    program_id: int | None
    program_name: str
    batch_id: int | None
    batch_name: str
    group_id: int | None
    group_name: str
    graduation_year: int
    student_id: int | None = None
    username: str | None = None
    proposed_email: str | None = None


@dataclass(frozen=True, slots=True)
class StudentImport:
    """The outcome of every row in the file's order, and what the commit creates before them."""

    outcomes: tuple[RowOutcome[StudentValues], ...]
    programs: tuple[NewProgram, ...] = ()
    batches: tuple[NewBatch, ...] = ()
    groups: tuple[NewGroup, ...] = ()


def plan_students(rows: Iterable[Row], known: KnownAcademics, options: StudentImportOptions) -> StudentImport:
    """What an import would do; writes nothing, raises nothing, and takes time linear in the rows.

    In CREATE_ONLY an existing reg_no is passed over whatever else its row says. In UPSERT it is changed, except for
    its status, which only moves change.
    """
    examined = _Examination(tuple(rows), known, options)
    outcomes = tuple(examined.outcome(row) for row in examined.rows)
    finder = examined.finder
    return StudentImport(outcomes, tuple(finder.new_programs), tuple(finder.new_batches), tuple(finder.new_groups))


class _Examination:
    """One file against what is known."""

    def __init__(self, rows: tuple[Row, ...], known: KnownAcademics, options: StudentImportOptions) -> None:
        self.rows, self._options = rows, options
        self.finder = PlaceFinder(known.places, auto_create=options.auto_create, this_year=options.today.year)
        self._students = {match_key(reg_no): student for reg_no, student in known.students.items()}
        self._national_ids = {number: match_key(reg_no) for number, reg_no in known.national_ids.items()}
        self._genders = known.genders
        self._usernames = TakenNames(known.usernames)
        written = (row.cell("email").text.strip() for row in rows)
        self._emails = TakenNames((*known.emails, *written))
        self._reg_nos = Repeated((match_key(row.cell("reg_no").text), row.number) for row in rows)
        self._numbers = Repeated((normal_identifier(row.cell("national_id").text), row.number) for row in rows)

    def outcome(self, row: Row) -> RowOutcome[StudentValues]:
        """What becomes of one row."""
        key = match_key(row.cell("reg_no").text)
        existing = self._students.get(key)
        if existing and self._options.mode is ImportMode.CREATE_ONLY:
            note = Note("exists", f"{row.cell('reg_no').text.strip()} exists already and is left as it is.")
            return RowOutcome(row.number, RowAction.SKIP, None, notes=(note,))
        reader = RowReader(row)
        self._check_keys(reader, key, existing)
        destination = self.finder.find(reader)
        cells = self._read(reader)
        if existing and destination:
            self._check_placement(reader, existing, destination)
        if existing and graduation_faults(existing.graduated, cells.enrollment_year):
            reader.note("enrollment_year", "bad_year", f"The student graduated in {existing.graduated}.")
        if reader.faults or destination is None:
            return RowOutcome(row.number, RowAction.ERROR, None, faults=tuple(reader.faults))
        notes = self.finder.plan(destination)
        values = _values(cells, destination)
        if existing:
            notes.extend(_status_notes(existing, cells))
            return RowOutcome(row.number, RowAction.UPDATE, replace(values, student_id=existing.id), notes=tuple(notes))
        return RowOutcome(row.number, RowAction.CREATE, self._with_proposals(values), notes=tuple(notes))

    def _check_keys(self, reader: RowReader, key: str, existing: KnownStudent | None) -> None:
        number, row = normal_identifier(reader.row.cell("national_id").text), reader.row.number
        reader.repeated("reg_no", self._reg_nos.others(key, row))
        reader.repeated("national_id", self._numbers.others(number, row))
        if existing and not existing.in_scope:
            reader.note("reg_no", "out_of_scope", "This student belongs to a program outside your scope.")
        if number and self._national_ids.get(number, key) != key:
            reader.note("national_id", "national_id_taken", "Somebody else has this number.")

    def _check_placement(self, reader: RowReader, existing: KnownStudent, destination: Destination) -> None:
        """Whoever stands elsewhere today is placed, unless a placement to come is in the way (A9)."""
        batch, group, today = destination.batch.id or 0, destination.group.id or 0, self._options.today
        if not is_to_be_placed(existing.status, existing.placements, existing.group, group, today):
            return
        try:
            plan_placement(existing.placements, batch=batch, group=group, from_date=today)
        except NotNow as refusal:
            reader.note("group_name", refusal.code, refusal.detail)

    def _read(self, reader: RowReader) -> StudentCells:
        today = self._options.today
        return StudentCells(
            reg_no=reader.text("reg_no", REG_NO_LENGTH, required=True),
            name=reader.text("name", NAME_LENGTH, required=True),
            status=reader.choice("status", StudentStatus, "bad_status", required=True),
            email=reader.email("email"),
            phone=reader.phone("phone", PHONE_LENGTH, self._options.country),
            date_of_birth=reader.date("date_of_birth", order=self._options.date_order, today=today, latest=today),
            father_name=reader.text("father_name", NAME_LENGTH) or None,
            gender=reader.word("gender", self._genders, "bad_gender"),
            national_id=normal_identifier(reader.text("national_id", NATIONAL_ID_LENGTH)) or None,
            enrollment_year=reader.whole_number("enrollment_year", BATCH_YEARS, "bad_year"),
        )

    def _with_proposals(self, values: StudentValues) -> StudentValues:
        """With a username, and an e-mail address where a domain is set and the row has none (I5)."""
        code, domain = batch_code(values.graduation_year), self._options.email_domain
        first, last = login_parts(values.name)
        stem = username_stem(values.name, values.reg_no)
        username = self._usernames.claim(stem, f".{code}")
        if values.email or not domain:
            return replace(values, username=username)
        mailbox = f"{first}.{last}" if first and last else stem
        return replace(values, username=username, proposed_email=self._emails.claim(mailbox, f".{code}@{domain}"))


def _values(cells: StudentCells, destination: Destination) -> StudentValues:
    return StudentValues(
        **{name: getattr(cells, name) for name in CELLS},
        program_id=destination.program.id,
        program_name=destination.program.name,
        batch_id=destination.batch.id,
        batch_name=destination.batch.name,
        group_id=destination.group.id,
        group_name=destination.group.name,
        graduation_year=destination.batch.graduation_year,
    )


def _status_notes(existing: KnownStudent, cells: StudentCells) -> list[Note]:
    if cells.status is existing.status:
        return []
    return [Note("status_kept", f"The student stays {existing.status}; a status is changed by its moves.")]
