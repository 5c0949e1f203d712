"""What the exams of a section come to, by their weights (rule M6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from maristan.assessment.rules.numbers import rounded

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a learner has so far, of the published items alone, and in the end; none until it can be said."""

    running: Decimal | None = None
    final: Decimal | None = None


def standing(weights: Mapping[int, Decimal], percentages: Mapping[int, Decimal | None]) -> Standing:
    """Weights and published percentages by item; the end is reached at exactly 100 with every item published.

    Running = Σ weight × percentage / Σ weight over published items, rounded half up to two decimals once.
    """
    published = {pk: percentages[pk] for pk in weights if percentages.get(pk) is not None}
    if not published:
        return Standing()
    counted = sum((Fraction(weights[pk]) for pk in published), Fraction(0))
    reached = sum((Fraction(weights[pk]) * Fraction(each or 0) for pk, each in published.items()), Fraction(0))
    running = rounded(reached / counted)
    is_whole = len(published) == len(weights) and sum(weights.values()) == WHOLE
    return Standing(running, running if is_whole else None)
