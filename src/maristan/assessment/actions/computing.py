"""Results as they follow from their entries: the only place that writes totals, outcomes and letters."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from maristan.assessment.models import Candidate, Exam, ExamComponent, Result, ResultEntry
from maristan.assessment.queries import exams as queries
from maristan.assessment.queries.schemes import bands_of
from maristan.assessment.rules.grading import Band, grade
from maristan.assessment.rules.passing import Component, Entry, PassingRule, judge
from maristan.assessment.rules.states import Admission, EntryState
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled

NUMBERS = ("total_obtained", "total_max", "percentage", "letter", "point", "final_outcome")
PART = "the action that changes marks or rules writes the line"


@unjournaled(PART)
def begin(*, exam: Exam, by: Actor) -> None:
    """Give every candidate of an exam an empty result who has none."""
    there = set(Result.objects.filter(exam=exam, is_current=True).values_list("person_id", flat=True))
    entered = Candidate.objects.filter(exam=exam).exclude(admission=Admission.WITHDRAWN)
    missing = [each for each in entered.values_list("person_id", flat=True) if each not in there]
    made = [Result(exam=exam, person_id=each) for each in missing]
    judged = Judging(exam)
    for row in made:
        judged(row, ())
    Result.objects.bulk_create(made)


class Judging:
    """The rule, components and bands of an exam, read once, and what they make of a learner's entries."""

    def __init__(self, exam: Exam, components: Sequence[ExamComponent] | None = None) -> None:
        self.rows = queries.components_of(exam.pk) if components is None else components
        self.rule: PassingRule = queries.rule_of(exam)
        self.components: list[Component] = [queries.component_of(each) for each in self.rows]
        self.bands: tuple[Band, ...] = bands_of(exam.grade_scheme_id)

    def __call__(self, result: Result, entries: Iterable[ResultEntry]) -> dict[str, list[Any]]:
        """Set the numbers of a result and the outcomes of its entries; gives what changed of the numbers."""
        rows = {each.component_id: each for each in entries}
        found = judge(self.rule, self.components, {pk: entry_of(each) for pk, each in rows.items()})
        for pk, outcome in found.components.items():
            rows[pk].outcome = outcome
        named = grade(self.bands, found.outcome, found.percentage)
        values = (found.obtained, found.maximum, found.percentage, named.letter, named.point, found.outcome)
        before = {name: getattr(result, name) for name in NUMBERS}
        for name, value in zip(NUMBERS, values, strict=True):
            setattr(result, name, value)
        after = {name: getattr(result, name) for name in NUMBERS}
        return {name: [before[name], after[name]] for name in NUMBERS if before[name] != after[name]}


def entry_of(row: ResultEntry) -> Entry:
    """An entry as the rules see it."""
    return Entry(EntryState(row.state), row.marks)


@unjournaled(PART)
def recompute(*, exam: Exam, by: Actor) -> int:
    """Judge every current result of an exam anew; gives how many changed. All are DRAFT."""
    results = list(Result.objects.filter(exam=exam, is_current=True).select_for_update())
    entries: dict[int, list[ResultEntry]] = {}
    for each in ResultEntry.objects.filter(result__in=results):
        entries.setdefault(each.result_id, []).append(each)
    judged = Judging(exam)
    limits = {each.pk: (each.max_marks, each.min_marks) for each in judged.rows}
    changed = []
    for result in results:
        own = entries.get(result.pk, [])
        for entry in own:
            entry.max_marks, entry.min_marks = limits[entry.component_id]
        if judged(result, own):
            result.version += 1
            changed.append(result)
    _save(changed, [each for own in entries.values() for each in own])
    return len(changed)


def _save(results: Collection[Result], entries: Collection[ResultEntry]) -> None:
    if entries:
        ResultEntry.objects.bulk_update(entries, ["max_marks", "min_marks", "outcome", "updated_at"])
    if results:
        Result.objects.bulk_update(results, [*NUMBERS, "version", "updated_at"])


def outside(component: ExamComponent, *, below: bool) -> list[tuple[int, str, Decimal]]:
    """Who has more marks than the maximum of a changed component, or less than its minimum: person, name, marks."""
    beyond = {"marks__lt": component.min_marks} if below else {"marks__gt": component.max_marks}
    found = ResultEntry.objects.filter(component=component, **beyond).order_by("result__person__name", "pk")
    listed = found.values_list("result__person_id", "result__person__name", "marks")
    return [(person, name, marks) for person, name, marks in listed if marks is not None]
