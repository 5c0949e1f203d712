"""Whether code from before a migration still works after it: a verdict over what its operations do.

In doubt it is breaking: a migration that is known to be harmless says so in its file, with the reason.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Compatibility(StrEnum):
    """What a migration means for the code before it."""

    COMPATIBLE = "compatible"
    BREAKING = "breaking"


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: its kind, the table it changes, the column where there is one.

    `optional` holds for a column that former code may leave out; `text` is that of an SQL statement, `undo` that of the
    one which takes it back.
    """

    kind: str
    table: str = ""
    column: str = ""
    optional: bool = True
    text: str = ""
    undo: str = ""


HARMLESS = {
    "CreateModel", "AddIndex", "AddIndexConcurrently", "RemoveIndex", "RenameIndex", "RemoveConstraint",
    "AlterModelOptions", "AlterModelManagers", "AlterModelTableComment", "RunPython", "CreateExtension",
}  # fmt: skip
BREAKS = re.compile(
    r"\b(DROP|RENAME|SET NOT NULL|ADD CONSTRAINT|CREATE UNIQUE|CREATE POLICY|REVOKE|CREATE (CONSTRAINT )?TRIGGER|"
    r"(ENABLE|FORCE) ROW LEVEL SECURITY|TRUNCATE|DELETE FROM)\b",
    re.I,
)
GONE = re.compile(
    r"\b(?:DROP\s+TABLE(?:\s+IF\s+EXISTS)?|TRUNCATE(?!\s+(?:ON|OR)\b)(?:\s+TABLE)?|DELETE\s+FROM)\s+([\w\s\",.]+)", re.I
)
ALTERED = re.compile(r"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?([\w\".]+)([^;]*)", re.I)
NO_COLUMN = "CONSTRAINT|NOT|DEFAULT|IDENTITY|EXPRESSION"
COLUMN_GONE = re.compile(rf"\bDROP\s+(?:COLUMN\s+)?(?:IF\s+EXISTS\s+)?(?!(?:{NO_COLUMN}|COLUMN|IF)\b)\"?(\w+)", re.I)
NAMED = re.compile(  # without its schema; of a condition, the table before the column
    r"\b(?:ALTER TABLE|ON)\s+(?:ONLY\s+|IF EXISTS\s+)*"
    r"(?:\"?[a-z_][a-z0-9_]*\"?\.)?\"?([a-z_][a-z0-9_]*)\b(?!\"?\s*[=<>])",
    re.I,
)


def verdict(steps: Iterable[Step]) -> Compatibility:
    """Breaking when former code could fail: what it uses goes, is renamed, or is asked for more than it gives.

    Tables that the same migration creates are unknown to former code: nothing that is done to them breaks it.
    """
    given = list(steps)
    own = {each.table for each in given if each.kind == "CreateModel"}
    breaking = any(_breaks(each, own) for each in given)
    return Compatibility.BREAKING if breaking else Compatibility.COMPATIBLE


def _breaks(step: Step, own: set[str]) -> bool:
    if step.kind == "RunSQL":
        named = {name.lower() for name in NAMED.findall(step.text)} - {"update", "delete", "insert"}
        named |= {gone.partition(".")[0] for gone in _gone(step.text)}
        return bool(BREAKS.search(step.text)) and not (named and named <= own)
    if step.kind in HARMLESS or step.table in own:
        return False
    return not (step.kind in {"AddField", "AlterField"} and step.optional)


def lost(steps: Iterable[Step]) -> list[str]:
    """What goes when a migration is taken back: tables, and columns as `table.column`; statements are read for it."""
    found = []
    for each in steps:
        if each.kind == "CreateModel":
            found.append(each.table)
        elif each.kind == "AddField":
            found.append(f"{each.table}.{each.column}")
        else:
            found += _gone(each.undo)
    return list(dict.fromkeys(found))


def _gone(text: str) -> list[str]:
    named = [_plain(each) for tables in GONE.findall(text) for each in tables.split(",") if each.strip()]
    return named + [
        f"{_plain(table)}.{column.lower()}"
        for table, rest in ALTERED.findall(text)
        for column in COLUMN_GONE.findall(rest)
    ]


def _plain(name: str) -> str:
    """A table as the catalogue has it: without schema, quotes, or what stands behind it."""
    return name.split()[0].rpartition(".")[2].strip('"').lower()
