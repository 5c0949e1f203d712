"""Percentages, eligibility, forecasts and the choice of a policy, by whole tables."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.attendance.rules import spans
from maristan.attendance.rules.percentages import Code, Counts, Excusing, Terms, forecast, percentage, rounded, standing
from maristan.attendance.rules.policies import Version, choose, is_scope


def terms(excused: str = "exclude", late_weight: str = "1.00", threshold: str = "75.00") -> Terms:
    """A policy."""
    return Terms(threshold=Decimal(threshold), late_weight=Decimal(late_weight), excused=Excusing(excused))


@pytest.mark.parametrize(
    ("policy", "shown", "eligible"),
    [
        (terms(), "80.00", True),
        (terms(excused="absent"), "66.67", False),
        (terms(excused="attended"), "83.33", True),
        (terms(late_weight="0.5"), "70.00", False),
    ],
)
def test_3_present_1_late_1_absent_1_excused_by_each_policy(policy: Terms, shown: str, eligible: bool) -> None:
    found = standing(Counts(present=3, late=1, absent=1, excused=1), policy)
    assert (str(found.percentage), found.is_eligible) == (shown, eligible)


@pytest.mark.parametrize(
    ("counts", "shown", "code"),
    [
        (Counts(present=3, absent=1), "75.00", Code.ELIGIBLE),
        (Counts(present=25, absent=7), "78.13", Code.ELIGIBLE),
        (Counts(present=117, absent=43), "73.13", Code.BELOW_THRESHOLD),
        (Counts(), "0.00", Code.NO_SESSIONS),
        (Counts(excused=4), "0.00", Code.NO_SESSIONS),
        (Counts(unmarked=9), "0.00", Code.NO_SESSIONS),
        (Counts(present=1, absent=2), "33.33", Code.BELOW_THRESHOLD),
    ],
)
def test_3_of_4_is_eligible_117_of_160_is_not_and_nothing_counted_is_no_sessions(
    counts: Counts, shown: str, code: Code
) -> None:
    found = standing(counts, terms())
    assert (str(found.percentage), found.code, found.is_eligible) == (shown, code, code is Code.ELIGIBLE)


def test_what_is_shown_is_what_decides() -> None:
    almost = Counts(present=14999, absent=5001)  # 74.995 is shown as 75.00
    assert standing(almost, terms()).is_eligible
    assert percentage(almost, terms()) == Decimal("75.00")


@pytest.mark.parametrize(
    ("value", "shown"), [(Fraction(1, 200), "0.01"), (Fraction(2, 3), "0.67"), (Fraction(100), "100.00")]
)
def test_halves_are_rounded_up(value: Fraction, shown: str) -> None:
    assert str(rounded(value)) == shown


@pytest.mark.parametrize(
    ("present", "absent", "to_come", "must", "can_miss", "reachable"),
    [(40, 10, 20, 13, 7, True), (30, 20, 30, 30, 0, True), (29, 21, 30, 30, 0, False), (3, 1, 0, 0, 0, True)],
)
def test_forecast_40_of_50_20_to_come_must_attend_13_and_29_of_50_is_out_of_reach(
    present: int, absent: int, to_come: int, must: int, can_miss: int, reachable: bool
) -> None:
    found = forecast(Counts(present=present, absent=absent), terms(), to_come=to_come)
    assert (found.must_attend, found.can_miss, found.reachable) == (must, can_miss, reachable)


def test_a_known_excuse_is_neither_to_be_attended_nor_missed() -> None:
    counts = Counts(present=6, absent=4)
    assert forecast(counts, terms(), to_come=10, excused_to_come=5).must_attend == 9
    assert forecast(counts, terms(excused="absent"), to_come=10, excused_to_come=5).reachable is False


def test_regaining_counts_sessions_in_a_row() -> None:
    assert forecast(Counts(present=7, absent=3), terms(), to_come=5).regain_after == 2
    assert forecast(Counts(present=8, absent=2), terms(), to_come=5).regain_after == 0
    assert forecast(Counts(present=1, absent=9), terms(), to_come=5).regain_after is None


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 40))
def test_attending_as_many_as_must_be_reaches_it_and_one_less_does_not(present: int, absent: int, to_come: int) -> None:
    found = forecast(Counts(present=present, absent=absent), terms(), to_come=to_come)

    def reaches(attended: int) -> bool:
        return standing(Counts(present + attended, 0, absent + to_come - attended), terms()).is_eligible

    assert reaches(found.must_attend) is found.reachable
    assert found.must_attend == 0 or not found.reachable or not reaches(found.must_attend - 1)
    assert not found.reachable or found.must_attend + found.can_miss == to_come


def version(scope: str, number: int, day: str) -> Version:
    """A version in force from a day on."""
    return Version(Terms(scope=scope, number=number), date.fromisoformat(day))


@pytest.mark.parametrize(
    ("course", "keys", "last", "chosen"),
    [
        (2, ("program:7",), "2026-06-30", ("course:2", 1)),
        (3, ("program:7",), "2026-06-30", ("program:7", 2)),
        (3, ("program:7",), "2026-05-31", ("program:7", 1)),
        (None, ("program:7",), "2025-12-31", ("institution", 1)),
        (None, (), "2026-06-30", ("institution", 1)),
        (None, (), "2019-06-30", ("institution", 0)),
    ],
)
def test_course_before_programme_before_institution_by_the_last_day(
    course: int | None, keys: tuple[str, ...], last: str, chosen: tuple[str, int]
) -> None:
    known = [
        version("institution", 1, "2020-01-01"), version("program:7", 1, "2026-01-01"),
        version("program:7", 2, "2026-06-01"), version("course:2", 1, "2026-01-01"),
        version("program:8", 1, "2026-01-01"),
    ]  # fmt: skip
    default = Terms(number=0)
    found = choose(known, course=course, scope_keys=keys, last_day=date.fromisoformat(last), default=default)
    assert (found.scope, found.number) == chosen


@pytest.mark.parametrize(("key", "known"), [("institution", True), ("program:7", True), ("program:", False),
                                            ("batch:3", False), ("course:x", False), ("", False)])  # fmt: skip
def test_policies_are_made_for_programmes_courses_and_the_institution(key: str, known: bool) -> None:
    assert is_scope(key) is known


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("custom", "", ""), "DATE_RANGE_REQUIRED"), (("", "2026-01-01", ""), "DATE_RANGE_REQUIRED"),
        (("weekly", "", ""), "INVALID_PERIOD"), (("monthly", "01/02/2026", ""), "INVALID_DATE_FORMAT"),
        (("monthly", "9999-01-01", ""), "INVALID_DATE_FORMAT"),
        (("custom", "2026-02-01", "2026-01-01"), "DATE_RANGE_REVERSED"),
    ],
)  # fmt: skip
def test_a_span_that_cannot_be_understood_has_its_code(asked: tuple[str, str, str], code: str) -> None:
    with pytest.raises(spans.Misread) as caught:
        spans.read(*asked)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        (("monthly", "2026-02-17", ""), ("2026-02-01", "2026-02-28")),
        (("quarterly", "", ""), ("2026-01-01", "2026-03-31")),
        (("YEARLY", "", ""), ("2026-01-01", "2026-12-31")),
        (("monthly", "2026-02-03", "2026-02-05"), ("2026-02-03", "2026-02-05")),
    ],
)
def test_a_span_is_the_month_quarter_or_year_that_contains_the_day(asked: tuple[str, str, str], days: object) -> None:
    found = spans.days(spans.read(*asked), date(2026, 3, 9))
    assert found is not None
    assert tuple(each.isoformat() for each in found) == days


def test_a_semester_is_known_to_the_academic_periods_alone() -> None:
    assert spans.days(spans.read("semester", "", ""), date(2026, 3, 9)) is None
