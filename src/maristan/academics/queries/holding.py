"""Rows that stay as they are while something is written below them."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from psycopg import sql


def hold(model: type[models.Model], ids: Iterable[int], *fields: str) -> dict[int, tuple[Any, ...]]:
    """id → the fields as they are now; until the transaction ends nobody changes these rows, though many may hold them.

    Two who write below the same row do not wait for one another; whoever wants to close it waits for both.
    """
    table: Any = model._meta
    columns = [sql.Identifier(table.get_field(field).column) for field in ("id", *fields)]
    statement = sql.SQL("SELECT {} FROM {} WHERE id = ANY(%s) ORDER BY id FOR SHARE").format(
        sql.SQL(", ").join(columns), sql.Identifier(table.db_table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
