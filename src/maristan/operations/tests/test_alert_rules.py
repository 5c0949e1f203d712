"""When a rule of watching fires: at each threshold from both sides, and never where nothing is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from maristan.kernel.access import platform
from maristan.kernel.errors import Invalid
from maristan.operations.rules import alerts
from maristan.operations.rules.alert_rules import BY_NAME, RULES, Reading
from maristan.operations.rules.figures import (
    MINUTE,
    Evidence,
    Figures,
    Jobs,
    Maintenance,
    Periodic,
    Samples,
    last_whole,
)
from maristan.operations.rules.messages import WORDS
from maristan.operations.rules.states import AlertSeverity, AlertStatus

NOW = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
LAST = last_whole(NOW)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTHING = Figures(NOW, LAST)


def counted(name: str, *amounts: float, **more: float) -> Figures:
    """Amounts of the last minutes, the newest last, over two hosts."""
    rows = {}
    for back, amount in enumerate(reversed(amounts)):
        minute = LAST - MINUTE * back
        rows[minute, "a", name] = amount - amount // 2
        rows[minute, "b", name] = amount // 2
        rows |= {(minute, "a", each): value for each, value in more.items()}
    return replace(NOTHING, samples=Samples(rows))


def measured(name: str, *values: float, readings: int = 6) -> Figures:
    """Measures of one host in the last minutes, each the mean of its readings."""
    rows = {}
    for back, value in enumerate(reversed(values)):
        minute = LAST - MINUTE * back
        rows[minute, "a", name], rows[minute, "a", "readings"] = value * readings, readings
    return replace(NOTHING, samples=Samples(rows))


def evidence(**values: Any) -> Figures:
    return replace(NOTHING, evidence=Evidence(installed=NOW - 30 * DAY, **values))


def fires(rule: str, figures: Figures) -> list[str] | None:
    readings = BY_NAME[rule].readings(figures, settings.ALERTS)
    return None if readings is None else [each.subject for each in readings if each.fires]


late = 3 * MINUTE + timedelta(minutes=5)
CASES: list[tuple[str, Figures, Figures]] = [
    ("http_5xx", counted("http_5xx", 11), counted("http_5xx", 50, 10)),
    ("http_404", counted("http_404", 101), counted("http_404", 100)),
    ("response_slow", counted("http_slow", 2, http_requests=39), counted("http_slow", 2, http_requests=40)),
    ("response_slow", counted("http_slow", 19, http_requests=20), counted("http_slow", 19, http_requests=19)),
    ("query_slow", counted("db_slow", 2, 0, 0, 0, 3), counted("db_slow", 9, 2, 0, 0, 0, 2)),
    ("cpu", measured("cpu", 81, 81, 81, 81, 81), measured("cpu", 81, 81, 80, 81, 81)),
    ("cpu", measured("cpu", 81, 81, 81, 81, 81), measured("cpu", 81, 81, 81, 81)),
    ("memory", measured("memory", 91, 91), measured("memory", 99, 90)),
    ("disk", measured("disk /", 86), measured("disk /", 85)),
    ("disk_full", measured("disk /", 96), measured("disk /", 95)),
    ("web_down", replace(NOTHING, live={"worker": 1}), replace(NOTHING, live={"web": 1})),
    ("worker_down", replace(NOTHING, live={"web": 1}), replace(NOTHING, live={"worker": 1, "operations": 1})),
    ("worker_down", replace(NOTHING, live={"worker": 2}), replace(NOTHING, live={"worker": 2, "operations": 1})),
    (
        "redis_down", replace(counted("redis_failed", 1), redis=False),
        replace(counted("redis_failed", 0), redis=False),
    ),
    ("redis_down", replace(counted("redis_failed", 1), redis=False), replace(counted("redis_failed", 1), redis=True)),
    ("queue_delay", replace(NOTHING, jobs=Jobs(301, 0)), replace(NOTHING, jobs=Jobs(300, 0))),
    ("jobs_failed", replace(NOTHING, jobs=Jobs(0, 6)), replace(NOTHING, jobs=Jobs(0, 5))),
    (
        "periodic_overdue",
        replace(NOTHING, periodics=[Periodic("kernel.purge", NOW - late - timedelta(seconds=1), MINUTE)]),
        replace(NOTHING, periodics=[Periodic("kernel.purge", NOW - late, MINUTE)]),
    ),
    ("backup_missing", evidence(backup=NOW - 26.1 * HOUR), evidence(backup=NOW - 26 * HOUR)),
    ("backup_missing", evidence(), replace(NOTHING, evidence=Evidence(installed=NOW - HOUR))),
    ("backup_failed", evidence(backup_failed="maristan_20260102_020000 dump_failed"), evidence(backup_failed="")),
    ("drill_missing", evidence(drill=NOW - 8.1 * DAY), evidence(drill=NOW - 8 * DAY)),
    (
        "offsite_missing", evidence(has_offsite=True, offsite=NOW - 27 * HOUR),
        evidence(has_offsite=True, offsite=NOW - HOUR),
    ),
    (
        "offsite_failed", evidence(has_offsite=True, offsite_failed=1),
        evidence(has_offsite=True, offsite_failed=0),
    ),
    ("drill_failed", evidence(drill_failed="fmu_1 restoring migration_failed"), evidence(drill_failed="")),
    ("release_not_verified", evidence(is_verified=False), evidence(is_verified=True)),
    ("journal_broken", evidence(journal_breaks=1), evidence(journal_breaks=0)),
    (
        "maintenance_long", replace(NOTHING, maintenance=Maintenance(NOW - 61 * MINUTE, NOW + HOUR)),
        replace(NOTHING, maintenance=Maintenance(NOW - 60 * MINUTE, NOW + HOUR)),
    ),
    (
        "maintenance_long", replace(NOTHING, maintenance=Maintenance(NOW - 20 * MINUTE, NOW - 16 * MINUTE)),
        replace(NOTHING, maintenance=Maintenance(NOW - 20 * MINUTE, NOW - 15 * MINUTE)),
    ),
    ("certificate_expiring", replace(NOTHING, certificates={"h": 20.9}), replace(NOTHING, certificates={"h": 21})),
    ("db_connections", replace(NOTHING, connections=(81, 100)), replace(NOTHING, connections=(80, 100))),
    ("lockouts", replace(NOTHING, lockouts=21), replace(NOTHING, lockouts=20)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_a_rule_fires_beyond_its_threshold_and_not_at_it(rule: str, bad: Figures, good: Figures) -> None:
    assert len(fires(rule, bad) or []) == 1
    assert fires(rule, good) == []


def test_every_rule_is_tried_worded_and_silent_where_nothing_is_known() -> None:
    assert {rule for rule, _, _ in CASES} == set(BY_NAME) == set(WORDS)
    judged = {rule.name: rule.readings(NOTHING, settings.ALERTS) for rule in RULES}
    assert {name: said for name, said in judged.items() if said} == {}
    assert fires("offsite_missing", evidence()) is None
    named = {rule.limit for rule in RULES if isinstance(rule.limit, str)}
    assert named | {"RESPONSE_LEAST"} == set(settings.ALERTS)


def test_what_waits_because_of_maintenance_is_no_fault() -> None:
    held = replace(
        NOTHING, maintenance=Maintenance(NOW - MINUTE), jobs=Jobs(900, 0),
        periodics=[Periodic("kernel.purge", NOW - HOUR, MINUTE)],
    )  # fmt: skip
    assert (fires("queue_delay", held), fires("periodic_overdue", held)) == (None, None)


SINCE = NOW - 61 * MINUTE - timedelta(seconds=5)
LATE = Periodic("kernel.purge", NOW - late - timedelta(seconds=16), MINUTE)
EARLY = Periodic("comms.mail", NOW - MINUTE, MINUTE)


@pytest.mark.parametrize(
    ("rule", "figures", "said"),
    [
        # The minute before the five counts no more.
        ("response_slow", counted("http_slow", 20, 1, 0, 0, 0, 0, http_requests=4), [("", 5.0, False)]),
        ("response_slow", counted("http_slow", 2, http_requests=39), [("", 5.13, True)]),
        ("response_slow", counted("http_slow", 0), [("", 0.0, False)]),
        ("response_slow", NOTHING, None),
        ("query_slow", counted("db_slow", 9, 0, 0, 0, 0, 4), [("", 4, False)]),
        ("cpu", measured("cpu", 81, 81, 81, 81, 85.126), [("a", 85.13, True)]),
        ("memory", measured("memory", 90, 99), [("a", 99, False)]),
        ("disk", replace(NOTHING, samples=Samples({(LAST - MINUTE, "a", "disk /"): 99})), []),
        ("web_down", replace(NOTHING, live={}), [("", 0, True)]),
        ("worker_down", replace(NOTHING, live={"operations": 1}), [("", 0, True)]),
        ("worker_down", replace(NOTHING, live={"worker": 3}), [("", 3, False), ("operations", 0, True)]),
        ("redis_down", replace(counted("redis_failed", 3), redis=False), [("", 2, True)]),
        ("redis_down", replace(counted("redis_failed", 0), redis=False), [("", 1, False)]),
        ("redis_down", replace(counted("redis_failed", 3), redis=True), [("", 0, False)]),
        ("redis_down", counted("redis_failed", 3), None),
        ("redis_down", replace(NOTHING, redis=False), None),
        ("queue_delay", replace(NOTHING, jobs=Jobs(300.06, 0)), [("", 300.1, True)]),
        ("queue_delay", replace(NOTHING, jobs=Jobs(301, 0), maintenance=Maintenance()), [("", 301, True)]),
        (
            "periodic_overdue", replace(NOTHING, periodics=[LATE, EARLY], maintenance=Maintenance()),
            [("kernel.purge", 5.3, True), ("comms.mail", 0.0, False)],
        ),
        ("backup_missing", evidence(backup=NOW - 26 * HOUR - MINUTE), [("", 26.02, True)]),
        ("drill_missing", evidence(drill=NOW - 8 * DAY - HOUR), [("", 8.04, True)]),
        ("offsite_missing", evidence(offsite=NOW - 27 * HOUR), None),
        ("offsite_missing", evidence(has_offsite=True, offsite=NOW - 26 * HOUR), [("", 26.0, False)]),
        ("offsite_failed", evidence(offsite_failed=1), None),
        ("backup_failed", evidence(backup_failed="maristan_1 dump_failed"), [("maristan_1 dump_failed", 1, True)]),
        ("release_not_verified", evidence(), None),
        ("journal_broken", evidence(), None),
        ("maintenance_long", replace(NOTHING, maintenance=Maintenance(SINCE)), [("", 61.1, True)]),
        ("maintenance_long", replace(NOTHING, maintenance=Maintenance(None, NOW - HOUR)), [("", 0.0, False)]),
        (
            "certificate_expiring", replace(NOTHING, certificates={"z.example": 20.94, "a.example": 30.04}),
            [("a.example", 30.0, False), ("z.example", 20.9, True)],
        ),
        ("db_connections", replace(NOTHING, connections=(2, 3)), [("", 66.7, False)]),
    ],
)  # fmt: skip
def test_a_rule_says_what_it_measured_of_each_subject(
    rule: str, figures: Figures, said: list[tuple[str, float, bool]] | None
) -> None:
    expected = None if said is None else [Reading(*each) for each in said]
    assert BY_NAME[rule].readings(figures, settings.ALERTS) == expected


def test_a_minute_is_judged_when_every_process_has_told_of_it() -> None:
    assert last_whole(NOW) == NOW.replace(second=0, minute=29)
    assert last_whole(NOW.replace(second=12)) == NOW.replace(second=0, minute=29)
    assert last_whole(NOW.replace(second=11)) == NOW.replace(second=0, minute=28)


def test_a_measure_is_the_mean_of_the_readings_of_its_minute_and_none_without_one() -> None:
    rows = {
        (LAST, "a", "cpu"): 60.0, (LAST, "a", "readings"): 1, (LAST - MINUTE, "a", "cpu"): 60.0,
        (LAST - 2 * MINUTE, "a", "readings"): 6, (LAST - 3 * MINUTE, "a", "cpu"): 60.0,
        (LAST - 3 * MINUTE, "a", "readings"): 6,
    }  # fmt: skip
    minutes = replace(NOTHING, samples=Samples(rows)).minutes(4)
    assert minutes == [LAST - 3 * MINUTE, LAST - 2 * MINUTE, LAST - MINUTE, LAST]
    assert list(Samples(rows).means("a", "cpu", minutes)) == [10.0, None, None, 60.0]


def test_the_subject_names_the_host_and_its_volume() -> None:
    both = {**measured("disk /", 99).samples.rows, (LAST, "b", "disk /data"): 1.0, (LAST, "b", "readings"): 1}  # type: ignore[union-attr]
    found = BY_NAME["disk"].readings(replace(NOTHING, samples=Samples(both)), settings.ALERTS)
    assert found == [Reading("a /", 99, True), Reading("b /data", 1, False)]


BAD, QUIET = Reading("", 11, True), Reading("", 0, False)


def test_an_alert_is_one_until_it_was_quiet_twice() -> None:
    first = alerts.decide({"http_5xx": [BAD]}, [])
    assert (first.fired, first.going_on) == ([("http_5xx", BAD)], [])
    open_one = alerts.Open(1, "http_5xx", "", 0)
    again = alerts.decide({"http_5xx": [BAD]}, [open_one])
    assert (again.fired, again.going_on) == ([], [(open_one, BAD)])
    once = alerts.decide({"http_5xx": [QUIET]}, [open_one])
    assert (once.calming, once.resolved) == ([open_one], [])
    twice = alerts.Open(1, "http_5xx", "", 1)
    assert alerts.decide({"http_5xx": [QUIET]}, [twice]).resolved == [twice]


def test_processors_have_to_be_quiet_five_times_and_a_subject_that_is_gone_is_quiet() -> None:
    four, five = alerts.Open(1, "cpu", "a", 3), alerts.Open(1, "cpu", "a", 4)
    assert alerts.decide({"cpu": []}, [four]).calming == [four]
    assert alerts.decide({"cpu": []}, [five]).resolved == [five]


def test_an_alert_whose_figures_are_unknown_stays_as_it_is() -> None:
    seen = alerts.Open(1, "http_5xx", "", 1)
    assert alerts.decide({}, [seen]) == alerts.Decided()
    strange = alerts.Open(2, "of_tomorrow", "", 0)
    assert alerts.decide({}, [strange]).resolved == [strange]


@pytest.mark.parametrize("length", [5, 500])
def test_a_comment_has_five_to_five_hundred_characters(length: int) -> None:
    assert alerts.comment_of(f" {'x' * length}\n") == "x" * length
    for wrong in ("x" * 4, " " * 9, "x" * 501, None):
        with pytest.raises(Invalid) as refused:
            alerts.comment_of(wrong)
        assert [(each.pointer, each.code) for each in refused.value.faults] == [("/comment", "comment_required")]


FIRING, KNOWN, OVER = AlertStatus
OLGA = platform(None)


@pytest.mark.parametrize(
    ("status", "open_moves"),
    [(FIRING, ["acknowledge", "close"]), (KNOWN, ["close"]), (OVER, [])],
)
def test_an_alert_is_acknowledged_once_and_closed_until_it_is_resolved(
    status: AlertStatus, open_moves: list[str]
) -> None:
    moves = alerts.ALERT.moves(alerts.AlertFacts(status), OLGA, NOW)
    assert [each.name for each in moves if each.allowed] == open_moves
    assert [each.name for each in alerts.ALERT.transitions if not each.needs_reason] == []
    assert (status in alerts.UNRESOLVED) is (status is not OVER)


CRITICAL, WARNING = AlertSeverity


@pytest.mark.parametrize(
    ("status", "severity", "told", "resolved", "due"),
    [
        (FIRING, WARNING, None, None, True), (FIRING, WARNING, HOUR, None, False),
        (FIRING, WARNING, 5 * HOUR, None, False),
        (FIRING, CRITICAL, 3.9 * HOUR, None, False), (FIRING, CRITICAL, 4 * HOUR, None, True),
        (KNOWN, CRITICAL, 5 * HOUR, None, False), (OVER, WARNING, HOUR, MINUTE, True),
        (OVER, WARNING, MINUTE, HOUR, False), (OVER, WARNING, MINUTE, MINUTE, False),
        (FIRING, WARNING, 4 * HOUR, None, False), (KNOWN, CRITICAL, 4 * HOUR, None, False),
    ],
)  # fmt: skip
def test_who_is_told_when(status: Any, severity: Any, told: Any, resolved: Any, due: bool) -> None:
    ago = [None if each is None else NOW - each for each in (told, resolved)]
    assert alerts.must_be_told(status, severity, *ago, NOW) is due
