"""The grid of marks: every candidate of an exam with what stands in each cell."""

from typing import Any

from django.db.models import F

from maristan.assessment.models import Candidate, Exam, Result, ResultEntry
from maristan.assessment.queries import exams
from maristan.assessment.queries.candidates import reg_nos
from maristan.assessment.queries.results import cell
from maristan.assessment.rules.states import ExamStatus, Perm, ResultStatus
from maristan.kernel.access import Actor

NUMBERS = ("total_obtained", "total_max", "percentage", "letter", "point", "final_outcome")


def grid(pk: int, *, actor: Actor) -> dict[str, Any]:
    """The grid of an exam within the actor's reach; raises `NotFound`. At most eight queries."""
    exam = staffed(pk, actor=actor)
    return {
        **head(exam, actor),
        "rows": rows_of(exam, sees_decided=exams.may_in(exam, actor)(Perm.RESULT_VIEW_DECIDED)),
    }


def staffed(pk: int, *, actor: Actor, lock: bool = False) -> Exam:
    """An exam whose results the actor sees by office; raises `NotFound`."""
    exam = exams.get(pk, actor=actor, lock=lock)
    actor.demand(Perm.RESULT_VIEW, within=exams.may_in(exam, actor)(Perm.RESULT_VIEW))
    return exam


def head(exam: Exam, actor: Actor) -> dict[str, Any]:
    """The exam above its grid."""
    components = [
        {
            "id": each.pk, "name": each.name, "sequence": each.sequence, "max_marks": each.max_marks,
            "min_marks": each.min_marks, "pass_marks": each.pass_marks, "pass_percent": each.pass_percent,
            "is_mandatory_to_pass": each.is_mandatory_to_pass,
        }
        for each in exams.components_of(exam.pk)
    ]  # fmt: skip
    may_enter = exam.status == ExamStatus.MARKING and exams.may_in(exam, actor)(Perm.RESULT_ENTER)
    return {
        "exam": exam.pk, "title": exam.title, "status": exam.status, "version": exam.version,
        "components": components, "may_enter": may_enter,
    }  # fmt: skip


def candidates_of(exam: Exam) -> list[Any]:
    """Candidates with their names and numbers, by number."""
    found: list[Any] = list(
        Candidate.objects.filter(exam=exam).annotate(full_name=F("person__name"), reg_no=F("student__reg_no"))
    )
    without = [each.person_id for each in found if each.reg_no is None]
    numbers = reg_nos(without) if without else {}
    for each in found:
        each.reg_no = each.reg_no or numbers.get(each.person_id, "")
    return sorted(found, key=lambda each: (each.reg_no, each.pk))


def rows_of(exam: Exam, *, sees_decided: bool) -> list[dict[str, Any]]:
    """A row for each candidate; of a result that is no draft only whoever may see more sees anything."""
    results = Result.objects.filter(exam=exam, is_current=True)
    if not sees_decided:
        results = results.filter(status=ResultStatus.DRAFT)
    of_person = {each.person_id: each for each in results}
    cells: dict[int, list[dict[str, Any]]] = {}
    entries = ResultEntry.objects.filter(result__in=[each.pk for each in of_person.values()])
    for each in entries.annotate(entered_by_name=F("entered_by__name")).order_by("component__sequence", "pk"):
        cells.setdefault(each.result_id, []).append(cell(each))
    return [row(each, of_person.get(each.person_id), cells) for each in candidates_of(exam)]


def row(candidate: Any, result: Result | None, cells: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    """A candidate with the result and its cells."""
    return {
        "candidate": candidate.pk, "person": candidate.person_id, "reg_no": candidate.reg_no,
        "full_name": candidate.full_name, "seat_no": candidate.seat_no or "", "admission": candidate.admission,
        "code": candidate.code, "result": None if result is None else numbers(result),
        "cells": [] if result is None else cells.get(result.pk, []),
    }  # fmt: skip


def numbers(result: Result) -> dict[str, Any]:
    """A result as the grid shows it."""
    found = {name: getattr(result, name) for name in NUMBERS}
    return {"id": result.pk, "revision": result.revision, "status": result.status, **found, "version": result.version}
