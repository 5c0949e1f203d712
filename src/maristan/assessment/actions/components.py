"""Writes of the components of an exam."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from maristan.assessment.actions import computing
from maristan.assessment.actions.exams import must_be_drafts
from maristan.assessment.models import Exam, ExamComponent
from maristan.assessment.queries import exams as queries
from maristan.assessment.rules.details import DETAILS
from maristan.assessment.rules.exams import COMPONENT_RULE_FIELDS, must_set_rules
from maristan.assessment.rules.states import ExamStatus, Perm
from maristan.directory.queries import places
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.names import tidy
from maristan.kernel.workflow import Requirement, refuse, require_reason

REFUSED = {
    "assessment_component_name_once": NotNow("name_taken", "The exam has a component of that name."),
    "assessment_component_sequence_once": NotNow("sequence_taken", "The exam has a component in that place."),
}
OFFENDERS_SHOWN = 50


@transaction.atomic
def create(*, exam_id: int, values: Mapping[str, Any], reason: str | None = None, by: Actor) -> ExamComponent:
    """Add a component to a draft, or with a reason to an exam that is marked (M5).

    Raises `NotFound`, `NotAllowed` (naming fields), `Invalid`, `NotNow` (`exam_not_draft`, `results_not_draft`,
    `name_taken`, `sequence_taken`).
    """
    exam, sentence = _opened(exam_id, [name for name in values if values[name] not in (None, False)], reason, by)
    found = _fields(values, by)
    if found.get("sequence") is None:
        last = ExamComponent.objects.filter(exam=exam).aggregate(last=Max("sequence"))["last"]
        found["sequence"] = (last or 0) + 1
    row = ExamComponent(exam=exam, **found)
    _must_be_whole(row)
    with rows.refusing(**REFUSED):
        row.save()
    entered = {name: [None, value] for name, value in values.items() if value not in (None, "", False)}
    journal.record("exam_component.created", ("exam", exam.pk), by=by, changes=entered, reason=sentence)
    _follow(exam, by)
    return row


@transaction.atomic
def update(
    *, exam_id: int, pk: int, version: int | None, values: Mapping[str, Any], reason: str | None = None, by: Actor
) -> ExamComponent:
    """Change a component.

    Raises as `create`, and `Stale`, `NotNow` (`marks_exceed_new_maximum`, `marks_below_new_minimum`: the offenders).
    """
    exam, sentence = _opened(exam_id, list(values), reason, by)
    row = rows.one(ExamComponent.objects.filter(exam=exam), pk, lock=True)
    rows.must_match(row, version, ("exam_component", pk))
    changes = rows.change(row, _fields(values, by))
    if not changes:
        return row
    _must_be_whole(row)
    if "max_marks" in changes:
        _must_hold(row)
    if "min_marks" in changes:
        _must_hold(row, below=True)
    with rows.refusing(**REFUSED):
        rows.save_changes(row, changes)
    said = {name: both for name, both in changes.items() if name != "version"}
    journal.record("exam_component.updated", ("exam", exam.pk), by=by, changes={**said, "component": row.name},
                   reason=sentence)  # fmt: skip
    _follow(exam, by)
    return row


@transaction.atomic
def delete(*, exam_id: int, pk: int, reason: str | None = None, by: Actor) -> None:
    """Take a component out of an exam; one that has marks stays (`PROTECTED_DELETE`). Raises as `create`."""
    exam, sentence = _opened(exam_id, [], reason, by)
    row = rows.one(ExamComponent.objects.filter(exam=exam), pk, lock=True)
    rows.delete(row)
    journal.record("exam_component.deleted", ("exam", exam.pk), by=by, changes={"name": [row.name, None]},
                   reason=sentence)  # fmt: skip
    _follow(exam, by)


def _opened(exam_id: int, fields: list[str], reason: str | None, by: Actor) -> tuple[Exam, str]:
    """The exam, locked, and the reason of an amendment."""
    exam = queries.get(exam_id, actor=by, lock=True)
    may = queries.may_in(exam, by)
    by.demand(Perm.EXAM_EDIT, within=may(Perm.EXAM_EDIT))
    must_set_rules(fields, may=may(Perm.EXAM_SET_RULES), among=COMPONENT_RULE_FIELDS)
    if exam.status == ExamStatus.DRAFT:
        return exam, ""
    if exam.status != ExamStatus.MARKING:
        raise NotNow("exam_not_draft", "The exam is announced: take it back to draft to change it.")
    by.demand(Perm.EXAM_AMEND, within=may(Perm.EXAM_AMEND))
    sentence = require_reason(reason)
    must_be_drafts(exam)
    return exam, sentence


def _fields(values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    found = dict(values)
    if "department" in found:
        found["department"] = rows.reference(places.departments(actor=by), found["department"], "/department")
    if "name" in found:
        found["name"] = tidy(found["name"])
    return found


def _must_be_whole(row: ExamComponent) -> None:
    if row.pass_marks is not None and row.pass_marks > row.max_marks:
        raise Invalid.at("/pass_marks", "pass_above_maximum", "No more than the maximum can be asked for.")


def _must_hold(row: ExamComponent, *, below: bool = False) -> None:
    """Raise `NotNow` naming whose marks lie outside of a changed component."""
    code = "marks_below_new_minimum" if below else "marks_exceed_new_maximum"
    label = "Nobody has less than the new minimum" if below else "Nobody has more than the new maximum"
    found = computing.outside(row, below=below)[:OFFENDERS_SHOWN]
    refuse(
        [
            Requirement(code, label, detail=DETAILS[code].told(name=name, marks=str(marks)), where={"person": person})
            for person, name, marks in found
        ],
        code=code,
    )


def _follow(exam: Exam, by: Actor) -> None:
    if exam.status == ExamStatus.MARKING:
        computing.recompute(exam=exam, by=by)
