"""The pool of a web process: no request meets a connection that the server ended."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from maristan.kernel.postgresql.base import DatabaseWrapper, lives

NAME, SIZE = "maristan pooled", 4
MINE = "FROM pg_stat_activity WHERE application_name = %s"


@pytest.fixture
def pooled(db: None) -> Iterator[DatabaseWrapper]:
    """A pool of its own, full of connections that were used."""
    given = {**connection.settings_dict["OPTIONS"], "application_name": NAME}
    pool = {"min_size": SIZE, "max_size": SIZE, "timeout": 2.0}
    made = DatabaseWrapper({**connection.settings_dict, "OPTIONS": {**given, "pool": pool}}, alias="pooled")
    made.ensure_connection()
    made.close()
    made.pool.wait()
    yield made
    made.close()
    made.close_pool()


def asked(there: DatabaseWrapper) -> int:
    """The session that answers a request."""
    with there.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    there.close()
    return int(pid)


def end_all(owner: Any) -> list[int]:
    """End every session of the pool, as a restart does and a restore; gives them."""
    found = owner.execute(f"SELECT pid, pg_terminate_backend(pid, 5000) {MINE}", [NAME]).fetchall()
    assert all(ended for _, ended in found)
    return [pid for pid, _ in found]


def test_requests_after_every_session_was_ended_are_answered(pooled: DatabaseWrapper, owner: Any) -> None:
    former = end_all(owner)
    assert len(former) == SIZE
    assert not {asked(pooled) for _ in range(2 * SIZE)} & {*former}


def test_a_connection_that_was_closed_is_not_handed_out(pooled: DatabaseWrapper) -> None:
    with pooled.pool.connection() as one:
        former = one.info.backend_pid
        assert lives(one)
    one.close()  # it lies in the pool
    assert not lives(one)
    assert former not in [asked(pooled) for _ in range(2 * SIZE)]


def test_a_session_that_lives_is_used_again_and_not_asked(pooled: DatabaseWrapper, owner: Any) -> None:
    pids = {asked(pooled) for _ in range(3 * SIZE)}
    there = dict(owner.execute(f"SELECT pid, query {MINE}", [NAME]).fetchall())
    assert (len(pids), {*there}) == (SIZE, pids)
    assert "" not in there.values()  # the look would be a statement without a word


def test_without_a_server_a_request_waits_no_longer_than_it_may(pooled: DatabaseWrapper) -> None:
    pooled.settings_dict["HOST"], pooled.settings_dict["PORT"] = "127.0.0.1", "1"
    pooled.close_pool()
    with pytest.raises(OperationalError, match=r"couldn't get a connection after 2\.00 sec"):
        pooled.ensure_connection()
