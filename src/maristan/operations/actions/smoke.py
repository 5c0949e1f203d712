"""What a smoke test found is kept as a line of the platform chain."""

from collections.abc import Mapping, Sequence
from typing import Any

from maristan.kernel import tenancy
from maristan.kernel.access import Actor
from maristan.operations.actions import chain
from maristan.operations.rules.states import SMOKE_RUN


def keep(
    *, steps: Sequence[Mapping[str, Any]], institution: int | None, base_url: str, seconds: float, by: Actor
) -> None:
    """Note how many steps passed and which did not."""
    failed = [str(each["name"]) for each in steps if not each["passed"]]
    changes = {
        "base_url": base_url, "steps": len(steps), "failed": failed, "institution": institution,
        "seconds": round(seconds, 1),
    }  # fmt: skip
    with tenancy.acting_in(None):
        chain.record(kind=SMOKE_RUN, subject=("smoke", institution or 0), by=by, changes=changes)
