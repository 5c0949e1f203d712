"""Collects what a deployment is judged by before it changes anything; what cannot be looked at is unknown."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error

from maristan.config import deployment, verification
from maristan.operations.models import BackupSet, Deployment
from maristan.operations.queries import build, migrations, processes, servers, shelf
from maristan.operations.queries import deployments as queries
from maristan.operations.rules import locking
from maristan.operations.rules import migrations as migration_rules
from maristan.operations.rules.deploying import Evidence, Pending
from maristan.operations.rules.running import ALL_INTERFACES
from maristan.operations.rules.sets import SetFault, room_needed
from maristan.operations.rules.shelf import altered
from maristan.operations.rules.states import ProcessKind, SetStatus

HOOKS = ("activate", "restart_web", "stop_workers", "start_workers")
IMAGE_HOOKS = (*HOOKS, "kept", "ask")  # whether the engine has an image, and a command of the release in service
PROXIES = (
    ("caddy", "Caddyfile", ("validate", "--adapter", "caddyfile", "--config")),
    ("nginx", "nginx.conf", ("-t", "-q", "-c")),
)
DOMAINS = {"MARISTAN_DOMAINS": "maristan.example"}  # where whoever deploys does not know those of the proxy
CERTIFICATES = re.compile(r"^\s+ssl_certificate.*$", re.MULTILINE)


def evidence(manifest: Mapping[str, Any] | None, pending: Sequence[Pending] | None) -> Evidence:
    """Everything that is judged; `pending` is none where the database does not answer."""
    fault = "" if pending is not None else "it does not answer"
    of_database: dict[str, Any] = {"database_fault": fault}
    if pending is not None:
        try:
            of_database = _of_database(manifest, pending)
        except (Error, psycopg.Error) as error:
            of_database = {"database_fault": type(error).__name__}
    return Evidence(
        weaknesses=[f"{each.name}: {each.fault}" for each in deployment.weaknesses(settings.ENV.values)],
        altered=None if manifest is None else code_altered(manifest),
        duplicates=migrations.duplicates(),
        unwritten=migrations.unwritten(),
        free_bytes=_free(),
        hooks_missing=hooks_missing(),
        proxy_fault=proxy_fault(),
        wide_ports=wide_ports() if not fault else (),
        **of_database,
    )


def _of_database(manifest: Mapping[str, Any] | None, pending: Sequence[Pending]) -> dict[str, Any]:
    applied = migrations.applied()
    known = {(each.app, each.name) for each in migrations.of_build()}
    held = migrations.held_by(each.name for each in pending)
    rows = queries.rows_of({table for tables in held.values() for table in tables})
    ages = verification.clocks()
    former = former_build()
    is_first = not former and queries.is_first()
    last = None if is_first else _last_set()
    left = queries.unfinished()
    return {
        "may_create": servers.may_create(),
        "postgres": servers.server_version(),
        "postgres_min": int(manifest["postgres_min"]) if manifest else 15,
        "unknown_migrations": unknown(applied, known),
        "locks": [] if is_first else locking.long_locks(held, rows),
        "needed_bytes": room_needed(last),
        "backup_fault": "" if is_first else backup_fault(),
        "clock_skew": abs((ages[0] - ages[1]).total_seconds()),
        "is_previous_known": bool(former) or is_first or queries.is_first_unfinished(),
        "other_operation": f"run {left.run_id} of {left.host}, pid {left.pid}" if left else "",
    }


def unknown(applied: Sequence[migration_rules.Applied], known: set[tuple[str, str]]) -> list[str]:
    """Applied migrations that this build does not have."""
    return sorted(f"{each.app}.{each.name}" for each in applied if (each.app, each.name) not in known)


def _last_set() -> int | None:
    done = (SetStatus.CREATED, SetStatus.PROVEN)
    found = BackupSet.objects.filter(status__in=done).order_by("-created_at")
    return found.values_list("size_bytes", flat=True).first()


def code_altered(manifest: Mapping[str, Any]) -> list[str]:
    """Packaged files of this code that are not what its manifest says."""
    promised = {each["path"]: each["sha256"] for each in manifest["package_files"]}
    return altered(promised, {name: verification.digest(file) for name, file in build.package_files().items()})


def former_build() -> str:
    """The build in service: that of the link or the newest note, else of the newest run that was done; of images that
    were never put into service by a run, the one build that all web processes have."""
    there = shelf.current()
    if there is not None:
        return there.build_id
    if not queries.exists():
        return ""
    rows = Deployment.objects.filter(status__in=queries.DONE).order_by("-started_at")
    done = rows.values_list("to_build", flat=True).first() or ""
    if done or not shelf.are_images():
        return done
    found = {each.build_id for each in processes.living() if each.kind == ProcessKind.WEB}
    return found.pop() if len(found) == 1 else ""


def backup_fault() -> str:
    """Why no set could be made; empty when one could."""
    folder = Path(settings.BACKUP_DIR)
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return f"{there} cannot be written"
    try:
        servers.tools(servers.server_version())
    except SetFault as fault:
        return str(fault)
    return ""


def _free() -> int:
    folder = Path(settings.BACKUP_DIR)
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free


def hooks_missing() -> list[str]:
    """Hooks of the target that are not there or cannot be run."""
    folder, wanted = shelf.hooks(), IMAGE_HOOKS if shelf.are_images() else HOOKS
    return [str(folder / name) for name in wanted if not os.access(folder / name, os.X_OK)]


def proxy_fault() -> str:
    """What a proxy on the path says of its configuration in `deploy/`; empty when it is well or nobody could ask."""
    for program, name, words in PROXIES:
        file, found = Path(settings.HOME) / "deploy" / name, shutil.which(program)
        if found is None or not file.is_file():
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                read = site_of_nginx(Path(folder), file.read_text("utf-8")) if program == "nginx" else file
                ended = subprocess.run(  # noqa: S603 - a program of the path on our own file
                    [found, *words, str(read)], capture_output=True, text=True, errors="replace", check=False,
                    timeout=30, env={**DOMAINS, **os.environ, "XDG_DATA_HOME": folder},
                )  # fmt: skip
            except (OSError, ValueError, subprocess.SubprocessError) as fault:
                return f"{program}: {fault}"
        if ended.returncode:
            return f"{program}: {ended.stderr.strip().splitlines()[-1:] or ended.returncode}"
    return ""


def site_of_nginx(folder: Path, text: str) -> Path:
    """A whole configuration around the site, which is a part of one, without certificates that only root reads."""
    plain = CERTIFICATES.sub("", text.replace(" ssl http2", " http2")).replace("/var/log/nginx/", f"{folder}/")
    (folder / "site.conf").write_text(plain)
    kept = "".join(
        f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"pid {folder}/pid; error_log stderr; events {{ }} "
        f"http {{ access_log off; {kept} include {folder}/site.conf; }}"
    )
    return whole


def wide_ports() -> list[str]:
    """Addresses of our own processes that all interfaces reach; containers publish theirs elsewhere."""
    if verification.is_container():
        return []
    rows = processes.live().filter(kind=ProcessKind.WEB) if queries.exists() else []
    found = {each for row in rows for each in row.listen if each.startswith(ALL_INTERFACES)}
    return sorted(found)
