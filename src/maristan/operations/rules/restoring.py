"""The report of a restore or a drill as people read it: what was done, what was compared, what was not looked at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

HEADINGS = ("Set", "Steps", "Compared", "Not checked", "Result")
RESULTS = {"passed": "PASSED", "failed": "FAILED", "rolled_back": "PUT BACK", "needs_operator": "OPERATOR NEEDED"}


def markdown(said: Mapping[str, Any]) -> str:
    """The report; `said` is what its JSON holds."""
    sections: dict[str, Sequence[str]] = {
        "Set": [f"{key}: {said[key]}" for key in ("set", "kind", "started_at", "seconds", "by", "version", "build_id")],
        "Steps": [f"{each['name']}: {each['detail'] or 'done'}" for each in said["steps"]],
        "Compared": [f"{said['tables']} tables, {said['rows']} rows, {said['files']} files"],
        "Not checked": said["not_checked"] or ["nothing was left out"],
        "Result": [RESULTS[said["outcome"]], *([said["fault"]] if said["fault"] else []), *said["next"]],
    }
    parts = [f"# {said['kind'].capitalize()} of {said['set']}"]
    parts += [f"## {heading}\n\n" + "\n".join(f"- {line}" for line in sections[heading]) for heading in HEADINGS]
    return "\n\n".join(parts) + "\n"


def moments(times: Iterable[time], zone: str, *, since: datetime | None, now: datetime) -> list[datetime]:
    """When a schedule has to be taken up after a restore: each local time of the last day after the set was made, and
    now.

    What it told before the last day it tells no more by itself, or is told of by what is still due.
    """
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    days = (today, today - timedelta(days=1))
    past = [next(at for day in days if (at := datetime.combine(day, each, here)) <= now) for each in times]
    return [*sorted(at for at in past if since is None or at > since), now]


def held(counts: Mapping[str, int]) -> str:
    """What waits for a word of the operator, in words: every kind with its number."""
    return ", ".join(f"{count} {kind}" for kind, count in counts.items())
