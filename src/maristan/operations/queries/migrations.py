"""The migrations of this build: what their files are, what they do to the code before, what taking them back loses."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState

from maristan.operations.models import AppliedMigration
from maristan.operations.rules.compatibility import Compatibility, Step, lost, verdict
from maristan.operations.rules.locking import tables_held
from maristan.operations.rules.migrations import Applied

NUMBER = re.compile(r"^(\d+)_.*\.py$")


@dataclass(frozen=True, slots=True)
class MigrationFile:
    """One migration: the SHA-256 of its file, whether it can be taken back and which tables and columns then go."""

    app: str
    name: str
    sha256: str
    reversible: bool
    reverse_loses: tuple[str, ...]
    compatibility: Compatibility


@cache
def of_build() -> tuple[MigrationFile, ...]:
    """Every migration of this build, by app and name."""
    loader = MigrationLoader(None)
    return tuple(_described(each) for _, each in sorted(loader.disk_migrations.items()))


def held_by(names: Iterable[str]) -> dict[str, set[str]]:
    """By migration, the tables that it may hold for long; migrations as `app.name`."""
    wanted, loader = {*names}, MigrationLoader(None)
    found = {f"{app}.{name}": each for (app, name), each in loader.disk_migrations.items() if f"{app}.{name}" in wanted}
    return {label: tables_held(_steps(each)) for label, each in found.items()}


def _described(migration: Migration) -> MigrationFile:
    steps = list(_steps(migration))
    declared = getattr(migration, "compatibility", None)
    return MigrationFile(
        app=migration.app_label,
        name=migration.name,
        sha256=hashlib.sha256(file_of(migration).read_bytes()).hexdigest(),
        reversible=all(each.reversible for each in migration.operations),
        reverse_loses=tuple(lost(steps)),
        compatibility=Compatibility(declared) if declared else verdict(steps),
    )


def file_of(migration: Migration) -> Path:
    """Where a migration is written."""
    return Path(str(import_module(migration.__module__).__file__))


def _steps(migration: Migration) -> Iterator[Step]:
    for operation in migration.operations:
        said: Any = operation
        model = getattr(said, "model_name", "") or getattr(said, "name", "")
        field = getattr(said, "field", None)
        yield Step(
            kind=type(operation).__name__,
            table=_table(migration.app_label, said, str(model)),
            column=str(getattr(said, "name", "")) if field is not None else "",
            optional=field is None or field.null or field.has_db_default() or field.many_to_many,
            text=str(getattr(said, "sql", "")),
            undo=str(getattr(said, "reverse_sql", None) or ""),
        )


def _table(app: str, operation: Any, model: str) -> str:
    options = getattr(operation, "options", None) or {}
    return str(options.get("db_table") or f"{app}_{model.lower()}")


def duplicates() -> dict[str, list[str]]:
    """By app and leading number, the migration files of our own apps that share it."""
    found: dict[str, list[str]] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("maristan."):
            folder = Path(config.path) / "migrations"
            names = [file.name for file in sorted(folder.glob("*.py")) if NUMBER.match(file.name)]
            numbers = Counter(_number(name) for name in names)
            for number in (each for each, count in numbers.items() if count > 1):
                found[f"{config.label} {number}"] = [name for name in names if _number(name) == number]
    return found


def _number(name: str) -> str:
    match = NUMBER.match(name)
    return match[1] if match else ""


def unwritten() -> dict[str, list[str]]:
    """By app, what its models say and no migration does."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    detector = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), NonInteractiveMigrationQuestioner()
    )
    changes = detector.changes(graph=loader.graph)
    return {
        app: [operation.describe() for migration in found for operation in migration.operations]
        for app, found in sorted(changes.items())
    }


def applied() -> list[Applied]:
    """Every migration that the database says was applied, with what its file was then, where that is known."""
    if "django_migrations" not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        recorded = cursor.fetchall()
    notes = {(row.app, row.name): row for row in _notes()}
    found = []
    for app, name in recorded:
        note = notes.get((app, name))
        found.append(Applied(app, name, note.sha256 if note else "", note.breaks_former_code if note else None))
    return found


def _notes() -> list[AppliedMigration]:
    if AppliedMigration._meta.db_table not in connection.introspection.table_names():
        return []
    return list(AppliedMigration.objects.all())
