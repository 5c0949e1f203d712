"""What a measurement finds: budgets of statements, and ratios of times taken side by side."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings

from bench.data import Built
from maristan.kernel.tests.client import Client

REPEATS = 9


@dataclass
class Results:
    """What was found: budgets (statements), ratios (times side by side), rates (of work done in a second)."""

    budgets: list[dict[str, Any]] = field(default_factory=list)
    ratios: list[dict[str, Any]] = field(default_factory=list)
    rates: list[dict[str, Any]] = field(default_factory=list)
    not_measured: dict[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when every budget and every ratio that was measured holds, else 1."""
        return 0 if all(each["held"] for each in (*self.budgets, *self.ratios, *self.rates)) else 1

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

    def rate(self, name: str, ours: float, theirs: float, target: float) -> None:
        """Work done in a second by one thing against another, of which it has to reach a share at least."""
        value = ours / theirs if theirs else 0.0
        self.rates.append(
            {"name": name, "ours_per_s": ours, "beside_per_s": theirs, "ratio": value, "target": target,
             "held": value >= target}
        )  # fmt: skip

    def leave_out(self, name: str, why: str) -> None:
        """Say what is not measured here; it neither holds nor fails."""
        self.not_measured[name] = why


class Signed(Client):
    """The administrator of a built institution."""

    def __init__(self, built: Built) -> None:
        super().__init__(None)
        self.django.force_login(built.admin, backend="django.contrib.auth.backends.ModelBackend")


def seconds(call: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The median time of a call, after one that warms up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def side_by_side(one: Callable[[], Any], other: Callable[[], Any], rounds: int = 41) -> tuple[float, float]:
    """The medians of two calls that take turns, after one of each that warms up."""
    times: tuple[list[float], list[float]] = ([], [])
    one(), other()
    for _ in range(rounds):
        for call, kept in zip((one, other), times, strict=True):
            start = time.perf_counter()
            call()
            kept.append(time.perf_counter() - start)
    return sorted(times[0])[rounds // 2], sorted(times[1])[rounds // 2]


def report(results: Results, name: str) -> None:
    """Print the tables and write them into `var`."""
    print("\nstatements (budget)")
    for each in results.budgets:
        print(f"  {'ok  ' if each['held'] else 'OVER'} {each['name']:<48} {each['statements']:>4} of {each['limit']}")
    print("\nratios (target)")
    for each in results.ratios:
        times = f"{each['ours_ms']:>9.1f} ms / {each['beside_ms']:>9.1f} ms"
        shown = f"{times} = {each['ratio']:>6.2f}  (at most {each['target']})"
        print(f"  {'ok  ' if each['held'] else 'OVER'} {each['name']:<48} {shown}")
    for each in results.rates:
        rates = f"{each['ours_per_s']:>10.1f} /s / {each['beside_per_s']:>10.1f} /s"
        shown = f"{rates} = {each['ratio']:>6.2f}  (at least {each['target']})"
        print(f"  {'ok  ' if each['held'] else 'LESS'} {each['name']:<48} {shown}")
    for missing, why in results.not_measured.items():
        print(f"  --   {missing:<48} not measured: {why}")
    file = settings.VAR / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(results), indent=1), encoding="utf-8")
    print(f"\nwritten to {file}")
