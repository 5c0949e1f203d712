"""Marks as written, what they add up to, and what they are called: whole tables."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.assessment.rules.grading import SHIPPED, Band, Grade, check_bands, grade, grade_point_average
from maristan.assessment.rules.marks import BadMarks, read_marks
from maristan.assessment.rules.numbers import percentage, rounded
from maristan.assessment.rules.passing import Component, Entry, PassingRule, component_outcome, judge
from maristan.assessment.rules.states import ComponentOutcome, EntryState, Outcome, PassingMode
from maristan.kernel.errors import Invalid

D = Decimal
TOTAL, PARTS, BOTH = PassingMode.TOTAL_ONLY, PassingMode.COMPONENT_WISE, PassingMode.HYBRID
PASS, FAIL, PENDING = Outcome.PASS, Outcome.FAIL, Outcome.PENDING
AB, EX = Entry(EntryState.ABSENT), Entry(EntryState.EXEMPT)


def marked(marks: str | int) -> Entry:
    return Entry(EntryState.MARKED, D(marks))


# --- M1 -----------------------------------------------------------------------------------------------------------

READ = [
    (45, "45"), (45.5, "45.5"), (45.0, "45"), ("45.50", "45.50"), (" 45 ", "45"), ("۴۵.۵", "45.5"), ("٤٥", "45"),
    ("४५", "45"), ("\u200f45\u200e", "45"), ("0", "0"), ("60", "60"), (60.0, "60"), ("60.00", "60"), ("-0", "0"),
    ("007", "7"), ("\u00a07\u00a0", "7"),
]  # fmt: skip
REFUSED = [
    ("45,5", "not_a_number"), ("", "not_a_number"), ("AB", "not_a_number"), ("1e2", "not_a_number"),
    ("4 5", "not_a_number"), ("45.", "not_a_number"), (".5", "not_a_number"), ("+5", "not_a_number"),
    ("NaN", "not_a_number"), (float("nan"), "not_a_number"), (float("inf"), "not_a_number"), (True, "not_a_number"),
    (None, "not_a_number"), ([5], "not_a_number"), ("۴۵٫۵", "not_a_number"), ("½", "not_a_number"),
    ("²", "not_a_number"), ("45.125", "too_many_decimals"), (45.125, "too_many_decimals"),
    ("45.000", "too_many_decimals"), (1e-7, "too_many_decimals"), ("99.999", "too_many_decimals"),
    ("60.01", "out_of_range"), (60.01, "out_of_range"), ("-0.01", "out_of_range"), ("-5", "out_of_range"),
    (1e300, "out_of_range"), (10**400, "out_of_range"), ("9" * 400, "out_of_range"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "means"), READ)
def test_marks_are_read_as_written_in_digits_of_any_script(written: object, means: str) -> None:
    assert read_marks(written, least=D(0), most=D(60)) == D(means)


@pytest.mark.parametrize(("written", "code"), REFUSED)
def test_what_is_no_marks_is_refused_by_its_code_and_never_rounded(written: object, code: str) -> None:
    with pytest.raises(BadMarks) as refused:
        read_marks(written, least=D(0), most=D(60))
    assert refused.value.code == code


def test_negative_marks_are_marks_where_the_component_allows_them() -> None:
    assert read_marks("-2.5", least=D("-2.5"), most=D(60)) == D("-2.5")


# --- rounding -----------------------------------------------------------------------------------------------------

ROUNDED = [("0.005", "0.01"), ("0.004999", "0.00"), ("78.125", "78.13"), ("73.125", "73.13"), ("-0.005", "0.00"),
           ("-0.006", "-0.01"), ("99.995", "100.00"), ("66.665", "66.67")]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), ROUNDED)
def test_rounding_is_half_up(value: str, expected: str) -> None:
    assert rounded(D(value)) == D(expected)


PERCENT = [(25, 32, "78.13"), (117, 160, "73.13"), (2, 3, "66.67"), (1, 3, "33.33"), (60, 60, "100.00"), (0, 7, "0.00")]


@pytest.mark.parametrize(("obtained", "maximum", "expected"), PERCENT)
def test_a_percentage_is_rounded_once_from_exact_numbers(obtained: int, maximum: int, expected: str) -> None:
    assert percentage(D(obtained), D(maximum)) == D(expected)


@given(st.fractions(min_value=-1000, max_value=1000))
def test_a_rounded_number_is_at_most_half_a_hundredth_away(value: Fraction) -> None:
    assert Fraction(-1, 200) < Fraction(rounded(value)) - value <= Fraction(1, 200)


# --- M2, M3 -------------------------------------------------------------------------------------------------------

THEORY = Component(1, D(60), pass_marks=D(30), is_mandatory=True)
VIVA = Component(2, D(40), pass_marks=D(20))
OF_COMPONENT = [
    (Component(1, D(60), pass_marks=D(30)), marked(30), "pass"),
    (Component(1, D(60), pass_marks=D(30)), marked("29.99"), "fail"),
    (Component(1, D(60), pass_marks=D(30), pass_percent=D(10)), marked(29), "fail"),
    (Component(1, D(60), pass_percent=D(50)), marked(30), "pass"),
    (Component(1, D(60), pass_percent=D(50)), marked("29.99"), "fail"),
    (Component(1, D(30), pass_percent=D("33.33")), marked(10), "pass"),
    (Component(1, D(30), pass_percent=D("33.34")), marked(10), "fail"),
    (Component(1, D(60), pass_marks=D(0)), marked(0), "pass"),
    (Component(1, D(60)), marked(0), "fail"),
    (Component(1, D(60)), marked("0.01"), "pass"),
    (Component(1, D(60), min_marks=D(-5)), marked(-1), "fail"),
    (Component(1, D(60)), AB, "fail"),
    (Component(1, D(60), pass_marks=D(0)), AB, "fail"),
    (Component(1, D(60), pass_marks=D(30)), EX, "na"),
]  # fmt: skip


@pytest.mark.parametrize(("component", "entry", "expected"), OF_COMPONENT)
def test_a_component_passes_by_marks_else_by_percent_else_by_anything(
    component: Component, entry: Entry, expected: str
) -> None:
    assert component_outcome(component, entry) is ComponentOutcome(expected)


def outcome(mode: PassingMode, theory: Entry | None, viva: Entry | None, **rule: object) -> Outcome:
    entries = {pk: each for pk, each in ((1, theory), (2, viva)) if each is not None}
    criterion = {"total_percent": D(50)} | rule
    return judge(PassingRule(mode, **criterion), (THEORY, VIVA), entries).outcome  # type: ignore[arg-type]


# Acceptance 15: theory, viva, any failing component fails, then the outcome by total, by components, by both.
ACCEPTANCE = [
    (marked(30), marked(20), False, PASS, PASS, PASS),
    (marked(45), marked(19), False, PASS, PASS, PASS),
    (marked(45), marked(19), True, PASS, FAIL, FAIL),
    (marked(29), marked(40), False, PASS, FAIL, FAIL),
    (marked(30), None, False, PENDING, PENDING, PENDING),
    (AB, AB, False, FAIL, FAIL, FAIL),
]


@pytest.mark.parametrize(("theory", "viva", "fail_if_any", "by_total", "by_components", "by_both"), ACCEPTANCE)
def test_theory_60_and_viva_40_in_all_three_modes(
    theory: Entry, viva: Entry | None, fail_if_any: bool, by_total: Outcome, by_components: Outcome, by_both: Outcome
) -> None:
    found = tuple(outcome(mode, theory, viva, fail_if_any=fail_if_any) for mode in (TOTAL, PARTS, BOTH))
    assert found == (by_total, by_components, by_both)


OTHERS = [
    # mode, theory, viva, rule, outcome
    (TOTAL, marked(30), marked(19), {}, FAIL),
    (TOTAL, marked(30), marked(20), {"total_percent": None}, PENDING),
    (TOTAL, marked(30), marked(20), {"total_marks": D(51), "total_percent": D(10)}, FAIL),
    (TOTAL, marked(30), marked(20), {"total_marks": D(50), "total_percent": D(90)}, PASS),
    (PARTS, marked(30), marked(0), {"total_percent": None}, PASS),
    (PARTS, marked(30), AB, {}, PASS),
    (PARTS, marked(30), AB, {"fail_if_any": True}, FAIL),
    (PARTS, AB, marked(40), {}, FAIL),
    (BOTH, marked(60), marked(40), {"total_percent": None}, FAIL),
    (BOTH, marked(30), marked(19), {}, FAIL),
    (BOTH, marked(30), marked(20), {"total_marks": D(50)}, PASS),
    # an exempt viva leaves both totals: of 60 alone
    (TOTAL, marked(30), EX, {}, PASS),
    (TOTAL, marked("29.99"), EX, {}, FAIL),
    (TOTAL, marked(30), EX, {"total_marks": D(50)}, PASS),
    (TOTAL, marked("29.99"), EX, {"total_marks": D(50)}, FAIL),
    (PARTS, EX, marked(0), {}, PASS),
    (TOTAL, EX, EX, {}, PENDING), (PARTS, EX, EX, {}, PENDING), (BOTH, EX, EX, {}, PENDING),
    (TOTAL, EX, AB, {"total_marks": D(0)}, FAIL), (PARTS, EX, AB, {}, FAIL), (BOTH, AB, EX, {}, FAIL),
    (PARTS, None, marked(40), {}, PENDING), (PARTS, None, None, {}, PENDING), (TOTAL, AB, None, {}, PENDING),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "theory", "viva", "rule", "expected"), OTHERS)
def test_every_other_case_of_the_outcome(
    mode: PassingMode, theory: Entry | None, viva: Entry | None, rule: dict[str, object], expected: Outcome
) -> None:
    assert outcome(mode, theory, viva, **rule) is expected


def test_a_total_in_marks_is_scaled_by_what_remains_and_rounded_half_up() -> None:
    parts = (Component(1, D(30)), Component(2, D(30)), Component(3, D(40)))
    rule = PassingRule(TOTAL, total_marks=D("33.35"))  # 33.35 * 30 / 100 = 10.005
    passed = {marks: judge(rule, parts, {1: marked(marks), 2: EX, 3: EX}).outcome for marks in ("10.00", "10.01")}
    assert passed == {"10.00": FAIL, "10.01": PASS}


def test_totals_are_sums_of_the_entries_and_the_percentage_waits_for_all() -> None:
    rule = PassingRule(TOTAL, total_percent=D(50))
    whole = judge(rule, (THEORY, VIVA), {1: marked("40.25"), 2: AB})
    assert (whole.obtained, whole.maximum, whole.percentage) == (D("40.25"), D(100), D("40.25"))
    part = judge(rule, (THEORY, VIVA), {1: marked(40)})
    assert (part.obtained, part.maximum, part.percentage) == (D(40), D(100), None)
    exempt = judge(rule, (THEORY, VIVA), {1: EX, 2: EX})
    assert (exempt.obtained, exempt.maximum, exempt.percentage) == (D(0), D(0), None)


COMPLETE = [(TOTAL, {}, False), (TOTAL, {"total_marks": D(1)}, True), (TOTAL, {"total_percent": D(1)}, True),
            (BOTH, {}, False), (BOTH, {"total_percent": D(0)}, True), (PARTS, {}, True)]  # fmt: skip


@pytest.mark.parametrize(("mode", "rule", "expected"), COMPLETE)
def test_a_rule_by_totals_needs_a_total(mode: PassingMode, rule: dict[str, D], expected: bool) -> None:
    assert PassingRule(mode, **rule).is_complete is expected  # type: ignore[arg-type]


# --- M4 -----------------------------------------------------------------------------------------------------------

LETTERS = [
    ("Undergraduate", PASS, "90.00", "A+"), ("Undergraduate", PASS, "89.99", "A"), ("Undergraduate", PASS, "85", "A"),
    ("Undergraduate", PASS, "80", "B+"), ("Undergraduate", PASS, "75", "B"), ("Undergraduate", PASS, "70", "C+"),
    ("Undergraduate", PASS, "65", "C"), ("Undergraduate", PASS, "60", "D"), ("Undergraduate", PASS, "59.99", "F"),
    ("Undergraduate", FAIL, "95", "F"), ("Undergraduate", PENDING, "95", ""), ("Undergraduate", PASS, None, ""),
    ("Postgraduate", PASS, "100", "A+"), ("Postgraduate", PASS, "80", "A"), ("Postgraduate", PASS, "70", "B+"),
    ("Postgraduate", PASS, "60", "B"), ("Postgraduate", PASS, "50", "C+"), ("Postgraduate", PASS, "40", "C"),
    ("Postgraduate", PASS, "39.99", "F"), ("Postgraduate", FAIL, "39.99", "F"),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "result", "share", "letter"), LETTERS)
def test_a_letter_is_the_highest_band_that_is_reached(
    scheme: str, result: Outcome, share: str | None, letter: str
) -> None:
    assert grade(SHIPPED[scheme], result, share and D(share)) == Grade(letter)  # type: ignore[arg-type]


def test_a_point_comes_with_its_letter() -> None:
    bands = (Band(D(0), "F", D(0), is_fail=True), Band(D(50), "P", D("2.5")))
    assert grade(bands, PASS, D(50)) == Grade("P", D("2.5"))
    assert grade(bands, FAIL, D(80)) == Grade("F", D(0))


def bands(*each: tuple[str, str, bool]) -> list[Band]:
    return [Band(D(least), letter, is_fail=fails) for least, letter, fails in each]


BAD_BANDS = [
    ([], {"bands_empty"}),
    (bands(("10", "F", True), ("50", "P", False)), {"gap_below"}),
    (bands(("0", "F", False), ("50", "P", False)), {"fail_band_count"}),
    (bands(("0", "F", True), ("50", "P", True)), {"fail_band_count"}),
    (bands(("0", "F", False), ("50", "P", True)), {"fail_band_not_lowest"}),
    (bands(("0", "F", True), ("50", "P", False), ("50", "Q", False)), {"band_repeated"}),
    (bands(("0", "F", True), ("50", "F", False)), {"letter_repeated"}),
    (bands(("0", "F", True), ("100.01", "P", False)), {"band_out_of_range"}),
    (bands(("-1", "F", True), ("0", "P", False)), {"band_out_of_range"}),
]


@pytest.mark.parametrize(("given", "codes"), BAD_BANDS)
def test_bands_with_a_gap_two_fails_or_repetitions_are_refused(given: list[Band], codes: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        check_bands(given)
    assert {fault.code for fault in refused.value.faults} == codes


@pytest.mark.parametrize("scheme", sorted(SHIPPED))
def test_the_shipped_schemes_are_whole(scheme: str) -> None:
    check_bands(SHIPPED[scheme])


AVERAGES = [
    ([("4.0", "3"), ("3.0", "3")], "3.50"), ([("4.0", "3"), ("2.0", "1")], "3.50"),
    ([("3.33", "2"), ("3.34", "2")], "3.34"),
    ([("4.0", None), ("2.0", "1")], "2.00"), ([(None, "3"), ("2.0", "1")], "2.00"), ([("4.0", "0")], None), ([], None),
]  # fmt: skip


@pytest.mark.parametrize(("results", "expected"), AVERAGES)
def test_an_average_is_weighted_by_credits_where_points_and_credits_exist(
    results: list[tuple[str | None, str | None]], expected: str | None
) -> None:
    read = [(point and D(point), weight and D(weight)) for point, weight in results]
    assert grade_point_average(read) == (expected and D(expected))  # type: ignore[arg-type]
