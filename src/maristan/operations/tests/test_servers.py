"""Whoever holds a turn holds it as long as the work takes, on a server that ends what says nothing."""

import time
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from maristan.operations.queries import maintenance, servers
from maristan.operations.rules.sets import Busy

pytestmark = pytest.mark.django_db
PATIENCE = 0.2  # seconds after which the server ends a session that says nothing


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The server ends whatever is idle, in a transaction or without one; not the connection of the test itself."""
    connection.ensure_connection()
    limits = ("idle_session_timeout", "idle_in_transaction_session_timeout")
    monkeypatch.setenv("PGOPTIONS", " ".join(f"-c {each}={PATIENCE * 1000:.0f}" for each in limits))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("take", [servers.turn, servers.alone])
def test_a_turn_is_held_however_long_it_says_nothing(take: Any) -> None:
    def tried() -> AbstractContextManager[None]:
        return take("tried") if take is servers.alone else take("tried", of="tried")

    with tried():
        time.sleep(3 * PATIENCE)
        with pytest.raises(Busy), tried():
            pytest.fail("two at once")


@pytest.fixture(params=[False, True])
def direct(request: Any, settings: Any) -> None:
    found = connection.settings_dict
    where = f"postgresql://{found['USER']}@:{found['PORT']}/{found['NAME']}?host={quote(found['HOST'], safe='')}"
    settings.DATABASE_IS_POOLED, settings.DATABASE_DIRECT_URL = request.param, where


@pytest.mark.usefixtures("impatient", "direct")
def test_a_run_passes_maintenance_however_long_it_says_nothing() -> None:
    with maintenance.passing("tried") as token:
        time.sleep(3 * PATIENCE)
        assert maintenance.is_bypass(token)
    assert not maintenance.is_bypass(token)


def test_connections_show_that_they_live(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(servers.psycopg, "connect", lambda *_, **options: given.append(options))
    servers.connected(servers.outside())
    settings.DATABASE_IS_POOLED, settings.DATABASE_DIRECT_URL = True, "postgresql://owner@/direct"
    maintenance._session("tried")
    assert [each["keepalives_idle"] for each in given] == [60, 60]
