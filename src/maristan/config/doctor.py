"""Everything for a first call, on one page: what this is, what it was told, what it stands on, what runs; no secret."""

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, connection

from maristan.config import database, environment, starting, variables, verification
from maristan.operations.actions import restores
from maristan.operations.models import BackupSet
from maristan.operations.queries import (
    build,
    deployments,
    health,
    machine,
    maintenance,
    overview,
    processes,
    releases,
    servers,
    shelf,
)
from maristan.operations.queries import restores as queries
from maristan.operations.rules.states import SetStatus

ROLES = """SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcanlogin FROM pg_roles
  WHERE rolname = ANY(%s) ORDER BY 1"""


AT_WORK = "wait: it is at work"
INIT = "maristan db init --admin postgresql://postgres@{host}/postgres"


def page() -> dict[str, Any]:
    """Every part; one that cannot be looked at says why, and the others are there all the same."""
    parts: dict[str, Callable[[], Any]] = {
        "release": release, "missing": missing, "settings": effective, "database": server, "roles": roles,
        "migrations": migrated, "disks": overview.disks, "clock": clock, "ports": machine.all_listening,
        "processes": running, "maintenance": lambda: maintenance.state().is_on, "unfinished_run": unfinished_run,
        "unfinished_restore": unfinished_restore, "last_set": last_set, "last_verification": last_verification,
    }  # fmt: skip
    return {name: _or_why(look) for name, look in parts.items()}


def _or_why(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except (Error, psycopg.Error, OSError) as fault:
        connection.close()
        return {"not_checked": type(fault).__name__}


def release() -> dict[str, Any]:
    """What this code is, and which folder is in service."""
    running, there = build.running(), shelf.current()
    return {
        "version": running.version, "build": running.build_id, "commit": running.git_sha,
        "is_release": running.is_release, "in_service": there.path.name if there else None,
        "host": socket.gethostname(), "env": settings.MARISTAN_ENV,
    }  # fmt: skip


def missing() -> dict[str, Any] | None:
    """What there has to be before anything serves, with the command that makes it; none where all of it is there."""
    name, host = servers.live(), connection.settings_dict["HOST"] or "127.0.0.1"
    init, deploy = INIT.format(host=host), "maristan deploy" if build.running().is_release else "maristan migrate"
    try:
        servers.server_version()
    except psycopg.OperationalError:
        said = f"a server that answers this login at {host}"
        return {"is": said, "next": f"start PostgreSQL, or wait until it has started; on a new host: {init}"}
    try:
        with servers.connected(name) as there:
            if there.execute("SELECT to_regclass('public.django_migrations')").fetchone() == (None,):
                return {"is": f"every table of {name}: nothing was deployed here yet", "next": deploy}
    except psycopg.OperationalError:
        return {"is": f"the database {name}", "next": init}
    return None


def effective() -> list[dict[str, Any]]:
    """Every setting as it is in effect, and where it comes from."""
    real, written = dict(os.environ), environment.dotenv(environment.home() / ".env")
    return [
        {"name": each.name, "value": shown(each, settings.ENV.values[each.name]), "source": source(each, real, written)}
        for each in variables.TABLE
    ]


def shown(variable: variables.Variable, value: Any) -> Any:
    """A value, or whether there is one of a secret."""
    if variable.secret:
        return "set" if value else "unset"
    return value if value is None or isinstance(value, bool | int) else str(value)


def source(variable: variables.Variable, real: Mapping[str, str], written: Mapping[str, str]) -> str:
    """`environment`, `file`, `env_file` or `default`."""
    for given, name in ((real, "environment"), (written, "env_file")):
        found = [each for each in environment.spellings(variable) if given.get(each, "").strip()]
        if found:
            return "file" if variable.secret and found[0].endswith("_FILE") else name
    return "default"


def server() -> dict[str, Any]:
    """Where the database is, and what it is."""
    found = database.parts(database.owner_url(settings.ENV))
    return {
        "host": found["HOST"], "port": found["PORT"], "name": found["NAME"], "version": servers.server_version(),
        "bytes": servers.size_of(servers.live()), "weaknesses": [each.fault for each in starting.of_database() or ()],
    }  # fmt: skip


def roles() -> list[dict[str, Any]]:
    """The owner and the runtime role."""
    names = ("name", "superuser", "bypassrls", "createdb", "login")
    owner = database.parts(database.owner_url(settings.ENV))["USER"]
    with connection.cursor() as cursor:
        cursor.execute(ROLES, [[owner, database.runtime_role(owner)]])
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def migrated() -> dict[str, int]:
    """How many migrations were applied, wait, or are unknown to this build."""
    with connection.cursor() as cursor:
        there = health.applied(cursor)
    known = health.known_migrations()
    return {"applied": len(there & known), "pending": len(known - there), "unknown": len(there - known)}


def clock() -> dict[str, Any]:
    """The time of this host, and how far the database is away from it."""
    here, there = verification.clocks()
    return {"host": here, "skew_seconds": round(abs((here - there).total_seconds()), 3), "zone": settings.TIME_ZONE}


def running() -> list[dict[str, Any]]:
    """What lives."""
    now = datetime.now(UTC)
    return [
        {"kind": each.kind, "host": each.host, "pid": each.pid, "build": each.build_id, "listen": each.listen,
         "queues": each.queues, "age_seconds": round((now - each.started_at).total_seconds())}
        for each in processes.living()
    ]  # fmt: skip


def unfinished_run() -> dict[str, Any] | None:
    """A deployment or rollback that works, or was killed; then with the command that leads on."""
    row = deployments.unfinished()
    if row is None:
        return None
    return {
        "kind": row.kind, "from": row.from_build, "to": row.to_build, "started_at": row.started_at,
        "step": row.steps[-1]["name"] if row.steps else "", "host": row.host, "pid": row.pid,
        "next": AT_WORK if servers.is_turn_taken() else deployments.next_of(row).removeprefix("next: "),
    }  # fmt: skip


def unfinished_restore() -> dict[str, Any] | None:
    """As a run; the note of it lies on this host's disk and needs no database."""
    left, is_at_work = queries.noted(), False
    if left is None:
        return None
    with suppress(Error):  # that of a restore may be away in the middle of the exchange
        is_at_work = servers.is_turn_taken()
    leads_on = restores.NEXT.removeprefix("next: ") if left.opens_doors else "as the unfinished run says"
    return {"step": left.step, "former_database": left.before, "next": AT_WORK if is_at_work else leads_on}


def last_set() -> Mapping[str, Any] | None:
    """The newest proven set."""
    found = BackupSet.objects.filter(status=SetStatus.PROVEN).order_by("-created_at")
    return found.values("name", "created_at", "proven_at", "size_bytes").first()


def last_verification() -> Mapping[str, Any] | None:
    """The verification that counts for the build that runs, as the overview and Releases show it."""
    return releases.standing(build.running().build_id)


def text(said: Mapping[str, Any]) -> str:
    """The page as people read it."""
    lines = []
    for name, part in said.items():
        lines.append(f"{name.replace('_', ' ')}")
        rows = part if isinstance(part, list) else [part]
        lines += [f"  {_line(name, row)}" for row in rows] or ["  none"]
    return "\n".join(lines)


def _line(name: str, row: Any) -> str:
    if name == "settings":
        return f"{row['name']} = {'' if row['value'] is None else row['value']}  ({row['source']})"
    if isinstance(row, Mapping):
        return "  ".join(f"{key} {value}" for key, value in row.items())
    return "none" if row is None else str(row)
