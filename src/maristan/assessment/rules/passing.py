"""What marks mean: components, totals and the outcome of an exam (rules M2 and M3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from maristan.assessment.rules.numbers import percentage, rounded
from maristan.assessment.rules.states import ComponentOutcome, EntryState, Outcome, PassingMode

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of an exam with its own marks; `pass_marks` counts before `pass_percent`."""

    id: int
    max_marks: Decimal
    pass_marks: Decimal | None = None
    pass_percent: Decimal | None = None
    is_mandatory: bool = False
    min_marks: Decimal = ZERO
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a cell; marks only where it is MARKED."""

    state: EntryState
    marks: Decimal | None = None

    @property
    def counted(self) -> Decimal:
        """What it adds to the total: an absent one adds nothing."""
        return self.marks if self.state is EntryState.MARKED and self.marks is not None else ZERO


@dataclass(frozen=True, slots=True)
class PassingRule:
    """When an exam is passed; `total_marks` counts before `total_percent`."""

    mode: PassingMode
    total_marks: Decimal | None = None
    total_percent: Decimal | None = None
    fail_if_any: bool = False

    @property
    def is_complete(self) -> bool:
        """False for a mode that needs a total criterion and has none."""
        has_total = self.total_marks is not None or self.total_percent is not None
        return self.mode is PassingMode.COMPONENT_WISE or has_total


@dataclass(frozen=True, slots=True)
class Judgement:
    """Totals, outcome and the outcome of each component that has an entry; `percentage` is none until all have one."""

    obtained: Decimal
    maximum: Decimal
    percentage: Decimal | None
    outcome: Outcome
    components: Mapping[int, ComponentOutcome]


def component_outcome(of: Component, entry: Entry) -> ComponentOutcome:
    """Whether a component is passed: by its marks, else its percentage, else by anything above nothing."""
    if entry.state is EntryState.EXEMPT:
        return ComponentOutcome.NA
    if entry.state is EntryState.ABSENT:
        return ComponentOutcome.FAIL
    obtained = entry.counted
    if of.pass_marks is not None:
        passed = obtained >= of.pass_marks
    elif of.pass_percent is not None:
        passed = percentage(obtained, of.max_marks) >= of.pass_percent
    else:
        passed = obtained > 0
    return ComponentOutcome.PASS if passed else ComponentOutcome.FAIL


def judge(rule: PassingRule, components: Sequence[Component], entries: Mapping[int, Entry]) -> Judgement:
    """The totals and the outcome of one learner; `entries` by the id of their component."""
    counted = [each for each in components if each.id not in entries or entries[each.id].state is not EntryState.EXEMPT]
    obtained = sum((entries[each.id].counted for each in counted if each.id in entries), ZERO)
    maximum = sum((each.max_marks for each in counted), ZERO)
    outcomes = {each.id: component_outcome(each, entries[each.id]) for each in components if each.id in entries}
    is_whole = bool(counted) and all(each.id in entries for each in components)
    if not is_whole:
        return Judgement(obtained, maximum, None, Outcome.PENDING, outcomes)
    full = sum((each.max_marks for each in components), ZERO)
    share = percentage(obtained, maximum)
    if all(entries[each.id].state is EntryState.ABSENT for each in counted):
        outcome = Outcome.FAIL
    else:
        outcome = _outcome(
            rule, _total_criterion(rule, obtained, maximum, full, share), _by_parts(rule, counted, outcomes)
        )
    return Judgement(obtained, maximum, share, outcome, outcomes)


def _total_criterion(
    rule: PassingRule, obtained: Decimal, maximum: Decimal, full: Decimal, share: Decimal
) -> bool | None:
    if rule.total_marks is not None:
        return obtained >= rounded(Fraction(rule.total_marks) * Fraction(maximum) / Fraction(full))
    return None if rule.total_percent is None else share >= rule.total_percent


def _by_parts(rule: PassingRule, counted: Sequence[Component], outcomes: Mapping[int, ComponentOutcome]) -> bool:
    deciding = [each for each in counted if rule.fail_if_any or each.is_mandatory]
    return all(outcomes[each.id] is not ComponentOutcome.FAIL for each in deciding)


def _outcome(rule: PassingRule, by_total: bool | None, by_parts: bool) -> Outcome:
    if rule.mode is PassingMode.TOTAL_ONLY:
        if by_total is None:
            return Outcome.PENDING
        passed = by_total
    elif rule.mode is PassingMode.COMPONENT_WISE:
        passed = by_parts
    else:
        passed = by_total is True and by_parts
    return Outcome.PASS if passed else Outcome.FAIL
