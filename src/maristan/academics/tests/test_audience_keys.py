"""Audiences: who belongs to them on a day, which keys exist, and whom somebody may reach."""

from datetime import date, timedelta

import pytest

from maristan.academics.models import Placement
from maristan.academics.tests import factories as make
from maristan.directory.queries import audiences, identity
from maristan.directory.queries.audiences import holds, read, written
from maristan.directory.tests import factories as directory
from maristan.kernel.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 9)
NOUNS = ("program", "batch", "group", "graduation", "status", "section", "course", "period", "student")


@pytest.fixture(autouse=True)
def _here() -> None:
    directory.institution()


def people(*clauses: list[str], day: date = TODAY) -> set[int]:
    return audiences.people(read(clauses), day)


def test_somebody_holds_a_key_exactly_when_they_are_among_its_holders() -> None:
    group = make.group()
    section = make.section()
    sara, bilal = make.student(group), make.student(group, status="suspended")
    make.enrollment(sara, section)
    alice = directory.member("Alice", "faculty")
    persons = {sara.person_id, bilal.person_id, alice.pk}
    keys = {pk: identity.audience_keys(pk, TODAY) for pk in persons}
    for key in sorted(set().union(*keys.values())):
        assert people([key]) & persons == {pk for pk in persons if key in keys[pk]}, key
        assert audiences.must_be_known([[key]]) == (frozenset({key}),)


def test_a_role_in_a_scope_is_held_in_that_scope_alone() -> None:
    first, second = directory.department("First"), directory.department("Second")
    alice = directory.member("Alice", "department_head", scope=("department", first.pk))
    bob = directory.member("Bob", "department_head", scope=("department", second.pk))
    carol = directory.member("Carol", "registrar")
    assert people([f"role:department_head:department:{first.pk}"]) == {alice.pk}
    assert people([f"department:{second.pk}"]) == {bob.pk}
    assert people(["role:department_head"]) == {alice.pk, bob.pk}
    assert people(["role:registrar:institution"]) == {carol.pk}
    for nobody in ("role:department_head:department", "role:department_head:department:x", "role:registrar:batch:1:2"):
        assert people([nobody]) == set(), nobody


def test_all_keys_of_one_alternative_are_needed_and_one_alternative_is_enough() -> None:
    group = make.group()
    sara, bilal = make.student(group), make.student(group, status="suspended")
    zoya = make.student(make.group())
    both = people([f"batch:{group.batch_id}", "status:active"])
    assert both == {sara.person_id}
    assert people([f"batch:{group.batch_id}"], [f"person:{zoya.person_id}"]) == {
        sara.person_id, bilal.person_id, zoya.person_id,
    }  # fmt: skip
    assert not holds({f"batch:{group.batch_id}"}, read([[f"batch:{group.batch_id}", "status:active"]]))


def test_who_moved_belongs_where_they_were_on_the_day() -> None:
    group, other = make.group(), make.group()
    sara = make.student(group)
    tomorrow = TODAY + timedelta(days=1)
    Placement.objects.filter(student=sara).update(to_date=TODAY)
    Placement.objects.create(student=sara, batch=other.batch, group=other, from_date=tomorrow)
    assert people([f"group:{group.pk}"]) == {sara.person_id}
    assert people([f"group:{group.pk}"], day=tomorrow) == set()
    assert people([f"group:{other.pk}"], day=tomorrow) == {sara.person_id}


def test_inactive_people_belong_to_nothing() -> None:
    alice = directory.member("Alice", "faculty")
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    assert people([f"person:{alice.pk}"], ["institution"], ["role:faculty"]) == set()


@pytest.mark.parametrize(
    ("clauses", "code", "pointer"),
    [
        ([], "audience_empty", "/audience"),
        ([["institution"], []], "audience_empty", "/audience"),
        ([["institution", "batch:999999999"]], "unknown_audience_key", "/audience/0/1"),
        ([["batch:" + "9" * 30]], "unknown_audience_key", "/audience/0/0"),
        ([["Batch 3"]], "unknown_audience_key", "/audience/0/0"),
        ([["role:sultan"]], "unknown_audience_key", "/audience/0/0"),
        ([["planet:3"]], "unknown_audience_key", "/audience/0/0"),
        ([["status:happy"]], "unknown_audience_key", "/audience/0/0"),
        ([["graduation:1900"]], "unknown_audience_key", "/audience/0/0"),
    ],
)
def test_what_names_nobody_is_refused_with_its_place(clauses, code, pointer) -> None:
    with pytest.raises(Invalid) as refused:
        audiences.must_be_known(clauses)
    assert (refused.value.code, refused.value.faults[0].pointer) == (code, pointer)


def test_keys_of_another_institution_are_unknown_and_hold_nobody() -> None:
    group, section = make.group(), make.section()
    make.enrollment(make.student(group), section)
    alice = directory.member("Alice", "faculty")
    keys = [f"group:{group.pk}", f"batch:{group.batch_id}", f"section:{section.pk}", f"person:{alice.pk}"]
    assert people(*[[key] for key in keys])
    directory.institution("other")
    assert people(*[[key] for key in keys]) == set()
    for key in keys:
        with pytest.raises(Invalid):
            audiences.must_be_known([[key]])


def test_a_coordinator_reaches_the_own_programs_and_a_teacher_the_own_sections() -> None:
    group, other = make.group(), make.group()
    teacher = directory.member("Omar", "faculty")
    own, strange = make.section(faculty=teacher), make.section()
    mona = directory.member("Mona", "coordinator", scope=("program", group.batch.program_id))
    reached = [[f"batch:{group.batch_id}", "status:active"], [f"group:{group.pk}"]]
    audiences.must_be_within(read(reached), directory.actor(mona), "section.manage")
    with pytest.raises(NotAllowed) as refused:
        audiences.must_be_within(read([*reached, [f"group:{other.pk}"]]), directory.actor(mona), "section.manage")
    assert (refused.value.code, refused.value.extra["keys"]) == ("audience_out_of_scope", [f"group:{other.pk}"])
    audiences.must_be_within(read([[f"section:{own.pk}"]]), directory.actor(teacher), "session.manage")
    for key in (f"section:{strange.pk}", "institution", f"batch:{group.batch_id}"):
        with pytest.raises(NotAllowed):
            audiences.must_be_within(read([[key]]), directory.actor(teacher), "session.manage")


def test_what_is_written_reads_the_same() -> None:
    audience = read([["status:active", "batch:3"], ["institution"]])
    assert written(audience) == [["batch:3", "status:active"], ["institution"]]
    assert set(read(written(audience))) == set(audience)


@pytest.mark.parametrize("noun", NOUNS)
def test_more_holders_cost_no_more_queries(noun, django_assert_num_queries) -> None:
    group, section = make.group(), make.section()
    for _ in range(3):
        make.enrollment(make.student(group), section)
    sara = make.student(group)
    key = {
        "program": group.batch.program_id, "batch": group.batch_id, "group": group.pk, "graduation": 2031,
        "status": "active", "section": section.pk, "course": section.course_id, "period": section.academic_period_id,
        "student": sara.pk,
    }[noun]  # fmt: skip
    with django_assert_num_queries(1):
        assert people([f"{noun}:{key}"])
