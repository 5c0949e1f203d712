"""Reads of the syllabus."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from maristan.academics.models import CourseProgram, SyllabusItem
from maristan.academics.queries.structure import of_visible_programs
from maristan.academics.rules.states import Perm
from maristan.kernel.access import Actor, Reach


def items(*, actor: Actor) -> "QuerySet[SyllabusItem]":
    """The items of the periods and courses that the actor may see; what is not active only for who keeps it."""
    actor.demand(Perm.SYLLABUS_VIEW)
    reach = actor.reach(Perm.SYLLABUS_MANAGE)
    rows = SyllabusItem.objects.select_related("academic_period", "course")
    if reach.everything:
        return rows
    visible = of_visible_programs(actor, "academic_period__program__")
    if visible:  # an empty condition holds for all, and would swallow what it is joined to
        rows = rows.filter(visible | Q(academic_period__isnull=True))
    return rows.filter(Q(is_active=True) | kept_within(reach))


def kept_within(reach: Reach) -> Q:
    """Items that a reach of `syllabus.manage` covers: by their period's program, else by a program of their course."""
    if reach.everything:
        return ~Q(pk__in=[])
    given = CourseProgram.objects.filter(program_id__in=reach.programs).values("course_id")
    by_period = Q(academic_period__program_id__in=reach.programs) | Q(academic_period__batch_id__in=reach.batches)
    return by_period | Q(academic_period__isnull=True, course_id__in=given)


def may_keep(item: SyllabusItem, reach: Reach) -> bool:
    """True when a reach of `syllabus.manage` covers an item: one query at most."""
    if reach.everything:
        return True
    if item.academic_period is not None:
        return reach.covers(program=item.academic_period.program_id, batch=item.academic_period.batch_id)
    return bool(reach.programs & programs_of(item.course_id))


def programs_of(course_id: int | None) -> frozenset[int]:
    """The programs that a course belongs to."""
    given = CourseProgram.objects.filter(course_id=course_id or 0)
    return frozenset(given.values_list("program_id", flat=True))


def matching(found: "QuerySet[SyllabusItem]", text: str) -> "QuerySet[SyllabusItem]":
    """Items whose code, title, description or objectives contain the text."""
    wanted = text.strip()
    if not wanted:
        return found
    named = Q(code__icontains=wanted) | Q(title__icontains=wanted)
    return found.filter(named | Q(description__icontains=wanted) | Q(learning_objectives__icontains=wanted))


def known(ids: Collection[int], *, actor: Actor) -> list[int]:
    """Those of these items that the actor may see: one query."""
    return list(items(actor=actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else []


def last_order(academic_period: int | None, course: int | None) -> int:
    """The highest `order_no` among the items of the same period and course; 0 without any."""
    same = SyllabusItem.objects.filter(academic_period=academic_period, course=course)
    found = same.order_by("-order_no").values_list("order_no", flat=True).first()
    return found or 0
