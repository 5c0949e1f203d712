"""Asks the running `maristan up` to stop a group of processes or to start it anew; needs neither database nor settings,
so that a deployment's hooks take no longer than the processes do."""

import sys
import time
from collections.abc import Callable
from typing import Any

from maristan.config import environment, supervisor

GROUPS = ("web", "workers")
PATIENCE = 115.0  # seconds; a hook has 120
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
