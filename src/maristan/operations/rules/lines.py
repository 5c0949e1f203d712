"""Log lines as `maristan logs` chooses and shows them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LEVELS = ("debug", "info", "warning", "error", "critical")
SHOWN = ("time", "level", "logger", "event")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for; what is empty leaves out nothing."""

    level: str = "debug"
    request_id: str = ""
    route: str = ""
    status: str = ""
    since: datetime | None = None


def parsed(text: str) -> dict[str, Any] | None:
    """A line as it was written; none for what is not one of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "time" in found else None


def matches(line: Mapping[str, Any], wanted: Wanted) -> bool:
    """Whether a line is asked for."""
    level = str(line.get("level", "info"))
    return (
        (level not in LEVELS or LEVELS.index(level) >= LEVELS.index(wanted.level))
        and wanted.status in ("", str(line.get("status", "")))
        and wanted.request_id in ("", line.get("request_id"))
        and wanted.route in str(line.get("route", line.get("job", "")))
        and (wanted.since is None or datetime.fromisoformat(str(line["time"])) >= wanted.since)
    )


def shown(line: Mapping[str, Any]) -> str:
    """A line for a person: what happened, then its figures."""
    head = " ".join(str(line.get(name, "")) for name in SHOWN)
    rest = " ".join(f"{name}={value}" for name, value in line.items() if name not in (*SHOWN, "trace"))
    trace = "".join(f"\n    {each}" for each in line.get("trace", ()))
    return f"{head} {rest}{trace}"
