"""Who writes the mails of each kind; filled by `config.wiring`."""

from collections.abc import Iterable

from maristan.kernel.mail import Composer

_composers: dict[str, Composer] = {}


def register(kind: str, compose: Composer) -> None:
    """Tell who writes the mails of a kind."""
    _composers[kind] = compose


def composer(kind: str) -> Composer:
    """Who writes them; raises `KeyError` for a kind that nobody writes."""
    return _composers[kind]


def must_be_known(kinds: Iterable[str]) -> None:
    """Raise `KeyError` for a kind that nobody writes."""
    for kind in kinds:
        composer(kind)
