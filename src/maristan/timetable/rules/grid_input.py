"""Reading the raw JSON of a save-grid request: every value is checked and every fault is collected at its pointer.

A reader takes (value, pointer, faults) and gives the value; when it notes a fault it gives None instead.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import TypeVar

from maristan.kernel.errors import Faults
from maristan.timetable.rules.states import CellStatus, SessionKind

E = TypeVar("E", bound=StrEnum)
Json = Mapping[str, object]
Reader = Callable[[object, str, Faults], object]

ROWS_AT_MOST = 40
TOPIC_LENGTH = 200
NAME_LENGTH = 100
LABEL_LENGTH = 40
NOTE_LENGTH = 2000
GREATEST_ID = 2**63 - 1
CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")


@dataclass(frozen=True, slots=True)
class KnownIds:
    """The ids the editor may refer to, by kind; anything else is an unknown reference.

    It need only hold those that the request names (`references_in`). `batch_groups` are the groups of the plan's batch.
    """

    academic_periods: Collection[int] = frozenset()
    courses: Collection[int] = frozenset()
    sections: Collection[int] = frozenset()
    departments: Collection[int] = frozenset()
    people: Collection[int] = frozenset()
    rooms: Collection[int] = frozenset()
    groups: Collection[int] = frozenset()
    batch_groups: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True)
class References:
    """The ids that a request names, by kind, so that each kind is looked up once."""

    academic_periods: frozenset[int] = field(default_factory=frozenset)
    courses: frozenset[int] = field(default_factory=frozenset)
    sections: frozenset[int] = field(default_factory=frozenset)
    departments: frozenset[int] = field(default_factory=frozenset)
    people: frozenset[int] = field(default_factory=frozenset)
    rooms: frozenset[int] = field(default_factory=frozenset)
    groups: frozenset[int] = field(default_factory=frozenset)


def references_in(payload: Json) -> References:
    """Every id that the cells of a request name; never fails, whatever the request looks like."""
    cells = [each for each in listed(payload.get("cells")) if isinstance(each, Mapping)]
    return References(
        academic_periods=_ids(cells, "academic_period"),
        courses=_ids(cells, "course"),
        sections=_ids(cells, "section"),
        departments=_ids(cells, "department"),
        people=_ids(cells, "faculty", "co_faculty"),
        rooms=_ids(cells, "room"),
        groups=_ids(cells, "groups"),
    )


def objects_at(payload: Json, key: str, faults: Faults) -> Iterator[tuple[str, Json]]:
    """(pointer, object) for each entry of a list in the request; faults for what is no list or no object."""
    value = payload.get(key)
    if value is not None and not isinstance(value, list | tuple):
        faults.add(f"/{key}", "not_a_list")
    for index, each in enumerate(listed(value)):
        if isinstance(each, Mapping):
            yield f"/{key}/{index}", each
        else:
            faults.add(f"/{key}/{index}", "not_an_object")


def read_fields(entry: Json, pointer: str, readers: Mapping[str, Reader], faults: Faults) -> dict[str, object]:
    """The values of the keys present; a key without a reader is an `unknown_field`."""
    values = {}
    for key, value in entry.items():
        reader = readers.get(key)
        if reader is None:
            faults.add(f"{pointer}/{_escaped(key)}", "unknown_field")
        else:
            values[key] = reader(value, f"{pointer}/{key}", faults)
    return values


def whole(lowest: int, highest: int) -> Reader:
    """A whole number within bounds, both included; otherwise `not_a_number` or `out_of_range`."""

    def read(value: object, pointer: str, faults: Faults) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            faults.add(pointer, "not_a_number")
            return None
        if not lowest <= value <= highest:
            faults.add(pointer, "out_of_range", f"Possible: {lowest} to {highest}.")
            return None
        return value

    return read


def text(longest: int) -> Reader:
    """Text of at most `longest` characters, trimmed; null means empty. NUL and lone surrogates cannot be stored."""

    def read(value: object, pointer: str, faults: Faults) -> str | None:
        if value is not None and not isinstance(value, str):
            faults.add(pointer, "not_a_text")
            return None
        trimmed = (value or "").strip()
        if not _is_storable(trimmed):
            faults.add(pointer, "not_a_text", "It contains characters that cannot be stored.")
        elif len(trimmed) > longest:
            faults.add(pointer, "too_long", f"At most {longest} characters.")
        return trimmed

    return read


def clock_time(value: object, pointer: str, faults: Faults) -> time | None:
    """A local time `HH:MM` or `HH:MM:SS` without offset; null clears it; otherwise `bad_time`."""
    if value is None:
        return None
    if isinstance(value, str) and CLOCK_TIME.fullmatch(value):
        return time.fromisoformat(value)
    faults.add(pointer, "bad_time", "Write it as 08:00.")
    return None


def flag(value: object, pointer: str, faults: Faults) -> bool | None:
    """True or false and nothing that resembles them; otherwise `not_a_flag`."""
    if isinstance(value, bool):
        return value
    faults.add(pointer, "not_a_flag")
    return None


def choice(options: type[E]) -> Reader:
    """One value of an enumeration in any case; otherwise `unknown_value`."""

    def read(value: object, pointer: str, faults: Faults) -> E | None:
        if isinstance(value, str) and value.lower() in {each.value for each in options}:
            return options(value.lower())
        faults.add(pointer, "unknown_value", f"Possible: {', '.join(each.value for each in options)}.")
        return None

    return read


def reference(known: Collection[int]) -> Reader:
    """An id out of `known`, or null; otherwise `unknown_reference`."""

    def read(value: object, pointer: str, faults: Faults) -> int | None:
        if value is not None and not is_known(value, known):
            faults.add(pointer, "unknown_reference")
            return None
        return value if isinstance(value, int) else None

    return read


def references(known: Collection[int]) -> Reader:
    """A list of ids out of `known`, each kept once; `not_a_list`, or `unknown_reference` at each that is not."""

    def read(value: object, pointer: str, faults: Faults) -> tuple[int, ...]:
        if value is not None and not isinstance(value, list | tuple):
            faults.add(pointer, "not_a_list")
        entries = listed(value)
        for index, each in enumerate(entries):
            if not is_known(each, known):
                faults.add(f"{pointer}/{index}", "unknown_reference")
        return tuple(dict.fromkeys(each for each in entries if isinstance(each, int)))

    return read


def is_known(value: object, known: Collection[int]) -> bool:
    """True for a whole number among `known`."""
    return isinstance(value, int) and not isinstance(value, bool) and value in known


def listed(value: object) -> list[object]:
    """The entries of a list, nothing for anything else."""
    return list(value) if isinstance(value, list | tuple) else []


ROW_READERS: dict[str, Reader] = {
    "id": whole(1, GREATEST_ID),
    "row_index": whole(1, ROWS_AT_MOST),
    "start_time": clock_time,
    "end_time": clock_time,
    "label": text(LABEL_LENGTH),
    "lane": text(LABEL_LENGTH),
    "is_break": flag,
}


def cell_readers(known: KnownIds) -> dict[str, Reader]:
    """How each key of a cell is read."""
    return {
        "id": whole(1, GREATEST_ID),
        "row_index": whole(1, ROWS_AT_MOST),
        "day_of_week": whole(0, 6),
        "status": choice(CellStatus),
        "academic_period": reference(known.academic_periods),
        "course": reference(known.courses),
        "section": reference(known.sections),
        "department": reference(known.departments),
        "topic": text(TOPIC_LENGTH),
        "faculty": reference(known.people),
        "co_faculty": references(known.people),
        "faculty_name": text(NAME_LENGTH),
        "room": reference(known.rooms),
        "groups": references(known.groups),
        "all_groups": flag,
        "kind": choice(SessionKind),
        "note": text(NOTE_LENGTH),
    }


def _ids(cells: Iterable[Json], *keys: str) -> frozenset[int]:
    named = [cell.get(key) for cell in cells for key in keys]
    flat = [each for value in named for each in (listed(value) or [value])]
    return frozenset(
        each for each in flat if isinstance(each, int) and not isinstance(each, bool) and 0 < each <= GREATEST_ID
    )


def _is_storable(value: str) -> bool:
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
