"""What people are told, in English: sentences about sessions made from plain lines of what happened to them.

A line is what `queries.audience_of_week.told` stores with an amendment: `action`, `title`, `starts_at` (an ISO
instant), `room` and `changes` of `{field, old, new}` with names in place of ids.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from maristan.timetable.rules.calendar import DAYS

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LONGEST_BODY = 1000
PLAIN = {"course": "now {new} (was {old})", "kind": "now a {new} (was a {old})"}
Line = Mapping[str, Any]


def day_and_month(day: date) -> str:
    """Such as `9 March`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def when(instant: str, zone: str) -> str:
    """The local day and time of an ISO instant, such as `Mon 9 March 08:00`."""
    local = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    return f"{DAYS[local.weekday()][:3]} {day_and_month(local.date())} {local:%H:%M}"


def sentence(line: Line, zone: str) -> str:
    """What happened to one session, such as `Pathology, Mon 9 March 08:00, moved to Room 8 (was Room 3)`."""
    changed = {each["field"]: (each["old"], each["new"]) for each in line["changes"]}
    before = changed.get("starts_at", (line["starts_at"],))[0]
    happened = {"created": _added(line), "cancelled": "cancelled", "revived": "takes place again"}.get(line["action"])
    parts = [happened] if happened else []
    parts += [] if line["action"] in ("created", "cancelled") else _changes(changed, zone)
    return f"{line['title'] or 'Session'}, {when(before, zone)}, {'; '.join(parts) or 'details changed'}"


def _added(line: Line) -> str:
    return f"added in {line['room']}" if line["room"] else "added"


def _changes(changed: Mapping[str, tuple[Any, Any]], zone: str) -> list[str]:
    found = [_time(changed, zone), _place(changed), _teachers(changed), _audience(changed)]
    found += [template.format(old=_said(changed[name][0]), new=_said(changed[name][1]))
              for name, template in PLAIN.items() if name in changed]  # fmt: skip
    if "topic" in changed:
        found.append(f"topic {changed['topic'][1]}" if changed["topic"][1] else "without a topic")
    if "note" in changed:
        found.append("note changed")
    return [each for each in found if each]


def _time(changed: Mapping[str, tuple[Any, Any]], zone: str) -> str:
    if "starts_at" in changed:
        return f"now at {when(changed['starts_at'][1], zone)}"
    if "ends_at" in changed:
        return f"now until {when(changed['ends_at'][1], zone).rpartition(' ')[2]}"
    return ""


def _place(changed: Mapping[str, tuple[Any, Any]]) -> str:
    if "room" not in changed:
        return ""
    old, new = changed["room"]
    if not new:
        return f"no longer in {_said(old)}"
    return f"moved to {_said(new)} (was {_said(old)})" if old else f"in {_said(new)}"


def _teachers(changed: Mapping[str, tuple[Any, Any]]) -> str:
    fields = [name for name in ("faculty", "faculty_name", "co_faculty") if name in changed]
    if not fields:
        return ""
    old, new = (", ".join(filter(None, (_said(changed[name][at]) for name in fields))) for at in (0, 1))
    if not new:
        return f"no longer with {old}"
    return f"taught by {new} (was {old})" if old else f"taught by {new}"


def _audience(changed: Mapping[str, tuple[Any, Any]]) -> str:
    fields = [name for name in ("groups", "section") if name in changed]
    if not fields:
        return ""
    old, new = (", ".join(filter(None, (_said(changed[name][at]) for name in fields))) for at in (0, 1))
    return f"for {new or 'nobody'}" + (f" (was {old})" if old else "")


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def amended(lines: Sequence[Line], *, week_start: date, reason: str, zone: str) -> tuple[str, str]:
    """Title and body of one message about all the changes that concern one person."""
    sentences = [sentence(line, zone) for line in lines]
    ending = f"Reason: {reason}" if reason else ""
    if len(sentences) == 1:
        return sentences[0], ". ".join(part for part in (sentences[0], ending) if part)
    title = f"Timetable changed: {len(sentences)} sessions in the week of {day_and_month(week_start)}"
    return title, "\n".join([*_fitting(sentences, LONGEST_BODY - len(ending) - 1), *([ending] if ending else [])])


def _fitting(sentences: Sequence[str], room: int) -> list[str]:
    """As many sentences as fit, and how many more there are."""
    kept: list[str] = []
    used = 0
    for at, each in enumerate(sentences):
        more = f"… and {len(sentences) - at} more"
        if used + len(each) + 1 + len(more) > room:
            return [*kept, more]
        kept.append(each)
        used += len(each) + 1
    return kept
