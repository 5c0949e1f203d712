"""PostgreSQL as Django knows it, with a pool that hands out no connection that the server has ended.

After a restart of the server, or a restore, every connection in the pool is one of a session that is gone. Django can
let the pool look at each one, but the pool then waits a second after the first that is gone, two after the next and so
on, which is longer than requests wait for a connection.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at a connection before it is used; what was ended is thrown away, and the pool makes another."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection whose session lives; raises `OperationalError` when the pool has none in time."""
        found: Any = super().get_new_connection(conn_params)
        if not isinstance(self.pool, ConnectionPool):
            return found
        for _ in range(self.pool.max_size):
            if lives(found):
                break
            self.pool.putconn(found)
            found = super().get_new_connection(conn_params)
        return found


def lives(connection: "psycopg.Connection[Any]") -> bool:
    """Whether its session goes on; the server is asked only when it has sent something of its own accord."""
    look = select.poll()
    try:
        look.register(connection.fileno(), select.POLLIN)
        if look.poll(0):
            ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True
