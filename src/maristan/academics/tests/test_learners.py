"""Learners: found by what a file says of them, as students or through a source above."""

from datetime import date

import pytest

from maristan.academics.queries import learners
from maristan.academics.rules.learners import Learner, match_key
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory

TODAY = date(2026, 3, 9)
NOBODY = 10**9


@pytest.mark.parametrize(
    "written",
    ["MBBS-001", " mbbs-001 ", "\u00a0MBBS-001\u00a0", "\u200fMBBS-001\u200e", "ＭＢＢＳ-001", "\ufeffMbbs-\u200b001"],
)
def test_a_number_is_the_same_however_it_was_copied(written: str) -> None:
    assert match_key(written) == "mbbs-001"


def test_numbers_that_differ_stay_different() -> None:
    assert match_key("MBBS-01") != match_key("MBBS-1")
    assert match_key("A B") != match_key("AB")


@pytest.mark.django_db
def test_students_are_found_by_number_and_by_address(django_assert_num_queries) -> None:
    directory.institution()
    sara = make.student(reg_no="MBBS-001", email="sara@example.org")
    make.student(reg_no="MBBS-002")
    with django_assert_num_queries(2):
        assert learners.by_reg_no(["\u200fmbbs-001", "MBBS-404", ""]) == {"mbbs-001": {sara.person_id}}
        assert learners.by_email([" Sara@Example.org"]) == {"sara@example.org": {sara.person_id}}
    with django_assert_num_queries(1):
        found = learners.of([sara.person_id, NOBODY], day=TODAY)
    assert found == {
        sara.person_id: Learner(
            person=sara.person_id, name=sara.person.name, reg_no="MBBS-001", student=sara.pk, account=None,
            program_label=sara.program.name, scope_keys=(f"program:{sara.program_id}",),
        )
    }  # fmt: skip


@pytest.mark.django_db
def test_a_source_adds_learners_and_a_number_may_name_two(monkeypatch) -> None:
    directory.institution()
    sara, rana = make.student(reg_no="R-7"), directory.person("Rana")
    resident = Learner(rana.pk, "Rana", "R-7", program_label="Medicine", scope_keys=("residency_programme:2",))
    source = learners.LearnerSource(
        of=lambda persons, day: {pk: resident for pk in persons if pk == rana.pk},
        by_reg_no=lambda keys: {"r-7": {rana.pk}} if "r-7" in keys else {},
    )
    monkeypatch.setattr(learners, "_sources", [])
    for _ in range(2):
        learners.register(source)
    assert learners._sources == [source]
    assert learners.by_reg_no(["R-7"]) == {"r-7": {sara.person_id, rana.pk}}
    assert learners.of([rana.pk], day=TODAY) == {rana.pk: resident}
    assert learners.studies(resident.student) == {}


@pytest.mark.django_db
def test_learners_of_another_institution_are_unknown() -> None:
    directory.institution()
    sara = make.student(reg_no="MBBS-001", email="sara@example.org")
    directory.institution("other")
    assert learners.by_reg_no(["MBBS-001"]) == {}
    assert learners.by_email(["sara@example.org"]) == {}
    assert learners.of([sara.person_id], day=TODAY) == {}
