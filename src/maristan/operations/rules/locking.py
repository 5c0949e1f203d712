"""Which migrations would hold a big table for long: what rewrites it or builds an index while nobody may write."""

import re
from collections.abc import Iterable, Mapping

from maristan.operations.rules.compatibility import NAMED, Step

BIG = 100_000  # rows
HOLDS = {"AddIndex", "AddConstraint", "AlterField", "AlterUniqueTogether", "AlterIndexTogether"}
HOLDS_SQL = re.compile(
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)|\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b|\bSET\s+NOT\s+NULL\b|"
    r"\bADD\s+CONSTRAINT\b(?!.*\bNOT\s+VALID\b)|\bVACUUM\s+FULL\b|\bCLUSTER\b",
    re.I | re.S,
)
WRITTEN_ANEW = re.compile(
    r"\b(?:VACUUM\s+FULL|CLUSTER)\s+(?:VERBOSE\s+|ANALYZE\s+)*(?!ON\b)\"?([a-z_][a-z0-9_]*)", re.I
)


def tables_held(steps: Iterable[Step]) -> set[str]:
    """Tables that a migration may hold for as long as reading them takes; its own new ones are empty."""
    given = list(steps)
    own = {each.table for each in given if each.kind == "CreateModel"}
    found: set[str] = set()
    for each in given:
        if each.kind in HOLDS:
            found.add(each.table)
        elif each.kind == "RunSQL" and HOLDS_SQL.search(each.text):
            found |= {name.lower() for name in (*NAMED.findall(each.text), *WRITTEN_ANEW.findall(each.text))}
    return found - own


def long_locks(held: Mapping[str, Iterable[str]], rows: Mapping[str, int]) -> list[str]:
    """Tables over 100,000 rows that pending migrations would hold; tables by migration, rows by table."""
    return [
        f"{migration} holds {table} ({rows[table]} rows)"
        for migration, tables in sorted(held.items())
        for table in sorted(tables)
        if rows.get(table, 0) > BIG
    ]
