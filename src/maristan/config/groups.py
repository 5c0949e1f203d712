"""Asks the running `maristan up` to stop a group of processes or to start it anew; needs neither database nor settings,
so that a deployment's hooks take no longer than the processes do."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from maristan.config import environment, supervisor

GROUPS = ("web", "workers")
PATIENCE = 115.0  # seconds; a hook has 120
STANDS_WITHIN = 90.0  # seconds, so that what does not stand can be ended within those of a hook
LIVES_FOR = 10.0  # seconds after which a process is taken for one that works
CANNOT_RUN, FAILED = 2, 5


def files() -> supervisor.Files:
    """Those of this host."""
    return supervisor.Files(environment.home() / "var" / "up")


def is_soon(holds: Callable[[], Any]) -> bool:
    """Whether something comes to pass in time."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def fault_of(made: "subprocess.Popen[bytes]", there: supervisor.Files) -> str:
    """Wait until what a supervisor began stands: every process lives for a while, and the web server listens.

    Gives what does not; empty when all of it does. What a dead supervisor left on the disk says nothing of this one.
    """
    first: dict[str, Any] = {}
    end, since = time.monotonic() + STANDS_WITHIN, 0.0
    while time.monotonic() < end:
        if made.poll() is not None:
            return f"it ended with {made.returncode}"
        said = there.read(there.state) if (there.owner() or {}).get("pid") == made.pid else {}
        if len(said) == len(GROUPS):
            first, since = first or said, since or time.monotonic()
            for group in GROUPS:
                if said[group] != first[group] or not all(map(supervisor.lives, first[group]["processes"])):
                    return f"{group} ended at once"
            is_heard = all(supervisor.is_open(each["pid"]) for each in first["web"]["processes"])
            if is_heard and time.monotonic() - since > LIVES_FOR:
                return ""
        time.sleep(0.1)
    return f"it does not listen after {STANDS_WITHIN:.0f} s" if first else "it did not start"


def ask(group: str, *, on: bool) -> tuple[int, str]:
    """Ask and wait; gives the exit code and what is to be said."""
    there, word = files(), "started" if on else "stopped"
    if there.owner() is None:
        return (CANNOT_RUN, "nothing runs on this host; start it with: maristan up") if on else (0, "nothing runs here")
    wish = there.ask(group, on=on)
    if not is_soon(lambda: there.is_done(group, wish) or there.has_failed(group, wish)):
        return FAILED, f"{group} not {word} within {PATIENCE:.0f} s"
    if there.has_failed(group, wish):
        return FAILED, f"{group} not {word}: the new ones ended or did not listen; the former go on"
    return 0, f"{group} {word}"


def main(command: str, group: str) -> None:
    """`maristan up GROUP` and `maristan down GROUP`."""
    code, said = ask(group, on=command == "up")
    print(said, file=sys.stderr if code else sys.stdout)
    sys.exit(code)
