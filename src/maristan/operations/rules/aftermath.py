"""What is held against a release in the hour after it: the same figures of the hour before, and what is new."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

LASTS = timedelta(minutes=60)
HEADING = "### The hour after"
FAULTS = "http_5xx"


@dataclass(frozen=True, slots=True)
class Hour:
    """What happened in a while: answers of 5xx, failed jobs by name, signatures of errors by count, alerts by rule."""

    faults: int = 0
    jobs: Mapping[str, int] = field(default_factory=dict)
    signatures: Mapping[str, int] = field(default_factory=dict)
    alerts: tuple[str, ...] = ()


def told(before: Hour, after: Hour, *, minutes: int, command: str) -> list[str]:
    """The lines of the report; `command` takes the release back and is proposed where faults raised an alert."""
    new = {name: count for name, count in after.signatures.items() if name not in before.signatures}
    lines = [
        f"looked at: {minutes} of {int(LASTS.total_seconds() // 60)} minutes, beside the hour before",
        f"answers of 5xx: {after.faults}, before {before.faults}",
        f"failed jobs: {_counted(after.jobs)}, before {_counted(before.jobs)}",
        f"new errors: {_counted(new)}",
        f"alerts: {', '.join(after.alerts) or 'none'}, before {', '.join(before.alerts) or 'none'}",
    ]
    return [*lines, f"to take it back: `{command}`"] if FAULTS in after.alerts else lines


def _counted(names: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in sorted(names.items())) or "none"


def appended(report: str, lines: list[str]) -> str:
    """A report with these lines at its end, in the place of those that stood there before."""
    kept = report.partition(HEADING)[0].rstrip("\n")
    return f"{kept}\n\n{HEADING}\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"


def way_back(*, is_breaking: bool, set_name: str) -> str:
    """The command that takes a release back: the code alone where the former can work with the schema."""
    return f"maristan rollback --level 3 --set {set_name}" if is_breaking else "maristan rollback --level 1"


def signature(line: Mapping[str, object]) -> str:
    """By what an error is known again in another build: its kind, its file and function; empty for a line without."""
    frames = line.get("trace")
    where = re.sub(r":\d+ ", " ", str(frames[-1])) if isinstance(frames, list) and frames else ""
    return f"{line['error']} at {where or 'an unknown place'}" if line.get("error") else ""
