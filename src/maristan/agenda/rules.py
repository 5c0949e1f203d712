"""The words of the agenda."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Perm(StrEnum):
    """Permissions of the agenda."""

    AGENDA_VIEW = "agenda.view"


EVENTS: dict[str, str] = {
    "calendar_feed.created": "A person asked for a calendar address.",
    "calendar_feed.revoked": "A person's calendar address was revoked.",
}


@dataclass(frozen=True, slots=True)
class Hold:
    """A place to be taken for [starts_at, ends_at) by (owner_kind, owner_id)."""

    place_id: int
    owner_id: int
    label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as its owner wants it shown; `audience` holds keys such as `group:3`."""

    owner_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    audience: tuple[str, ...]
    place: str = ""
    detail: str = ""
    url: str = ""
    is_all_day: bool = False
    is_cancelled: bool = False
    cancel_reason: str = ""
    sequence: int = 0
