"""What a machine says of its processes, and that what it does not show is nothing rather than a fault."""

import os
import socket
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from maristan.kernel import clock
from maristan.operations.queries import machine

NOBODY = 2**31 - 1  # more than any number that a process has


def at(ip: str, port: int, status: str = psutil.CONN_LISTEN) -> Any:
    return SimpleNamespace(laddr=SimpleNamespace(ip=ip, port=port), status=status)


class Process:
    """One with these connections, or none that are shown to us."""

    def __init__(self, connections: list[Any] | None, parent: "Process | None" = None) -> None:
        self.connections, self.above = connections, parent

    def net_connections(self, kind: str) -> list[Any]:
        """Those of the kind that is asked for."""
        if self.connections is None:
            raise psutil.AccessDenied
        return self.connections if kind == "tcp" else []

    def parent(self) -> "Process | None":
        """Who began it."""
        return self.above


WEB = [at("::1", 8010), at("127.0.0.1", 8010), at("127.0.0.1", 8010), at("10.0.0.7", 5432, psutil.CONN_ESTABLISHED)]
SAID = ["127.0.0.1:8010", "[::1]:8010"]


@pytest.mark.parametrize(
    ("process", "said"),
    [
        (Process(WEB), SAID), (Process([], Process(WEB)), SAID), (Process(None, Process(WEB)), SAID),
        (Process(WEB, Process([at("0.0.0.0", 80)])), SAID), (Process([]), []), (Process(None, Process(None)), []),
    ],
)  # fmt: skip
def test_a_process_listens_where_it_or_whoever_began_it_does(process: Any, said: list[str]) -> None:
    assert machine.listening(process) == said


def test_a_host_that_shows_nobody_who_listens_is_asked_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "net_connections", Process(WEB).net_connections)
    assert machine.all_listening() == SAID
    monkeypatch.setattr(psutil, "net_connections", Process(None).net_connections)
    assert machine.all_listening() == []


def test_a_process_is_there_by_its_number_and_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, now = machine.started_at(os.getpid()), clock.now()
    assert machine.is_there(os.getpid(), now)
    assert not machine.is_there(os.getpid(), mine - timedelta(seconds=2))  # its number was given again
    assert not machine.is_there(NOBODY, now)
    monkeypatch.setattr(psutil.Process, "status", lambda _: psutil.STATUS_ZOMBIE)
    assert not machine.is_there(os.getpid(), now)


def test_a_clock_that_is_set_later_gives_no_process_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, began = machine.started_at(os.getpid()), psutil.Process().create_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda _: began + 3600)
    assert machine.started_at(os.getpid()) == mine
    assert machine.is_there(os.getpid(), clock.now() + timedelta(hours=1))  # seen since the clock was set


def test_the_server_of_the_framework_is_known_by_its_words_on_this_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    here = socket.gethostname()
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _: ["python", "manage.py", "runserver"])
    assert machine.is_debug_server(here, os.getpid())
    assert not machine.is_debug_server(f"not-{here}", os.getpid())
    assert not machine.is_debug_server(here, NOBODY)
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _: ["maristan", "serve"])
    assert not machine.is_debug_server(here, os.getpid())
