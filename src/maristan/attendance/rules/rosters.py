"""Who is expected in a session, and what changes when people move (A1, A2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A line as the roster knows it; `by_hand` was settled by a person and stays."""

    person: int
    expected: bool
    is_marked: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class RosterChange:
    """Persons to add as lines, to expect again, and to expect no more."""

    add: tuple[int, ...] = ()
    expect: tuple[int, ...] = ()
    release: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.expect or self.release)


def difference(named: Iterable[int], lines: Mapping[int, RosterLine]) -> RosterChange:
    """What makes a roster that has not started name just these persons; nothing is deleted, marks stay."""
    wanted = set(named)
    free = [line for line in lines.values() if not line.by_hand]
    return RosterChange(
        add=tuple(sorted(wanted - lines.keys())),
        expect=tuple(sorted(each.person for each in free if each.person in wanted and not each.expected)),
        release=tuple(
            sorted(each.person for each in free if each.expected and each.person not in wanted and not each.is_marked)
        ),
    )


def follows(starts_at: datetime, now: datetime) -> bool:
    """Whether the roster of a session still follows who moves: until it starts."""
    return now < starts_at


def follows_alone(kind: str, changes: Mapping[str, Any]) -> bool:
    """Whether rosters follow a line of somebody who moved by itself; students of a file, whose lines name no batch, are
    followed together."""
    return kind != "student.created" or "batch" in changes
