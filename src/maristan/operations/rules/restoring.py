"""The report of a restore or a drill as people read it: what was done, what was compared, what was not looked at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

HEADINGS = ("Set", "Steps", "Compared", "Not checked", "Secrets", "Result")
RESULTS = {"passed": "PASSED", "failed": "FAILED", "rolled_back": "PUT BACK", "needs_operator": "OPERATOR NEEDED"}


def markdown(said: Mapping[str, Any]) -> str:
    """The report; `said` is what its JSON holds."""
    sections: dict[str, Sequence[str]] = {
        "Set": [f"{key}: {said[key]}" for key in ("set", "kind", "started_at", "seconds", "by", "version", "build_id")],
        "Steps": [f"{each['name']}: {each['detail'] or 'done'}" for each in said["steps"]],
        "Compared": [f"{said['tables']} tables, {said['rows']} rows, {said['files']} files"],
        "Not checked": said["not_checked"] or ["nothing was left out"],
        "Secrets": secrets(said["unreadable"]),
        "Result": [RESULTS[said["outcome"]], *([said["fault"]] if said["fault"] else []), *said["next"]],
    }
    parts = [f"# {said['kind'].capitalize()} of {said['set']}"]
    headings = [each for each in HEADINGS if sections[each]]  # secrets are looked at where the key is another one
    parts += [f"## {heading}\n\n" + "\n".join(f"- {line}" for line in sections[heading]) for heading in headings]
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


def as_listed(unreadable: Mapping[str, tuple[int, str]] | None) -> list[dict[str, Any]] | None:
    """What cannot be decrypted, as JSON has it; none where nobody looked."""
    if unreadable is None:
        return None
    return [{"what": what, "count": count, "remedy": remedy} for what, (count, remedy) in unreadable.items()]


def secrets(listed: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """What cannot be decrypted, in words, each with what to do; nothing where nobody looked."""
    if listed is None:
        return []
    said = [f"cannot be decrypted: {each['count']} {each['what']}; {each['remedy']}" for each in listed]
    return said or ["all that is encrypted opens with this SECRET_KEY"]
