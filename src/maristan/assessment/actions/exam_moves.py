"""Moves of an exam: announced, revised, marked, completed, cancelled."""

from typing import Any

from django.db import transaction

from maristan.assessment.actions import calendar, candidates, computing
from maristan.assessment.models import Exam
from maristan.assessment.queries import exams as queries
from maristan.assessment.queries import schemes
from maristan.assessment.rules.exams import EXAM
from maristan.assessment.rules.states import ExamStatus, Perm
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.workflow import Requirement

DONE = {
    "announce": "exam.announced",
    "revise": "exam.revised",
    "start_marking": "exam.marking_started",
    "complete": "exam.completed",
    "cancel": "exam.cancelled",
}


@transaction.atomic
def move(
    *, pk: int, name: str, version: int | None = None, reason: str | None = None, by: Actor
) -> tuple[Exam, tuple[Requirement, ...]]:
    """Carry out a move of an exam; gives it with the warnings.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`), `Stale`, and `NotNow` with what is missing.
    """
    exam = queries.get(pk, actor=by, lock=True)
    may = queries.may_in(exam, by)
    by.demand(Perm.EXAM_ANNOUNCE, within=may(Perm.EXAM_ANNOUNCE))
    rows.must_match(exam, version, ("exam", pk), required=False)
    if name == "announce" and exam.status == ExamStatus.DRAFT:
        candidates.put(exam=exam, persons=candidates.audience_of(exam), by=by)
        exam = queries.get(pk, actor=by)
    transition, warnings = EXAM.check(queries.facts_of(exam), name, by, clock.now(), reason=reason, may=may)
    values: dict[str, Any] = {"status": transition.target}
    if name == "announce":
        values["grade_scheme"] = _pinned(exam)
    if name == "cancel":
        values["cancel_reason"] = (reason or "").strip()
    changes = rows.change(exam, values)
    rows.save_changes(exam, changes)
    told = {**changes, **({"grade_scheme": [None, exam.grade_scheme_id]} if "grade_scheme" in changes else {})}
    sentence = (reason or "").strip() if transition.needs_reason else ""
    journal.record(DONE[name], ("exam", pk), by=by, changes=told, reason=sentence)
    _follow(exam, name, by)
    return exam, warnings


def _pinned(exam: Exam) -> Any:
    found = schemes.to_pin(exam)
    if found is None:
        label = "There is an active grade scheme for the exam"
        raise NotNow("not_now", label, missing=[Requirement("grade_scheme_active", label).as_dict()])
    return found


def _follow(exam: Exam, name: str, by: Actor) -> None:
    if name == "announce":
        candidates.settle(exam=exam, by=by)
        calendar.show(exam=exam, by=by)
    elif name == "start_marking":
        candidates.settle(exam=exam, by=by)
        computing.begin(exam=exam, by=by)
    elif name == "complete":
        calendar.finish(exam=exam, by=by)
    else:
        calendar.withdraw(exam=exam, by=by)


@transaction.atomic
def start_due(*, by: Actor) -> int:
    """Start the marking of every announced exam that has begun; gives how many."""
    due = Exam.objects.filter(status=ExamStatus.SCHEDULED, scheduled_at__lte=clock.now()).order_by("pk")
    pks = list(due.values_list("pk", flat=True))
    for pk in pks:
        move(pk=pk, name="start_marking", by=by)
    return len(pks)
