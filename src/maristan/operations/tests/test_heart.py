"""A process goes on saying that it lives, whatever fails at one of its beats."""

import threading
from typing import Any

import psutil
import pytest
from django.db import OperationalError
from procrastinate.exceptions import ConnectorException
from psycopg import Error as DriverError

from maristan.kernel import clock, metering
from maristan.operations.management import heart
from maristan.operations.management.heart import Heart
from maristan.operations.rules.states import ProcessKind

FAULTS = (
    FileNotFoundError("a file of the release before"), OperationalError("away"), ValueError("half a manifest"),
    psutil.NoSuchProcess(1), OSError("too many open files"), ConnectorException("away"),
    DriverError("away"),
)  # fmt: skip


def failing(then: threading.Event) -> Any:
    """Fails once by each fault, and then no more."""
    left = iter(FAULTS)

    def do(**_: Any) -> list[str]:
        for fault in left:
            raise fault
        then.set()
        return ["127.0.0.1:8010"]

    return do


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (ProcessKind.WEB, "beat"), (ProcessKind.WEB, "measure"), (ProcessKind.WEB, "write_down"),
        (ProcessKind.WEB, "stand_in"), (ProcessKind.WORKER, "beat"), (ProcessKind.WORKER, "measure"),
    ],
)  # fmt: skip
def test_what_fails_at_one_beat_is_tried_again_at_the_next(
    monkeypatch: pytest.MonkeyPatch, kind: ProcessKind, part: str
) -> None:
    beaten, mended = threading.Event(), threading.Event()
    parts = {"beat": heart.processes, "measure": heart.counting, "write_down": heart.counting, "stand_in": heart.alerts}
    for name, module in {**parts, "leave": heart.processes, "tell_due": heart.alert_telling}.items():
        monkeypatch.setattr(module, name, lambda **_: [])
    monkeypatch.setattr(heart.processes, "beat", lambda **_: beaten.set())
    monkeypatch.setattr(parts[part], part, failing(mended))
    minutes = iter(range(10_000))
    monkeypatch.setattr(heart, "minute_of", lambda _: next(minutes))  # each look is in a minute of its own
    monkeypatch.setattr(heart, "LOOKED_AT_SECOND", 0)
    for each in ("BEAT_SECONDS", "OPENING_SECONDS"):
        monkeypatch.setattr(heart, each, 0.001)
    beats = Heart(kind).start()
    assert mended.wait(10)
    beaten.clear()
    assert part == "beat" or beaten.wait(10)
    monkeypatch.setattr(heart, "BEAT_SECONDS", 10)
    beats.stop()
    assert not beats._thread.is_alive()


def test_what_could_not_be_written_down_is_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    metering.take()
    metering.total("maristan_tried_total", 3)
    monkeypatch.setattr(heart.counting, "write_down", failing(threading.Event()))
    for _ in FAULTS:
        Heart._write_down()
    assert metering.take().totals == {("maristan_tried_total", ()): 3}


def test_mail_that_hangs_holds_up_no_beat_and_is_not_begun_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, held, beaten, looked = [], threading.Event(), threading.Semaphore(0), threading.Semaphore(0)

    def hangs(**_: Any) -> int:
        begun.append(threading.current_thread().name)
        held.wait(20)
        return 1

    def looks(**_: Any) -> bool:
        looked.release()
        return True

    monkeypatch.setattr(heart.processes, "beat", lambda **_: [beaten.release()])
    monkeypatch.setattr(heart.processes, "leave", lambda **_: None)
    for name in ("measure", "write_down"):
        monkeypatch.setattr(heart.counting, name, lambda **_: None)
    monkeypatch.setattr(heart.alerts, "stand_in", looks)
    monkeypatch.setattr(heart.alert_telling, "tell_due", hangs)
    minutes = iter(range(10_000))
    monkeypatch.setattr(heart, "minute_of", lambda _: next(minutes))
    monkeypatch.setattr(heart, "LOOKED_AT_SECOND", 0)
    for each in ("BEAT_SECONDS", "OPENING_SECONDS"):
        monkeypatch.setattr(heart, each, 0.001)
    beats = Heart(ProcessKind.WEB).start()
    for _ in range(5):
        assert beaten.acquire(timeout=10)
        assert looked.acquire(timeout=10)
    assert begun == ["telling"]
    monkeypatch.setattr(heart, "BEAT_SECONDS", 10)
    held.set()
    beats.stop()
    assert not beats._thread.is_alive()


def test_a_clock_that_is_set_back_stops_no_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(heart.counting, "write_down", lambda **_: done.append("written"))
    monkeypatch.setattr(heart.alerts, "stand_in", lambda **_: bool(done.append("looked")))
    with clock.stopped_at("2026-03-09T12:30:40+00:00"):
        beats = Heart(ProcessKind.WEB)
        beats._each_minute()
        assert done == []
    for at in ("12:31:40", "12:31:50", "12:11:40", "12:11:50", "12:12:40"):
        with clock.stopped_at(f"2026-03-09T{at}+00:00"):
            beats._each_minute()
    assert done == ["written", "looked"] * 3
