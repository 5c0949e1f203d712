"""What a class obtained in an exam, in numbers."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from maristan.assessment.rules.statistics import figures, histogram
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


SPREADS = [
    (["2", "4", "4", "4", "5", "5", "7", "9"], ("5.00", "4.50", "2.00", "2.00", "9.00")),
    (["10", "11"], ("10.50", "10.50", "0.50", "10.00", "11.00")),
    (["1", "2", "4"], ("2.33", "2.00", "1.25", "1.00", "4.00")),
    (["7"], ("7.00", "7.00", "0.00", "7.00", "7.00")),
    ([], (None,) * 5),
]


@pytest.mark.parametrize(("values", "expected"), SPREADS)
def test_the_deviation_is_that_of_the_whole_class(values: list[str], expected: tuple[str | None, ...]) -> None:
    found = figures([Decimal(each) for each in values])
    assert tuple(found.values()) == tuple(each and Decimal(each) for each in expected)


def test_a_tenth_includes_its_lower_end_and_the_last_one_the_whole() -> None:
    shares = [Decimal(each) for each in ("0", "9.99", "10", "89.99", "90", "100", "-1")]
    assert histogram(shares) == [3, 1, 0, 0, 0, 0, 0, 0, 1, 2]


def entered(of: make.College) -> int:
    """45 and 30; absent throughout; exempt throughout; and one of two entered."""
    pk = make.marking(of)
    people, (theory, viva) = make.candidates(pk), make.components(pk)
    wanted = [("45", "30"), ("AB", "AB"), ("EX", "EX"), ("20", None), ("25", "AB")]
    cells = [
        make.cell(who, part, value)
        for who, both in zip(people, wanted, strict=True)
        for part, value in zip((theory, viva), both, strict=True)
        if value is not None
    ]
    with clock.stopped_at(make.LATER):
        assert make.enter(of.khan, pk, *cells).status == 200
    return pk


def test_who_is_absent_throughout_is_counted_and_fails_but_is_in_no_average() -> None:
    of = make.college(learners=5)
    told = of.eve.get(f"{EXAMS}{entered(of)}/statistics/").json
    counts = ("total", "marked", "absent", "exempt", "passed", "failed", "pending")
    assert [told[each] for each in counts] == [5, 2, 1, 1, 1, 2, 2]
    assert (told["average_marks"], told["median"], told["minimum"], told["maximum"]) == (
        "50.00", "50.00", "25.00", "75.00",
    )  # fmt: skip
    assert (told["standard_deviation"], told["pass_percentage"]) == ("25.00", "33.33")
    assert (told["max_marks"], told["passing_marks"]) == ("100.00", "50.00")
    assert told["by_letter"] == {"B": 1, "F": 2}
    assert told["histogram"] == [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    theory = told["components"][0]
    assert [theory[each] for each in ("marked", "absent", "exempt", "passed", "failed")] == [3, 1, 1, 1, 3]


@pytest.mark.parametrize(("total", "percent", "passing"), [
    ("40", None, "40.00"), (None, "45", "45.00"),
])  # fmt: skip
def test_what_is_needed_to_pass_is_told_in_marks(total: str | None, percent: str | None, passing: str) -> None:
    of = make.college()
    pk = make.marking(of, pass_total_marks=total, pass_total_percent=percent)
    assert of.eve.get(f"{EXAMS}{pk}/statistics/").json["passing_marks"] == passing


@pytest.mark.parametrize(("learners", "is_shown", "status"), [(10, True, 200), (9, True, 404), (10, False, 404)])
def test_learners_see_statistics_of_ten_published_results_where_they_are_shown(
    learners: int, is_shown: bool, status: int
) -> None:
    of = make.college(learners=learners)
    pk = make.marking(of, show_statistics=is_shown)
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        assert of.sara.get(f"{EXAMS}{pk}/statistics/").status == 404
        for name in ("verify", "publish"):
            make.move_all(of.eve, pk, name)
    assert of.sara.get(f"{EXAMS}{pk}/statistics/").status == status
    assert of.khan.get(f"{EXAMS}{pk}/statistics/").status == 200
