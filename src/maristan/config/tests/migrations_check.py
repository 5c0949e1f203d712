"""`make migrations-check`: what holds of migrations before anybody gets them; one line a step, exit 1 where one fails.

None unwritten, none that the former code does not survive, no number twice, a database from nothing, and one that the
last release left behind.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parents[4]
TAGS = "v[0-9]*"  # a release is what has such a tag
BEFORE, AFTER = "migrations_check_before", "migrations_check_after"
NO_RELEASE = "no release has a tag yet, so there is nothing to migrate from"
# Migrations to which the linter objects, and why they are safe.
ACCOUNTED_FOR: Mapping[str, str] = MappingProxyType(
    {"timetable.0002_database_rules": "its tables are made by the migration before it: no former code knows them"}
)


class Failed(Exception):
    """What is wrong with a step, in a line or more."""


def said(*words: str, cwd: Path = ROOT, **environment: str) -> str:
    """What a program printed; raises `Failed` with the end of what it complained of."""
    given = {**os.environ, **environment}
    done = subprocess.run(words, cwd=cwd, env=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(words)[:200]} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout.strip()


def none_unwritten() -> str:
    """What models say is what migrations make."""
    from django.core.management import call_command

    out = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=out, stderr=out)
    except SystemExit:
        raise Failed(out.getvalue()) from None
    return "models and migrations agree"


def none_twice() -> str:
    """No two migrations of an app begin with the same number."""
    from maristan.operations.queries import migrations

    found = migrations.duplicates()
    if found:
        raise Failed("; ".join(f"{place}: {', '.join(names)}" for place, names in sorted(found.items())))
    return f"{len(migrations.of_build())} migrations, each with a number of its own"


def none_unsafe() -> str:
    """The linter of migrations objects to none of our own apps' but those that are accounted for."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader
    from django_migration_linter import MigrationLinter

    own = {each.label for each in apps.get_app_configs() if each.name.startswith("maristan.")}
    linter, objected, seen = MigrationLinter(str(ROOT / "src" / "maristan"), no_cache=True), set(), 0
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if app in own:
            before, seen = linter.nb_erroneous, seen + 1
            linter.lint_migration(migration)
            objected |= {f"{app}.{name}"} if linter.nb_erroneous > before else set()
    wrong = objected_to(objected)
    if wrong or not seen:
        raise Failed("; ".join(wrong) or "no migration was looked at")
    return f"{seen} migrations, {len(objected)} of them accounted for"


def objected_to(found: Collection[str], accounted_for: Mapping[str, str] = ACCOUNTED_FOR) -> list[str]:
    """What is wrong with objections to migrations (`app.name`): unaccounted ones, and accounts that outlived theirs."""
    wrong = [f"{each} would break the former code, as printed above" for each in sorted({*found} - {*accounted_for})]
    return [*wrong, *(f"{each}: nothing is objected any more" for each in sorted({*accounted_for} - {*found}))]


def from_nothing() -> str:
    """An empty database ends with every table of every model and nothing left to do."""
    from django.apps import apps

    from maristan.config import release
    from maristan.operations.queries import catalogue

    with release.empty_database():
        pending = nothing_pending()
        there = set(catalogue.read().tables)
    lacking = {each._meta.db_table for each in apps.get_models() if each._meta.managed} - there
    if lacking or pending:
        raise Failed(f"missing: {', '.join(sorted(lacking))}; pending: {', '.join(pending)}")
    return f"{len(there)} tables from an empty database"


def nothing_pending() -> list[str]:
    """The migrations that the database in use has not had."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [str(each) for each, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


# --- the last release -------------------------------------------------------------------------------------------------


def last_release(root: Path = ROOT) -> str | None:
    """The newest tag of a release before this commit; none before the first. Raises `Failed` where nobody can tell."""
    if said("git", "rev-parse", "--is-shallow-repository", cwd=root) == "true":
        raise Failed("the history of this checkout is cut off, so nobody can tell the last release")
    here = said("git", "tag", "--points-at", "HEAD", cwd=root).split()
    known = said("git", "tag", "--list", TAGS, "--merged", "HEAD", "--sort=-version:refname", cwd=root).split()
    return next((each for each in known if each not in here), None)


def from_last_release() -> str:
    """The dump of a demonstration that the last release made, restored, is brought to this code and is whole."""
    tag = last_release()
    if tag is None:
        return NO_RELEASE
    with tempfile.TemporaryDirectory(prefix="maristan-release-") as folder:
        dump = dumped(tag, Path(folder))
        home = Path(folder) / "home"
        with database(AFTER) as url:
            tool("pg_restore", "--exit-on-error", "--dbname", AFTER, str(dump), database=AFTER)
            run = (sys.executable, "-m", "maristan")
            given = {**product(url, home), "PYTHONPATH": str(ROOT / "src")}
            said(*run, "migrate", "--no-input", **given)
            said(*run, "migrate", "--check", **given)
            said(*run, "integrity", "check", **given)
    return f"a demonstration of {tag} came to this code and is whole"


def dumped(tag: str, folder: Path) -> Path:
    """A demonstration that a release made with its own packages, as a dump."""
    former, venv, dump = folder / "former", folder / "venv", folder / "former.dump"
    former.mkdir()
    said("git", "archive", "--output", str(folder / "former.tar"), tag)
    said("tar", "--extract", "--file", str(folder / "former.tar"), "--directory", str(former))
    said(sys.executable, "-m", "venv", str(venv))
    pip = (str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    said(*pip, "--require-hashes", "--requirement", str(former / "requirements.txt"))
    run = (str(venv / "bin" / "python"), "-m", "maristan")
    with database(BEFORE) as url:
        given = {**product(url, folder / "home"), "PYTHONPATH": str(former / "src")}
        said(*run, "migrate", "--no-input", cwd=former, **given)
        said(*run, "seed_demo", "--students=50", cwd=former, **given)
        tool("pg_dump", "--format=custom", "--file", str(dump), database=BEFORE)
    return dump


def product(url: str, home: Path) -> dict[str, str]:
    """The environment in which a build is run over a database."""
    return {"MARISTAN_ENV": "test", "MARISTAN_HOME": str(home), "DATABASE_URL": url, "MEDIA_ROOT": str(home / "media")}


def tool(program: str, *words: str, database: str) -> None:
    """Run a client program of PostgreSQL that fits the server; raises `Failed`."""
    from maristan.operations.queries import servers

    try:
        servers.tools(servers.server_version()).run(program, *words, database=database)
    except subprocess.CalledProcessError as ended:
        raise Failed(f"{program}: {ended.stderr.decode(errors='replace')[-2000:]}") from ended


@contextmanager
def database(name: str) -> Iterator[str]:
    """An empty database of the server, gone at the end; gives its address."""
    from django.conf import settings

    from maristan.config.database import owner_url
    from maristan.config.tests.running_copy import of_database
    from maristan.operations.queries import servers

    with servers.connected(servers.outside()) as server:
        drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name))
        server.execute(drop)
        server.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        try:
            yield of_database(owner_url(settings.ENV), name)
        finally:
            server.execute(drop)


STEPS: Sequence[Callable[[], str]] = (none_unwritten, none_twice, none_unsafe, from_nothing, from_last_release)


def run(steps: Sequence[Callable[[], str]] = STEPS) -> int:
    """Every step, also after one that failed; the exit code."""
    failed = 0
    for each in steps:
        try:
            print(f"{each.__name__}: {each()}", flush=True)
        except Failed as why:
            print(f"{each.__name__}: FAILED: {why}", flush=True)
            failed += 1
    return 1 if failed else 0


def main() -> int:
    """The steps over the database of the environment, else over the embedded one."""
    home = os.environ.pop("MARISTAN_TEST_HOME", str(ROOT / "var" / "test"))
    os.environ.update({"MARISTAN_ENV": "test", "MARISTAN_HOME": home, "MARISTAN_DB_OWNER": "1"})
    os.environ.update({"DJANGO_SETTINGS_MODULE": "maristan.config.settings", "LOG_LEVEL": "error"})
    import django

    django.setup()
    return run()


if __name__ == "__main__":
    sys.exit(main())
