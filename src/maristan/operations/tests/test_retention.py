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


NO_PLACES = Policy(daily=0, weekly=0, monthly=0)


def why(*sets: Kept, policy: Policy) -> dict[str, list[str]]:
    return retention.reasons_to_keep(sets, policy, NOW)


def aged(age: timedelta, status: SetStatus = SetStatus.PROVEN, reason: SetReason = SetReason.SCHEDULED) -> Kept:
    return Kept(name="one", reason=reason, status=status, created_at=NOW - age)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("one", "reasons"),
    [
        (made(300), []),
        (made(300, is_pinned=True), ["pinned"]),
        (made(300, is_in_use=True), ["in_use"]),
        (made(300, is_ours=False), ["not_made_here"]),
        (made(300, SetStatus.DAMAGED), ["damaged"]),
        (made(300, SetStatus.RUNNING), ["in_use"]),
        (made(1, media=MediaMode.NONE), []),
        (made(1, reason=SetReason.MANUAL), []),
        (aged(timedelta(days=14) - SECOND, reason=SetReason.PRE_DEPLOY), ["before_change"]),
        (aged(timedelta(days=14), reason=SetReason.PRE_DEPLOY), []),
        (aged(timedelta(days=14) - SECOND, reason=SetReason.PRE_ROLLBACK), ["before_change"]),
        (aged(timedelta(days=14), SetStatus.CREATED, SetReason.FINAL), []),
        (aged(timedelta(days=14) - SECOND, SetStatus.CREATED, SetReason.FINAL), ["before_change"]),
        (aged(timedelta(days=14) - SECOND, SetStatus.CREATED, SetReason.PRE_RESTORE), ["before_change"]),
        (aged(timedelta(days=8), SetStatus.FAILED, SetReason.FINAL), []),
        (aged(timedelta(days=7) - SECOND, SetStatus.FAILED), ["unproven"]),
        (aged(timedelta(days=7), SetStatus.FAILED), []),
        (aged(timedelta(days=7) - SECOND, SetStatus.CREATED), ["unproven"]),
        (aged(timedelta(days=7), SetStatus.CREATED), []),
    ],
)
def test_each_rule_by_itself(one: Kept, reasons: list[str]) -> None:
    newest = made(0)
    assert why(newest, one, policy=NO_PLACES) == {newest.name: ["newest_proven"], one.name: reasons}


def test_what_could_not_be_proven_since_the_newest_proof_stays_and_what_was_removed_is_not_asked_for() -> None:
    proven, failed, removed = made(20), made(8, SetStatus.FAILED), made(30, SetStatus.REMOVED)
    assert why(proven, failed, removed, policy=NO_PLACES) == {"20": ["newest_proven"], "8": ["unproven"]}


def test_sets_by_schedule_and_by_hand_have_places_and_no_other() -> None:
    by_hand, before, half = made(1, reason=SetReason.MANUAL), made(40, reason=SetReason.FINAL), made(41)
    bare = made(42, media=MediaMode.NONE)
    assert why(made(0), by_hand, before, half, bare, policy=Policy(weekly=0, monthly=0)) == {
        "0": ["newest_proven", "day:2026-03-12"], "1": ["day:2026-03-11"], "40": [], "41": ["day:2026-01-30"],
        "42": [],
    }  # fmt: skip


def test_the_newest_of_a_week_and_of_a_month_stays() -> None:
    newest, sets = {"0": ["newest_proven"]}, [made(0), made(12), made(13), made(41), made(67), made(73)]
    months = why(*sets, policy=Policy(daily=0, weekly=0, monthly=2))
    assert {name: kept for name, kept in months.items() if kept} == {
        "0": [*newest["0"], "month:2026-03"], "12": ["month:2026-02"],
    }  # fmt: skip
    # The week of 29 December to 4 January is the first of 2026.
    weeks = why(*sets, policy=Policy(daily=0, weekly=4, monthly=0))
    assert {name: kept for name, kept in weeks.items() if kept} == {
        "0": [*newest["0"], "week:2026-11"], "12": ["week:2026-09"], "41": ["week:2026-05"], "67": ["week:2026-01"],
    }  # fmt: skip


def test_a_year_of_months_stays_where_nothing_else_is_set() -> None:
    sets = [Kept(f"{n}", SetReason.SCHEDULED, SetStatus.PROVEN, NOW - timedelta(days=30.5 * n)) for n in range(15)]
    kept = why(*sets, policy=Policy(daily=0, weekly=0))
    assert [name for name, reasons in kept.items() if not reasons] == ["14", "13", "12"]


def test_younger_than_days_is_counted_in_hours() -> None:
    sets = [aged(timedelta(hours=48)), made(0)]
    rule = Policy(weekly=0, monthly=0, younger_than=2)
    assert why(*sets, policy=rule) == {"one": [], "0": ["newest_proven", "younger:2"]}
    assert why(aged(timedelta(hours=48) - SECOND), made(0), policy=rule)["one"] == ["younger:2"]


def test_the_newest_proven_set_and_what_is_younger_than_any_proof_stay() -> None:
    assert stay([made(400, reason=SetReason.PRE_RESTORE)]) == {"400"}
    assert stay([made(400, SetStatus.CREATED)]) == {"400"}


def test_a_set_of_another_installation_takes_no_place_of_ours() -> None:
    foreign, ours = made(0, is_ours=False), made(400, reason=SetReason.PRE_RESTORE)
    assert why(foreign, ours, policy=Policy()) == {"0": ["not_made_here"], "400": ["newest_proven"]}


def test_a_set_is_removed_by_hand_unless_it_is_the_last_proven_in_use_or_pinned() -> None:
    plain = made(1)
    assert retention.against_removal(plain, newest_proven="0") == []
    assert retention.against_removal(plain, newest_proven="1") == ["not_last_proven"]
    assert retention.against_removal(made(1, is_pinned=True), newest_proven="0") == ["not_pinned"]
    assert retention.against_removal(made(1, is_in_use=True), newest_proven="0") == ["not_in_use"]
    assert retention.against_removal(made(1, SetStatus.RUNNING), newest_proven="0") == ["not_in_use"]
    assert retention.against_removal(None, newest_proven="0") == ["not_in_use"]
