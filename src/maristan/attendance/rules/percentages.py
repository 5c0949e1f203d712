"""Percentages of attendance, who may sit an exam by them, and what is still possible (E1, E2, E4).

Exact fractions throughout, rounded half-up to two decimals once; what is shown is what decides.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from math import floor

WEEK = timedelta(days=7)


class Excusing(StrEnum):
    """How an excused session counts."""

    EXCLUDE = "exclude"
    ATTENDED = "attended"
    ABSENT = "absent"


class Risk(IntEnum):
    """How near somebody is to being kept from an exam."""

    NONE = 0
    NEAR = 1
    BELOW = 2


class Code(StrEnum):
    """Why somebody may or may not sit an exam."""

    ELIGIBLE = "eligible"
    CONDONED = "condoned"
    BELOW_THRESHOLD = "below_threshold"
    NO_SESSIONS = "no_sessions"


@dataclass(frozen=True, slots=True)
class Terms:
    """A version of a policy: scope and number name it, the rest counts."""

    scope: str = "institution"
    number: int = 1
    threshold: Decimal = Decimal("75.00")
    late_weight: Decimal = Decimal("1.00")
    excused: Excusing = Excusing.EXCLUDE
    near_margin: Decimal = Decimal("5.00")


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted lines of one person by mark; `unmarked` ones are told and never counted."""

    present: int = 0
    late: int = 0
    absent: int = 0
    excused: int = 0
    unmarked: int = 0

    @property
    def total(self) -> int:
        """All that count."""
        return self.present + self.late + self.absent + self.excused


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands; `percentage` has two decimals."""

    percentage: Decimal
    is_eligible: bool
    code: Code


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is still possible with the sessions to come; `regain_after` is None where it cannot be reached in a row."""

    to_come: int
    must_attend: int
    can_miss: int
    reachable: bool
    regain_after: int | None


def rounded(value: Fraction) -> Decimal:
    """Half-up to two decimals."""
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def percentage(counts: Counts, terms: Terms) -> Decimal:
    """100 × attended / base (E1); 0.00 of nothing."""
    attended = counts.present + Fraction(terms.late_weight) * counts.late
    if terms.excused is Excusing.ATTENDED:
        attended += counts.excused
    base = counts.total - (counts.excused if terms.excused is Excusing.EXCLUDE else 0)
    return rounded(100 * attended / base) if base else Decimal("0.00")


def standing(counts: Counts, terms: Terms) -> Standing:
    """Percentage, eligibility and its code; nothing counted is not eligible."""
    base = counts.total - (counts.excused if terms.excused is Excusing.EXCLUDE else 0)
    found = percentage(counts, terms)
    if not base:
        return Standing(found, False, Code.NO_SESSIONS)
    is_eligible = found >= terms.threshold
    return Standing(found, is_eligible, Code.ELIGIBLE if is_eligible else Code.BELOW_THRESHOLD)


def risk(counts: Counts, terms: Terms) -> Risk:
    """Below the threshold, or not more than the margin above it; none of nothing counted."""
    found = standing(counts, terms)
    if found.code is Code.NO_SESSIONS:
        return Risk.NONE
    if not found.is_eligible:
        return Risk.BELOW
    return Risk.NEAR if found.percentage <= terms.threshold + terms.near_margin else Risk.NONE


def is_warned(now: Risk, before: Risk, told_on: date | None, today: date) -> bool:
    """Whether somebody is told of a risk that grew: at once the first time, at most once in seven days."""
    return now > before and (told_on is None or today - told_on >= WEEK)


def forecast(counts: Counts, terms: Terms, *, to_come: int, excused_to_come: int = 0) -> Forecast:
    """What is possible with `to_come` sessions, besides those for which an excuse is known already (E4)."""
    known = replace(counts, excused=counts.excused + excused_to_come)

    def reaches(attended: int, missed: int) -> bool:
        final = replace(known, present=known.present + attended, absent=known.absent + missed)
        return standing(final, terms).is_eligible

    must = next((each for each in range(to_come + 1) if reaches(each, to_come - each)), None)
    in_a_row = next((each for each in range(to_come + 1) if reaches(each, 0)), None)
    if must is None:
        return Forecast(to_come, to_come, 0, False, in_a_row)
    return Forecast(to_come, must, to_come - must, True, in_a_row)
