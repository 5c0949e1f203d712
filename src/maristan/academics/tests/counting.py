"""Counts statements, without transaction control."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from maristan.kernel.tests.client import Client

CONTROL = ("SAVEPOINT", "RELEASE")


def statements(call: Callable[[], Any]) -> int:
    """How many statements `call` makes."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return sum(1 for each in captured if not each["sql"].startswith(CONTROL))


def asked_by(client: Client, url: str) -> int:
    """How many statements the endpoint itself makes for a GET, without authentication and tenancy."""
    around = statements(lambda: client.get("/api/v1/academics/groups/4000000000/")) - 1
    return statements(lambda: client.get(url)) - around
