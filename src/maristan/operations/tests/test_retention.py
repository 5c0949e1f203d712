"""Which backup sets stay: a table of forty days, and each rule by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from maristan.operations.rules import retention
from maristan.operations.rules.retention import Kept, Policy
from maristan.operations.rules.states import MediaMode, SetReason, SetStatus

NOW = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)  # a Thursday


def made(days_ago: float, status: SetStatus = SetStatus.PROVEN, reason: SetReason = SetReason.SCHEDULED, **also):
    at = NOW - timedelta(days=days_ago, minutes=30)
    return Kept(name=f"{days_ago:g}", reason=reason, status=status, created_at=at, **also)


def stay(sets, policy=None) -> set[str]:
    return {name for name, why in retention.reasons_to_keep(sets, policy or Policy(), NOW).items() if why}


def test_of_forty_days_of_which_seven_are_unproven_exactly_those_with_a_place_stay() -> None:
    sets = [made(day, SetStatus.CREATED if 3 <= day <= 9 else SetStatus.PROVEN) for day in range(40)]
    # Seven days that have a proven set; of the week before only its Monday, ten days ago, has one.
    daily, weekly, monthly = {0, 1, 2, 10, 11, 12, 13}, {0, 10, 11, 18}, {0, 12}
    unproven_for_less_than_a_week = {3, 4, 5, 6}
    expected = {str(day) for day in daily | weekly | monthly | unproven_for_less_than_a_week}
    assert stay(sets) == expected
    assert set(retention.removable(sets, Policy(), NOW)) == {str(day) for day in range(40)} - expected


def test_days_replace_the_daily_rule_and_leave_weeks_and_months() -> None:
    sets = [made(day) for day in range(40)]
    younger = {str(day) for day in range(14)}
    assert stay(sets, Policy(younger_than=14)) == younger | {"18"} | {"12"}


def test_the_day_is_that_of_the_platforms_zone() -> None:
    late, early = made(1 - 17.6 / 24), made(1)  # either side of midnight in Karachi, one day in UTC
    one_day = Policy(daily=1, weekly=0, monthly=0)
    both = Policy(daily=2, weekly=0, monthly=0, zone="Asia/Karachi")
    assert stay([early, late], both) == {early.name, late.name}
    assert stay([early, late], one_day) == {late.name}


@pytest.mark.parametrize(
    ("one", "stays"),
    [
        (made(300, is_pinned=True), True),
        (made(300, is_in_use=True), True),
        (made(300, is_ours=False), True),
        (made(300, SetStatus.DAMAGED), True),
        (made(300, SetStatus.RUNNING), True),
        (made(13, reason=SetReason.PRE_DEPLOY), True),
        (made(15, reason=SetReason.PRE_DEPLOY), False),
        (made(15, reason=SetReason.FINAL), False),
        (made(13, SetStatus.CREATED, SetReason.FINAL), True),
        (made(15, SetStatus.CREATED, SetReason.FINAL), False),
        (made(13, SetStatus.CREATED, SetReason.PRE_RESTORE), True),
        (made(8, SetStatus.FAILED, SetReason.FINAL), False),
        (made(6, SetStatus.FAILED), True),
        (made(8, SetStatus.FAILED), False),
        (made(8, SetStatus.CREATED), False),
        (made(1, media=MediaMode.NONE), False),
        (made(1, reason=SetReason.MANUAL), True),
    ],
)
def test_each_rule_by_itself(one: Kept, stays: bool) -> None:
    assert (one.name in stay([made(0), one])) is stays


def test_the_newest_proven_set_and_what_is_younger_than_any_proof_stay() -> None:
    assert stay([made(400, reason=SetReason.PRE_RESTORE)]) == {"400"}
    assert stay([made(400, SetStatus.CREATED)]) == {"400"}


def test_a_set_of_another_installation_takes_no_place_of_ours() -> None:
    foreign, ours = made(0, is_ours=False), made(400, reason=SetReason.PRE_RESTORE)
    why = retention.reasons_to_keep([foreign, ours], Policy(), NOW)
    assert why == {"0": ["not_made_here"], "400": ["newest_proven"]}


def test_a_set_is_removed_by_hand_unless_it_is_the_last_proven_in_use_or_pinned() -> None:
    plain = made(1)
    assert retention.against_removal(plain, newest_proven="0") == []
    assert retention.against_removal(plain, newest_proven="1") == ["not_last_proven"]
    assert retention.against_removal(made(1, is_pinned=True), newest_proven="0") == ["not_pinned"]
    assert retention.against_removal(made(1, SetStatus.RUNNING), newest_proven="0") == ["not_in_use"]
    assert retention.against_removal(None, newest_proven="0") == ["not_in_use"]
