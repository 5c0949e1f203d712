"""What a class obtained in an exam, in numbers: exact, and rounded once for showing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

from maristan.assessment.rules.numbers import percentage, rounded
from maristan.assessment.rules.states import EntryState, Outcome

BINS = 10
SHOWN_FROM = 10  # learners see statistics of at least so many published results


@dataclass(frozen=True, slots=True)
class Obtained:
    """What one learner obtained; `states` are those of the entries, `is_whole` when every component has one."""

    obtained: Decimal
    percentage: Decimal | None
    outcome: Outcome
    letter: str
    states: tuple[EntryState, ...]
    is_whole: bool

    @property
    def is_absent(self) -> bool:
        """Absent in every component."""
        return self.is_whole and bool(self.states) and all(each is EntryState.ABSENT for each in self.states)

    @property
    def is_exempt(self) -> bool:
        """Exempt from every component."""
        return self.is_whole and bool(self.states) and all(each is EntryState.EXEMPT for each in self.states)

    @property
    def is_marked(self) -> bool:
        """Whole, and neither absent nor exempt in everything."""
        return self.is_whole and not self.is_absent and not self.is_exempt


def figures(values: Sequence[Decimal]) -> dict[str, Decimal | None]:
    """Mean, median, population standard deviation, least and most, with two decimals; none without values."""
    names = ("average_marks", "median", "standard_deviation", "minimum", "maximum")
    if not values:
        return dict.fromkeys(names)
    exact = sorted(map(Fraction, values))
    size, mean = len(exact), sum(exact, Fraction(0)) / len(exact)
    median = (exact[(size - 1) // 2] + exact[size // 2]) / 2
    variance = sum(((each - mean) ** 2 for each in exact), Fraction(0)) / size
    return dict(zip(names, map(rounded, (mean, median, _root(variance), exact[0], exact[-1])), strict=True))


def _root(value: Fraction) -> Fraction:
    """The square root, exact to far more than what is shown."""
    scale = 10**12
    return Fraction(isqrt(value.numerator * scale**2 // value.denominator), scale)


def statistics(results: Sequence[Obtained]) -> dict[str, Any]:
    """The counts and figures of an exam; who is absent throughout is counted and fails, but is in no average."""
    marked = [each for each in results if each.is_marked]
    outcomes = Counter(each.outcome for each in results)
    decided = outcomes[Outcome.PASS] + outcomes[Outcome.FAIL]
    return {
        "total": len(results),
        "marked": len(marked),
        "absent": sum(each.is_absent for each in results),
        "exempt": sum(each.is_exempt for each in results),
        "passed": outcomes[Outcome.PASS],
        "failed": outcomes[Outcome.FAIL],
        "pending": outcomes[Outcome.PENDING],
        "pass_percentage": percentage(outcomes[Outcome.PASS], decided) if decided else None,
        **figures([each.obtained for each in marked]),
        "by_letter": dict(sorted(Counter(each.letter for each in results if each.letter).items())),
        "histogram": histogram([each.percentage for each in marked if each.percentage is not None]),
    }


def histogram(shares: Sequence[Decimal]) -> list[int]:
    """How many percentages lie in each tenth; 100 belongs to the last, what is below 0 to the first."""
    bins = [0] * BINS
    for each in shares:
        bins[min(max(int(each // 10), 0), BINS - 1)] += 1
    return bins
