"""Letters, points and averages (rule M4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from maristan.assessment.rules.numbers import rounded
from maristan.assessment.rules.states import Outcome
from maristan.kernel.errors import Faults

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Band:
    """From `min_percent` (inclusive) up to the next band."""

    min_percent: Decimal
    letter: str
    point: Decimal | None = None
    is_fail: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """What a result is called; nothing while its outcome is pending."""

    letter: str = ""
    point: Decimal | None = None


def _shipped(*bands: tuple[int, str]) -> tuple[Band, ...]:
    return tuple(Band(Decimal(least), letter, is_fail=least == 0) for least, letter in bands)


SHIPPED = {
    "Undergraduate": _shipped((90, "A+"), (85, "A"), (80, "B+"), (75, "B"), (70, "C+"), (65, "C"), (60, "D"), (0, "F")),
    "Postgraduate": _shipped((90, "A+"), (80, "A"), (70, "B+"), (60, "B"), (50, "C+"), (40, "C"), (0, "F")),
}


def check_bands(bands: Sequence[Band], pointer: str = "/bands") -> None:
    """Bands cover 0 to 100 and the lowest alone is the fail band.

    Raises `Invalid` (`bands_empty`, `band_repeated`, `letter_repeated`, `band_out_of_range`, `gap_below`,
    `fail_band_count`, `fail_band_not_lowest`) with pointers to the bands.
    """
    faults = Faults()
    if not bands:
        faults.add(pointer, "bands_empty", "A scheme needs bands.")
    seen: set[Decimal] = set()
    letters: set[str] = set()
    for position, band in enumerate(bands):
        at = f"{pointer}/{position}"
        if not 0 <= band.min_percent <= HUNDRED:
            faults.add(f"{at}/min_percent", "band_out_of_range", "A band begins between 0 and 100.")
        if band.min_percent in seen:
            faults.add(f"{at}/min_percent", "band_repeated", "Another band begins there.")
        if band.letter in letters:
            faults.add(f"{at}/letter", "letter_repeated", "Another band has that letter.")
        seen.add(band.min_percent)
        letters.add(band.letter)
    if bands:
        _check_lowest(bands, pointer, faults)
    faults.stop()


def _check_lowest(bands: Sequence[Band], pointer: str, faults: Faults) -> None:
    lowest = min(bands, key=lambda band: band.min_percent)
    if lowest.min_percent > 0:
        faults.add(pointer, "gap_below", "The lowest band begins at 0.")
    failing = [position for position, band in enumerate(bands) if band.is_fail]
    if len(failing) != 1:
        faults.add(pointer, "fail_band_count", "Exactly one band means failed.")
    elif bands[failing[0]] is not lowest:
        faults.add(f"{pointer}/{failing[0]}/is_fail", "fail_band_not_lowest", "The lowest band means failed.")


def grade(bands: Iterable[Band], outcome: Outcome, percentage: Decimal | None) -> Grade:
    """The highest band that the percentage reaches; a failed result shows the fail band, whatever its percentage."""
    ordered = sorted(bands, key=lambda band: band.min_percent, reverse=True)
    if outcome is Outcome.PENDING:
        return Grade()
    reached = (
        band for band in ordered
        if (band.is_fail if outcome is Outcome.FAIL else percentage is not None and band.min_percent <= percentage)
    )  # fmt: skip
    found = next(reached, None)
    return Grade() if found is None else Grade(found.letter, found.point)


def grade_point_average(results: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """The mean of points weighted by credits, of the results (point, credits) that have both; none without any."""
    both = [(Fraction(point), Fraction(credits)) for point, credits in results if point is not None and credits]
    weight = sum(credits for _, credits in both)
    return rounded(sum(point * credits for point, credits in both) / weight) if weight else None
