"""What becomes of each row of an import: the vocabulary shared by the row rules of every app."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

Values = TypeVar("Values")

OTHERS_NAMED = 3


class ImportMode(StrEnum):
    """Whether rows whose key exists are passed over or change what is there."""

    CREATE_ONLY = "create_only"
    UPSERT = "upsert"


class RowAction(StrEnum):
    """What a commit would do with the row."""

    CREATE = "create"
    UPDATE = "update"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class CellFault:
    """One thing wrong in one cell; `column` is empty when it is the row as a whole."""

    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of a preview should know; it stops nothing."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class RowOutcome(Generic[Values]):
    """A row with what will be done; `values` (a dataclass) is None exactly when `action` is ERROR or SKIP."""

    row: int
    action: RowAction
    values: Values | None
    faults: tuple[CellFault, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def message(self) -> str:
        """The faults as one text for the error file."""
        return "; ".join(f"{fault.column}: {fault.detail}" if fault.column else fault.detail for fault in self.faults)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: `{row, action, values, faults: [{column, code, detail}], notes: [{code, detail}]}`."""
        found = asdict(self)
        values = found["values"] and {key: _plain(value) for key, value in found["values"].items()}
        return {
            "row": self.row,
            "action": self.action.value,
            "values": values,
            "faults": list(found["faults"]),
            "notes": list(found["notes"]),
        }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


class Repeated:
    """Keys that stand in more than one row, with the rows; blank keys never repeat."""

    def __init__(self, keyed: Iterable[tuple[str, int]]) -> None:
        self._rows: dict[str, list[int]] = {}
        for key, row in keyed:
            if key:
                self._rows.setdefault(key, []).append(row)

    def others(self, key: str, row: int) -> list[int]:
        """Up to three other rows with the key, so that a column of one value stays cheap."""
        return [each for each in self._rows.get(key, [])[: OTHERS_NAMED + 1] if each != row][:OTHERS_NAMED]
