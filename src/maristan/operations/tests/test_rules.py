"""What probes are told and what maintenance keeps out, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from maristan.kernel.access import platform
from maristan.kernel.errors import Invalid, NotNow
from maristan.operations.rules import health
from maristan.operations.rules.health import Seen
from maristan.operations.rules.maintenance import (
    MAINTENANCE,
    OFF,
    Before,
    State,
    Taken,
    WindowFacts,
    check_ahead,
    check_alone,
    check_times,
    noted,
    of_file,
    of_note,
    status_of,
    strictest,
)
from maristan.operations.rules.states import MaintenanceLevel, WindowStatus

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WELL = Seen(
    database=True, latency_ms=1.42, pending=0, too_new=False, redis=None, cache=True, workers=True, version="1a2b3c4d",
    build="0123456789ab", maintenance=False,
)  # fmt: skip
FULL, READ_ONLY = MaintenanceLevel.FULL, MaintenanceLevel.READ_ONLY


def test_a_sound_process_says_ok_in_both_shapes() -> None:
    assert health.is_well(WELL)
    assert health.body(WELL) == {
        "status": "ok",
        "checks": {
            "db": {"status": "ok", "latency_ms": 1.42}, "migrations": {"status": "ok"},
            "redis": {"status": "skipped"}, "workers": {"status": "ok"},
        },
        "version": "1a2b3c4d", "database": "ok", "cache": "ok", "celery": "ok", "build": "0123456789ab",
        "maintenance": False,
    }  # fmt: skip
    assert health.summary(WELL) == (HTTPStatus.OK, {"status": "healthy", "database": "ok", "cache": "ok"})


@pytest.mark.parametrize(
    ("seen", "well", "migrations"),
    [
        (replace(WELL, pending=3), False, {"status": "fail", "pending_count": 3}),
        (replace(WELL, too_new=True), False, {"status": "fail", "pending_count": 0}),
        (replace(WELL, database=False, pending=None, workers=None), False, {"status": "fail"}),
        (replace(WELL, redis=False, cache=False), True, {"status": "ok"}),
        (replace(WELL, workers=False), True, {"status": "ok"}),
        (replace(WELL, maintenance=True), True, {"status": "ok"}),
    ],
)
def test_only_the_database_and_its_migrations_decide(seen: Seen, well: bool, migrations: dict[str, object]) -> None:
    assert health.is_well(seen) is well
    said = health.body(seen)
    assert (said["status"], said["checks"]["migrations"]) == ("ok" if well else "degraded", migrations)


def test_a_database_that_is_away_is_told_in_each_shape_and_nothing_is_counted_there() -> None:
    away = replace(WELL, database=False, latency_ms=2000.0, pending=3, workers=None)
    assert health.is_well(replace(WELL, database=False)) is False
    said = health.body(away)
    assert (said["status"], said["database"], said["celery"]) == ("degraded", "error", "not available")
    assert said["checks"]["db"] == {"status": "fail", "latency_ms": 2000.0}
    assert said["checks"]["migrations"] == {"status": "fail"}
    unhealthy = {"status": "unhealthy", "database": "error", "cache": "ok"}
    assert health.summary(away) == (HTTPStatus.SERVICE_UNAVAILABLE, unhealthy)


def test_migrations_that_cannot_be_counted_have_no_number() -> None:
    assert health.body(replace(WELL, pending=None))["checks"]["migrations"] == {"status": "fail"}


def test_a_cache_that_is_away_shows_and_fails_only_the_summary() -> None:
    seen = replace(WELL, redis=False, cache=False)
    assert (health.body(seen)["checks"]["redis"], health.body(seen)["cache"]) == ({"status": "fail"}, "error")
    unhealthy = {"status": "unhealthy", "database": "ok", "cache": "error"}
    assert health.summary(seen) == (HTTPStatus.SERVICE_UNAVAILABLE, unhealthy)


@pytest.mark.parametrize(
    ("workers", "celery", "status"),
    [(True, "ok", "ok"), (False, "warning: no workers found", "fail"), (None, "not available", "skipped")],
)
def test_workers_are_told_in_both_shapes(workers: bool | None, celery: str, status: str) -> None:
    said = health.body(replace(WELL, workers=workers))
    assert (said["celery"], said["checks"]["workers"]["status"]) == (celery, status)


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (b"", State(True)),
        (b"Back at noon.\n", State(True, message="Back at noon.")),
        (b'{"level": "read_only", "message": "m", "until": "2026-11-21T13:00:00+00:00"}',
         State(True, READ_ONLY, "m", NOW + timedelta(hours=1))),
        (b'{"until": "2026-11-21T13:00:00"}', State(True)),
        (b'{"level": "half"}', State(True)),
        (b'{"level": ', State(True)),
        (b'{"until": "tomorrow"}', State(True)),
        (b"\xff\xfe\x00", State(True)),
        (b"[1]", State(True, message="[1]")),
        (b"x" * 501, State(True, message="x" * 500)),
        (b'{"level": "read_only", "message": "' + b"x" * 501 + b'"}', State(True, READ_ONLY, "x" * 500)),
        (b'{"level": "read_only", "message": null, "until": null}', State(True, READ_ONLY)),
        (b'{"level": "read_only", "message": 7}', State(True)),
        (b'{"level": "read_only", "until": 7}', State(True)),
        (b'{"level": ["read_only"]}', State(True)),
        (b'{"level": ' * 100_000, State(True)),
    ],
)  # fmt: skip
def test_a_flag_file_says_what_it_can_and_otherwise_means_full(content: bytes, state: State) -> None:
    assert of_file(content) == state


def test_the_strictest_of_several_holds_with_what_is_known_of_message_and_end() -> None:
    end = NOW + timedelta(hours=1)
    assert strictest(OFF, OFF) == OFF
    assert strictest(State(True, READ_ONLY, "first"), State(True, READ_ONLY, "second", end)) == State(
        True, READ_ONLY, "first", end
    )
    assert strictest(State(True, FULL, "", None), State(False, FULL, "not on", end)) == State(True)
    both = strictest(State(True, READ_ONLY, "reads", end), State(True, FULL, "all", NOW))
    assert both == State(True, FULL, "all", NOW)
    assert strictest(State(True, READ_ONLY, "reads go on", end), OFF, State(True)) == State(
        True, FULL, "reads go on", end
    )


@pytest.mark.parametrize(
    ("state", "reads", "writes"),
    [(OFF, False, False), (State(True, READ_ONLY), False, True), (State(True, FULL), True, True)],
)
def test_read_only_keeps_out_writes_and_full_everything(state: State, reads: bool, writes: bool) -> None:
    assert [state.keeps_out(each) for each in ("GET", "HEAD", "OPTIONS")] == [reads] * 3
    assert [state.keeps_out(each) for each in ("POST", "PUT", "PATCH", "DELETE")] == [writes] * 4


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        (None, 600),
        (NOW - timedelta(seconds=1), 600),
        (NOW, 600),
        (NOW + timedelta(seconds=30), 30),
        (NOW + timedelta(seconds=30.1), 31),
        (NOW + timedelta(seconds=3), 30),
        (NOW + timedelta(hours=2), 7200),
    ],
)
def test_the_wait_is_until_the_announced_end_and_never_below_half_a_minute(
    until: datetime | None, seconds: int
) -> None:
    assert State(True, until=until).retry_after(NOW, 600) == seconds


def test_a_window_ends_after_it_begins_and_has_its_time_for_itself() -> None:
    check_times(NOW, NOW + timedelta(seconds=1))
    check_alone([])
    with pytest.raises(Invalid) as refused:
        check_times(NOW, NOW)
    assert refused.value.faults[0].code == "until_after_start"
    with pytest.raises(NotNow) as overlapping:
        check_alone([Taken(7, "Disks", NOW, NOW + timedelta(hours=1))])
    assert overlapping.value.code == "no_overlap"
    (other,) = overlapping.value.extra["missing"]
    assert (other["detail"], other["where"]) == (
        "Disks", {"window": 7, "from": NOW.isoformat(), "until": (NOW + timedelta(hours=1)).isoformat()},
    )  # fmt: skip


def test_what_is_announced_begins_now_at_the_earliest() -> None:
    check_ahead(NOW, NOW)
    with pytest.raises(Invalid) as refused:
        check_ahead(NOW - timedelta(seconds=1), NOW)
    assert [(each.pointer, each.code) for each in refused.value.faults] == [("/from", "from_is_past")]


@pytest.mark.parametrize(
    "before", [Before(), Before(READ_ONLY, "reads go on", NOW, "Olga", "{}"), Before(FULL, flag="")]
)
def test_what_was_on_before_a_run_is_read_as_it_was_noted(before: Before) -> None:
    assert of_note(noted(before)) == before


def test_the_moves_of_a_window() -> None:
    def open_moves(facts: WindowFacts) -> set[str]:
        return {each.name for each in MAINTENANCE.moves(facts, platform(None), NOW) if each.allowed}

    planned, running = WindowFacts(WindowStatus.PLANNED), WindowFacts(WindowStatus.OPEN)
    assert open_moves(planned) == {"start", "withdraw"}
    assert open_moves(replace(planned, is_other_open=True)) == {"withdraw"}
    assert open_moves(running) == {"change", "end"}
    assert open_moves(replace(running, is_needed=True)) == {"change"}
    assert open_moves(replace(running, is_needed=True, is_forced=True)) == {"change", "end"}
    assert open_moves(WindowFacts(WindowStatus.ENDED)) == set()


def test_where_a_window_stands() -> None:
    assert status_of(None, None) is WindowStatus.PLANNED
    assert status_of(NOW, None) is WindowStatus.OPEN
    assert status_of(NOW, NOW) is WindowStatus.ENDED
    assert status_of(None, NOW) is WindowStatus.ENDED
