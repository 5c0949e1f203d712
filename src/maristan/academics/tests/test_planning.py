"""What the timetable is told: facts in one statement, rosters, and who holds which audience keys."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maristan.academics.queries import audience, planning, roster
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory

pytestmark = pytest.mark.django_db
MONDAY, SUNDAY = date(2026, 3, 9), date(2026, 3, 15)


def test_the_facts_of_a_week_come_in_one_statement(django_assert_num_queries) -> None:
    directory.institution()
    batch = make.batch(name="2031")
    second, first = make.group(batch, "B", position=2), make.group(batch, "A", position=1)
    period = make.period(batch.program, "Year 1")
    course = make.course("PATH101", name="Pathology")
    section = make.section(course, academic_period=period, name="S1", capacity=20)
    sara, away = make.student(first), make.student(first, status="on_leave")
    gone = make.student(first, status="suspended")
    for each in (sara, gone):
        make.enrollment(each, section)
    make.enrollment(away, section, status="dropped")
    with django_assert_num_queries(1):
        found = planning.facts(sections=[section.pk], periods=[period.pk], batch=batch.pk, first=MONDAY, last=SUNDAY)
    assert found.batch == {
        "id": batch.pk,
        "name": "2031",
        "program": batch.program_id,
        "program_name": batch.program.name,
    }
    assert found.batch_groups == (first.pk, second.pk)
    assert found.groups[first.pk] == {"name": "A", "batch": batch.pk, "program": batch.program_id, "size": 2}
    assert found.placed == {first.pk: {sara.pk, away.pk}, second.pk: frozenset()}
    assert found.enrolled == {section.pk: {sara.pk}}
    assert found.sections[section.pk] == {
        "name": "PATH101 S1", "course": course.pk, "group": None, "capacity": 20, "size": 1,
        "program": period.program_id, "batch": None,
    }  # fmt: skip
    assert found.courses[course.pk] == {"code": "PATH101", "name": "Pathology", "department": course.department_id}
    assert found.periods[period.pk] == {
        "name": "Year 1", "status": "open", "program": batch.program_id, "batch": None,
        "start": make.FIRST_DAY, "end": make.LAST_DAY,
    }  # fmt: skip


def test_another_institution_is_never_among_the_facts() -> None:
    directory.institution("fmu")
    group, section, period = make.group(), make.section(), make.period()
    batch = group.batch_id
    directory.institution("other")
    found = planning.facts(
        groups=[group.pk], sections=[section.pk], periods=[period.pk], batch=batch, first=MONDAY, last=SUNDAY
    )
    assert (found.groups, found.sections, found.periods, found.batch, found.batch_groups) == ({}, {}, {}, None, ())
    seen = planning.known(periods=[period.pk], courses=[], sections=[section.pk], groups=[group.pk], batch=batch)
    assert [len(each) for each in (seen.periods, seen.sections, seen.groups, seen.batch_groups)] == [0, 0, 0, 0]


def test_references_are_checked_in_one_statement(django_assert_num_queries) -> None:
    directory.institution()
    group, section = make.group(), make.section()
    with django_assert_num_queries(1):
        found = planning.known(
            periods=[section.academic_period_id, 10**9], courses=[section.course_id], sections=[section.pk, 10**9],
            groups=[], batch=group.batch_id,
        )  # fmt: skip
    assert (found.periods.keys(), found.courses) == ({section.academic_period_id}, {section.course_id})
    assert (found.sections, found.groups, found.batch_groups) == ({section.pk}, frozenset(), {group.pk})


def test_the_roster_of_a_group_are_those_placed_that_day_with_leave_flagged() -> None:
    directory.institution()
    group, other = make.group(name="A"), make.group(name="B")
    make.student(group, "Sara", reg_no="1")
    make.student(group, "Omar", reg_no="2", status="on_leave")
    for number, status in enumerate(("inactive", "suspended", "graduated"), 3):
        make.student(group, status=status, reg_no=str(number))
    moved = make.student(group, "Mina", reg_no="9")
    moved.placements.update(to_date=MONDAY)
    found = [(line.name, line.is_on_leave) for line in roster.roster(section=None, groups=[group.pk], day=MONDAY)]
    assert found == [("Sara", False), ("Omar", True), ("Mina", False)]
    later = [line.name for line in roster.roster(section=None, groups=[group.pk], day=SUNDAY)]
    assert later == ["Sara", "Omar"]
    assert roster.roster(section=None, groups=[other.pk], day=MONDAY) == []


def test_the_roster_of_a_section_are_its_enrolments_whatever_the_groups() -> None:
    directory.institution()
    section, group = make.section(), make.group()
    sara, dropped = make.student(group), make.student(group)
    make.enrollment(sara, section)
    make.enrollment(dropped, section, status="dropped")
    make.enrollment(make.student(group, status="suspended"), section)
    found = roster.roster(section=section.pk, groups=[group.pk], day=MONDAY)
    assert [line.student for line in found] == [sara.pk]
    found = roster.attending(groups=[group.pk], sections=[section.pk], first=MONDAY, last=MONDAY)
    assert found.people(groups=[], sections=[section.pk], day=MONDAY) == {sara.person_id}
    assert found.people(groups=[group.pk], sections=[], day=MONDAY) == {sara.person_id, dropped.person_id}
    assert found.people(groups=[group.pk], sections=[], day=date(2000, 1, 1)) == set()


@pytest.mark.parametrize("number", [10, 200])
def test_a_roster_is_one_query_however_long(number: int, django_assert_num_queries) -> None:
    directory.institution()
    group = make.group()
    for _ in range(number):
        make.student(group)
    with django_assert_num_queries(1):
        assert len(roster.roster(section=None, groups=[group.pk], day=MONDAY)) == number


def test_a_student_holds_the_keys_of_group_batch_program_and_sections() -> None:
    directory.institution()
    group = make.group()
    sara = make.student(group)
    seat = make.enrollment(sara)
    found = audience.audience_of(sara.person_id, MONDAY)
    assert found == {
        f"student:{sara.pk}", f"group:{group.pk}", f"batch:{group.batch_id}", f"program:{sara.program_id}",
        "status:active", "graduation:2031", f"section:{seat.section_id}", f"course:{seat.section.course_id}",
        f"period:{seat.section.academic_period_id}",
    }  # fmt: skip


def test_a_suspended_student_leaves_the_audience_of_the_group_and_a_past_placement_counts_no_more() -> None:
    directory.institution()
    sara = make.student(status="suspended")
    keys = audience.audience_of(sara.person_id, MONDAY)
    assert f"group:{sara.group_id}" not in keys
    assert "status:suspended" in keys
    sara.placements.update(to_date=date(2026, 3, 1))
    assert audience.audience_of(sara.person_id, MONDAY) == set()


def test_a_teacher_is_known_by_own_and_shared_sections() -> None:
    directory.institution()
    khan = directory.member("Khan", "faculty")
    own = make.section(faculty=khan)
    shared = make.section()
    shared.further_teachers.create(person=khan)
    make.section()
    assert audience.sections_taught_by(khan.pk) == {own.pk, shared.pk}
    assert audience.sections_taught_by(None) == set()
    with CaptureQueriesContext(connection) as queries:
        audience.audience_of(khan.pk, MONDAY)
    assert len(queries) == 2


def test_of_others_only_those_are_told_who_may_be_in_two_places() -> None:
    directory.institution()
    section, elsewhere = make.section(), make.section()
    here, there = make.group(), make.group()
    both, other = make.student(there), make.student(there)
    for who, where in ((both, section), (both, elsewhere), (other, elsewhere), (make.student(here), elsewhere)):
        make.enrollment(who, where)
    asked = {"first": MONDAY, "last": SUNDAY}
    others = planning.Others(groups=[there.pk], sections=[elsewhere.pk], batches=[here.batch_id])
    found = planning.facts(sections=[section.pk], others=others, **asked)
    assert (found.enrolled, found.placed) == (
        {section.pk: frozenset({both.pk}), elsewhere.pk: frozenset({both.pk})},
        {there.pk: frozenset({both.pk}), here.pk: frozenset()},
    )  # fmt: skip
    assert found.groups_of[here.batch_id] == (here.pk,)
    nobody = planning.facts(others=others, **asked)
    assert (nobody.placed, nobody.enrolled) == (
        {there.pk: frozenset(), here.pk: frozenset()},
        {elsewhere.pk: frozenset()},
    )
    own = planning.facts(groups=[there.pk], sections=[elsewhere.pk], **asked)
    assert (own.groups[there.pk]["size"], own.sections[elsewhere.pk]["size"]) == (2, 3)
