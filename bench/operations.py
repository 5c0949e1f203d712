"""Operations at scale: section 10 of their specification, each ratio side by side on the demonstration of 5,000."""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

from bench import processes
from bench.measuring import Results, report, side_by_side
from maristan.config.tests.counting import counted
from maristan.config.tests.routes import every
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import StoredFile, User
from maristan.kernel.tests.client import Client
from maristan.operations.actions import alerts, backups, packing
from maristan.operations.queries import catalogue, servers, sets
from maristan.operations.rules.states import SetReason

BY = platform(None, "bench")
ROUNDS = 5
FILES, SETS, JOBS, SAMPLES = 2_000, 200, 50_000, 4 * 14 * 24 * 60
ROWS = (
    f"""INSERT INTO operations_backupset (name, reason, status, created_at, created_by, location, format, encrypted,
      pinned, size_bytes, database_bytes, media_bytes, media_files, media, version, build_id, migrations_hash,
      postgres_version, manifest_sha256, tables_compared, mismatches, error_code, removed_at)
    SELECT 'bench_' || n, 'scheduled', 'removed', now() - n * interval '1 day', 'bench', '', 'custom', false, false,
      1, 1, 1, 1, 'copy', '1', 'b', '', '18', '', 1, 0, '', now() FROM generate_series(1, {SETS}) n""",
    f"""INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)
    SELECT 'default', 'kernel.deliver_line', 'succeeded', '{{}}' FROM generate_series(1, {JOBS})""",
    f"""INSERT INTO operations_sample (minute, host, name, value)
    SELECT date_trunc('minute', now()) - n * interval '1 minute', 'h' || p, 'requests', 7
    FROM generate_series(1, {SAMPLES} / 4) n, generate_series(1, 4) p""",
)


@contextmanager
def _installation(students: int) -> Iterator[tuple[str, float]]:
    """A database with a demonstration of so many students; gives its name and the seconds of `seed_demo`."""
    name = f"bench_{students}"
    _drop(name)
    with servers.connected(servers.MAINTENANCE_DATABASE) as owner:
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        with servers.standing_in(name):
            call_command("migrate", verbosity=0, interactive=False)
            start = time.perf_counter()
            call_command("seed_demo", f"--students={students}", "--date=2026-03-04", stdout=StringIO())
            yield name, time.perf_counter() - start
    finally:
        _drop(name)


def _drop(name: str) -> None:
    """Drop a database, with those that restores put beside it."""
    with servers.connected(servers.MAINTENANCE_DATABASE) as owner:
        for each in servers.databases():
            if each == name or each.startswith(f"{name}_"):
                owner.execute(f'DROP DATABASE "{each}" WITH (FORCE)')


def run(*, small: bool) -> int:
    """Measure everything of operations that one machine can; 1 when a budget or a ratio is exceeded."""
    results = Results()
    start(results)
    little, large = (20, 100) if small else (500, 5_000)
    with tempfile.TemporaryDirectory() as folder, _placed(Path(folder)):
        with _installation(little) as (_, few):
            pass
        with _installation(large) as (_, many):
            results.ratio(f"seed_demo of {large:,} / of {little:,}", many, few, 12)
            _fill(20 if small else FILES)
            _requests(results)
            _statements(results)
            _backups(results, Path(folder))
            processes.run(results, Path(folder), small=small)
    report(results, "bench-operations")
    return results.exit_code


@contextmanager
def _placed(folder: Path) -> Iterator[None]:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder / "media")}}
    storages = {**settings.STORAGES, "default": files}
    with override_settings(VAR=folder / "var", BACKUP_DIR=folder / "sets", STORAGES=storages):
        (folder / "var").mkdir()
        yield


def _fill(files: int) -> None:
    with tenancy.acting_in(None):
        here = tenancy.institution_ids()[0]
    with tenancy.acting_in(here):
        made = []
        for at in range(files):
            content = hashlib.sha256(str(at).encode()).digest() * 1_000
            key = default_storage.save(f"{here}/bench-{at}", ContentFile(content))
            made.append(
                StoredFile(
                    key=key, name=f"{at}.bin", content_type="application/octet-stream", size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                )
            )  # fmt: skip
        StoredFile.objects.bulk_create(made)
    with connection.cursor() as cursor:
        for statement in ROWS:
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _signed(username: str) -> Client:
    client = Client()
    client.django.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _requests(results: Results) -> None:
    """One page of students through all middleware, without what is ours in it, and without the metrics alone."""
    url = "/api/v1/academics/students/?page_size=100"
    needed = ("sessions", "auth.", "OneTransaction", "ProblemDocuments")
    bare = [each for each in settings.MIDDLEWARE if any(part in each for part in needed)]
    unwatched = [each for each in settings.MIDDLEWARE if not each.endswith("Watched")]
    whole = _signed("registrar")
    clients = []
    for chain in (bare, unwatched):
        with override_settings(MIDDLEWARE=chain):
            clients.append(_signed("registrar"))
            answer = clients[-1].get(url)  # the chain is loaded by the first request
            if answer.status != 200:
                raise RuntimeError(answer.body[:300])
    results.ratio(
        "a request / without our middleware", *side_by_side(lambda: whole.get(url), lambda: clients[0].get(url)), 1.15
    )
    results.ratio(
        "a request / without metrics", *side_by_side(lambda: whole.get(url), lambda: clients[1].get(url)), 1.05
    )


def _statements(results: Results) -> None:
    operator = _signed("operator")
    for name, url, limit in (
        ("overview of operations", "/api/v1/operations/overview/", 12),
        ("list of backups", "/api/v1/operations/backups/", 6),
        ("list of jobs", "/api/v1/operations/jobs/", 6),
        ("statistics of jobs", "/api/v1/operations/jobs/stats/", 3 + 4),  # four that every signed-in request takes
        ("health", "/health/", 3),
    ):
        with counted() as count:
            answer = operator.get(url)
        if answer.status != 200:
            raise RuntimeError(answer.body[:300])
        results.budget(name, len(count), limit)
    with counted() as count:
        alerts.evaluate(by=BY)
    results.budget(f"evaluation of alerts over {SAMPLES:,} samples", len(count), 15)
    with counted() as count:
        catalogue.read()
    results.budget("comparison of the catalogue", len(count), 12)


def _backups(results: Results, folder: Path) -> None:
    """A set against the plain programs over the same rows and files, and its proof against restoring it."""
    tools = servers.tools(servers.server_version())
    media, live = folder / "media", servers.live()

    def plain() -> None:
        tools.run("pg_dump", "--format=custom", f"--file={folder / 'plain.dump'}", database=live)
        with tarfile.open(folder / "plain.tar", "w") as archive:
            archive.add(media, arcname="media")

    made: list[Any] = []

    def whole() -> None:
        made.append(backups.create(reason=SetReason.MANUAL, prove=False, by=BY).row)

    results.ratio("a set without proof / pg_dump and tar", *side_by_side(whole, plain, ROUNDS), 1.8)
    found = sets.opened(sets.folder_of(made[-1].name))

    def restored() -> None:
        packing.create_database(name="bench_restored", by=BY)
        try:
            tools.run(
                "pg_restore", "--exit-on-error", "--dbname=bench_restored", str(found.dump), database="bench_restored"
            )
        finally:
            packing.drop_database(name="bench_restored", by=BY)

    def proven() -> None:
        differing = packing.tried(found=found, scratch="bench_proved", tools=tools, by=BY)[1]
        if differing:
            raise RuntimeError(differing)

    results.ratio("proof of a set / pg_restore of it", *side_by_side(proven, restored, ROUNDS), 2)


ROUTE = """
class Given{at}(Schema):
    name: str
    until: datetime | None = None
    kinds: list[str] = []


class Shown{at}(Schema):
    id: int
    name: str
    until: datetime | None
    kinds: list[str]
    is_open: bool


@api.{verb}("/{at}/", response=Shown{at})
def route_{at}(request, {given}):
    return given
"""
URLS = """
from datetime import datetime
from django.urls import path
from ninja import NinjaAPI, Query, Schema
api = NinjaAPI()
"""


def start(results: Results) -> None:
    """A web process that is ready against a project of as many empty apps, and routes that do nothing (ADR 18)."""
    apps, verbs = len(settings.INSTALLED_APPS), [route.method.lower() for route in every()]
    begin = (
        "from django.conf import settings; "
        "settings.configure(INSTALLED_APPS={names!r}, SECRET_KEY='x' * 50, ROOT_URLCONF={urls!r}); "
        "from django.core.wsgi import get_wsgi_application; get_wsgi_application(); "
        "from django.urls import get_resolver; get_resolver().url_patterns"
    )
    with tempfile.TemporaryDirectory() as folder:
        names = [f"empty{at}" for at in range(apps)]
        for name in names:
            (Path(folder) / name).mkdir()
            (Path(folder) / name / "__init__.py").touch()
        (Path(folder) / "nothing.py").write_text("urlpatterns = []\n", encoding="utf-8")
        (Path(folder) / "routes.py").write_text(_urls(verbs), encoding="utf-8")

        def begun(said: str, where: str | None) -> None:
            env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            subprocess.run([sys.executable, "-c", said], cwd=where, check=True, env=env)

        ours, empty, alike = (
            lambda: begun("import maristan.config.wsgi", None),
            *(lambda urls=urls: begun(begin.format(names=names, urls=urls), folder) for urls in ("nothing", "routes")),
        )
        results.ratio(f"start / of {apps} apps, {len(verbs)} routes", *side_by_side(ours, alike, ROUNDS), 1.5)
        bare = side_by_side(ours, empty, ROUNDS)
    print(f"start of a web process / of as many apps without a route: {bare[0] / bare[1]:.2f}")


def _urls(verbs: Sequence[str]) -> str:
    """The module of a project with a route for each verb, each with what it is given and what it answers."""
    parts = [URLS]
    for at, verb in enumerate(verbs):
        kind = f"Query[Given{at}]" if verb == "get" else f"Given{at}"
        parts.append(ROUTE.format(at=at, verb=verb, given=f"given: {kind}"))
    return "".join([*parts, 'urlpatterns = [path("", api.urls)]\n'])
