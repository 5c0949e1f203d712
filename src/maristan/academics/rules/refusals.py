"""Refusals whose own code is that of one unmet requirement, where a specification names it so."""

from collections.abc import Iterator
from contextlib import contextmanager

from maristan.kernel.errors import NotNow


@contextmanager
def refusing_as(*codes: str) -> Iterator[None]:
    """Let a refused move carry the first of these codes that is among its unmet requirements."""
    try:
        yield
    except NotNow as refusal:
        missing = {each["code"] for each in refusal.extra.get("missing", ())}
        refusal.code = next((code for code in codes if code in missing), refusal.code)
        raise
