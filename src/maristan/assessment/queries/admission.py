"""Whether candidates may sit an exam: asked of the app that keeps eligibility, and of whoever adds a condition."""

from collections.abc import Callable, Collection, Mapping

from maristan.assessment.models import Candidate, Exam, ResultEntry
from maristan.assessment.rules.admission import ADMITTED, NO_LIST, NOT_ON_LIST, Verdict
from maristan.assessment.rules.states import Admission

# Under which kind of owner the eligibility list of an exam is kept.
LIST_OWNER = "exam"
Verdicts = Mapping[int, Verdict]
# (exam, persons) → verdict of each person on the exam's frozen list, or none when there is no such list.
Source = Callable[[int, Collection[int]], Verdicts | None]
# (exam, persons) → code of what keeps a person from being admitted; a constant number of queries for all of them.
Condition = Callable[[int, Collection[int]], Mapping[int, str]]


_sources: list[Source] = []
_conditions: list[Condition] = []


def register(source: Source) -> None:
    """Tell who keeps the eligibility lists; called by `config.wiring`."""
    _sources[:] = [source]


def register_condition(condition: Condition) -> None:
    """Add what else keeps people from being admitted; called by `config.wiring`."""
    if condition not in _conditions:
        _conditions.append(condition)


def is_known(exam: Exam) -> bool:
    """Whether it is known who may sit an exam: it needs no list, or has a frozen one."""
    return not exam.requires_eligibility or (bool(_sources) and _sources[0](exam.pk, ()) is not None)


def admissions(exam: Exam, persons: Collection[int] | None = None) -> dict[int, Verdict]:
    """Who of these people, or of the exam's candidates, is admitted now (rule E6).

    Without a source an exam that requires eligibility admits nobody: `no_eligibility_list`.
    """
    if persons is None:
        persons = list(
            Candidate.objects.filter(exam=exam)
            .exclude(admission=Admission.WITHDRAWN)
            .values_list("person_id", flat=True)
        )
    found = dict.fromkeys(persons, ADMITTED)
    if exam.requires_eligibility:
        listed = _sources[0](exam.pk, persons) if _sources else None
        found = {each: (listed.get(each, NOT_ON_LIST) if listed is not None else NO_LIST) for each in persons}
    # Whoever has marks has sat the exam: what is owed since then does not undo it.
    asked = set(persons) - _marked(exam, persons) if _conditions else set()
    for condition in _conditions:
        for person, code in condition(exam.pk, asked).items():
            if person in asked and found[person].is_admitted:
                found[person] = Verdict(False, code)
    return found


def _marked(exam: Exam, persons: Collection[int]) -> set[int]:
    entries = ResultEntry.objects.filter(result__exam=exam, result__person__in=list(persons))
    return set(entries.values_list("result__person_id", flat=True).distinct())
