"""Audiences: whom a message, a roster or a paper is for, as alternatives of keys that must all be held."""

import re
from collections.abc import Collection, Iterable, Sequence

from maristan.kernel.errors import Faults

# Alternatives; whoever holds every key of one of them belongs.
Audience = tuple[frozenset[str], ...]

KEY = re.compile(r"[a-z_]{1,40}(:[a-z0-9_]{1,40}){0,3}", re.ASCII)
MOST_CLAUSES = 50
MOST_KEYS = 20
DIGITS_OF_AN_ID = 18


def parse(clauses: Iterable[Iterable[str]], pointer: str = "/audience") -> Audience:
    """The audience that a request names as lists of keys, each alternative once.

    Raises `Invalid`: `audience_empty` without alternatives or with an empty one, `too_many`, `unknown_audience_key` for
    what no key looks like.
    """
    faults = Faults()
    named = [list(clause) for clause in clauses]
    if not named or not all(named):
        faults.add(pointer, "audience_empty", "Name at least one key.")
    if len(named) > MOST_CLAUSES or any(len(clause) > MOST_KEYS for clause in named):
        faults.add(pointer, "too_many", f"At most {MOST_CLAUSES} alternatives of {MOST_KEYS} keys.")
    for row, clause in enumerate(named):
        for column, key in enumerate(clause):
            if KEY.fullmatch(key) is None or any(len(part) > DIGITS_OF_AN_ID for part in numbers_of(key)):
                unknown(faults, f"{pointer}/{row}/{column}", key)
    faults.stop()
    return tuple(dict.fromkeys(frozenset(clause) for clause in named))


def unknown(faults: Faults, pointer: str, key: str) -> None:
    """Note a key that nobody can hold."""
    faults.add(pointer, "unknown_audience_key", f"Nobody is known by {key[:80]}.")


def numbers_of(key: str) -> list[str]:
    """The parts of a key that are numbers."""
    return [part for part in key.split(":")[1:] if part.isdecimal()]


def written(audience: Audience) -> list[list[str]]:
    """The audience as it is stored and sent: lists of keys in order."""
    return sorted(sorted(clause) for clause in audience)


def read(stored: Iterable[Sequence[str]]) -> Audience:
    """The audience that was stored by `written`."""
    return tuple(frozenset(clause) for clause in stored)


def keys_of(audience: Audience) -> frozenset[str]:
    """Every key that the audience names."""
    return frozenset().union(*audience)


def holds(keys: Collection[str], audience: Audience) -> bool:
    """Whether somebody with these keys belongs."""
    held = frozenset(keys)
    return any(clause <= held for clause in audience)


def prefix_of(key: str) -> str:
    """The noun of a key: what stands before its first colon."""
    return key.partition(":")[0]


def ids_of(keys: Iterable[str], prefix: str) -> dict[int, str]:
    """Of keys `<prefix>:<number>`, the key of each number."""
    split = ((key, key.split(":")) for key in keys)
    return {
        int(parts[1]): key for key, parts in split if len(parts) == 2 and parts[0] == prefix and parts[1].isdecimal()
    }
