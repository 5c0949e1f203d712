"""Learning material: drafted, published to an audience for a time, archived (L1, L2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from maristan.academics.rules.states import MaterialKind, MaterialStatus, Perm
from maristan.kernel.errors import Faults, Invalid
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow

DRAFT, PUBLISHED, ARCHIVED = MaterialStatus.DRAFT, MaterialStatus.PUBLISHED, MaterialStatus.ARCHIVED
LINK_SECONDS = 300
URL_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """What decides about material; `beyond` are keys outside the author's scope."""

    status: MaterialStatus
    has_content: bool = True
    has_audience: bool = True
    beyond: Sequence[str] = ()
    available_until: datetime | None = None


def _audience(facts: MaterialFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("has_audience", "It has an audience", met=facts.has_audience)
    yield Requirement(
        "audience_in_scope", "The audience is yours to reach", met=not facts.beyond, detail=", ".join(facts.beyond)
    )


def _content(facts: MaterialFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("content_present", "Its file or link is there", met=facts.has_content)


def _window(facts: MaterialFacts, _actor: Mover, now: datetime) -> Iterator[Requirement]:
    met = facts.available_until is None or facts.available_until > now
    yield Requirement("window_not_over", "Its time is not over", met=met)


READY = (_audience, _content, _window)
MATERIAL: Workflow[MaterialFacts] = Workflow(
    name="material",
    states=tuple(MaterialStatus),
    status_of=lambda facts: facts.status,
    transitions=tuple(
        Transition(name, frozenset({source}), target, Perm.MATERIAL_PUBLISH, requirements=requirements)
        for name, source, target, requirements in (
            ("publish", DRAFT, PUBLISHED, READY),
            ("archive", PUBLISHED, ARCHIVED, ()),
            ("restore", ARCHIVED, PUBLISHED, READY),
        )
    ),
)


def check_content(kind: MaterialKind, url: str, has_file: bool, pointer: str = "/url") -> None:
    """Raise `Invalid` unless material of a kind carries nothing of the other: a file has no link, a link no file."""
    if kind is MaterialKind.FILE and url:
        raise Invalid.at(pointer, "not_a_link", "Material that is a file has no link.")
    if kind is MaterialKind.LINK and has_file:
        raise Invalid.at("/file", "not_a_file", "Material that is a link has no file.")


def check_url(url: str, pointer: str = "/url") -> str:
    """A link of http or https to a named host; raises `Invalid` (`invalid_url`)."""
    try:
        parts = urlsplit(url.strip())
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        named = False
    if not named or any(char.isspace() or not char.isprintable() for char in url.strip()):
        raise Invalid.at(pointer, "invalid_url", "A link begins with http:// or https:// and names a host.")
    return url.strip()


def check_window(available_from: datetime | None, available_until: datetime | None) -> None:
    """Raise `Invalid` (`ends_before_start`) unless material stays longer than until it begins."""
    faults = Faults()
    if available_from is not None and available_until is not None and available_until <= available_from:
        faults.add("/available_until", "ends_before_start", "It ends after it begins.")
    faults.stop()
