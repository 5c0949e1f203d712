"""Hooks: the programs by which operators start and stop processes here, and ask an engine for an image."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from maristan.operations.queries import shelf

SECONDS = 120
GONE = 3  # what `kept` ends with when the engine has no such image


class HookFault(Exception):
    """A hook did not say what it was asked for; it says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the engine has under the tag of a build: the digest of an image, or why there is none."""

    digest: str
    why: str = ""


def program(name: str) -> Path:
    """Where a hook of the target lies."""
    return shelf.hooks() / name


def ended(
    name: str, *, folder: Path | None = None, build_id: str, version: str = "", words: Sequence[str] = (),
    seconds: float = SECONDS,
) -> "subprocess.CompletedProcess[str]":  # fmt: skip
    """Call a hook with folder and build of a release, and with further words; raises `HookFault`."""
    place = str(folder or "")
    kept = {key: value for key, value in os.environ.items() if key not in ("MARISTAN_DB_OWNER", "MARISTAN_CHECK")}
    environment = {**kept, "RELEASE_FOLDER": place, "RELEASE_BUILD": build_id, "RELEASE_VERSION": version,
                   "MARISTAN_HOME": str(settings.HOME)}  # fmt: skip
    try:
        there = subprocess.Popen(  # noqa: S603 - a program of the operator, named by the settings
            [str(program(name)), place, build_id, *words], env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise HookFault(f"hook {name}: {error.strerror}") from None
    with there:
        try:
            out, err = there.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            end_group(there)  # also where it ended itself, and what it started holds on
            raise HookFault(f"hook {name} did not end within {seconds:g} s") from None
        finally:
            if there.poll() is None:
                end_group(there)
    return subprocess.CompletedProcess(there.args, there.returncode, out, err)


def end_group(there: "subprocess.Popen[str]") -> None:
    """End a hook with all that it started: the way back may ask for the opposite of what it is at."""
    with suppress(ProcessLookupError):
        os.killpg(there.pid, signal.SIGKILL)
    there.wait()


def fault(name: str, there: "subprocess.CompletedProcess[str]") -> str:
    """What a hook that failed said."""
    return f"hook {name} ended with {there.returncode}: {_last(there)}"


def _last(there: "subprocess.CompletedProcess[str]") -> str:
    return " / ".join((there.stderr or there.stdout).strip().splitlines()[-3:])


def kept(build_id: str) -> Kept:
    """What the engine has under the tag of a build; raises `HookFault` where it could not be asked."""
    there = ended("kept", build_id=build_id)
    if there.returncode == GONE:
        return Kept("", _last(there) or "no such image")
    digest = there.stdout.strip()
    if there.returncode or not digest:
        raise HookFault(fault("kept", there))
    return Kept(digest)
