"""Policies by version: which one holds, and when a draft may (E3)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from maristan.attendance.rules.percentages import Terms
from maristan.attendance.rules.states import Perm, PolicyStatus
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow

EVERYWHERE = "institution"


@dataclass(frozen=True, slots=True)
class Version:
    """An active version and the day from which it holds."""

    terms: Terms
    effective_from: date


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A version as the rules see it; `is_day_taken`: another active one of its scope begins on the same day."""

    status: PolicyStatus
    effective_from: date
    today: date
    is_day_taken: bool = False


def choose(
    versions: Iterable[Version], *, course: int | None, scope_keys: Sequence[str], last_day: date, default: Terms
) -> Terms:
    """Course before programme before institution; of a scope the version that began last by the end of the window."""
    held = [each for each in versions if each.effective_from <= last_day]
    for scope in ((f"course:{course}",) if course is not None else (), scope_keys, (EVERYWHERE,)):
        found = [each for each in held if each.terms.scope in scope]
        if found:
            return max(found, key=lambda each: (each.effective_from, each.terms.number)).terms
    return default


def effective_from_not_past(facts: PolicyFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`effective_from_not_past`."""
    yield Requirement("effective_from_not_past", "It begins today or later", met=facts.effective_from >= facts.today)


def not_in_use_twice(facts: PolicyFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`not_in_use_twice`."""
    yield Requirement("not_in_use_twice", "No other version begins on that day", met=not facts.is_day_taken)


POLICY: Workflow[PolicyFacts] = Workflow(
    "attendance_policy",
    tuple(PolicyStatus),
    (
        Transition(
            "activate", frozenset({PolicyStatus.DRAFT}), PolicyStatus.ACTIVE, Perm.POLICY,
            requirements=(effective_from_not_past, not_in_use_twice),
        ),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip


def is_scope(key: str, nouns: Collection[str] = ("program", "residency_programme", "course")) -> bool:
    """Whether a policy can be made for it: the institution, or a program, residency programme or course by id."""
    noun, _, pk = key.partition(":")
    return key == EVERYWHERE or (noun in nouns and pk.isdecimal() and pk.isascii() and 0 < len(pk) <= 18)
