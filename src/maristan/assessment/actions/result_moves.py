"""Moves of results, one or all of an exam: verified, returned, published, frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from maristan.assessment.models import Candidate, Exam, Result
from maristan.assessment.queries import exams, results
from maristan.assessment.queries.candidates import reg_nos
from maristan.assessment.rules.results import BEYOND, REFUSALS, RESULT
from maristan.assessment.rules.states import Admission, ExamStatus, Perm, ResultStatus
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.workflow import Requirement, refuse, require_reason

DONE = {
    "verify": "result.verified",
    "return": "result.returned",
    "publish": "result.published",
    "freeze": "result.frozen",
}
STAMPS = {"verify": "verified", "publish": "published", "freeze": "frozen"}
CHANGED = (
    "status", "verified_at", "verified_by", "published_at", "published_by", "frozen_at", "frozen_by", "version",
    "updated_at",
)  # fmt: skip
Refused = list[tuple[Result, tuple[Requirement, ...]]]


@dataclass(slots=True)
class Moved:
    """How many results moved, and those that did not with what they lack."""

    moved: int
    refused: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def move(*, pk: int, name: str, version: int | None = None, reason: str | None = None, by: Actor) -> Result:
    """Carry out a move of one result.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`), `Stale`, and `NotNow` by the code of the move
    (`NOT_VERIFIABLE`, `NOT_PUBLISHABLE`, `NOT_FREEZABLE`) with what is missing.
    """
    row = rows.one(results.visible_to(actor=by), pk)
    exam, sentence = _opened(row.exam_id, name, reason, by)
    row = rows.one(Result.objects.filter(is_current=True), pk, lock=True)
    rows.must_match(row, version, ("result", pk), required=False)
    _, refused = _sorted(exam, [row], name, by)
    _stop(refused, name)
    _write(exam, [row], name, sentence, by)
    return row


@transaction.atomic
def move_all(*, exam_id: int, name: str, possible: bool, reason: str | None = None, by: Actor) -> Moved:
    """Carry out a move over the results of an exam that have not been there yet (R5).

    All those of admitted candidates, or with `possible` those that may, and the others with what they lack. Raises as
    `move`; also when there is nothing to move.
    """
    exam, sentence = _opened(exam_id, name, reason, by)
    found = Result.objects.filter(exam=exam, is_current=True).exclude(status__in=BEYOND[name])
    out = Candidate.objects.filter(exam=exam, admission=Admission.WITHDRAWN)
    if not possible:
        out = Candidate.objects.filter(exam=exam).exclude(admission=Admission.ADMITTED)
    listed = list(found.exclude(person_id__in=out.values("person_id")).select_for_update().order_by("pk"))
    may, refused = _sorted(exam, listed, name, by)
    if not listed:
        label = "There is a result to be moved"
        refuse([Requirement("nothing_to_move", label)], code=REFUSALS[name])
    if not possible:
        _stop(refused, name)
    _write(exam, may, name, sentence, by)
    numbers = reg_nos([row.person_id for row, _ in refused]) if refused else {}
    return Moved(len(may), [
        {"result": row.pk, "reg_no": numbers.get(row.person_id, ""), "missing": [each.as_dict() for each in missing]}
        for row, missing in refused
    ])  # fmt: skip


def _opened(exam_id: int, name: str, reason: str | None, by: Actor) -> tuple[Exam, str]:
    """The exam, locked, and the reason. Raises `NotFound`, `NotAllowed`, `Invalid`, `NotNow` (`exam_not_marking`)."""
    exam = exams.get(exam_id, actor=by, lock=True)
    transition = RESULT.transition(name)
    by.demand(transition.permission, within=exams.may_in(exam, by)(transition.permission))
    sentence = require_reason(reason) if transition.needs_reason else ""
    return exam, sentence


def _sorted(exam: Exam, listed: Sequence[Result], name: str, by: Actor) -> tuple[list[Result], Refused]:
    """Those that may make the move, and the others with what they lack."""
    facts = results.facts_of(exam, listed, asker=by.person_id)
    now, may, refused = clock.now(), [], []
    for row in listed:
        unmet = tuple(each for each in RESULT.requirements(facts[row.pk], name, by, now) if each.blocks)
        if exam.status != ExamStatus.MARKING:
            unmet = (Requirement("exam_not_marking", "The exam is being marked"), *unmet)
        if unmet:
            refused.append((row, unmet))
        else:
            may.append(row)
    return may, refused


def _stop(refused: Refused, name: str) -> None:
    """Raise `NotNow` by the code of the move, with every requirement once for each result that lacks it."""
    if not refused:
        return
    numbers = reg_nos([row.person_id for row, _ in refused])
    missing = [
        {**each.as_dict(), "where": {"result": row.pk, "reg_no": numbers.get(row.person_id, "")}}
        for row, unmet in refused
        for each in unmet
    ]
    raise NotNow(REFUSALS[name], refused[0][1][0].label, missing=missing)


def _write(exam: Exam, found: Sequence[Result], name: str, reason: str, by: Actor) -> None:
    if not found:
        return
    now, target = clock.now(), RESULT.transition(name).target
    before = found[0].status
    for row in found:
        row.status, row.version, row.updated_at = target, row.version + 1, now
        if name == "return":
            row.verified_at, row.verified_by_id = None, None
        elif by.person_id is not None:
            setattr(row, f"{STAMPS[name]}_at", now)
            setattr(row, f"{STAMPS[name]}_by_id", by.person_id)
    Result.objects.bulk_update(found, CHANGED)
    changes = {
        "status": [before, target], "count": len(found),
        "results": [each.pk for each in found], "persons": [each.person_id for each in found],
    }  # fmt: skip
    journal.record(DONE[name], ("exam", exam.pk), by=by, changes=changes, reason=reason)


@transaction.atomic
def publish_due(*, by: Actor) -> int:
    """Publish what is verified in exams whose time of publication has come, in the name of who set it; gives how many.

    What lacks something waits for the next minute.
    """
    due = Exam.objects.filter(status=ExamStatus.MARKING, publish_at__lte=clock.now(), publish_by__isnull=False)
    with_some = due.filter(results__is_current=True, results__status=ResultStatus.VERIFIED).distinct()
    moved = 0
    for exam in with_some.select_related("publish_by").order_by("pk"):
        person: Any = exam.publish_by
        setter = replace(by, person_id=person.pk, user_id=person.user_id, name=person.name)
        by.reach(Perm.RESULT_PUBLISH)
        verified = Result.objects.filter(exam=exam, is_current=True, status=ResultStatus.VERIFIED)
        listed = list(verified.select_for_update().order_by("pk"))
        may, _ = _sorted(exam, listed, "publish", setter)
        _write(exam, may, "publish", "", setter)
        moved += len(may)
    return moved
