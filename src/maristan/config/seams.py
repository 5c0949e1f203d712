"""What deploying makes of smoke tests."""

import time
from collections.abc import Callable, Mapping, Sequence
from subprocess import CompletedProcess
from textwrap import shorten
from typing import Any

from maristan.config import smoke as steps
from maristan.operations.actions.deployments import StepFault
from maristan.operations.management.answers import Exit
from maristan.operations.rules.sets import Busy

PATIENCE, EVERY = 600.0, 5.0  # seconds for the smoke test of somebody else to end: no run lasts as long
NAMED, LONGEST = 3, 160  # failed steps that a run names, and characters of each


def smoke(base_url: str, *, is_quick: bool = False) -> str:
    """Run the smoke steps, after those of somebody else; gives their number. Raises `StepFault`, naming faults."""
    try:
        return judged(steps.run(base_url, is_quick=is_quick, patience=PATIENCE))
    except Busy as other:
        raise StepFault(f"another smoke test did not end: {other}") from None


def after_others(run: Callable[[], "CompletedProcess[str]"]) -> "CompletedProcess[str]":
    """A smoke test that another build runs, once that of somebody else has ended."""
    end = time.monotonic() + PATIENCE
    while (ended := run()).returncode == Exit.BUSY and time.monotonic() < end:
        time.sleep(EVERY)
    return ended


def judged(tried: Sequence[Mapping[str, Any]]) -> str:
    """What smoke steps say: none at all is no success; of those that failed the first are named."""
    failed = [f"{each['name']}: {each['evidence']}" for each in tried if not each["passed"]]
    if not tried:
        raise StepFault("no step was run")
    if failed:
        named = [shorten(each, LONGEST, placeholder=" …") for each in failed[:NAMED]]
        more = [f"and {len(failed) - NAMED} more, which the journal names"] if len(failed) > NAMED else []
        raise StepFault(f"{len(failed)} of {len(tried)} steps failed: {'; '.join([*named, *more])}")
    known = [f"; {each['name']}: {each['evidence']}" for each in tried if steps.NOTHING_NEW in each["evidence"]]
    return f"{len(tried)} steps, none failed{''.join(known)}"
