"""Starts what a release serves with, starts again what dies, and stops it in order; a file says what is wanted."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from maristan.kernel import hosts

LOOK_EVERY = 0.2
MISCONFIGURED = 78
SOONEST, LATEST = 1.0, 30.0  # seconds until a process that died is started again
OPEN_WITHIN = 60.0  # seconds for those that take over to listen
LIVED = 60.0  # whoever lived so long is started again at once
Commands = Mapping[str, Callable[[], Sequence[Sequence[str]]]]


def named(pid: int) -> dict[str, Any]:
    """A process by number and start: the number alone is soon that of another."""
    return {"pid": pid, "begun": hosts.begun(pid)}


def lives(said: Mapping[str, Any]) -> bool:
    """Whether a process that was named lives."""
    with suppress(psutil.Error, OSError, KeyError, TypeError, ValueError):
        pid = int(said["pid"])
        return bool(hosts.begun(pid) == said["begun"] and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def is_open(pid: int) -> bool:
    """Whether something that a process started listens; what binds for a moment to try its port does not count."""
    with suppress(psutil.Error):
        for each in psutil.Process(pid).children(recursive=True):
            if any(link.status == psutil.CONN_LISTEN for link in each.net_connections(kind="tcp")):
                return True
    return False


class Busy(Exception):
    """Another supervisor works on this host; it says which."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a group of processes; a later `turn` means stop, then start when it is `on`."""

    on: bool = True
    turn: int = 0


@dataclass(slots=True)
class Child:
    """A process of a group; `pause` grows while it dies young."""

    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = SOONEST
    next_start: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Begin it in a session of its own, so that a terminal's Ctrl-C reaches the supervisor alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            list(self.command), env=dict(environment), start_new_session=True
        )

    def follow(self, environment: Mapping[str, str]) -> int | None:
        """Start it when it is due; gives what it ended with, once, when it ended by itself."""
        code = self.note_death() if self.process is not None and self.process.poll() is not None else None
        if self.process is None and code != MISCONFIGURED and time.monotonic() >= self.next_start:
            self.start(environment)
        return code

    def note_death(self) -> int:
        """What it ended with; decides when it is started again."""
        code = 0
        if self.process is not None:
            code = self.process.returncode
            with suppress(ProcessLookupError):  # what it had started itself may still hold its port
                os.killpg(self.process.pid, signal.SIGKILL)
        lived = time.monotonic() - self.started
        self.pause = SOONEST if lived > LIVED else min(LATEST, self.pause * 2)
        self.next_start = time.monotonic() + (0.0 if lived > LIVED else self.pause)
        self.process = None
        return code


def end_gently(living: Sequence["subprocess.Popen[bytes]"], *, grace: float) -> None:
    """Ask processes to end, wait so many seconds for what they have in hand, then insist."""
    for process in living:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for process in living:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass(slots=True)
class Files:
    """Where the supervisor of this host says who it is, and reads what is wanted."""

    folder: Path
    host: str = field(default_factory=socket.gethostname)

    @property
    def pid(self) -> Path:
        return self.folder / f"{self.host}.pid"

    @property
    def state(self) -> Path:
        return self.folder / f"{self.host}.state"

    @property
    def wanted(self) -> Path:
        return self.folder / f"{self.host}.wanted"

    def read(self, file: Path) -> dict[str, Any]:
        """What a file says; nothing where there is none."""
        with suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return found
        return {}

    def write(self, file: Path, said: Mapping[str, Any]) -> None:
        """Replace a file; a reader sees all of it or none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.{os.getpid()}")
        beside.write_text(json.dumps(said), encoding="utf-8")
        beside.replace(file)

    def owner(self) -> dict[str, Any] | None:
        """Host, pid and start of the supervisor that lives; none when the file is that of a dead one."""
        said = self.read(self.pid)
        return said if said and lives(said) else None

    def orphans(self) -> list[int]:
        """What a supervisor that is gone had started and still lives."""
        return [each["pid"] for said in self.read(self.state).values() for each in said["processes"] if lives(each)]

    def wish(self, group: str) -> Wish:
        """What is wanted of a group."""
        said = self.read(self.wanted).get(group)
        return Wish(**said) if said else Wish()

    def ask(self, group: str, *, on: bool) -> Wish:
        """Want a group stopped, or stopped and started anew."""
        said = self.read(self.wanted)
        wish = Wish(on, int(said.get(group, {}).get("turn", 0)) + 1)
        self.write(self.wanted, {**said, group: asdict(wish)})
        return wish

    def is_done(self, group: str, wish: Wish) -> bool:
        """Whether the supervisor did what was asked."""
        said = self.read(self.state).get(group, {})
        return said.get("turn") == wish.turn and bool(said.get("on")) == wish.on

    def has_failed(self, group: str, wish: Wish) -> bool:
        """Whether the supervisor tried what was asked in vain, and left what there was."""
        return bool(self.read(self.state).get(group, {}).get("failed") == wish.turn)


class Supervisor:
    """Runs groups of processes until it is told to end; those of `overlapping` share their port while they change."""

    def __init__(
        self, files: Files, commands: Commands, *, environment: Mapping[str, str], grace: float,
        before_stop: Callable[[str], None] = lambda group: None, say: Callable[[str], None] = print,
        overlapping: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.overlapping = overlapping
        self.files, self.commands, self.environment = files, commands, environment
        self.grace, self.before_stop, self.say = grace, before_stop, say
        self.children: dict[str, list[Child]] = {group: [] for group in commands}
        self.done: dict[str, Wish] = {}
        self.failed: dict[str, Wish] = {}
        self.is_ending = False

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; gives the exit code. Raises `Busy`."""
        self.files.folder.mkdir(parents=True, exist_ok=True)
        with (self.files.folder / f"{self.files.host}.lock").open("w") as lock:
            self._own(lock)
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, self._end)
            try:
                return self._loop()
            finally:
                for group in reversed([*self.children]):
                    self._stop(group)
                for file in (self.files.state, self.files.wanted, self.files.pid):
                    file.unlink(missing_ok=True)

    def _own(self, lock: Any) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said = self.files.owner() or {}
            raise Busy(f"maristan up on {self.files.host}, pid {said.get('pid', 'unknown')}") from None
        # The lock was that of a dead process, or of nobody: its files say nothing any more but what it left running.
        for pid in self.files.orphans():
            self.say(f"ending {pid}, which a supervisor left that is gone")
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        for file in (self.files.state, self.files.wanted):
            file.unlink(missing_ok=True)
        self.files.write(self.files.pid, {"host": self.files.host, **named(os.getpid())})

    def _end(self, *_given: Any) -> None:
        self.is_ending = True

    def _loop(self) -> int:
        while not self.is_ending:
            for group in self.children:
                self._follow(group)
                for child in self.children[group]:
                    if self._is_misconfigured(group, child):
                        return MISCONFIGURED
            time.sleep(LOOK_EVERY)
        return 0

    def _follow(self, group: str) -> None:
        wish = self.files.wish(group)
        if wish in (self.done.get(group), self.failed.get(group)):
            return
        former = self.children[group] if wish.on and group in self.overlapping else []
        if not former:
            self._stop(group)
        if wish.on:
            later = [Child(each) for each in self.commands[group]()]
            for child in later:
                child.start(self.environment)
            self.children[group] = [*former, *later]
            if former and not self._hand_over(group, former, later):
                self.failed[group] = wish  # not tried again until it is asked again
                self._tell()
                return
        self.done[group] = wish
        self._tell()

    def _hand_over(self, group: str, former: list[Child], later: list[Child]) -> bool:
        """Both take requests until those that take over do; then the former finish what they have in hand.

        False where they never do: the former go on.
        """
        self._tell()
        deadline = time.monotonic() + OPEN_WITHIN
        while not all(each.process and is_open(each.process.pid) for each in later):
            is_dead = any(each.process is None or each.process.poll() is not None for each in later)
            if is_dead or self.is_ending or time.monotonic() > deadline:
                self.say(f"{group}: those that were to take over do not listen; the former go on")
                self._end_all(later)
                self.children[group] = former
                return False
            time.sleep(LOOK_EVERY)
        self._end_all(former)
        self.children[group] = later
        return True

    def _end_all(self, given: Sequence[Child]) -> None:
        """Ask each that lives to end, wait for what it has in hand, then insist."""
        end_gently([each.process for each in given if each.process and each.process.poll() is None], grace=self.grace)

    def _is_misconfigured(self, group: str, child: Child) -> bool:
        """Start again what died; true when it says that its configuration cannot be used."""
        former = child.process
        code = child.follow(self.environment)
        if code is not None:
            self.say(f"{group}: {' '.join(child.command[-3:])} ended with {code}")
        if child.process is not None and child.process is not former:
            self._tell()
        return code == MISCONFIGURED

    def _stop(self, group: str) -> None:
        """End a group, which is told before where any of it lives."""
        if any(each.process and each.process.poll() is None for each in self.children[group]):
            self.before_stop(group)
        self._end_all(self.children[group])
        self.children[group] = []

    def _tell(self) -> None:
        said = {}
        for group, wish in self.done.items():
            living = [each.process.pid for each in self.children[group] if each.process]
            failed = self.failed[group].turn if group in self.failed else None
            said[group] = {**asdict(wish), "failed": failed, "processes": [named(each) for each in living]}
        self.files.write(self.files.state, said)
