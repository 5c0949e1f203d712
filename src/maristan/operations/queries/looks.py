"""Who looks at a database beside the live one, and at what serves after a restore: they know settings and routes."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Aside:
    """A database beside the live one, and the folder of its files."""

    database: str
    media: str


class Looks(Protocol):
    """Each gives its evidence, or raises `StepFault`, or `NotChecked` where there was nothing to look at."""

    def integrity(self, aside: Aside) -> str:
        """Stored facts held against what they follow from."""

    def served(self, aside: Aside) -> str:
        """A web process on it: its health, and every role signs in."""

    def verified(self) -> str:
        """The live database held against the manifest of this build."""

    def smoked(self) -> str:
        """Every role does what it may in what is served."""


_looks: list[Looks] = []


def register(found: Looks) -> None:
    """Name the one who looks."""
    _looks[:] = [found]


def looks() -> Looks:
    """The one who looks."""
    return _looks[0]
