"""Writes of courses."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from maristan.academics.models import Course, CourseProgram
from maristan.academics.queries import courses as queries
from maristan.academics.queries import structure
from maristan.academics.rules.states import Perm
from maristan.directory.queries import places
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.names import tidy

TAKEN = {"academics_course_code_once": NotNow("code_taken", "A course of that code exists already.")}


def _fields(values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Wire names to columns; raises `Invalid` (`unknown_reference`)."""
    found = dict(values)
    for field in {"code", "name"} & found.keys():
        found[field] = tidy(found[field])
    if "department" in found:
        rows.reference(places.departments(actor=by), found["department"], "/department")
        found["department_id"] = found.pop("department")
    return found


def _programs(wanted: Iterable[int], by: Actor) -> list[int]:
    """The programs a body names; raises `Invalid` (`unknown_reference`) at the first outside the actor's scope.

    A course of none belongs to all, so that only who keeps all courses may leave them out (`NotAllowed`).
    """
    ids = list(dict.fromkeys(wanted))
    rows.references(structure.programs(actor=by), ids, "/programs")
    reach = by.demand(Perm.COURSE_MANAGE)
    by.demand_at_large(Perm.COURSE_MANAGE, within=reach.everything or bool(ids))
    for position, pk in enumerate(ids):
        by.demand(Perm.COURSE_MANAGE, within=reach.covers(program=pk), pointer=f"/programs/{position}")
    return sorted(ids)


def _course(pk: int, by: Actor) -> Course:
    course = rows.one(queries.courses(actor=by), pk, lock=True)
    reach, programs = by.reach(Perm.COURSE_MANAGE), {each.program_id for each in course.course_programs.all()}
    by.demand(Perm.COURSE_MANAGE, within=reach.everything or (bool(programs) and reach.programs >= programs))
    return course


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Course:
    """Enter a course with the programs it belongs to. Raises `NotAllowed`, `Invalid`, `NotNow` (`code_taken`)."""
    by.demand(Perm.COURSE_MANAGE)
    found = _fields(values, by)
    programs = _programs(found.pop("programs", ()), by)
    course = Course(**found)
    with rows.refusing(**TAKEN):
        course.save()
    CourseProgram.objects.bulk_create(CourseProgram(course=course, program_id=each) for each in programs)
    changes = {"code": [None, course.code], "programs": [[], programs]}
    journal.record("course.created", ("course", course.pk), by=by, changes=changes)
    return rows.one(queries.courses(actor=by), course.pk)


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Course:
    """Change a course or its programs. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow`."""
    course = _course(pk, by)
    rows.must_match(course, version, ("course", pk))
    found = _fields(values, by)
    programs = _programs(found.pop("programs"), by) if "programs" in found else None
    changes = rows.change(course, found)
    before = sorted(each.program_id for each in course.course_programs.all())
    moved = programs is not None and programs != before
    if not (changes or moved):
        return course
    with rows.refusing(**TAKEN):
        rows.save_changes(course, changes)
    if moved:
        _set_programs(course, programs or [])
        changes["programs"] = [before, programs]
    journal.record("course.updated", ("course", pk), by=by, changes=changes)
    return rows.one(queries.courses(actor=by), pk)


def _set_programs(course: Course, programs: list[int]) -> None:
    CourseProgram.objects.filter(course=course).exclude(program_id__in=programs).delete()
    CourseProgram.objects.bulk_create(
        (CourseProgram(course=course, program_id=each) for each in programs), ignore_conflicts=True
    )


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a course that nothing refers to.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`).
    """
    course = _course(pk, by)
    rows.must_match(course, version, ("course", pk), required=False)
    rows.delete(course)
    journal.record("course.deleted", ("course", pk), by=by, changes={"code": [course.code, None]})
