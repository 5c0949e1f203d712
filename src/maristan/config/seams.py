"""Where deploying asks for smoke tests and integrity checks; what is not there is said to be not checked."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from maristan.operations.actions.deployments import NotChecked, StepFault

SMOKE = "maristan.config.smoke"


def smoke(base_url: str) -> str:
    """Run the smoke steps; gives how many passed. Raises `NotChecked` and, naming each that failed, `StepFault`."""
    if find_spec(SMOKE) is None:
        raise NotChecked("not checked: this build has no smoke tests")
    return judged(import_module(SMOKE).run(base_url))


def judged(steps: Sequence[Mapping[str, Any]]) -> str:
    """What smoke steps say: none at all is no success."""
    failed = [f"{each['name']}: {each['evidence']}" for each in steps if not each["passed"]]
    if failed or not steps:
        raise StepFault("; ".join(failed) or "no step was run")
    return f"{len(steps)} steps passed"
