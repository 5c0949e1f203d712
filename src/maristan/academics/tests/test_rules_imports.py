"""A file of students says of every row what would happen, or everything that is wrong with it."""

import time
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from maristan.academics.rules.batch_names import graduation_year, program_code, study_years
from maristan.academics.rules.import_matching import (
    KnownBatch,
    KnownPlaces,
    KnownProgram,
    NewBatch,
    NewGroup,
    NewProgram,
)
from maristan.academics.rules.imports import (
    COLUMNS,
    REQUIRED,
    KnownAcademics,
    KnownStudent,
    StudentImport,
    StudentImportOptions,
    plan_students,
)
from maristan.academics.rules.states import StudentStatus
from maristan.kernel.dates import DateOrder
from maristan.kernel.names import TakenNames
from maristan.kernel.tables.cells import Cell, Row
from maristan.kernel.tables.outcomes import ImportMode, RowAction

TODAY = date(2026, 3, 1)
PLACES = KnownPlaces(
    programs={"MBBS": KnownProgram(1, "MBBS"), "Dentistry": KnownProgram(2, "BDS")},
    batches={(1, "2031 Batch"): KnownBatch(10, 2031), (2, "2030 Batch"): KnownBatch(20, 2030)},
    groups={(10, "Group A"): 100, (20, "A"): 200},
)
OPTIONS = StudentImportOptions(TODAY)
CREATING = replace(OPTIONS, auto_create=True)
UPSERT = replace(OPTIONS, mode=ImportMode.UPSERT)
GENDERS = ("male", "female")


def row(number: int, **cells: str) -> Row:
    usual = {
        "reg_no": f"2026-MBBS-{number:03}",
        "name": "Rabia Qureshi",
        "program_name": "MBBS",
        "batch_name": "2031 Batch",
        "group_name": "Group A",
        "status": "active",
    }
    return Row(number, {name: Cell(text) for name, text in (usual | cells).items() if text.strip()})


def plan(*rows: Row, options: StudentImportOptions = OPTIONS, **known: object) -> StudentImport:
    return plan_students(rows, KnownAcademics(**{"places": PLACES, "genders": GENDERS} | known), options)


def faults(*rows: Row, options: StudentImportOptions = OPTIONS, **known: object) -> list[tuple[int, str, str]]:
    outcomes = plan(*rows, options=options, **known).outcomes
    return [(each.row, fault.column, fault.code) for each in outcomes for fault in each.faults]


def test_the_columns_are_those_of_the_template() -> None:
    assert ",".join(COLUMNS[:9]) == ("reg_no,name,program_name,batch_name,group_name,status,email,phone,date_of_birth")
    assert COLUMNS[:6] == REQUIRED


def test_a_good_row_is_created_with_everything_it_says() -> None:
    cells = {
        "name": "  Tariq   Mirza ",
        "email": "Tariq@Example.EDU",
        "phone": "+92 329 1973060",
        "date_of_birth": "13/11/2004",
        "father_name": "Asif Mirza",
        "gender": "MALE",
        "national_id": "35202-1234567-1",
        "enrollment_year": "2026",
        "status": "ON_LEAVE",
    }
    (outcome,) = plan(row(2, **cells)).outcomes
    assert outcome.action is RowAction.CREATE
    assert outcome.as_dict()["values"] == {
        "reg_no": "2026-MBBS-002",
        "name": "Tariq Mirza",
        "status": "on_leave",
        "email": "tariq@example.edu",
        "phone": "+923291973060",
        "date_of_birth": "2004-11-13",
        "father_name": "Asif Mirza",
        "gender": "male",
        "national_id": "3520212345671",
        "enrollment_year": 2026,
        "program_id": 1,
        "program_name": "MBBS",
        "batch_id": 10,
        "batch_name": "2031 Batch",
        "group_id": 100,
        "group_name": "Group A",
        "graduation_year": 2031,
        "student_id": None,
        "username": "tariq.b31",
        "proposed_email": None,
    }


def test_blank_optional_cells_are_fine() -> None:
    (outcome,) = plan(row(2)).outcomes
    assert outcome.values is not None
    assert (outcome.values.email, outcome.values.phone, outcome.values.date_of_birth) == (None, None, None)
    assert outcome.notes == ()


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        *(({name: " "}, name, "required") for name in REQUIRED),
        ({"reg_no": "X" * 33}, "reg_no", "too_long"),
        ({"name": "X" * 256}, "name", "too_long"),
        ({"batch_name": "X" * 101}, "batch_name", "too_long"),
        ({"program_name": "X" * 256}, "program_name", "too_long"),
        ({"group_name": "X" * 101}, "group_name", "too_long"),
        ({"father_name": "X" * 256}, "father_name", "too_long"),
        ({"national_id": "1" * 41}, "national_id", "too_long"),
        ({"phone": "0" * 41}, "phone", "too_long"),
        ({"date_of_birth": "31/02/2005"}, "date_of_birth", "bad_date"),
        ({"date_of_birth": "2005"}, "date_of_birth", "bad_date"),
        ({"date_of_birth": "02/13/2004"}, "date_of_birth", "bad_date"),
        ({"date_of_birth": "02/03/2026"}, "date_of_birth", "bad_date"),
        ({"email": "not-an-address"}, "email", "bad_email"),
        ({"status": "banana"}, "status", "bad_status"),
        ({"gender": "banana"}, "gender", "bad_gender"),
        ({"enrollment_year": "26"}, "enrollment_year", "bad_year"),
        ({"program_name": "BSc"}, "program_name", "unknown_program"),
        ({"batch_name": "2030 Batch"}, "batch_name", "unknown_batch"),
        ({"group_name": "A"}, "group_name", "unknown_group"),
    ],
)
def test_one_wrong_cell_is_one_fault(cells: dict[str, str], column: str, code: str) -> None:
    assert faults(row(2, **cells)) == [(2, column, code)]


def test_all_faults_of_a_row_come_at_once() -> None:
    bad = row(2, name="", email="x", status="x", program_name="x", date_of_birth="x")
    assert {code for _, _, code in faults(bad)} == {
        "required",
        "bad_email",
        "bad_status",
        "unknown_program",
        "bad_date",
    }


def test_names_match_without_case_and_blanks_and_programs_by_their_code() -> None:
    given = row(2, program_name=" mbbs ", batch_name="2031  BATCH", group_name="group a ")
    by_code = row(3, program_name="bds", batch_name="2030 batch", group_name="a")
    first, second = (outcome.values for outcome in plan(given, by_code).outcomes)
    assert first is not None
    assert second is not None
    assert (first.program_id, first.batch_id, first.group_id) == (1, 10, 100)
    assert (second.program_id, second.batch_id, second.group_id) == (2, 20, 200)
    assert second.program_name == "Dentistry"


def test_a_program_outside_the_scope_is_unknown_even_when_creating() -> None:
    hidden = KnownPlaces({"Law": KnownProgram(3, "LLB", in_scope=False)})
    for name in ("Law", "llb"):
        assert faults(row(2, program_name=name), options=CREATING, places=hidden) == [
            (2, "program_name", "unknown_program")
        ]


def test_a_number_that_stands_twice_is_wrong_in_both_rows() -> None:
    rows = (row(2), row(3, reg_no="X-1"), row(4, reg_no=" x-1 "))
    assert faults(*rows) == [(3, "reg_no", "duplicate_in_file"), (4, "reg_no", "duplicate_in_file")]


def test_a_national_id_belongs_to_one_person() -> None:
    twice = (row(2, national_id="35202-1234567-1"), row(3, national_id="3520212345671"))
    assert faults(*twice) == [(2, "national_id", "duplicate_in_file"), (3, "national_id", "duplicate_in_file")]
    taken = {"3520212345671": "2026-MBBS-009", "111": ""}
    assert faults(row(2, national_id="35202-1234567-1"), national_ids=taken) == [
        (2, "national_id", "national_id_taken")
    ]
    assert faults(row(2, national_id="1-1-1"), national_ids=taken) == [(2, "national_id", "national_id_taken")]
    known = {"2026-mbbs-009": KnownStudent(5, StudentStatus.ACTIVE)}
    assert faults(row(9, national_id="3520212345671"), options=UPSERT, national_ids=taken, students=known) == []


def test_a_formula_as_a_name_is_just_a_name() -> None:
    (outcome,) = plan(row(2, name='=HYPERLINK("http://x","Ali")')).outcomes
    assert outcome.action is RowAction.CREATE


def test_a_row_that_was_cut_wrongly_is_refused() -> None:
    assert faults(replace(row(2), surplus=("stray",))) == [(2, "", "too_many_cells")]


def test_an_existing_student_is_passed_over_or_changed() -> None:
    known = {"2026-mbbs-002": KnownStudent(5, StudentStatus.ACTIVE)}
    bad = row(2, email="x")
    (skipped,) = plan(bad, students=known).outcomes
    assert (skipped.action, skipped.values, skipped.faults) == (RowAction.SKIP, None, ())
    assert [note.code for note in skipped.notes] == ["exists"]
    assert plan(bad, students=known, options=UPSERT).outcomes[0].action is RowAction.ERROR
    (changed,) = plan(row(2), students=known, options=UPSERT).outcomes
    assert changed.action is RowAction.UPDATE
    assert changed.values is not None
    assert (changed.values.student_id, changed.values.username) == (5, None)
    assert changed.notes == ()


def test_an_import_changes_no_status() -> None:
    known = {"2026-mbbs-002": KnownStudent(5, StudentStatus.SUSPENDED)}
    (changed,) = plan(row(2), students=known, options=UPSERT).outcomes
    assert [note.code for note in changed.notes] == ["status_kept"]


def test_a_student_of_another_coordinator_is_not_changed() -> None:
    known = {"2026-MBBS-002": KnownStudent(5, StudentStatus.ACTIVE, in_scope=False)}
    assert faults(row(2), students=known, options=UPSERT) == [(2, "reg_no", "out_of_scope")]


def test_what_is_missing_is_planned_once_and_noted() -> None:
    rows = [
        row(2, program_name="Doctor of Physical Therapy", batch_name="Batch 31", group_name="A"),
        row(3, program_name=" doctor of physical therapy", batch_name="batch 31", group_name="B"),
        row(4, batch_name="2032 Batch", group_name="Group A"),
    ]
    planned = plan(*rows, options=CREATING)
    assert planned.programs == (NewProgram("Doctor of Physical Therapy", "DPT"),)
    assert planned.batches == (
        NewBatch("Doctor of Physical Therapy", "Batch 31", 2026, 2031),
        NewBatch("MBBS", "2032 Batch", 2027, 2032),
    )
    assert planned.groups == (
        NewGroup("Doctor of Physical Therapy", "Batch 31", "A"),
        NewGroup("Doctor of Physical Therapy", "Batch 31", "B"),
        NewGroup("MBBS", "2032 Batch", "Group A"),
    )
    notes = [[note.code for note in outcome.notes] for outcome in planned.outcomes]
    assert notes == [
        ["program_created", "batch_created", "group_created"],
        ["group_created"],
        ["batch_created", "group_created"],
    ]
    second = planned.outcomes[1].values
    assert second is not None
    assert (second.program_id, second.program_name, second.batch_name) == (
        None,
        "Doctor of Physical Therapy",
        "Batch 31",
    )


def test_a_row_with_faults_creates_nothing() -> None:
    planned = plan(row(2, program_name="Law", email="x"), options=CREATING)
    assert (planned.programs, planned.batches, planned.groups) == ((), (), ())


def test_a_batch_must_tell_its_year() -> None:
    assert faults(row(2, batch_name="Freshers"), options=CREATING) == [(2, "batch_name", "batch_year_unknown")]


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("MBBS", 5),
        ("BDS", 5),
        ("M.D.", 5),
        ("Bachelor of Medicine (MBBS)", 5),
        ("BSc Nursing", 4),
        ("B.Sc. Nursing", 4),
        ("Bachelor of Nursing", 4),
        ("PhD Anatomy", 4),
        ("Ph.D.", 4),
        ("Master of Public Health", 2),
        ("Master's in Surgery", 2),
        ("Pharmacy", 5),
        ("Mdical", 5),
    ],
)
def test_the_length_of_study_by_its_name(name: str, years: int) -> None:
    assert study_years(name) == years


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2031 Batch", 2031),
        ("Session 2026-2031", 2026),
        ("Batch 31", 2031),
        ("b31", 2031),
        ("Batch 1 of 2031", 2031),
        ("Year 1", 2030),
        ("year 5 ", 2026),
        ("Year2", 2029),
        ("Year 6", None),
        ("Batch 131", None),
        ("1999 Batch", None),
        ("Freshers", None),
    ],
)
def test_the_year_of_graduation_by_the_batch(name: str, year: int | None) -> None:
    assert graduation_year(name, 5, 2026) == year


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("MBBS", "MBBS"),
        ("Bachelor of Dental Surgery", "BDS2"),
        ("Doctor of Physical Therapy", "DPT"),
        ("nursing", "NURSING"),
        ("طب", "PROG"),
        ("Otorhinolaryngology", "OTORHINOLARY"),
    ],
)
def test_a_program_gets_a_free_code_from_its_initials(name: str, code: str) -> None:
    assert program_code(name, TakenNames(["bds"])) == code


def usernames(*rows: Row, **known: object) -> list[str | None]:
    return [outcome.values and outcome.values.username for outcome in plan(*rows, **known).outcomes]


def test_two_students_of_one_name_are_numbered() -> None:
    rows = (row(2, name="Ali Khan"), row(3, name="ALI Raza"), row(4, name="Dr. Ali"))
    assert usernames(*rows, usernames=["Ali2.B31"]) == ["ali.b31", "ali3.b31", "ali4.b31"]


def test_a_name_without_latin_letters_gives_way_to_the_number() -> None:
    assert usernames(row(7, name="مریم حسین")) == ["2026-mbbs-007.b31"]


def test_an_address_is_proposed_only_with_a_domain_and_never_twice() -> None:
    rows = (
        row(2, name="Ali Khan"),
        row(3, name="Ali Khan"),
        row(4, name="Hina", email="hina@home.pk"),
        row(5, name="علی خان"),
        row(6, name="Sara Butt", email="ali.khan3.b31@st.edu"),
        row(7, name="Ali Khan"),
        row(8, name="Hina"),
    )
    options = replace(OPTIONS, email_domain="st.edu")
    proposed = [each.values and each.values.proposed_email for each in plan(*rows, options=options).outcomes]
    assert proposed == [
        "ali.khan.b31@st.edu",
        "ali.khan2.b31@st.edu",
        None,
        "2026-mbbs-005.b31@st.edu",
        None,
        "ali.khan4.b31@st.edu",
        "hina.b31@st.edu",
    ]
    (taken,) = plan(rows[0], options=options, emails=["Ali.Khan.B31@st.edu"]).outcomes
    assert taken.values is not None
    assert taken.values.proposed_email == "ali.khan2.b31@st.edu"


def test_the_order_of_dates_holds_for_the_whole_file() -> None:
    rows = (row(2, date_of_birth="13/02/2004"), row(3, date_of_birth="02/13/2004"), row(4, date_of_birth="15/01/45"))
    assert faults(*rows) == [(3, "date_of_birth", "bad_date")]
    last = plan(*rows).outcomes[2].values
    assert last is not None
    assert last.date_of_birth == date(1945, 1, 15)
    assert faults(*rows[:2], options=replace(OPTIONS, date_order=DateOrder.MDY)) == [(2, "date_of_birth", "bad_date")]


def test_twenty_thousand_rows_take_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        rows = [row(number, name="Ali Khan", reg_no=f"R{number}") for number in range(count)]
        started = time.process_time()
        outcomes = plan_students(rows, KnownAcademics(KnownPlaces()), replace(CREATING, email_domain="st.edu")).outcomes
        assert Counter(each.action for each in outcomes) == {RowAction.CREATE: count}
        return time.process_time() - started

    assert seconds(20_000) < 40 * max(seconds(2_000), 0.01)
