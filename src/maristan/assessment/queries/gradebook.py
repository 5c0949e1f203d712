"""The gradebook of a section: who sees it, its items, and what every learner has (rule M6)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from maristan.academics.queries import audience, courses, learners
from maristan.assessment.models import GradebookItem, Result
from maristan.assessment.queries.exams import SHOWN
from maristan.assessment.queries.schemes import bands_of
from maristan.assessment.rules.gradebook import WHOLE, standing
from maristan.assessment.rules.grading import grade
from maristan.assessment.rules.states import Outcome, Perm
from maristan.directory.queries.settings import local_today
from maristan.kernel import rows
from maristan.kernel.access import Actor, Reach
from maristan.kernel.errors import NotFound

NAMES: dict[str, Any] = {
    "title": F("exam__title"),
    "exam_type": F("exam__exam_type"),
    "exam_status": F("exam__status"),
    "scheduled_at": F("exam__scheduled_at"),
    "scheme": F("exam__grade_scheme_id"),
    "exam_section": F("exam__section_id"),
}


def section(pk: int, *, actor: Actor, lock: bool = False) -> Any:
    """A section with what scopes read of it; raises `NotFound`."""
    taught = audience.sections_of(actor.person_id).filter(pk=OuterRef("pk"))
    found = courses.sections(actor=actor).annotate(
        is_taught=Exists(taught), program_id=F("academic_period__program_id"), batch_id=F("academic_period__batch_id"),
        course_department_id=F("course__department_id"),
    )  # fmt: skip
    return rows.one(found, pk, lock=lock)


def covers(reach: Reach, of: Any) -> bool:
    """Whether a reach takes in a section of `section`; own are those that its actor teaches."""
    if reach.covers(program=of.program_id, batch=of.batch_id, departments=(of.course_department_id,)):
        return True
    return reach.own and of.is_taught


def items(pk: int) -> "QuerySet[Any]":
    """The items of a section with what is shown of their exams, by the day of the exam."""
    return GradebookItem.objects.filter(section_id=pk).annotate(**NAMES).order_by("exam__scheduled_at", "pk")


def visible_items(*, actor: Actor) -> "QuerySet[Any]":
    """Items of the sections in reach, of those that the actor teaches, and of those of the actor's own enrolments."""
    reach = actor.demand(Perm.RESULT_VIEW_DECIDED)
    found = GradebookItem.objects.annotate(**NAMES)
    if reach.everything:
        return found
    within = (
        Q(section__academic_period__program_id__in=reach.programs)
        | Q(section__academic_period__batch_id__in=reach.batches)
        | Q(section__course__department_id__in=reach.departments)
    )
    own = Q(section_id__in=audience.sections_of(actor.person_id)) | Q(
        section_id__in=audience.sections_attended_by(actor.person_id)
    )
    return found.filter(within | own if reach.own else within)


def page(pk: int, *, actor: Actor) -> dict[str, Any]:
    """The gradebook: every learner for those who teach or oversee the section, for a learner the own line alone.

    Raises `NotFound`. The same few queries for any number of learners.
    """
    reach = actor.demand(Perm.RESULT_VIEW_DECIDED)
    of = section(pk, actor=actor)
    is_staff = covers(reach, of)
    attending = audience.people_attending(pk)
    if not is_staff and not (reach.own and actor.person_id in attending):
        raise NotFound()
    listed = list(items(pk))
    persons = None if is_staff else {actor.person_id or 0}
    total = sum(each.weight for each in listed)
    return {
        "section": pk,
        "section_name": of.name,
        "course_name": of.course_name,
        "weights_total": total,
        "is_whole": total == WHOLE,
        "may_manage": is_staff and covers(actor.reach(Perm.GRADEBOOK_MANAGE), of),
        "items": [item_shown(each) for each in listed],
        "rows": lines(listed, attending, among=persons),
    }


def item_shown(row: Any) -> dict[str, Any]:
    """An item as the gradebook shows it."""
    names = ("title", "exam_type", "exam_status", "scheduled_at", "weight", "version")
    return {"id": row.pk, "exam": row.exam_id, **{name: getattr(row, name) for name in names}}


def lines(listed: Sequence[Any], attending: Collection[int], *, among: Collection[int] | None) -> list[dict[str, Any]]:
    """A line for each learner of a section, by registration number: published results alone, and what they come to."""
    of_exam = {each.exam_id: each.pk for each in listed}
    results = Result.objects.filter(exam_id__in=list(of_exam), is_current=True, status__in=SHOWN)
    if among is not None:
        results = results.filter(person_id__in=among)
    found: dict[int, dict[int, Result]] = {}
    for each in results:
        found.setdefault(each.person_id, {})[of_exam[each.exam_id]] = each
    # Of an exam of the whole course others sit it too: here are those who attend the section, or did.
    own = {each.exam_id for each in listed if each.exam_section == each.section_id}
    sat = {person for person, cells in found.items() if any(each.exam_id in own for each in cells.values())}
    persons = {*attending, *sat} if among is None else set(among)
    known = learners.of(persons, day=local_today())
    weights = {each.pk: each.weight for each in listed}
    bands = _bands(listed)
    made = [_line(known[person], found.get(person, {}), weights, bands) for person in persons if person in known]
    return sorted(made, key=lambda line: (line["reg_no"], line["person"]))


def _bands(listed: Iterable[Any]) -> Any:
    """The bands of the scheme that all exams pin; none when they differ."""
    schemes = {each.scheme for each in listed}
    return bands_of(next(iter(schemes))) if len(schemes) == 1 else ()


def _line(known: Any, cells: dict[int, Result], weights: dict[int, Any], bands: Any) -> dict[str, Any]:
    reached = standing(weights, {pk: each.percentage for pk, each in cells.items()})
    letter = grade(bands, Outcome.PASS, reached.final).letter if bands and reached.final is not None else ""
    return {
        "person": known.person,
        "reg_no": known.reg_no,
        "full_name": known.name,
        "cells": [
            {
                "item": pk, "result": each.pk, "percentage": each.percentage, "letter": each.letter,
                "final_outcome": each.final_outcome, "total_obtained": each.total_obtained,
                "total_max": each.total_max,
            }
            for pk, each in sorted(cells.items())
        ],
        "running": reached.running,
        "final": reached.final,
        "letter": letter,
    }  # fmt: skip
