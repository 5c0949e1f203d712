"""Mail as the apps think of it: wanted now, composed when it is handed over, so that no link is ever stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent: `language` is its code."""

    subject: str
    body: str
    language: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail to an address, composed by the composer of its `kind` from `params`; `person` is its reader, if known."""

    kind: str
    address: str
    params: Mapping[str, Any] = field(default_factory=dict)
    person: int | None = None


@dataclass(frozen=True, slots=True)
class MailWanted:
    """Published within a writer's transaction by apps that cannot know the outbox."""

    mails: tuple[Wanted, ...]


# Called with `params` and `by`; gives the mail, or none for one that is not wanted any more.
Composer = Callable[..., Mail | None]
