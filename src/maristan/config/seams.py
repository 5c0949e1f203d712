"""What deploying makes of smoke tests."""

from collections.abc import Mapping, Sequence
from typing import Any

from maristan.config import smoke as steps
from maristan.operations.actions.deployments import StepFault


def smoke(base_url: str, *, is_quick: bool = False) -> str:
    """Run the smoke steps; gives how many passed. Raises `StepFault`, naming each that failed."""
    return judged(steps.run(base_url, is_quick=is_quick))


def judged(tried: Sequence[Mapping[str, Any]]) -> str:
    """What smoke steps say: none at all is no success."""
    failed = [f"{each['name']}: {each['evidence']}" for each in tried if not each["passed"]]
    if failed or not tried:
        raise StepFault("; ".join(failed) or "no step was run")
    return f"{len(tried)} steps passed"
