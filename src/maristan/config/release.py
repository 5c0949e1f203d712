"""The release manifest: everything that this build contains, read from the code itself and from what was built."""

import hashlib
import importlib.metadata
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from procrastinate.contrib.django import app as queue

from maristan.config import capabilities, roles, sbom, variables
from maristan.config.database import owner_url, parts
from maristan.kernel import jobs
from maristan.operations.queries import build, catalogue, migrations
from maristan.operations.rules.catalogue import Table
from maristan.operations.rules.manifest import SHORT, canonical, digest_of

SCHEMA = 1
POSTGRES_MIN = 15
ROOT = Path(__file__).resolve().parents[3]
PROBE = "a probe, answered before anybody is known"
METHODS = ("get", "post", "put", "patch", "delete")
TEXT = {".js", ".mjs"}


def written(tables: Mapping[str, Table]) -> dict[str, Any]:
    """The manifest of this build over a schema that was read from a migrated database."""
    endpoints, public = routes()
    version = settings.APP_VERSION_NAMED or importlib.metadata.version("maristan")
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "product": "maristan",
        "version": version,
        "git_sha": build.commit(),
        "python": ">=3.11",
        "postgres_min": POSTGRES_MIN,
        "apps": sorted(each.name for each in apps.get_app_configs()),
        "tables": {name: tables[name] for name in sorted(tables)},
        "migrations": [
            {
                "app": each.app, "name": each.name, "sha256": each.sha256, "reversible": each.reversible,
                "reverse_loses": list(each.reverse_loses), "compatibility": each.compatibility.value,
            }
            for each in migrations.of_build()
        ],
        "dependencies": dependencies(),
        "endpoints": endpoints,
        "public": public,
        "jobs": declared_jobs(),
        "permissions": sorted(roles.TABLE),
        "roles": {name: dict(sorted((role, str(extent)) for role, extent in by.items()))
                  for name, by in sorted(roles.TABLE.items())},
        "bundle": bundle(settings.WEB_BUNDLE),
        "package_files": [
            {"path": name, "sha256": _digest(file)} for name, file in sorted(build.package_files().items())
        ],
        "settings": sorted(each.name for each in variables.TABLE),
        "capabilities": capabilities.read(),
        "sbom_sha256": digest_of(sbom.written(ROOT, version).encode()),
    }  # fmt: skip
    return {
        **found,
        "build_id": digest_of(canonical(found))[:SHORT],
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def save(manifest: Mapping[str, Any], file: Path) -> None:
    """Write a manifest, and beside it the bill of materials whose digest it holds."""
    file.parent.mkdir(parents=True, exist_ok=True)
    (file.parent / build.SBOM.name).write_text(sbom.written(ROOT, manifest["version"]), encoding="utf-8")
    file.write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


@contextmanager
def empty_database() -> Iterator[None]:
    """A database of its own, migrated from nothing, in which the owner acts until it is dropped."""
    given, usual = parts(owner_url(settings.ENV)), connection.settings_dict
    name = f"{given['NAME']}_manifest_{datetime.now(UTC):%Y%m%d%H%M%S}"
    before = {key: usual[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    connections.close_all()
    usual.update({**{key: given[key] for key in before if key in given}, "OPTIONS": {**given["OPTIONS"]}})
    _outside(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        usual["NAME"] = name
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        connections.close_all()
        usual["NAME"] = given["NAME"]
        _outside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connections.close_all()
        usual.update(before)


def _outside(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def from_nothing() -> dict[str, Any]:
    """The manifest over a schema that was migrated for it; needs the owner."""
    with empty_database():
        tables = catalogue.read().tables
    return written(tables)


def routes() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Every endpoint with its permission, and those that are open to everybody with the reason, probes among them."""
    from maristan.config import health
    from maristan.config.api import api

    endpoints, public = [], []
    for path, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        for method in METHODS:
            said = operations.get(method)
            if said is None:
                continue
            place = {"method": method.upper(), "path": path}
            endpoints.append({**place, "permission": said.get("x-permission", "")})
            if "x-public" in said:
                public.append({**place, "reason": said["x-public"]})
    probes = sorted(health.PATHS | health.SUMMARIES | {health.LIVENESS})
    return endpoints, public + [{"method": "GET", "path": path, "reason": PROBE} for path in probes]


def declared_jobs() -> list[dict[str, Any]]:
    """Every job by name, with its queue and, by schedule, its cron."""
    queue.perform_import_paths()  # type: ignore[no-untyped-call]
    own = {name: task for name, task in queue.tasks.items() if not name.startswith(("builtin", "procrastinate."))}
    return [
        {"name": name, "queue": task.queue, "periodic": jobs.periodic_jobs.get(name, "")}
        for name, task in sorted(own.items())
    ]


def dependencies() -> list[dict[str, str]]:
    """What is pinned for the product."""
    file = ROOT / "requirements.txt"
    found = sbom.PINNED.findall(file.read_text(encoding="utf-8")) if file.is_file() else []
    return [{"name": name, "version": version} for name, version in found]


def bundle(folder: Path) -> dict[str, Any]:
    """The files of the web client, and the screens whose ids stand in its emitted chunks."""
    files = _files(folder)
    return {
        "entry": "index.html" if (folder / "index.html").is_file() else "",
        "files": [
            {"path": file.relative_to(folder).as_posix(), "sha256": _digest(file), "bytes": file.stat().st_size}
            for file in files
        ],
        "screens": emitted(folder, screens()),
    }


def emitted(folder: Path, ids: Iterable[str]) -> list[str]:
    """Those of the ids that stand in a built client; a release has no sources that would name them."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in _files(folder) if file.suffix in TEXT)
    return [each for each in sorted(ids) if f'"{each}"' in text or f"`{each}`" in text]


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file()] if folder.is_dir() else []


def screens() -> list[str]:
    """The ids of the screens that the web client's sources name."""
    file = ROOT / "web" / "screens.json"
    return sorted(json.loads(file.read_text(encoding="utf-8")).values()) if file.is_file() else []


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
