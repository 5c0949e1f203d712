"""Marks the few writing actions that leave no journal line, each with its reason."""

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])


def unjournaled(reason: str) -> Callable[[F], F]:
    """State why an action writes no journal line; a shape test reads it."""

    def mark(function: F) -> F:
        function.unjournaled = reason  # type: ignore[attr-defined]
        return function

    return mark
