"""Results: who may see them, one by id, and what their workflow looks at."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from maristan.assessment.models import Candidate, Exam, ExamComponent, Result, ResultCorrection, ResultEntry
from maristan.assessment.queries import contributions, exams
from maristan.assessment.queries.candidates import reg_nos
from maristan.assessment.queries.exams import SHOWN
from maristan.assessment.rules.results import RESULT, ResultFacts
from maristan.assessment.rules.states import Admission, CorrectionStatus, Outcome, Perm, ResultStatus
from maristan.directory.queries.settings import setting
from maristan.kernel import rows
from maristan.kernel.access import Actor

NAMES: dict[str, Any] = {
    "full_name": F("person__name"),
    "exam_title": F("exam__title"),
    "exam_status": F("exam__status"),
    "exam_scheduled_at": F("exam__scheduled_at"),
    "course_code": F("exam__course__code"),
    "course_name": F("exam__course__name"),
    "academic_period_name": F("exam__academic_period__name"),
}
ORDERINGS = ("full_name", "percentage", "status", "final_outcome", "exam_scheduled_at", "id")

MOVERS = (Perm.RESULT_ENTER, Perm.RESULT_VERIFY, Perm.RESULT_PUBLISH)


def staff(actor: Actor) -> Q:
    """Results that the actor sees by office: of every revision and state, or drafts alone where no more is given."""
    reach = actor.demand(Perm.RESULT_VIEW)
    decided = actor.reach(Perm.RESULT_VIEW_DECIDED)
    found = _within(reach, actor) & Q(status=ResultStatus.DRAFT)
    return found | _within(decided, actor)


def _within(reach: Any, actor: Actor) -> Q:
    if reach.everything:
        return ~Q(pk__in=[])
    within = exams.within(reach, "exam__")
    return within | exams.examined_by(actor, "exam__") if reach.own else within


def own(actor: Actor) -> Q:
    """The actor's own current results from publication on (R3)."""
    return Q(person_id=actor.person_id or 0, is_current=True, status__in=SHOWN)


def visible_to(*, actor: Actor) -> "QuerySet[Result]":
    """Every revision that the actor sees by office, and own published ones."""
    found = staff(actor)
    return Result.objects.filter(found | own(actor)).annotate(**NAMES)


def current(*, actor: Actor) -> "QuerySet[Result]":
    """The present revisions alone."""
    return visible_to(actor=actor).filter(is_current=True)


def mine(*, actor: Actor) -> "QuerySet[Result]":
    """The actor's own results from publication on, latest exam first."""
    actor.demand(Perm.RESULT_VIEW)
    return Result.objects.filter(own(actor)).annotate(**NAMES).select_related("exam").order_by(
        "-exam__scheduled_at", "-pk"
    )  # fmt: skip


def revisions(pk: int, *, actor: Actor) -> "QuerySet[Result]":
    """Every revision of a result, for staff alone; raises `NotFound`."""
    row = rows.one(Result.objects.filter(staff(actor)), pk)
    found = Result.objects.filter(exam_id=row.exam_id, person_id=row.person_id)
    return found.annotate(**NAMES).order_by("-revision")


def matching(found: "QuerySet[Result]", text: str) -> "QuerySet[Result]":
    """Those whose learner or exam contains the text."""
    return found.filter(Q(full_name__icontains=text) | Q(exam_title__icontains=text)) if text.strip() else found


FIELDS = (
    "id", "revision", "is_current", "full_name", "exam_title", "exam_scheduled_at", "total_obtained", "total_max",
    "percentage", "letter", "point", "final_outcome", "status", "verified_at", "published_at", "frozen_at", "version",
)  # fmt: skip


def shown(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Results as a list shows them."""
    listed = list(found)
    numbers = reg_nos({each.person_id for each in listed}) if listed else {}
    return [
        {
            **{name: getattr(row, name) for name in FIELDS},
            "exam": row.exam_id, "person": row.person_id, "reg_no": numbers.get(row.person_id, ""),
            "course_code": row.course_code or "", "course_name": row.course_name or "",
            "academic_period_name": row.academic_period_name or "",
        }
        for row in listed
    ]  # fmt: skip


def entries_of(results: Collection[int]) -> dict[int, list[ResultEntry]]:
    """The entries of results with the names of who entered them, by result: one query."""
    found: dict[int, list[ResultEntry]] = {pk: [] for pk in results}
    listed = ResultEntry.objects.filter(result_id__in=list(results)).annotate(
        entered_by_name=F("entered_by__name"), name=F("component__name"), sequence=F("component__sequence")
    )
    for each in listed.order_by("component__sequence", "pk"):
        found[each.result_id].append(each)
    return found


def cell(row: Any) -> dict[str, Any]:
    """An entry of `entries_of` as screens show it."""
    return {
        "component": row.component_id, "state": row.state, "marks": row.marks, "outcome": row.outcome,
        "version": row.version, "entered_at": row.entered_at, "entered_by_name": row.entered_by_name,
    }  # fmt: skip


def page(pk: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One result with its entries, and its moves for staff; raises `NotFound`."""
    row = rows.one(visible_to(actor=actor), pk)
    exam = exams.get(row.exam_id, actor=actor)
    may = exams.may_in(exam, actor)
    facts = facts_of(exam, [row], asker=actor.person_id)[row.pk]
    is_mover = row.is_current and any(may(each) for each in MOVERS)
    moves = [each.as_dict() for each in RESULT.moves(facts, actor, now, may=may)] if is_mover else []
    entries = entries_of([row.pk])[row.pk]
    open_to = row.is_current and row.status in SHOWN and not facts.has_open_correction
    return {
        **shown([row])[0],
        "cells": [{**cell(each), "name": each.name} for each in entries],  # type: ignore[attr-defined]
        "moves": moves,
        "may_propose": open_to and may(Perm.RESULT_PROPOSE),
    }


def is_any_published(exam_id: int) -> bool:
    """Whether a result of an exam is published."""
    return Result.objects.filter(exam_id=exam_id, status__in=SHOWN).exists()


def marked(exam_ids: Collection[int], lock: bool) -> set[tuple[int, int]]:
    """(exam, person) of whoever has marks in these exams; with `lock` none are entered until the transaction ends."""
    if lock:
        list(Exam.objects.filter(pk__in=exam_ids).select_for_update().order_by("pk").values_list("pk"))
    found = ResultEntry.objects.filter(result__exam_id__in=exam_ids, result__is_current=True)
    return set(found.values_list("result__exam_id", "result__person_id").distinct())


def facts_of(exam: Exam, found: Collection[Result], *, asker: int | None) -> dict[int, ResultFacts]:
    """What the moves of results of one exam look at, by result, in a constant number of queries."""
    persons, pks = [each.person_id for each in found], [each.pk for each in found]
    candidates = Candidate.objects.filter(exam=exam, person_id__in=persons, admission=Admission.ADMITTED)
    admitted = set(candidates.values_list("person_id", flat=True))
    enterers: dict[int, set[int]] = {pk: set() for pk in pks}
    counts: dict[int, int] = dict.fromkeys(pks, 0)
    for result, person in ResultEntry.objects.filter(result_id__in=pks).values_list("result_id", "entered_by_id"):
        enterers[result].add(person)
        counts[result] += 1
    components = ExamComponent.objects.filter(exam=exam).count()
    open_ones = ResultCorrection.objects.filter(result_id__in=pks, status=CorrectionStatus.PROPOSED)
    corrected = set(open_ones.values_list("result_id", flat=True))
    contributed = contributions.to_publish(exam.pk, persons)
    must_differ = setting("assessment.verifier_must_differ")
    return {
        each.pk: ResultFacts(
            status=ResultStatus(each.status),
            outcome=Outcome(each.final_outcome),
            is_complete=components > 0 and counts[each.pk] == components,
            is_admitted=each.person_id in admitted,
            scheduled_at=exam.scheduled_at,
            publish_at=exam.publish_at,
            entered_by=frozenset(enterers[each.pk]),
            asker=asker,
            verifier_must_differ=must_differ,
            has_open_correction=each.pk in corrected,
            contributed=contributed.get(each.person_id, ()),
        )
        for each in found
    }
