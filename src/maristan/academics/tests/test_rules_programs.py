"""A program's structure is complete before it is final, and fixed afterwards; batches have sensible years."""

from datetime import UTC, datetime
from typing import Any

import pytest

from maristan.academics.rules.programs import (
    PROGRAM,
    ProgramFacts,
    Structure,
    batch_code,
    batch_year_faults,
    fixed_field_faults,
    is_finalized,
    structure_faults,
    with_default_periods,
)
from maristan.academics.rules.states import EVENTS, Perm, ProgramStatus, ProgramStructure
from maristan.kernel.errors import Fault, NotAllowed, NotNow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DRAFT, FINALIZED, RETIRED = ProgramStatus
YEARLY, SEMESTER, CUSTOM = ProgramStructure
FIVE_YEARS = Structure(YEARLY, None, 5)


class Registrar:
    def may(self, permission: str) -> bool:
        return permission == Perm.PROGRAM_FINALIZE


class Student:
    def may(self, permission: str) -> bool:
        return False


def pointers(faults: list[Fault]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in faults]


def missing(refused: Any) -> list[str]:
    return [each["code"] for each in refused.value.extra["missing"]]


@pytest.mark.parametrize(
    ("structure", "faults"),
    [
        (FIVE_YEARS, []),
        (Structure(SEMESTER, None, 10), []),
        (Structure(CUSTOM, 1, 3), []),
        (Structure(YEARLY, 12, 5), [("/period_length_months", "length_implied")]),
        (Structure(YEARLY, None, None), [("/total_periods", "required")]),
        (Structure(SEMESTER, None, 0), [("/total_periods", "required")]),
        (Structure(CUSTOM), [("/period_length_months", "required"), ("/total_periods", "required")]),
        (Structure(CUSTOM, 0, 3), [("/period_length_months", "required")]),
    ],
)
def test_a_structure_names_what_it_lacks(structure: Structure, faults: list[tuple[str, str]]) -> None:
    assert pointers(structure_faults(structure)) == faults


@pytest.mark.parametrize(("kind", "total"), [(YEARLY, 5), (SEMESTER, 10), (CUSTOM, None)])
def test_years_and_semesters_have_a_usual_number(kind: ProgramStructure, total: int | None) -> None:
    assert with_default_periods(Structure(kind)).total_periods == total
    assert with_default_periods(Structure(kind, None, 4)).total_periods == 4


@pytest.mark.parametrize(
    ("structure", "months"), [(FIVE_YEARS, 12), (Structure(SEMESTER), 6), (Structure(CUSTOM, 4, 3), 4)]
)
def test_the_length_of_a_period_is_implied_or_given(structure: Structure, months: int) -> None:
    assert structure.months == months


def test_the_structure_is_fixed_once_finalized() -> None:
    changed = ["name", "total_periods", "structure_type"]
    assert fixed_field_faults(DRAFT, changed) == []
    for status in (FINALIZED, RETIRED):
        assert pointers(fixed_field_faults(status, changed)) == [
            ("/structure_type", "structure_fixed"),
            ("/total_periods", "structure_fixed"),
        ]


def test_a_complete_draft_is_finalized() -> None:
    transition, _ = PROGRAM.check(ProgramFacts(DRAFT, FIVE_YEARS), "finalize", Registrar(), NOW)
    assert transition.target == FINALIZED


def test_an_incomplete_draft_is_not_finalized() -> None:
    with pytest.raises(NotNow) as refused:
        PROGRAM.check(ProgramFacts(DRAFT, Structure(CUSTOM)), "finalize", Registrar(), NOW)
    assert missing(refused) == ["structure_incomplete"]


@pytest.mark.parametrize(("status", "code"), [(FINALIZED, "already_finalized"), (RETIRED, "wrong_status")])
def test_a_program_is_finalized_once(status: ProgramStatus, code: str) -> None:
    with pytest.raises(NotNow) as refused:
        PROGRAM.check(ProgramFacts(status, FIVE_YEARS), "finalize", Registrar(), NOW)
    assert missing(refused) == [code]


def test_a_program_retires_when_no_batch_is_active() -> None:
    with pytest.raises(NotNow) as refused:
        PROGRAM.check(ProgramFacts(FINALIZED, FIVE_YEARS, 2), "retire", Registrar(), NOW)
    assert missing(refused) == ["active_batches"]
    transition, _ = PROGRAM.check(ProgramFacts(FINALIZED, FIVE_YEARS), "retire", Registrar(), NOW)
    assert transition.target == RETIRED
    with pytest.raises(NotNow):
        PROGRAM.check(ProgramFacts(DRAFT, FIVE_YEARS), "retire", Registrar(), NOW)


@pytest.mark.parametrize("move", ["finalize", "retire"])
def test_a_student_moves_no_program(move: str) -> None:
    with pytest.raises(NotAllowed):
        PROGRAM.check(ProgramFacts(DRAFT, FIVE_YEARS), move, Student(), NOW)


def test_only_a_finalized_program_is_laid_out() -> None:
    assert [is_finalized(status) for status in ProgramStatus] == [False, True, False]


@pytest.mark.parametrize(
    ("intake", "graduation", "faults"),
    [
        (2026, 2031, []),
        (2026, 2027, []),
        (2026, 2038, []),
        (1900, 1905, []),
        (2026, 2026, ["/graduation_year"]),
        (2026, 2039, ["/graduation_year"]),
        (2031, 2026, ["/graduation_year"]),
        (1899, 1903, ["/intake_year"]),
        (2099, 2101, ["/graduation_year"]),
    ],
)
def test_graduation_is_one_to_twelve_years_after_intake(intake: int, graduation: int, faults: list[str]) -> None:
    assert [fault.pointer for fault in batch_year_faults(intake, graduation)] == faults


@pytest.mark.parametrize(("year", "code"), [(2031, "b31"), (2005, "b05"), (1999, "b99"), (2100, "b00")])
def test_the_short_code_of_a_batch(year: int, code: str) -> None:
    assert batch_code(year) == code


def test_event_types_are_a_noun_and_a_past_participle_with_a_sentence() -> None:
    for kind, sentence in EVENTS.items():
        noun, _, verb = kind.partition(".")
        assert noun.isidentifier()
        assert verb.rpartition("_")[2].endswith("ed") or verb in {"withdrawn", "laid_out"}
        assert sentence.endswith(".")
