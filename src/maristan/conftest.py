"""Tests run on real PostgreSQL, as the runtime role that row-level security binds."""

import fcntl
import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import UserSettingsHolder, settings
from django.core.management import call_command
from django.db import connection, connections
from django.test.client import ClientHandler
from hypothesis import HealthCheck
from hypothesis import settings as examples

from maristan.config import signing_in
from maristan.config.database import owner_url, parts, runtime_role
from maristan.kernel import proof, tenancy
from maristan.kernel.access import consulted
from maristan.operations.queries import maintenance

# A busy machine is slow, not wrong; the same code sees the same examples.
examples.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
examples.load_profile("steady")

_load_middleware = ClientHandler.load_middleware
_loaded: dict[bool, ClientHandler] = {}


def _shared_middleware(self: ClientHandler, is_async: bool = False) -> None:
    """Test clients share one chain of middleware, which takes long to load; not where a test changes settings."""
    if isinstance(settings._wrapped, UserSettingsHolder):
        _load_middleware(self, is_async)
        return
    if is_async not in _loaded:
        _loaded[is_async] = ClientHandler()
        _load_middleware(_loaded[is_async], is_async)
    vars(self).update({**vars(_loaded[is_async]), "enforce_csrf_checks": self.enforce_csrf_checks})


ClientHandler.load_middleware = _shared_middleware  # type: ignore[method-assign, assignment]


def _act_as(role: str | None) -> None:
    connections.close_all()
    if settings.DATABASE_IS_POOLED:  # the login is the runtime role already, and a pooler passes no option on
        return
    options = connection.settings_dict["OPTIONS"]
    options.pop("options", None)
    if role:
        options["options"] = f"-c role={role}"


def _connected(database: str) -> Any:
    """A connection of the owner; never through a pooler."""
    import psycopg

    found = parts(owner_url(settings.ENV)) if settings.DATABASE_IS_POOLED else connection.settings_dict
    return psycopg.connect(
        host=found["HOST"], port=found["PORT"] or None, user=found["USER"], password=found["PASSWORD"] or None,
        dbname=database, autocommit=True,
    )  # fmt: skip


def _as_owner(statement: str, database: str = "postgres") -> None:
    with _connected(database) as owner:
        owner.execute(statement)


def _schema_mark() -> str:
    """Digest of every file that decides what a migrated database holds."""
    root = Path(__file__).parent
    decisive = [root.parent.parent / "requirements.txt", *root.glob("*/models*"), *root.glob("*/models/*.py")]
    decisive += [*root.glob("*/migrations/*.py"), *root.glob("kernel/*.py"), *root.glob("*/rules/*.py")]
    found = hashlib.sha256()
    for each in sorted(path for path in decisive if path.is_file()):
        found.update(str(each.relative_to(root.parent.parent)).encode() + b"\0" + each.read_bytes())
    return found.hexdigest()[:16]


def _migrated(template: str) -> None:
    """A migrated database by this name; one that was left half-made never gets it."""
    with _connected("postgres") as owner:
        known = {name for (name,) in owner.execute("SELECT datname FROM pg_database").fetchall()}
        if template in known:
            return
        for left in (name for name in known if name.startswith(("template_of_tests_", "half_template"))):
            owner.execute(f'DROP DATABASE "{left}" WITH (FORCE)')
        owner.execute("CREATE DATABASE half_template TEMPLATE template0")
        connection.settings_dict["NAME"] = "half_template"
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        owner.execute(f'ALTER DATABASE half_template RENAME TO "{template}"')


def _own_copy() -> str:
    """Each process of a parallel run has a database of its own, copied from one that was migrated once."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    template = f"template_of_tests_{_schema_mark()}"
    with (Path(os.environ["MARISTAN_HOME"]) / "tests.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # roles belong to all databases, so migrations run in turn
        _migrated(template)
        _as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A migrated test database, made by the owner and used as the runtime role."""
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        # Without autovacuum nothing is planned by figures of a table that was empty when they were taken.
        for statement in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            _as_owner(f"ALTER SYSTEM SET {statement} = off")
        _as_owner("SELECT pg_reload_conf()")
        connections.close_all()
        name = connection.settings_dict["NAME"] = _own_copy()
        _act_as(runtime_role(connection.settings_dict["USER"]))
    settings.BOUND_ROLE = ""  # bound they are, all the time
    yield
    with django_db_blocker.unblock():
        _act_as(None)
        connection.settings_dict["NAME"] = usual
        _as_owner(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def copied(template: str | None = None) -> Iterator[str]:
    """Everything happens in a copy of the test database, or of another one, until the block ends; gives its name."""
    usual, options = connection.settings_dict["NAME"], dict(connection.settings_dict["OPTIONS"])
    name = f"test_own_{uuid.uuid4().hex[:10]}"
    connections.close_all()
    if settings.DATABASE_IS_POOLED:  # it keeps sessions of a database that is to be copied
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template or usual}'"  # noqa: S608
        _as_owner(ended)
    _as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{template or usual}"')
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connections.close_all()
        connection.settings_dict.update(NAME=usual, OPTIONS=options)
        _as_owner(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[str], None]]:
    """A database of the test's own, where transactions commit; yields a function that runs a statement as owner."""
    with copied() as name, django_db_blocker.unblock():
        yield lambda statement: _as_owner(statement, name)


@pytest.fixture
def owner() -> Iterator[Any]:
    """A connection of the owner, beside that of the test."""
    with _connected("postgres") as found:
        yield found


@pytest.fixture(autouse=True)
def _proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has just proved who they are, but where a test is about that and overrides this."""
    monkeypatch.setattr(proof, "must_be_fresh", lambda _request: None)


@pytest.fixture(autouse=True)
def _same_role() -> Iterator[None]:
    """A test that leaves the next ones to the owner of the tables would switch row-level security off for them."""
    before = connection.settings_dict["OPTIONS"].get("options")
    yield
    assert before is None or connection.settings_dict["OPTIONS"].get("options") == before


@pytest.fixture(autouse=True)
def _signed_in_for_ever(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who travels in time stays signed in, and no statement notes it; a test of the age of sessions sets both."""
    settings.SESSION_ABSOLUTE_AGE = 10**10
    monkeypatch.setattr(signing_in, "SEEN_EVERY", 10**10)


@pytest.fixture(autouse=True)
def _no_maintenance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process looks once a second whether maintenance is on: here only when a test makes it forget what it saw,
    so that statements are counted without it."""
    monkeypatch.setattr(maintenance, "LOOKED_AT_EVERY", float(10**9))
    monkeypatch.setattr(maintenance, "_file", maintenance._Look(time.monotonic()))
    monkeypatch.setattr(maintenance, "_window", maintenance._Look(time.monotonic()))


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    """No institution and no consulted permission carries over from one test to the next."""
    tenancy.forget()
    token = consulted.set(None)
    yield
    consulted.reset(token)
    tenancy.forget()
