"""What a database holds: rows and digest of each table, sequences, migrations, heads of the journal."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from maristan.operations.queries import servers
from maristan.operations.rules.sets import Contents

# Text of values must not depend on the settings of server, role or database.
PINNED = (
    "SET search_path = pg_catalog", "SET timezone = 'UTC'", "SET datestyle = 'ISO, YMD'",
    "SET intervalstyle = 'postgres'", "SET extra_float_digits = 1", "SET bytea_output = 'hex'",
    "SET xmlbinary = 'base64'", "SET row_security = off", "SET statement_timeout = 0", "SET lock_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
)  # fmt: skip
TABLES = """
SELECT n.nspname, c.relname, array_agg(a.attname ORDER BY a.attname) FILTER (WHERE a.attname IS NOT NULL)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
GROUP BY 1, 2 ORDER BY 1, 2
"""
SEQUENCES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2
"""
# A sum forgets the order of the rows and keeps how often each one stands there. OFFSET keeps the planner from writing
# out each row for each of the two sums.
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0),
  coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0)
FROM (SELECT md5((ROW({columns}))::text) AS h FROM {table} OFFSET 0) AS hashed
"""
HEADS = """
SELECT DISTINCT ON (institution_id) coalesce(institution_id, 0), position, digest
FROM public.kernel_journalseal ORDER BY institution_id, position DESC
"""
FILES = "SELECT key, size, sha256 FROM public.kernel_storedfile ORDER BY key"

Connection = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def snapshot() -> Iterator[tuple[Connection, str]]:
    """A connection that sees the live database as it is now, until it is left, and the name of what it sees."""
    with servers.connected(servers.live(), doing="backup") as there, there.transaction():
        there.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = there.execute("SELECT pg_export_snapshot()").fetchone()
        yield there, str(row[0]) if row else ""


def pin(there: Connection) -> None:
    """Fix the settings on which the text of values depends."""
    for each in PINNED:
        there.execute(each)


def read(there: Connection) -> Contents:
    """Everything that must be the same after a restore, as the connection's transaction sees it."""
    pin(there)
    names = [(schema, name, columns) for schema, name, columns in there.execute(TABLES).fetchall()]
    known = {f"{schema}.{name}" for schema, name, _ in names}
    return Contents(
        tables={_name(schema, name): _digest(there, schema, name, columns or []) for schema, name, columns in names},
        sequences={
            _name(schema, name): _sequence(there, schema, name) for schema, name in there.execute(SEQUENCES).fetchall()
        },
        migrations=migrations(there) if "public.django_migrations" in known else [],
        journal_heads=_heads(there) if "public.kernel_journalseal" in known else {},
    )


def migrations(there: Connection) -> list[str]:
    """The migrations that were applied, `app.name`."""
    found = there.execute("SELECT app, name FROM public.django_migrations ORDER BY app, name").fetchall()
    return sorted(f"{app}.{name}" for app, name in found)


def migrations_hash(names: list[str]) -> str:
    """One digest for a list of migrations."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def stored_files(there: Connection) -> list[tuple[str, int, str]]:
    """Key, size and digest of every stored file; none in a database that never had the table."""
    has = there.execute("SELECT to_regclass('public.kernel_storedfile')").fetchone()
    return [(key, size, sha) for key, size, sha in there.execute(FILES).fetchall()] if has and has[0] else []


def _name(schema: str, name: str) -> str:
    return name if schema == "public" else f"{schema}.{name}"


def _digest(there: Connection, schema: str, name: str, columns: list[str]) -> tuple[int, str]:
    statement = sql.SQL(DIGEST).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)), table=sql.Identifier(schema, name)
    )
    row = there.execute(statement).fetchone()
    count, first, second = row if row else (0, 0, 0)
    return int(count), hashlib.sha256(f"{count} {first} {second}".encode()).hexdigest()


def _sequence(there: Connection, schema: str, name: str) -> tuple[int, bool]:
    statement = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(schema, name))
    row = there.execute(statement).fetchone()
    return (int(row[0]), bool(row[1])) if row else (0, False)


def _heads(there: Connection) -> dict[str, tuple[int, str]]:
    return {str(here): (int(position), str(digest)) for here, position, digest in there.execute(HEADS).fetchall()}
