"""Tests run on real PostgreSQL, as the runtime role that row-level security binds."""

import fcntl
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases

from maristan.config.database import runtime_role
from maristan.kernel import tenancy
from maristan.kernel.access import consulted


def _act_as(role: str | None) -> None:
    connections.close_all()
    options = connection.settings_dict["OPTIONS"]
    options.pop("options", None)
    if role:
        options["options"] = f"-c role={role}"


def _as_owner(statement: str, database: str = "postgres") -> None:
    import psycopg

    found = connection.settings_dict
    with psycopg.connect(
        host=found["HOST"], port=found["PORT"] or None, user=found["USER"], password=found["PASSWORD"] or None,
        dbname=database, autocommit=True,
    ) as owner:  # fmt: skip
        owner.execute(statement)


def _one_after_another(set_up: Callable[[], Any]) -> Any:
    """Each process of a parallel run has a database of its own; roles belong to all, so they are made in turn."""
    process = os.environ.get("PYTEST_XDIST_WORKER")
    if process is None:
        return set_up()
    connection.settings_dict["TEST"]["NAME"] = f"test_{process}"
    with (Path(tempfile.gettempdir()) / f"maristan-{os.getuid()}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return set_up()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Migrate a test database as the owner, then act as the runtime role."""
    with django_db_blocker.unblock():
        # Without autovacuum nothing is planned by figures of a table that was empty when they were taken.
        for statement in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            _as_owner(f"ALTER SYSTEM SET {statement} = off")
        _as_owner("SELECT pg_reload_conf()")
        made = _one_after_another(lambda: setup_databases(verbosity=0, interactive=False))
        _act_as(runtime_role(connection.settings_dict["USER"]))
    yield
    with django_db_blocker.unblock():
        _act_as(None)
        teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[str], None]]:
    """A database of the test's own, where transactions commit; yields a function that runs a statement as owner."""
    usual = connection.settings_dict["NAME"]
    name = f"test_own_{uuid.uuid4().hex[:10]}"
    connections.close_all()
    _as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{usual}"')
    connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock():
            yield lambda statement: _as_owner(statement, name)
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual
        _as_owner(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    """No institution and no consulted permission carries over from one test to the next."""
    tenancy.forget()
    token = consulted.set(None)
    yield
    consulted.reset(token)
    tenancy.forget()
