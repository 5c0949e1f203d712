"""Counts the statements of a request: without transaction control, tenancy set-up and authentication."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from maristan.config.identity import SignedIn

NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS", "SELECT set_config")


class Count:
    """The statements seen so far."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counted() -> Iterator[Count]:
    """Count what is executed inside, from the moment that a request knows its actor."""
    count = Count()
    authenticate = SignedIn.__call__

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not str(sql).lstrip().startswith(NOT_COUNTED):
            count.statements.append(str(sql))
        return execute(sql, params, many, context)

    def then_forget(self: SignedIn, request: Any) -> Any:
        actor = authenticate(self, request)
        count.statements.clear()
        return actor

    SignedIn.__call__ = then_forget  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(note):
            yield count
    finally:
        SignedIn.__call__ = authenticate  # type: ignore[method-assign]
