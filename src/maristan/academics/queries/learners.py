"""Learners: students, and whoever an app above reports as one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Lower

from maristan.academics.models import Placement, Student
from maristan.academics.rules.learners import Learner as Learner
from maristan.academics.rules.learners import match_key as match_key
from maristan.directory.queries import people

Learners = Mapping[int, Learner]
ByKey = Mapping[str, Collection[int]]


@dataclass(frozen=True, slots=True)
class LearnerSource:
    """What an app above knows, each in a constant number of queries.

    `of(persons, day)`: learners by person; `by_reg_no(keys)`: persons by the `match_key` of their numbers.
    """

    of: Callable[[Collection[int], date], Learners]
    by_reg_no: Callable[[Collection[str]], ByKey]


_sources: list[LearnerSource] = []


def register(source: LearnerSource) -> None:
    """Add people who learn without a student record; called by `config.wiring`."""
    if source not in _sources:
        _sources.append(source)


def of(persons: Collection[int], *, day: date) -> dict[int, Learner]:
    """Those of these people who are learners, as students where they are. One query and the sources'."""
    found: dict[int, Learner] = {}
    for source in _sources:
        found |= source.of(persons, day)
    rows = Student.objects.filter(person_id__in=list(persons)).select_related("person", "program")
    return found | {row.person_id: _learner(row) for row in rows}


def by_reg_no(values: Collection[str]) -> dict[str, set[int]]:
    """Persons by the `match_key` of their number, which may name several. One query and the sources'."""
    keys = {match_key(value) for value in values} - {""}
    found: dict[str, set[int]] = defaultdict(set)
    rows = Student.objects.annotate(key=Lower("reg_no")).filter(key__in=keys)
    for key, person in rows.values_list("key", "person_id"):
        found[match_key(key)].add(person)
    for source in _sources:
        for key, holders in source.by_reg_no(keys).items():
            found[key].update(holders)
    return dict(found)


def by_email(values: Collection[str]) -> dict[str, set[int]]:
    """Persons by the `match_key` of an address of theirs, learners or not. One query."""
    return people.by_email({match_key(value) for value in values} - {""})


def studies(student: int | None) -> dict[str, str]:
    """What a certificate says of a student's studies: batch, status, first day; nothing of others."""
    row = Student.objects.select_related("batch").filter(pk=student or 0).first()
    if row is None:
        return {}
    first = Placement.objects.filter(student=row).order_by("from_date").values_list("from_date", flat=True).first()
    since = first.isoformat() if first else ""
    return {"batch": row.batch.name if row.batch else "", "status": row.status, "since": since}


def _learner(row: Student) -> Learner:
    return Learner(
        person=row.person_id,
        name=row.person.name,
        reg_no=row.reg_no,
        student=row.pk,
        account=row.person.user_id,
        program_label=row.program.name,
        scope_keys=(f"program:{row.program_id}",),
    )
