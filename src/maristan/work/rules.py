"""The words of work."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

EVENTS: dict[str, str] = {}


class Perm(StrEnum):
    """Permissions of work."""

    INBOX_VIEW = "inbox.view"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for holders of any of the audience keys because of (cause_kind, cause_id).

    `kind` is declared with its sentences in `kernel.messages`, and `params` fill them.
    """

    kind: str
    cause_kind: str
    cause_id: int
    audience: tuple[str, ...]
    url: str = ""
    params: dict[str, Any] = field(default_factory=dict)
