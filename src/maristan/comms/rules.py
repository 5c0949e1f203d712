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
    """What a person is told: a declared event with its parameters, and a link.

    `once` keeps a repeated job from telling twice.
    """

    event: str
    once: str
    url: str = ""
    params: dict[str, Any] = field(default_factory=dict)
