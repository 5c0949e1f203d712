"""Exact numbers, rounded once: the only place where assessment rounds."""

from decimal import Decimal
from fractions import Fraction
from math import floor

Number = Decimal | Fraction | int


def rounded(value: Number, decimals: int = 2) -> Decimal:
    """A number rounded half up (towards positive infinity) to so many decimals."""
    scale = 10**decimals
    return Decimal(floor(Fraction(value) * scale + Fraction(1, 2))).scaleb(-decimals)


def percentage(obtained: Number, maximum: Number) -> Decimal:
    """What part of `maximum` was obtained, in percent with two decimals; `maximum` is above 0."""
    return rounded(100 * Fraction(obtained) / Fraction(maximum))
