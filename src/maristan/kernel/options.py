"""Declarations of institution settings: each key once, by the app that reads it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from maristan.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Option:
    """One key: its type, range and default, and a sentence on who reads it.

    `kind` is `bool`, `int`, `text`, `choice` or `days` (weekdays 0..6, 0 = Monday); a text with a `pattern` is empty or
    fits it as a whole.
    """

    key: str
    kind: str
    default: Any
    note: str
    minimum: int = 0
    maximum: int = 500
    choices: tuple[str, ...] = ()
    nullable: bool = False
    pattern: str = ""

    def read(self, value: Any) -> Any:
        """The value as stored; raises `Invalid` (`bad_value`) at `/value` when type or range do not fit."""
        if value is None and self.nullable:
            return None
        fits = getattr(self, f"_is_{self.kind}")(value)
        if not fits:
            raise Invalid.at("/value", "bad_value", f"{self.key} takes {self.expected}.")
        return sorted(set(value)) if self.kind == "days" else value.lower() if self.kind == "choice" else value

    @property
    def expected(self) -> str:
        """What fits, in words."""
        return {
            "bool": "true or false",
            "int": f"a whole number from {self.minimum} to {self.maximum}",
            "text": f"text of at most {self.maximum} characters",
            "choice": "one of " + ", ".join(self.choices),
            "days": "a list of weekdays 0..6",
        }[self.kind] + (" or null" if self.nullable else "")

    def _is_bool(self, value: Any) -> bool:
        return isinstance(value, bool)

    def _is_int(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.minimum <= value <= self.maximum

    def _is_text(self, value: Any) -> bool:
        fits = isinstance(value, str) and len(value) <= self.maximum
        return fits and (not value or re.fullmatch(self.pattern or r"(?s:.*)", value) is not None)

    def _is_choice(self, value: Any) -> bool:
        return isinstance(value, str) and value.lower() in self.choices

    def _is_days(self, value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(day, int) and not isinstance(day, bool) and 0 <= day <= 6 for day in value
        )


_declared: dict[str, Option] = {}


def declare(options: Iterable[Option], defaults: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Make keys known; called once for each app by `config.wiring`.

    `defaults` are those that the environment gives. Raises `ValueError` for a key declared twice.
    """
    for option in options:
        if option.key in _declared:
            raise ValueError(f"the setting {option.key} is declared twice")
        _declared[option.key] = replace(option, default=defaults.get(option.key, option.default))


def declared() -> dict[str, Option]:
    """Every key known, in order of declaration."""
    return dict(_declared)


def option(key: str) -> Option:
    """The declaration of a key; raises `Invalid` (`unknown_key`)."""
    if key not in _declared:
        raise Invalid.at("/key", "unknown_key", f"There is no setting {key}.")
    return _declared[key]
