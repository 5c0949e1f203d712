"""What a process of the product refuses to start with, besides what the environment itself says."""

import sys

from django.conf import settings
from django.db import Error

from maristan.config import deployment
from maristan.config.deployment import Weakness
from maristan.operations.queries import health

ASK = """SELECT current_setting('server_version_num')::int, rolsuper, rolbypassrls
  FROM pg_roles WHERE rolname = current_user"""


def of_database() -> list[Weakness] | None:
    """What is wrong with server and role as whoever serves sees them; none when the database does not answer."""
    try:
        with health.own_connection() as side, side.cursor() as cursor:
            cursor.execute(ASK)
            version, is_superuser, bypasses = cursor.fetchone()
    except Error:
        return None
    return deployment.weaknesses_of_database(
        settings.ENV.values, version=version, is_superuser=is_superuser, bypasses=bypasses
    )


def refuse() -> None:
    """End with 78 where the database is too old, or the role that serves is too strong."""
    found = of_database()
    if found:
        lines = "\n".join(f"  {each.name}: {each.fault}" for each in found)
        sys.stderr.write(f"The database cannot be used:\n{lines}\n")
        raise SystemExit(78)
