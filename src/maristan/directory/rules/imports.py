"""The rows of a faculty import: what each would do, or everything that is wrong with it (I2, I3, I5)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from maristan.directory.rules.trees import ancestors
from maristan.kernel.names import TakenNames, login_parts, match_key
from maristan.kernel.tables.cells import Row
from maristan.kernel.tables.outcomes import ImportMode, Note, Repeated, RowAction, RowOutcome
from maristan.kernel.tables.row_reader import RowReader

REQUIRED = ("name", "department_name")
COLUMNS = (*REQUIRED, "email", "phone")
NAME_LENGTH = 255
PATH_LENGTH = 1000
PHONE_LENGTH = 40
PATH_MARK = "/"
STAFF_STEM = "staff"


@dataclass(frozen=True, slots=True)
class KnownDepartment:
    """A department of the institution, with its parent's id."""

    id: int
    name: str
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody with one of the addresses, or teaching in one of the departments (by id)."""

    id: int
    name: str
    emails: Collection[str] = ()
    departments: Collection[int] = ()
    is_active: bool = True
    is_importer: bool = False


@dataclass(frozen=True, slots=True)
class KnownFaculty:
    """What exists when the file is looked at; `country` (ISO alpha-2) says how its phone numbers are written."""

    departments: Sequence[KnownDepartment] = ()
    people: Sequence[KnownPerson] = ()
    usernames: Collection[str] = ()
    country: str = "PK"


@dataclass(frozen=True, slots=True)
class FacultyValues:
    """One teacher as read; `person_id` is that of the person to be changed, `username` is made for new ones only."""

    name: str
    department_id: int
    department_name: str
    email: str | None
    phone: str | None
    person_id: int | None = None
    username: str | None = None


def plan_faculty(rows: Iterable[Row], known: KnownFaculty, mode: ImportMode) -> tuple[RowOutcome[FacultyValues], ...]:
    """What an import would do, row by row in the file's order; writes and raises nothing, linear in the rows.

    The key is the e-mail address, without one the name and department. UPSERT changes department and phone.
    """
    examined = _Examination(tuple(rows), known, mode)
    return tuple(examined.outcome(row) for row in examined.rows)


class DepartmentFinder:
    """Finds departments by name, or by a path such as `City Hospital / Medicine`, ignoring case and blanks."""

    def __init__(self, departments: Sequence[KnownDepartment]) -> None:
        self._by_id = {each.id: each for each in departments}
        self._parents = {each.id: each.parent for each in departments}
        self._by_name: dict[str, list[int]] = {}
        for each in departments:
            self._by_name.setdefault(match_key(each.name), []).append(each.id)

    def find(self, reader: RowReader, column: str) -> KnownDepartment | None:
        """The department, or None with `unknown_department` or `ambiguous_department` noted."""
        text = reader.text(column, PATH_LENGTH, required=True)
        if not text:
            return None
        found = self._by_name.get(match_key(text)) or self._by_path(text)
        if not found:
            reader.note(column, "unknown_department", f"There is no department '{text}'.")
        elif len(found) > 1:
            paths = ", ".join(self.path(each) for each in found[:3])
            reader.note(column, "ambiguous_department", f"Write which one is meant: {paths}.")
        return self._by_id[found[0]] if len(found) == 1 else None

    def _by_path(self, text: str) -> list[int]:
        """Departments whose own and upper names end in the path; the one whose whole path it is goes first."""
        names = [match_key(part) for part in text.split(PATH_MARK)]
        chains = {each: self._chain(each) for each in self._by_name.get(names[-1], ())}
        whole = [each for each, chain in chains.items() if chain == names]
        return whole or [each for each, chain in chains.items() if chain[-len(names) :] == names]

    def _chain(self, department: int) -> list[str]:
        upper = [department, *ancestors(department, self._parents)]
        return [match_key(self._by_id[each].name) for each in reversed(upper)]

    def path(self, department: int) -> str:
        """The name with all upper ones, as `find` understands it."""
        upper = [department, *ancestors(department, self._parents)]
        return f" {PATH_MARK} ".join(self._by_id[each].name for each in reversed(upper))


class _Examination:
    """One file against what is known."""

    def __init__(self, rows: tuple[Row, ...], known: KnownFaculty, mode: ImportMode) -> None:
        self.rows, self._mode, self._country = rows, mode, known.country
        self._departments = DepartmentFinder(known.departments)
        self._usernames = TakenNames(known.usernames)
        self._people = {person.id: person for person in known.people}
        self._by_email = {email.casefold(): [person.id] for person in known.people for email in person.emails}
        self._by_place: dict[tuple[str, int], list[int]] = {}
        for person in known.people:
            for department in person.departments:
                self._by_place.setdefault((match_key(person.name), department), []).append(person.id)
        self._emails = Repeated((_email_key(row), row.number) for row in rows)
        self._names = Repeated((_name_key(row), row.number) for row in rows)

    def outcome(self, row: Row) -> RowOutcome[FacultyValues]:
        """What becomes of one row."""
        reader = RowReader(row)
        name = reader.text("name", NAME_LENGTH, required=True)
        department = self._departments.find(reader, "department_name")
        email, phone = reader.email("email"), reader.phone("phone", PHONE_LENGTH, self._country)
        self._check_repeated(reader)
        existing = self._existing(reader, name, department, email)
        if reader.faults or department is None:
            return RowOutcome(row.number, RowAction.ERROR, None, faults=tuple(reader.faults))
        values = FacultyValues(name, department.id, department.name, email, phone, existing)
        if existing is None:
            values = replace(values, username=self._username(name))
            return RowOutcome(row.number, RowAction.CREATE, values)
        if self._mode is ImportMode.UPSERT:
            self._check_person(reader, existing)
            if reader.faults:
                return RowOutcome(row.number, RowAction.ERROR, None, faults=tuple(reader.faults))
            return RowOutcome(row.number, RowAction.UPDATE, values)
        note = Note("exists", f"{name} exists already and is left as it is.")
        return RowOutcome(row.number, RowAction.SKIP, None, notes=(note,))

    def _check_person(self, reader: RowReader, person: int) -> None:
        """Nobody gives a role to oneself (D3), nor to somebody who has been deactivated (D5)."""
        if self._people[person].is_importer:
            reader.note("", "own_role", "Nobody grants a role to oneself.")
        if not self._people[person].is_active:
            reader.note("", "person_inactive", "This person is no longer active here.")

    def _check_repeated(self, reader: RowReader) -> None:
        """Without an e-mail the name and department must stand in no other row, also none with an e-mail."""
        email, number = _email_key(reader.row), reader.row.number
        if email:
            reader.repeated("email", self._emails.others(email, number))
        else:
            reader.repeated("name", self._names.others(_name_key(reader.row), number))

    def _existing(
        self, reader: RowReader, name: str, department: KnownDepartment | None, email: str | None
    ) -> int | None:
        if email:
            found = self._by_email.get(email, [])
        else:
            found = self._by_place.get((match_key(name), department.id), []) if department else []
        if len(found) > 1:
            reader.note("name", "ambiguous_person", f"{len(found)} people of {name} teach there; give the e-mail.")
        return found[0] if found else None

    def _username(self, name: str) -> str:
        stem = username_stem(name)
        return self._usernames.claim_numbered(stem) if stem == STAFF_STEM else self._usernames.claim(stem)


def username_stem(name: str) -> str:
    """What a teacher's username begins with: first and last name in ASCII letters, else `staff` (I5)."""
    return ".".join(filter(None, login_parts(name))) or STAFF_STEM


def _email_key(row: Row) -> str:
    return row.cell("email").text.strip().casefold()


def _name_key(row: Row) -> str:
    name, department = match_key(row.cell("name").text), match_key(row.cell("department_name").text)
    return f"{name}\n{department}" if name and department else ""
