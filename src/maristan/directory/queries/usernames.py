"""Usernames in use on the whole platform: of accounts, and those proposed to people of any institution."""

from collections.abc import Iterable

from django.db import connection

from maristan.directory.rules.people import login_root


def in_use(stems: Iterable[str]) -> frozenset[str]:
    """Those that begin like one of the stems and differ in number and batch alone, in lower case: one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_usernames_taken(%s)", [sorted({login_root(stem) for stem in stems})])
        return frozenset(row[0] for row in cursor.fetchall())
