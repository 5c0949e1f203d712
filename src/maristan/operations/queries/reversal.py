"""What taking migrations back would do: the whole plan with dependants, and the rows that would go with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from maristan.operations.queries import migrations
from maristan.operations.rules.rollback import Reverse

COLUMNS = """SELECT column_name FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name = %s AND column_name = ANY(%s)"""

Key = tuple[str, str]


class UnknownMigration(Exception):
    """No migration of this build has that name."""


def targets(named: Iterable[Sequence[str]]) -> list[Key]:
    """Apps and migrations as they were named; a number at the front is enough. Raises `UnknownMigration`."""
    known = {(each.app, each.name) for each in migrations.of_build()}
    found = []
    for app, name in named:
        fitting = sorted(key for key in known if key[0] == app and key[1].startswith(name))
        if name == "zero" and any(key[0] == app for key in known):
            found.append((app, name))
        elif len(fitting) == 1:
            found.append(fitting[0])
        else:
            near = ", ".join(key[1] for key in sorted(known) if key[0] == app)[-200:] or "no such app"
            raise UnknownMigration(f"{app} {name}: {near}")
    return found


def targets_of(manifest: Mapping[str, Any]) -> list[Key]:
    """For each app with migrations that a release does not know: the last that it knows."""
    known = {(each["app"], each["name"]) for each in manifest["migrations"]}
    applied = [(each.app, each.name) for each in migrations.applied()]
    found = []
    for app in sorted({key[0] for key in applied if key not in known}):
        last = [key for key in applied if key[0] == app and key in known]
        found.append(max(last) if last else (app, "zero"))
    return found


def not_applied(to: Sequence[Key]) -> list[str]:
    """Targets that were never applied: to go to them would be to go on, not back."""
    applied = {(each.app, each.name) for each in migrations.applied()}
    return [f"{app}.{name}" for app, name in to if name != "zero" and (app, name) not in applied]


def plan(to: Sequence[Key]) -> list[Reverse]:
    """The migrations that would be taken back, in their order, dependants of other apps included."""
    executor = MigrationExecutor(connection)
    nodes = [(app, None if name == "zero" else name) for app, name in to]
    described = {(each.app, each.name): each for each in migrations.of_build()}
    found = []
    for migration, is_backwards in executor.migration_plan(nodes):
        if is_backwards:
            known = described[migration.app_label, migration.name]
            lost = {what: count for what in known.reverse_loses for count in [rows_of(what)] if count}
            found.append(Reverse(known.app, known.name, known.reversible, lost))
    return found


def rows_of(what: str) -> int:
    """How many rows a table has, or how many of its rows have something in a column; 0 for what is not there."""
    table, _, column = what.partition(".")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f'public."{table}"'])
        if cursor.fetchone()[0] is None:
            return 0
        condition: sql.Composable = sql.SQL("")
        if column:
            cursor.execute(COLUMNS, [table, [column, f"{column}_id"]])
            there = cursor.fetchone()
            if there is None:
                return 0
            condition = sql.SQL(" WHERE {} IS NOT NULL").format(sql.Identifier(there[0]))
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)) + condition)
        return int(cursor.fetchone()[0])
