"""One search box: every app gives a provider that answers only with what the actor may see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from maristan.kernel.access import Actor

LIMIT = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; `url` is a path of the web client."""

    kind: str
    title: str
    subtitle: str
    url: str


Provider = Callable[[Actor, str, int], Sequence[Hit]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Add an app's provider; called once for each by `config.wiring`."""
    _providers[name] = provider


def find(*, actor: Actor, text: str) -> list[Hit]:
    """At most `LIMIT` hits of each provider for text of two characters or more."""
    wanted = " ".join(text.split())
    if len(wanted) < 2:
        return []
    return [hit for provider in _providers.values() for hit in provider(actor, wanted, LIMIT)]
