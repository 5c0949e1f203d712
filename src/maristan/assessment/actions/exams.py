"""Writes of exams: drafted, changed, amended while they are marked, deleted."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from maristan.academics.queries import courses, structure
from maristan.assessment.actions import candidates, computing
from maristan.assessment.models import Candidate, Exam, Result
from maristan.assessment.queries import exams as queries
from maristan.assessment.queries import schemes
from maristan.assessment.rules.exams import AMENDABLE, RULE_FIELDS, must_be_open, must_set_rules
from maristan.assessment.rules.states import ExamStatus, Perm, ResultStatus
from maristan.directory.queries import audiences, places
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.names import tidy
from maristan.kernel.workflow import require_reason

REFERENCES = ("academic_period", "department", "course", "section", "place", "grade_scheme")


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Exam:
    """Draft an exam; its audience becomes its candidates.

    Raises `NotAllowed` (naming fields that decide who passes), `Invalid` (`unknown_reference`, audience).
    """
    by.demand(Perm.EXAM_EDIT)
    must_set_rules(_deciding(values), may=by.may(Perm.EXAM_SET_RULES))
    exam = Exam(**_fields(values, by))
    _complete(exam)
    _must_reach(exam, by)
    exam.save()
    entered = {name: [None, value] for name, value in values.items() if value not in (None, "", [], False)}
    journal.record("exam.created", ("exam", exam.pk), by=by, changes=entered)
    candidates.put(exam=exam, persons=candidates.audience_of(exam), by=by)
    return exam


def _deciding(values: Mapping[str, Any]) -> list[str]:
    """Fields of a new exam that say something else than what an exam begins with."""
    blank = Exam()
    return [name for name in RULE_FIELDS if name in values and values[name] != getattr(blank, name)]


def _fields(values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Wire names to columns, with every reference resolved. Raises `Invalid`, `NotAllowed`."""
    found = dict(values)
    known: dict[str, Callable[[], Any]] = {
        "academic_period": lambda: structure.periods(actor=by), "department": lambda: places.departments(actor=by),
        "course": lambda: courses.courses(actor=by), "section": lambda: courses.sections(actor=by),
        "place": lambda: places.places(actor=by), "grade_scheme": lambda: schemes.visible_to(actor=by),
    }  # fmt: skip
    for name in REFERENCES:
        if name in found:
            pk = found[name]
            found[name] = rows.reference(known[name](), pk, f"/{name}") if pk is not None else None
    if "title" in found:
        found["title"] = tidy(found["title"])
    if found.get("audience"):
        audience = audiences.must_be_known(found["audience"])
        audiences.must_be_within(audience, by, Perm.EXAM_EDIT)
        found["audience"] = audiences.written(audience)
    if "publish_at" in found:
        by.demand(Perm.RESULT_PUBLISH)
        found["publish_by_id"] = by.person_id if found["publish_at"] is not None else None
    return found


def _complete(exam: Exam) -> None:
    """The period and course of the section, and the department of the course, where none is named."""
    if exam.section is not None:
        exam.academic_period = exam.academic_period or exam.section.academic_period
        exam.course = exam.course or exam.section.course
    if exam.course is not None and exam.department_id is None:
        exam.department_id = exam.course.department_id


def _must_reach(exam: Exam, by: Actor) -> None:
    """Refuse an exam outside of the actor's scope, named by what places it."""
    exam.program_id = exam.academic_period.program_id if exam.academic_period else None  # type: ignore[attr-defined]
    exam.batch_id = exam.academic_period.batch_id if exam.academic_period else None  # type: ignore[attr-defined]
    exam.course_department_id = exam.course.department_id if exam.course else None  # type: ignore[attr-defined]
    is_covered = queries.may_in(exam, by)(Perm.EXAM_EDIT)
    if exam.academic_period_id is None:
        by.demand_at_large(Perm.EXAM_EDIT, within=is_covered)
    by.demand(Perm.EXAM_EDIT, within=is_covered, pointer="/academic_period")


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], reason: str | None = None, by: Actor) -> Exam:
    """Change a draft freely, its publication always, and its rule by an amendment while it is marked (M5).

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`exam_not_draft`, `results_not_draft`).
    """
    exam = queries.get(pk, actor=by, lock=True)
    amends = exam.status == ExamStatus.MARKING and bool(AMENDABLE.intersection(values) & set(RULE_FIELDS))
    _must_be_allowed(exam, values, amends, by)
    rows.must_match(exam, version, ("exam", pk))
    must_be_open(ExamStatus(exam.status), values, amends=amends)
    sentence = require_reason(reason) if amends else ""
    if amends:
        must_be_drafts(exam)
    former = candidates.audience_of(exam)
    changes = _changed(exam, _fields(values, by))
    if not changes:
        return exam
    if set(REFERENCES) & set(values):
        _must_reach(exam, by)
    rows.save_changes(exam, changes)
    kind = "exam.amended" if amends else "exam.updated"
    journal.record(kind, ("exam", pk), by=by, changes=_named(changes), reason=sentence)
    if amends:
        computing.recompute(exam=exam, by=by)
    if {"audience", "scheduled_at"} & set(changes):
        _follow_audience(exam, set(former), by)
    if "requires_eligibility" in changes:
        candidates.settle(exam=exam, by=by)
    return exam


def _must_be_allowed(exam: Exam, values: Mapping[str, Any], amends: bool, by: Actor) -> None:
    may = queries.may_in(exam, by)
    publishes = set(values) <= {"publish_at", "show_statistics"} and may(Perm.RESULT_PUBLISH)
    if not (by.may(Perm.EXAM_EDIT) and publishes):
        by.demand(Perm.EXAM_EDIT, within=may(Perm.EXAM_EDIT))
    by.reach(Perm.EXAM_EDIT)
    must_set_rules(list(values), may=may(Perm.EXAM_SET_RULES))
    if amends:
        by.demand(Perm.EXAM_AMEND, within=may(Perm.EXAM_AMEND))


def _changed(exam: Exam, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    return rows.change(exam, fields)


def _named(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Changes with rows by their names, as a timeline tells them."""
    return {name: [_name(each) for each in both] for name, both in changes.items() if name != "publish_by_id"}


def _name(value: Any) -> Any:
    return getattr(value, "title", None) or getattr(value, "name", value) if hasattr(value, "pk") else value


def must_be_drafts(exam: Exam) -> None:
    """Raise `NotNow` (`results_not_draft`) unless every result of an exam is a draft."""
    others = Result.objects.filter(exam=exam, is_current=True).exclude(status=ResultStatus.DRAFT)
    if others.exists():
        raise NotNow("results_not_draft", "Some results are verified already: return them first.")


def _follow_audience(exam: Exam, former: set[int], by: Actor) -> None:
    """Enter who belongs to the audience now, and take off who belonged to it before."""
    present = candidates.audience_of(exam)
    Candidate.objects.filter(exam=exam, person_id__in=former - set(present)).delete()
    candidates.put(exam=exam, persons=present, by=by)


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete the draft of an exam.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`exam_not_draft`, `PROTECTED_DELETE`).
    """
    exam = queries.get(pk, actor=by, lock=True)
    by.demand(Perm.EXAM_EDIT, within=queries.may_in(exam, by)(Perm.EXAM_EDIT))
    rows.must_match(exam, version, ("exam", pk), required=False)
    if exam.status != ExamStatus.DRAFT:
        raise NotNow("exam_not_draft", "Only a draft is deleted; an announced exam is cancelled.")
    rows.delete(exam)
    journal.record("exam.deleted", ("exam", pk), by=by, changes={"title": [exam.title, None]})
