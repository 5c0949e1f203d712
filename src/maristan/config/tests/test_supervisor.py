"""`maristan up`: what dies is started again, what is asked is done in turn, and two never run on one host."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from maristan.config import groups, serving, supervisor
from maristan.config.documents import ROOT
from maristan.config.management.commands import up
from maristan.config.tests import programs
from maristan.operations.tests.made_sets import ended

LIVES = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(0)); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('x', flush=True); time.sleep(60)"
SERVES = """
import os, signal, socket, sys, time
child = os.fork()
if child:
    signal.signal(15, lambda *_: (os.kill(child, 9), sys.exit(0)))
    time.sleep(60)
time.sleep(0.5)
door = socket.socket()
door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
door.bind(("127.0.0.1", {port}))
door.listen()
while True:
    door.accept()[0].close()
"""
HERE = """
import os
import sys
from pathlib import Path
from maristan.config import supervisor
supervisor.SOONEST, supervisor.OPEN_WITHIN = 0.05, 6.0
folder, *scripts = sys.argv[1:]
commands = {name: lambda code=code: [[sys.executable, "-c", code]] for name, code in zip(("web", "workers"), scripts)}
here = supervisor.Supervisor(
    supervisor.Files(Path(folder), host="h"), commands, environment={}, grace=1.0,
    before_stop=lambda group: print("drained", group, flush=True), overlapping=os.environ["SHARED"].split(),
)
try:
    sys.exit(here.run())
except supervisor.Busy as busy:
    print(busy)
    sys.exit(4)
"""


class Rig:
    """Supervisors of small scripts over one folder."""

    def __init__(self, folder: Path) -> None:
        self.files = supervisor.Files(folder, host="h")
        self.started: list[subprocess.Popen[str]] = []

    def up(self, *scripts: str, shared: str = "") -> "subprocess.Popen[str]":
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SHARED": shared}
        made = subprocess.Popen(
            [sys.executable, "-c", HERE, str(self.files.folder), *scripts], env=environment, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        self.started.append(made)
        return made

    def pids(self, group: str) -> list[int]:
        said = self.files.read(self.files.state).get(group, {})
        return [each["pid"] for each in said.get("processes", [])]

    def asked(self, group: str, *, on: bool) -> None:
        assert groups.ask(group, on=on) == (0, f"{group} {'started' if on else 'stopped'}")


def until(holds: Any) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made = Rig(tmp_path)
    monkeypatch.setattr(groups, "files", lambda: made.files)
    yield made
    for each in made.started:
        if each.poll() is None:
            each.send_signal(signal.SIGTERM)
            each.wait(timeout=20)
        if each.stdout:
            each.stdout.close()


def test_what_dies_is_started_again_and_groups_are_started_anew_when_asked(rig: Rig) -> None:
    here = rig.up(LIVES, LIVES)
    until(lambda: rig.pids("web") and rig.pids("workers"))
    (web,), (worker,) = rig.pids("web"), rig.pids("workers")
    os.kill(worker, signal.SIGKILL)
    until(lambda: rig.pids("workers") not in ([], [worker]))
    assert rig.pids("web") == [web]
    rig.asked("workers", on=False)
    assert rig.pids("workers") == []
    rig.asked("web", on=True)
    assert (lives(web), rig.pids("web") != [web]) == (False, True)
    rig.asked("workers", on=True)
    (web,), (worker,) = rig.pids("web"), rig.pids("workers")
    other = rig.up(LIVES, LIVES)
    assert (other.wait(timeout=20), str(here.pid) in other.stdout.read()) == (4, True)
    assert rig.pids("web") == [web]
    here.send_signal(signal.SIGTERM)
    assert here.wait(timeout=20) == 0
    assert here.stdout.read().split("\n")[-3:-1] == ["drained workers", "drained web"]
    assert [lives(web), lives(worker), rig.files.owner()] == [False, False, None]
    assert groups.ask("web", on=False) == (0, "nothing runs here")
    assert groups.ask("web", on=True)[0] == 2


def test_what_a_dead_supervisor_left_is_ended_and_so_is_who_does_not_end(rig: Rig) -> None:
    first = rig.up(STUBBORN)
    until(lambda: rig.pids("web"))
    (orphan,) = rig.pids("web")
    first.kill()
    first.wait()
    assert rig.files.owner() is None
    again = rig.up(STUBBORN)
    until(lambda: rig.files.owner() is not None and rig.pids("web") not in ([], [orphan]))
    assert (rig.files.owner()["pid"], lives(orphan)) == (again.pid, False)
    (web,) = rig.pids("web")
    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=20) == 0
    assert not lives(web)


def test_those_that_share_a_port_are_open_before_the_former_close(rig: Rig) -> None:
    port = programs.free_port()
    here = rig.up(SERVES.format(port=port), LIVES, shared="web")
    until(lambda: programs.answers(port))
    (former,), refused, done = rig.pids("web"), [], threading.Event()

    def knock() -> None:
        while not done.is_set():
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
            except ConnectionRefusedError as closed:
                refused.append(closed)

    visitor = threading.Thread(target=knock)
    visitor.start()
    rig.asked("web", on=True)
    done.set()
    visitor.join()
    (later,) = rig.pids("web")
    assert (lives(former), lives(later), refused) == (False, True, [])
    assert programs.answers(port)
    here.send_signal(signal.SIGTERM)
    assert here.wait(timeout=20) == 0
    assert here.stdout.read().count("drained web") == 1  # at the end alone: until then the host never stopped serving


@pytest.mark.parametrize("fails", ["raise SystemExit(1)", "time.sleep(60)"])
def test_those_that_share_a_port_stay_where_their_successors_never_listen(fails: str, rig: Rig, tmp_path: Path) -> None:
    port, broken = programs.free_port(), tmp_path / "broken"
    script = f"import time\nfrom pathlib import Path\nif Path({str(broken)!r}).exists(): {fails}\n"
    here = rig.up(script + SERVES.format(port=port), LIVES, shared="web")
    until(lambda: programs.answers(port))
    (former,) = rig.pids("web")
    broken.touch()
    assert groups.ask("web", on=True) == (
        5, "web not started: the new ones ended or did not listen; the former go on",
    )  # fmt: skip
    assert (lives(former), rig.pids("web"), programs.answers(port)) == (True, [former], True)
    broken.unlink()
    rig.asked("web", on=True)
    assert (lives(former), programs.answers(port)) == (False, True)
    here.send_signal(signal.SIGTERM)
    assert here.wait(timeout=20) == 0


@pytest.fixture
def detached(rig: Rig, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """What `maristan up --detach` starts where a supervisor was killed before, given what its two groups run."""
    settings.VAR, settings.WEB_BIND = rig.files.folder, f"127.0.0.1:{programs.free_port()}"
    for name, value in (("PYTHONPATH", str(ROOT / "src")), ("SHARED", "web")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(up, "files", lambda: rig.files)
    monkeypatch.setattr(groups, "LIVES_FOR", 0.5)
    gone = {"pid": 2**22 + 1, "begun": "another boot:1"}
    rig.files.write(rig.files.pid, {"host": "h", **gone})
    rig.files.write(rig.files.state, {each: {"on": True, "turn": 0, "processes": [gone]} for each in groups.GROUPS})
    start = subprocess.Popen

    def kept(*given: Any, **named: Any) -> "subprocess.Popen[str]":
        rig.started.append(start(*given, **named))
        return rig.started[-1]

    monkeypatch.setattr(subprocess, "Popen", kept)

    def of(web: str, workers: str) -> None:
        words = [sys.executable, "-c", HERE, str(rig.files.folder), web, workers]
        monkeypatch.setattr(serving, "maristan", lambda: words)

    return of


def test_what_goes_on_in_the_background_stands_when_that_is_said(rig: Rig, detached: Any, capsys: Any) -> None:
    port = programs.free_port()
    detached(SERVES.format(port=port), LIVES)
    code, said = ended(["up", "--detach"], capsys)
    owner = rig.files.owner()
    assert (code, said.split(";")[0]) == (0, f"up, pid {owner['pid']}")
    assert (len(rig.pids("web")), len(rig.pids("workers")), programs.answers(port)) == (1, 1, True)
    assert groups.ask("workers", on=True) == (0, "workers started")


@pytest.mark.parametrize("group", groups.GROUPS)
def test_where_a_group_ends_at_once_nothing_is_left_running(
    group: str, rig: Rig, detached: Any, tmp_path: Path, capsys: Any
) -> None:
    port, pids = programs.free_port(), tmp_path / "pids"
    noted = f"import os\nwith open({str(pids)!r}, 'a') as out: print(os.getpid(), file=out)\n"
    sound = {"web": SERVES.format(port=port), "workers": LIVES}
    detached(*(noted + {**sound, group: "raise SystemExit(1)"}[each] for each in groups.GROUPS))
    code, said = ended(["up", "--detach"], capsys)
    assert (code, said.split(";")[0]) == (5, f"{group} ended at once, and nothing runs")
    assert [each for each in pids.read_text().split() if lives(int(each))] == []
    assert (rig.files.owner(), programs.answers(port)) == (None, False)


def test_where_another_listens_nothing_is_started(rig: Rig, detached: Any, settings: Any, capsys: Any) -> None:
    detached("raise SystemExit(1)", LIVES)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.WEB_BIND = f"127.0.0.1:{taken.getsockname()[1]}"
        code, said = ended(["up", "--detach"], capsys)
    assert (code, said) == (2, f"another program listens on {settings.WEB_BIND}; nothing was started\n")
    assert (rig.files.owner(), (rig.files.folder / "h.lock").exists()) == (None, False)


def test_a_configuration_that_cannot_be_used_is_not_tried_again(rig: Rig) -> None:
    here = rig.up(LIVES, "raise SystemExit(78)")
    until(lambda: here.poll() is not None)
    assert here.returncode == 78
    assert "workers" in here.stdout.read()


def test_a_clock_that_is_set_makes_nobody_another(monkeypatch: pytest.MonkeyPatch) -> None:
    said = supervisor.named(os.getpid())
    began = psutil.Process().create_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda _: began + 3600)
    assert supervisor.lives(said)
    assert not supervisor.lives({**said, "pid": 2**22 + 1})


def test_the_file_of_another_process_of_the_same_number_names_nobody(tmp_path: Path) -> None:
    files = supervisor.Files(tmp_path, host="h")
    files.write(files.pid, {"host": "h", "pid": os.getpid(), "begun": "another boot:1"})
    assert files.owner() is None
    files.pid.write_text("no json")
    assert files.owner() is None
    assert json.loads(json.dumps(files.read(files.pid))) == {}
