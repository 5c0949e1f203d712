"""How marks and times are written in files and requests (A8, A12)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from maristan.attendance.rules.states import Mark

WORDS: dict[str, Mark] = {
    **dict.fromkeys(("p", "present", "1", "true", "t", "y", "yes"), Mark.PRESENT),
    **dict.fromkeys(("a", "absent", "0", "false", "f", "n", "no"), Mark.ABSENT),
    **dict.fromkeys(("l", "late"), Mark.LATE),
    **dict.fromkeys(("e", "excused", "leave"), Mark.EXCUSED),
}
TRUE = frozenset({"p", "present", "1", "true", "t", "y", "yes"})
FALSE = frozenset({"a", "absent", "0", "false", "f", "n", "no"})
CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class NotATime(Exception):
    """A text that names no moment; `code` says why."""

    code: str


def word(text: str) -> str:
    """What two spellings of a word have in common: case, blanks around it and forms of letters do not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def mark_of(text: str) -> Mark | None:
    """The mark that a word means (A8), none for any other word and for a blank."""
    return WORDS.get(word(text))


def mark_of_column(column: str, text: str) -> Mark | None:
    """The mark that a truth word means in a column `present` or `absent`, none for any other word."""
    said = word(text)
    if said not in TRUE | FALSE:
        return None
    return Mark.PRESENT if (said in TRUE) == (column == Mark.PRESENT) else Mark.ABSENT


def moment_of(text: str, day: date, zone: str) -> datetime:
    """The moment that a text means: with an offset, local, or `HH:MM` on the day of the session (A12).

    A local time that occurs twice is the first. Raises `NotATime` with `invalid_check_in_time`, or
    `nonexistent_local_time` for one that a change of the clock passes over.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    found = CLOCK.fullmatch(said)
    try:
        if found is not None:
            at = datetime.combine(day, time(int(found[1]), int(found[2]), int(found[3] or 0)))
        else:
            at = datetime.fromisoformat(said)
    except ValueError:
        raise NotATime("invalid_check_in_time") from None
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    local = at.replace(tzinfo=ZoneInfo(zone), fold=0)
    there = local.astimezone(UTC)
    if there.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != at:
        raise NotATime("nonexistent_local_time")
    return there
