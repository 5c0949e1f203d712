"""Writes of a gradebook: which exams count towards the grade of a section, and how much (rule M6)."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from maristan.assessment.models import Exam, GradebookItem
from maristan.assessment.queries import exams
from maristan.assessment.queries import gradebook as queries
from maristan.assessment.rules.gradebook import WHOLE
from maristan.assessment.rules.states import ExamStatus, Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow

SUBJECT = "gradebook_item"
TWICE = {"assessment_gradebookitem_once": NotNow("already_counts", "The exam counts in this section already.")}


@transaction.atomic
def add(*, section: int, exam: int, weight: Decimal, by: Actor) -> GradebookItem:
    """Let an exam of the section, or of its course as a whole, count.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`unknown_reference`, `other_section`, `weights_above_100`), `NotNow`
    (`exam_cancelled`, `already_counts`).
    """
    of = _locked(section, by)
    found: Exam | None = rows.reference(exams.visible_to(actor=by), exam, "/exam")
    assert found is not None
    if found.section_id != section and (found.section_id is not None or found.course_id != of.course_id):
        raise Invalid.at("/exam", "other_section", "The exam belongs to another section.")
    _must_fit(section, weight)
    if found.status == ExamStatus.CANCELLED:
        raise NotNow("exam_cancelled", "The exam is cancelled.")
    item = GradebookItem(section_id=section, exam=found, weight=weight)
    with rows.refusing(**TWICE):
        item.save()
    changes = {"section": section, "exam": [None, found.title], "weight": [None, str(weight)]}
    journal.record("gradebook_item.created", (SUBJECT, item.pk), by=by, changes=changes)
    return item


@transaction.atomic
def weigh(*, section: int, pk: int, weight: Decimal, version: int | None, by: Actor) -> GradebookItem:
    """Change the weight of an item. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`weights_above_100`)."""
    _locked(section, by)
    item = rows.one(GradebookItem.objects.filter(section_id=section), pk, lock=True)
    rows.must_match(item, version, (SUBJECT, pk))
    _must_fit(section, weight, without=pk)
    changes = rows.change(item, {"weight": weight})
    if changes:
        rows.save_changes(item, changes)
        told = {name: [str(each) for each in both] for name, both in changes.items()}
        journal.record("gradebook_item.updated", (SUBJECT, pk), by=by, changes=told)
    return item


@transaction.atomic
def remove(*, section: int, pk: int, by: Actor) -> None:
    """Let an exam count no longer. Raises `NotFound`, `NotAllowed`."""
    _locked(section, by)
    item = rows.one(GradebookItem.objects.filter(section_id=section).select_related("exam"), pk, lock=True)
    item.delete()
    changes = {"section": section, "exam": [item.exam.title, None], "weight": [str(item.weight), None]}
    journal.record("gradebook_item.deleted", (SUBJECT, pk), by=by, changes=changes)


def _locked(section: int, by: Actor) -> Any:
    """The section, locked so that the weights of two who add at once are added up one after the other."""
    by.demand(Perm.GRADEBOOK_MANAGE)
    of = queries.section(section, actor=by, lock=True)
    by.demand(Perm.GRADEBOOK_MANAGE, within=queries.covers(by.reach(Perm.GRADEBOOK_MANAGE), of))
    return of


def _must_fit(section: int, weight: Decimal, *, without: int = 0) -> None:
    others = GradebookItem.objects.filter(section_id=section).exclude(pk=without)
    total = others.aggregate(total=Sum("weight"))["total"] or Decimal(0)
    if total + weight > WHOLE:
        left = max(WHOLE - total, Decimal(0))
        raise Invalid.at("/weight", "weights_above_100", f"Weights add to 100 at most: {left} are left.")
