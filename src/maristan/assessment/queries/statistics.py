"""Statistics of an exam, over the current revisions."""

from decimal import Decimal
from typing import Any

from maristan.assessment.models import Result, ResultEntry
from maristan.assessment.queries import exams
from maristan.assessment.rules.numbers import percentage, rounded
from maristan.assessment.rules.states import EntryState, Outcome, Perm
from maristan.assessment.rules.statistics import SHOWN_FROM, Obtained, figures, statistics
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound


def of_exam(pk: int, *, actor: Actor) -> dict[str, Any]:
    """The statistics of an exam for its staff; for a learner those of at least ten published results, where shown.

    Raises `NotFound`.
    """
    exam = exams.get(pk, actor=actor)
    actor.demand(Perm.RESULT_VIEW)
    found = Result.objects.filter(exam_id=pk, is_current=True)
    if not exams.may_in(exam, actor)(Perm.RESULT_VIEW_DECIDED):
        found = found.filter(status__in=exams.SHOWN)
        if not exam.show_statistics or found.count() < SHOWN_FROM:
            raise NotFound()
    results = list(found)
    entries: dict[int, list[ResultEntry]] = {each.pk: [] for each in results}
    for entry in ResultEntry.objects.filter(result_id__in=list(entries)):
        entries[entry.result_id].append(entry)
    components = exams.components_of(pk)
    whole = sum((each.max_marks for each in components), Decimal(0))
    told = statistics([_obtained(each, entries[each.pk], len(components)) for each in results])
    parts = [_part(each, [one for own in entries.values() for one in own if one.component_id == each.pk])
             for each in components]  # fmt: skip
    return {**told, "max_marks": whole, "passing_marks": _passing(exam, whole), "components": parts}


def _obtained(row: Result, entries: list[ResultEntry], components: int) -> Obtained:
    states = tuple(EntryState(each.state) for each in entries)
    is_whole = len(states) == components and components > 0
    return Obtained(row.total_obtained, row.percentage, Outcome(row.final_outcome), row.letter, states, is_whole)


def _passing(exam: Any, whole: Decimal) -> Decimal | None:
    if exam.pass_total_marks is not None:
        return Decimal(exam.pass_total_marks)
    return None if exam.pass_total_percent is None else rounded(whole * exam.pass_total_percent / 100)


def _part(component: Any, entries: list[ResultEntry]) -> dict[str, Any]:
    marks = [each.marks for each in entries if each.marks is not None]
    passed = sum(each.outcome == "pass" for each in entries)
    failed = sum(each.outcome == "fail" for each in entries)
    return {
        "id": component.pk, "name": component.name, "max_marks": component.max_marks, "marked": len(marks),
        "absent": sum(each.state == EntryState.ABSENT for each in entries),
        "exempt": sum(each.state == EntryState.EXEMPT for each in entries),
        "passed": passed, "failed": failed,
        "pass_percentage": percentage(passed, passed + failed) if passed + failed else None, **figures(marks),
    }  # fmt: skip
