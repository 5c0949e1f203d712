"""The workflow of an exam, and who may write which of its fields (rule M5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from maristan.assessment.rules.details import DETAILS
from maristan.assessment.rules.passing import PassingRule
from maristan.assessment.rules.states import ExamStatus, Perm
from maristan.kernel.errors import NotAllowed, NotNow
from maristan.kernel.workflow import Mover, Requirement, Severity, Transition, Workflow

# What candidates are told of an exam that is announced once more.
CHANGED = "exam.changed"
# What decides who passes: not for whoever only types.
RULE_FIELDS = (
    "passing_mode", "pass_total_marks", "pass_total_percent", "fail_if_any_component_fail", "requires_eligibility",
)  # fmt: skip
COMPONENT_RULE_FIELDS = ("is_mandatory_to_pass", "pass_marks", "pass_percent")
# What may be written in every state: when results appear, and what is shown with them.
PUBLICATION_FIELDS = ("publish_at", "show_statistics")
AMENDABLE = frozenset({*RULE_FIELDS, *PUBLICATION_FIELDS} - {"requires_eligibility"})


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """An exam as its workflow sees it; `day` is the institution-local date on which it begins."""

    status: ExamStatus
    rule: PassingRule
    scheduled_at: datetime
    day: date
    components: int = 0
    period_first: date | None = None
    period_last: date | None = None
    candidates: int = 0
    taken_by: str = ""
    clashes: tuple[str, ...] = ()
    eligibility_known: bool = True
    unfrozen: int = 0
    published: int = 0


def ends_at(scheduled_at: datetime, minutes: int) -> datetime:
    """When an exam is over."""
    return scheduled_at + timedelta(minutes=minutes)


def has_components(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("has_components", "The exam has components", met=facts.components > 0)


def passing_rule_complete(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    label = "A rule by totals names the marks or the percentage to be reached"
    yield Requirement("passing_rule_complete", label, met=facts.rule.is_complete)


def scheduled_in_future(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("scheduled_in_future", "The exam lies in the future", met=facts.scheduled_at > now)


def within_period(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    first, last = facts.period_first or date.min, facts.period_last or date.max
    yield Requirement("within_period", "The exam lies within its academic period", met=first <= facts.day <= last)


def has_candidates(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("has_candidates", "The exam has candidates", met=facts.candidates > 0)


def place_free(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    detail = DETAILS["place_free"].told(label=facts.taken_by) if facts.taken_by else ""
    yield Requirement("place_free", "The place is free", met=not facts.taken_by, detail=detail)


def candidate_clash(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    detail = DETAILS["candidate_clash"].told(count=len(facts.clashes), first=facts.clashes[0]) if facts.clashes else ""
    label = "No candidate sits another exam at that time"
    yield Requirement("candidate_clash", label, met=not facts.clashes, detail=detail, severity=Severity.WARN)


def exam_begun(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("exam_begun", "The exam has begun", met=facts.scheduled_at <= now)


def eligibility_known(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    label = "It is known who may sit the exam"
    yield Requirement("eligibility_known", label, met=facts.eligibility_known, severity=Severity.WARN)


def all_results_frozen(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    detail = DETAILS["all_results_frozen"].told(count=facts.unfrozen) if facts.unfrozen else ""
    yield Requirement("all_results_frozen", "Every result is frozen", met=not facts.unfrozen, detail=detail)


def nothing_published(facts: ExamFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("nothing_published", "No result is published", met=not facts.published)


DRAFT, SCHEDULED, MARKING = ExamStatus.DRAFT, ExamStatus.SCHEDULED, ExamStatus.MARKING
EXAM: Workflow[ExamFacts] = Workflow(
    "exam",
    tuple(ExamStatus),
    (
        Transition(
            "announce", frozenset({DRAFT}), SCHEDULED, Perm.EXAM_ANNOUNCE,
            requirements=(
                has_components, passing_rule_complete, scheduled_in_future, within_period, has_candidates, place_free,
                candidate_clash,
            ),
        ),
        Transition("revise", frozenset({SCHEDULED}), DRAFT, Perm.EXAM_ANNOUNCE, needs_reason=True),
        Transition(
            "start_marking", frozenset({SCHEDULED}), MARKING, Perm.EXAM_ANNOUNCE,
            requirements=(exam_begun, eligibility_known),
        ),
        Transition(
            "complete", frozenset({MARKING}), ExamStatus.COMPLETED, Perm.EXAM_ANNOUNCE,
            requirements=(all_results_frozen,),
        ),
        Transition(
            "cancel", frozenset({DRAFT, SCHEDULED, MARKING}), ExamStatus.CANCELLED, Perm.EXAM_ANNOUNCE,
            requirements=(nothing_published,), needs_reason=True,
        ),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip


def must_set_rules(fields: Collection[str], *, may: bool, among: Iterable[str] = RULE_FIELDS) -> None:
    """Raise `NotAllowed` naming the fields that decide who passes, unless the actor may write them."""
    refused = [each for each in among if each in fields]
    if refused and not may:
        raise NotAllowed(
            "not_allowed", f"Not yours to write: {', '.join(refused)}.", fields=refused, permission=Perm.EXAM_SET_RULES
        )


def must_be_open(status: ExamStatus, changed: Mapping[str, Any], *, amends: bool = False) -> None:
    """Raise `NotNow` (`exam_not_draft`) for fields that do not change in this state (M5).

    A DRAFT changes freely; while it is marked, what is AMENDABLE does, by an amendment.
    """
    left = set(changed) - set(PUBLICATION_FIELDS)
    if amends and status is MARKING:
        left -= AMENDABLE
    if status is DRAFT or (not left and status is not ExamStatus.CANCELLED):
        return
    raise NotNow("exam_not_draft", "The exam is announced: take it back to draft to change it.", fields=sorted(left))
