"""What this process counts and measures, in memory until the heart beat writes it down: additions alone."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from maristan.kernel import clock

log = logging.getLogger("maristan.database")
STATEMENT_AT_MOST = 300
Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Counted:
    """Counts by (minute, name) for graphs and alerts, and totals by (name, labels) for Prometheus."""

    samples: dict[tuple[datetime, str], float] = field(default_factory=lambda: defaultdict(float))
    totals: dict[tuple[str, Labels], float] = field(default_factory=lambda: defaultdict(float))

    def __bool__(self) -> bool:
        return bool(self.samples or self.totals)


_now = Counted()
_turn = threading.Lock()


def sample(**amounts: float) -> None:
    """Add to what was counted in the present minute."""
    minute = clock.now().replace(second=0, microsecond=0)
    with _turn:
        for name, amount in amounts.items():
            _now.samples[minute, name] += amount


def total(name: str, amount: float = 1, labels: Mapping[str, str] | None = None) -> None:
    """Add to a total; labels come from the code and its tables, never from what somebody sent."""
    with _turn:
        _now.totals[name, tuple(sorted((labels or {}).items()))] += amount


def take() -> Counted:
    """Everything counted since the last time."""
    global _now
    with _turn:
        taken, _now = _now, Counted()
    return taken


def give_back(counted: Counted) -> None:
    """Count what could not be written down once more."""
    with _turn:
        for sampled, amount in counted.samples.items():
            _now.samples[sampled] += amount
        for named, amount in counted.totals.items():
            _now.totals[named] += amount


def written(labels: Labels) -> str:
    """Labels as Prometheus writes them."""
    escaped = ((name, value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")) for name, value in labels)
    return ",".join(f'{name}="{value}"' for name, value in escaped)


@dataclass(slots=True)
class Meter:
    """Counts the statements of one request or job, and names the slow ones; use as a wrapper of the connection."""

    queries: int = 0
    seconds: float = 0.0
    slow: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Execute one statement."""
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            self.queries += 1
            self.seconds += took
            if took * 1000 > settings.SLOW_QUERY_MS:
                self.slow += 1
                figures = {"duration_ms": round(took * 1000, 1), "statement": str(sql)[:STATEMENT_AT_MOST]}
                log.warning("slow_query", extra=figures)
