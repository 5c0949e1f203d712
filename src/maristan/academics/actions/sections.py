"""Writes of sections."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from maristan.academics.models import AcademicPeriod, Group, Section, SectionTeacher
from maristan.academics.queries import courses as queries
from maristan.academics.queries import structure
from maristan.academics.queries.holding import hold
from maristan.academics.rules.enrolments import holds_the_enrolled
from maristan.academics.rules.periods import accepts_writing
from maristan.academics.rules.states import PeriodStatus, Perm
from maristan.directory.queries import people
from maristan.directory.queries.settings import local_today
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.names import tidy
from maristan.kernel.workflow import Requirement, refuse

BELOW = "capacity_below_enrolled"
REFUSED = {
    "academics_section_name_once": NotNow("name_taken", "The course has a section of that name in this period."),
    "academics_section_enrolled": NotNow(BELOW, "More students are enrolled than that."),
}


def _refuse_unmet(requirements: Iterable[Requirement], code: str) -> None:
    refuse([each for each in requirements if not each.met], code=code)


def _must_reach(period: AcademicPeriod, by: Actor, *, pointer: str = "") -> None:
    """Refuse a section in a period outside the actor's scope, as the object of the path or the one at `pointer`."""
    within = by.reach(Perm.SECTION_MANAGE).covers(program=period.program_id, batch=period.batch_id)
    by.demand(Perm.SECTION_MANAGE, within=within, pointer=pointer)


def _must_accept(period: AcademicPeriod) -> None:
    """Raise `NotNow` (`period_closed`) for a closed period (A6)."""
    (status,) = hold(AcademicPeriod, [period.pk], "status")[period.pk]
    _refuse_unmet(accepts_writing(PeriodStatus(status)), "period_closed")


def _fields(values: Mapping[str, Any], period: AcademicPeriod, by: Actor) -> dict[str, Any]:
    """Wire names to columns; raises `Invalid` (`unknown_reference`, `group_not_in_batch`)."""
    found = dict(values)
    if "name" in found:
        found["name"] = tidy(found["name"])
    if "faculty" in found:
        found["faculty_id"] = found.pop("faculty")
    if "group" in found:
        group = rows.reference(structure.groups(actor=by), found.pop("group"), "/group")
        _must_belong(group, period)
        found["group_id"] = group and group.pk
    return found


def _must_belong(group: Group | None, period: AcademicPeriod) -> None:
    if group is None:
        return
    of_batch = period.batch_id in (None, group.batch_id)
    if not of_batch or group.batch.program_id != period.program_id:
        raise Invalid.at("/group", "group_not_in_batch", "The group belongs to another batch or program.")


def _must_teach(values: Mapping[str, Any], by: Actor, present: Collection[int | None] = ()) -> None:
    """Raise `Invalid` (`unknown_reference`, `not_a_teacher`) for who is named, was not before, and does not teach."""
    named = {"/faculty": values.get("faculty")}
    named |= {f"/teachers/{position}": pk for position, pk in enumerate(values.get("teachers") or ())}
    wanted = {pointer: pk for pointer, pk in named.items() if pk is not None and pk not in present}
    if not wanted:
        return
    active = people.visible_to(actor=by).filter(pk__in=wanted.values(), is_active=True)
    teaching = people.in_role(active, "faculty", actor=by, day=local_today())
    there, known = set(active.values_list("pk", flat=True)), set(teaching.values_list("pk", flat=True))
    for pointer, pk in wanted.items():
        if pk not in there:
            raise Invalid.unknown(pointer)
        if pk not in known:
            raise Invalid.at(pointer, "not_a_teacher", "This person does not teach here today.")


def _teachers(wanted: Iterable[int]) -> list[int]:
    return sorted(set(wanted))


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Section:
    """Enter a section of a course in a period.

    Raises `NotAllowed`, `Invalid`, `NotNow` (`period_closed`, `name_taken`).
    """
    by.demand(Perm.SECTION_MANAGE)
    found = dict(values)
    course = rows.reference(queries.courses(actor=by), found.pop("course"), "/course")
    period = rows.reference(structure.periods(actor=by), found.pop("academic_period"), "/academic_period")
    assert course is not None
    assert period is not None
    _must_reach(period, by, pointer="/academic_period")
    _must_teach(found, by)
    teachers = _teachers(found.pop("teachers", ()))
    fields = _fields(found, period, by)
    _must_accept(period)
    section = Section(course=course, academic_period=period, **fields)
    with rows.refusing(**REFUSED):
        section.save()
    SectionTeacher.objects.bulk_create(SectionTeacher(section=section, person_id=each) for each in teachers)
    changes = {"name": [None, section.name], "course": [None, course.pk]}
    journal.record("section.created", ("section", section.pk), by=by, changes=changes)
    return rows.one(queries.sections(actor=by), section.pk)


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Section:
    """Change a section's name, teachers, group, capacity or self-enrolment.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`capacity_below_enrolled`, `period_closed`).
    """
    section = rows.one(queries.sections(actor=by), pk, lock=True)
    period = section.academic_period
    _must_reach(period, by)
    rows.must_match(section, version, ("section", pk))
    found = dict(values)
    before = sorted(each.person_id for each in section.further_teachers.all())
    _must_teach(found, by, {section.faculty_id, *before})
    teachers = _teachers(found.pop("teachers")) if "teachers" in found else None
    changes = rows.change(section, _fields(found, period, by))
    _must_accept(period)
    if "capacity" in changes:  # counted again under the lock on the section
        _refuse_unmet(holds_the_enrolled(section.capacity, queries.enrolled_count(pk)), BELOW)
    moved = teachers is not None and teachers != before
    if not (changes or moved):
        return section
    with rows.refusing(**REFUSED):
        rows.save_changes(section, changes)
    if moved:
        _set_teachers(section, teachers or [])
        changes["teachers"] = [before, teachers]
    journal.record("section.updated", ("section", pk), by=by, changes=changes)
    return rows.one(queries.sections(actor=by), pk)


def _set_teachers(section: Section, teachers: list[int]) -> None:
    SectionTeacher.objects.filter(section=section).exclude(person_id__in=teachers).delete()
    SectionTeacher.objects.bulk_create(
        (SectionTeacher(section=section, person_id=each) for each in teachers), ignore_conflicts=True
    )


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a section that nothing refers to.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`period_closed`, `PROTECTED_DELETE`).
    """
    section = rows.one(queries.sections(actor=by), pk, lock=True)
    _must_reach(section.academic_period, by)
    rows.must_match(section, version, ("section", pk), required=False)
    _must_accept(section.academic_period)
    rows.delete(section)
    journal.record("section.deleted", ("section", pk), by=by, changes={"name": [section.name, None]})
