"""What a measurement finds: budgets of statements, and ratios of times taken side by side."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

REPEATS = 9


@dataclass
class Results:
    """What was found: budgets (statements) and ratios (times side by side)."""

    budgets: list[dict[str, Any]] = field(default_factory=list)
    ratios: list[dict[str, Any]] = field(default_factory=list)

    def budget(self, name: str, found: int, limit: int) -> None:
        """Statements of a request against its budget."""
        self.budgets.append({"name": name, "statements": found, "limit": limit, "held": found <= limit})

    def ratio(self, name: str, ours: float, theirs: float, target: float) -> None:
        """Seconds of one thing against another."""
        value = ours / theirs if theirs else float("inf")
        self.ratios.append(
            {"name": name, "ours_ms": ours * 1000, "beside_ms": theirs * 1000, "ratio": value, "target": target,
             "held": value <= target}
        )  # fmt: skip


def seconds(call: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The median time of a call, after one that warms up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
