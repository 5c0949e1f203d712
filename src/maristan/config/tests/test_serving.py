"""The web server and a worker under one process: both, or none where a port is taken; what ends is started again."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from maristan.config import serving, supervisor
from maristan.config.management.commands import serve
from maristan.config.tests.programs import free_port, until


@pytest.fixture
def signals() -> Iterator[None]:
    """What signals mean to the tests is what they meant before."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield
    for each, former in before.items():
        signal.signal(each, former)


def test_a_port_that_is_taken_is_refused_before_anything_starts(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.WEB_BIND = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CommandError, match="Something answers on 127") as refused:
            call_command("serve")
        assert refused.value.returncode == 2


def test_an_address_of_ipv6_loses_its_brackets_where_a_host_is_wanted(settings: Any) -> None:
    settings.WEB_BIND = "[::1]:8010"
    words = serving.web()
    assert words[words.index("--host") :][:4] == ["--host", "::1", "--port", "8010"]


def test_what_ends_is_started_again_and_the_other_goes_on(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any, signals: None
) -> None:
    """As when a restore cuts off the worker: it says each time it begins, and dies twice."""
    lives, web = tmp_path / "lives", tmp_path / "web"
    worker = f'echo >> {lives}; [ "$(wc -l < {lives})" -gt 2 ] || exit 1; exec sleep 60'
    (tmp_path / "python").write_text(f"#!/bin/sh\n{worker}\n")
    (tmp_path / "python").chmod(0o700)
    settings.WEB_BIND = f"127.0.0.1:{free_port()}"
    monkeypatch.setattr(serving, "web", lambda: ["/bin/sh", "-c", f"echo >> {web}; exec sleep 60"])
    monkeypatch.setattr(serve.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(supervisor, "LATEST", 0.05)

    def end() -> None:
        try:
            until(lambda: lives.exists() and lives.read_text().count("\n") > 2, seconds=60, what="a third life")
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    ending = threading.Thread(target=end)
    ending.start()
    call_command("serve")
    ending.join()
    said = capsys.readouterr()
    assert (lives.read_text().count("\n"), web.read_text().count("\n")) == (3, 1)
    assert said.err.count("ended with 1; it is started again") == 2
    assert said.out == "stopping\n"  # nothing listened, so no address was told


def test_the_address_is_told_once_and_not_before_something_listens(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any, signals: None
) -> None:
    port, may_listen, listens = free_port(), tmp_path / "may", tmp_path / "listens"
    settings.WEB_BIND = f"127.0.0.1:{port}"
    server = (
        "import pathlib, socket, time\n"
        f"while not pathlib.Path({str(may_listen)!r}).exists(): time.sleep(0.05)\n"
        f"there = socket.create_server(('127.0.0.1', {port}))\n"
        f"pathlib.Path({str(listens)!r}).touch()\ntime.sleep(60)"
    )
    web = ["/bin/sh", "-c", f'"{sys.executable}" -c "{server}"; exit 0']
    monkeypatch.setattr(serving, "web", lambda: web)
    (tmp_path / "python").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "python").chmod(0o700)
    monkeypatch.setattr(serve.sys, "executable", str(tmp_path / "python"))
    looks: list[bool] = []
    look = supervisor.is_open
    monkeypatch.setattr(supervisor, "is_open", lambda pid: looks.append(look(pid)) or looks[-1])

    def end() -> None:
        try:
            until(lambda: len(looks) > 2, seconds=60, what="three looks")
            may_listen.touch()
            until(lambda: listens.exists() and looks[-1], seconds=60, what="somebody who listens")
            time.sleep(3 * supervisor.LOOK_EVERY)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    ending = threading.Thread(target=end)
    ending.start()
    call_command("serve")
    ending.join()
    assert (looks.count(True), looks.index(True) > 1) == (1, True)
    assert capsys.readouterr().out == f"\n  Maristan answers on http://127.0.0.1:{port}/\nstopping\n"


def test_what_cannot_use_its_configuration_ends_both(
    settings: Any, monkeypatch: pytest.MonkeyPatch, signals: None
) -> None:
    settings.WEB_BIND = f"127.0.0.1:{free_port()}"
    monkeypatch.setattr(serving, "web", lambda: ["/bin/sh", "-c", "exit 78"])
    monkeypatch.setattr(serve.sys, "executable", "/bin/true")
    with pytest.raises(SystemExit) as ended:
        call_command("serve")
    assert ended.value.code == 78
