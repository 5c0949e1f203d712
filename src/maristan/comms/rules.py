"""The words of comms."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

EVENTS: dict[str, str] = {}


class Perm(StrEnum):
    """Permissions of comms."""

    NOTIFICATION_VIEW = "notification.view"


@dataclass(frozen=True, slots=True)
class Message:
    """What a person is told: an event, a sentence, and a link; `once` keeps a repeated job from telling twice."""

    event: str
    title: str
    once: str
    body: str = ""
    url: str = ""
    params: dict[str, Any] = field(default_factory=dict)
