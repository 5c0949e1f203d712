"""What the bench says of what it measured, and of what it could not."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bench import processes
from bench.measuring import Results, report
from bench.processes import Look, downtime

from maristan.config.tests.programs import NotToBeHad

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def looks(*said: tuple[float, bool]) -> Sequence[Look]:
    """Looks at health that each take a tenth of a second."""
    return [Look(after(at), after(at + 0.1), is_ok) for at, is_ok in said]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ([(0.5, True), (1.2, True), (2.5, True)], 1.6),  # it was never seen to fail
        (
            [(0.5, True), (1.2, True), (1.6, False), (2.2, False), (3.0, True)],
            2.1,
        ),  # the former database still answered
        ([(1.2, False), (2.1, True), (2.4, False), (4.0, True), (4.2, True)], 3.1),  # once more away
        ([(0.95, False), (2.5, True)], 1.6),  # asked before the exchange, refused within it
        ([(0.2, False), (2.5, True)], 1.6),  # failed long before: not the exchange's
    ],
)
def test_health_is_away_from_the_closing_until_it_is_ok_for_good(
    said: list[tuple[float, bool]], seconds: float
) -> None:
    steps = {"begun": after(0).isoformat(), "closing": after(1).isoformat(), "looking": after(2).isoformat()}
    assert downtime(steps, looks(*said)) == pytest.approx(seconds)


def test_a_rate_below_its_share_fails_and_what_was_not_measured_does_not(
    capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Any
) -> None:
    settings.VAR = tmp_path
    found = Results()
    found.rate("two beside one", 17, 10, 1.7)
    found.leave_out("four beside one", "no time")
    assert found.exit_code == 0
    found.rate("two beside one", 16.9, 10, 1.7)
    assert found.exit_code == 1
    report(found, "tried")
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if "beside one" in line]
    assert [line[0] for line in lines] == ["ok", "LESS", "--"]
    assert lines[2][-4:] == ["not", "measured:", "no", "time"]
    assert (tmp_path / "tried.json").is_file()


def test_two_web_processes_are_measured_on_four_cores_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Results()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2})
    processes.two_web_processes(found, calls=1)
    assert found == Results(not_measured={"two web processes / one": "needs 4 cores, here 3"})


def test_without_a_pooler_nothing_is_said_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(name: str, *, fetching: bool) -> None:
        raise NotToBeHad(f"{name}: not on the path")

    found = Results()
    monkeypatch.setattr(processes, "program", away)
    processes.through_pooler(found, calls=1)
    assert found == Results(not_measured={"through PgBouncer / direct": "pgbouncer: not on the path"})
