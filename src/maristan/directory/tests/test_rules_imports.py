"""A file of teachers says of every row what would happen, or everything that is wrong with it."""

import pytest

from maristan.directory.rules.imports import (
    COLUMNS,
    REQUIRED,
    FacultyValues,
    KnownDepartment,
    KnownFaculty,
    KnownPerson,
    plan_faculty,
)
from maristan.kernel.tables.cells import Cell, Row
from maristan.kernel.tables.outcomes import ImportMode, RowAction, RowOutcome

DEPARTMENTS = (
    KnownDepartment(1, "City Hospital"),
    KnownDepartment(2, "Civil Hospital"),
    KnownDepartment(3, "Medicine", 1),
    KnownDepartment(4, "Medicine", 2),
    KnownDepartment(5, "Pathology"),
    KnownDepartment(6, "ENT / Head and Neck", 1),
    KnownDepartment(7, "North"),
    KnownDepartment(8, "City Hospital", 7),
    KnownDepartment(9, "Medicine", 8),
)
KHAN = KnownPerson(41, "Dr Ahmed Khan", ["a.khan@example.edu"], [5])


def row(number: int, name: str, department: str = "Pathology", email: str = "", phone: str = "") -> Row:
    cells = {"name": name, "department_name": department, "email": email, "phone": phone}
    return Row(number, {column: Cell(text) for column, text in cells.items() if text.strip()})


def plan(*rows: Row, mode: ImportMode = ImportMode.UPSERT, **known: object) -> tuple[RowOutcome[FacultyValues], ...]:
    return plan_faculty(rows, KnownFaculty(**{"departments": DEPARTMENTS} | known), mode)


def faults(*rows: Row, **known: object) -> list[tuple[int, str, str]]:
    return [(each.row, fault.column, fault.code) for each in plan(*rows, **known) for fault in each.faults]


def test_the_columns_are_those_of_the_template() -> None:
    assert COLUMNS == ("name", "department_name", "email", "phone")
    assert COLUMNS[:2] == REQUIRED


def test_a_good_row_is_created_with_everything_it_says() -> None:
    (outcome,) = plan(row(2, " Dr. José  Núñez ", "pathology", "J.Nunez@Example.edu", "+92 41 9210079"))
    assert outcome.action is RowAction.CREATE
    assert outcome.values == FacultyValues(
        "Dr. José Núñez", 5, "Pathology", "j.nunez@example.edu", "+92419210079", None, "jose.nunez"
    )


@pytest.mark.parametrize(
    ("given", "column", "code"),
    [
        (row(2, ""), "name", "required"),
        (row(2, "Ali", ""), "department_name", "required"),
        (row(2, "X" * 256), "name", "too_long"),
        (row(2, "Ali", "X" * 1001), "department_name", "too_long"),
        (row(2, "Ali", email="x"), "email", "bad_email"),
        (row(2, "Ali", phone="0" * 41), "phone", "too_long"),
        (row(2, "Ali", phone="12"), "phone", "bad_phone"),
        (row(2, "Ali", phone="call me"), "phone", "bad_phone"),
        (row(2, "Ali", "Astrology"), "department_name", "unknown_department"),
        (row(2, "Ali", "Civil Hospital / Pathology"), "department_name", "unknown_department"),
        (row(2, "Ali", "Medicine"), "department_name", "ambiguous_department"),
    ],
)
def test_one_wrong_cell_is_one_fault(given: Row, column: str, code: str) -> None:
    assert faults(given) == [(2, column, code)]


@pytest.mark.parametrize(
    ("path", "department"),
    [
        ("Civil Hospital / Medicine", 4),
        ("civil hospital/MEDICINE ", 4),
        ("North / City Hospital / Medicine", 9),
        ("City Hospital / Medicine", 3),
        ("ENT / Head and Neck", 6),
    ],
)
def test_a_path_tells_departments_of_one_name_apart(path: str, department: int) -> None:
    (outcome,) = plan(row(2, "Ali Raza", path))
    assert outcome.values is not None
    assert outcome.values.department_id == department


def test_an_ambiguous_department_says_what_may_be_meant() -> None:
    (outcome,) = plan(row(2, "Ali", "Medicine"))
    assert "City Hospital / Medicine, Civil Hospital / Medicine" in outcome.faults[0].detail


def test_the_address_is_the_key_whatever_the_name() -> None:
    (outcome,) = plan(row(2, "A. Khan", "Civil Hospital / Medicine", "A.Khan@example.edu"), people=[KHAN])
    assert outcome.action is RowAction.UPDATE
    assert outcome.values is not None
    assert (outcome.values.person_id, outcome.values.department_id, outcome.values.username) == (41, 4, None)


def test_without_an_address_name_and_department_are_the_key() -> None:
    same, elsewhere = plan(row(2, "dr ahmed khan"), row(3, "Dr Ahmed Khan", "Civil Hospital / Medicine"), people=[KHAN])
    assert same.values is not None
    assert same.values.person_id == 41
    assert elsewhere.action is RowAction.CREATE


def test_another_address_is_another_person() -> None:
    (outcome,) = plan(row(2, "Dr Ahmed Khan", email="a.khan2@example.edu"), people=[KHAN])
    assert outcome.action is RowAction.CREATE


def test_when_only_creating_who_exists_is_passed_over() -> None:
    (outcome,) = plan(row(2, "Dr Ahmed Khan"), mode=ImportMode.CREATE_ONLY, people=[KHAN])
    assert (outcome.action, outcome.values) == (RowAction.SKIP, None)
    assert [note.code for note in outcome.notes] == ["exists"]


def test_two_people_of_one_name_need_their_address() -> None:
    twin = KnownPerson(42, "Dr Ahmed Khan", [], [5])
    assert faults(row(2, "Dr Ahmed Khan"), people=[KHAN, twin]) == [(2, "name", "ambiguous_person")]


def test_one_person_stands_in_one_row() -> None:
    twice = (row(2, "Ali", email="a@example.edu"), row(3, "Ali Raza", email=" A@example.edu"))
    assert faults(*twice) == [(2, "email", "duplicate_in_file"), (3, "email", "duplicate_in_file")]
    unnamed = (row(2, "Ali"), row(3, "ALI", "pathology"))
    assert faults(*unnamed) == [(2, "name", "duplicate_in_file"), (3, "name", "duplicate_in_file")]
    nameless = (row(2, "Ali", ""), row(3, "Ali", ""))
    assert {code for _, _, code in faults(*nameless)} == {"required"}
    mixed = (row(2, "Ali", email="a@example.edu"), row(3, "Ali"))
    assert faults(*mixed) == [(3, "name", "duplicate_in_file")]
    namesakes = (row(2, "Ali", email="a@example.edu"), row(3, "Ali", email="b@example.edu"))
    assert faults(*namesakes) == []


def test_usernames_have_no_titles_and_are_numbered() -> None:
    rows = (
        row(2, "Dr Ahmed Khan", email="a@example.edu"),
        row(3, "Prof. Ahmed Khan", email="b@example.edu"),
        row(4, "Mrs. Saba"),
        row(5, "ڈاکٹر علی"),
        row(6, "عائشہ خان"),
    )
    found = [each.values and each.values.username for each in plan(*rows, usernames=["STAFF1"])]
    assert found == ["ahmed.khan", "ahmed.khan2", "saba", "staff2", "staff3"]
