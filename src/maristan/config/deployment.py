"""What only development and test may have: decided here, refused at start, shown with hints by `maristan check`."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Weakness:
    """Something with which no process starts: the variable, what is wrong, and the number of the check."""

    name: str
    fault: str
    hint: str
    number: str


OLDEST_POSTGRES = 15


def kind(values: Mapping[str, Any]) -> str:
    """`development`, `test`, `staging` or `production`."""
    return str(values["MARISTAN_ENV"] or ("development" if values["DEBUG"] else "production"))


def is_local(values: Mapping[str, Any]) -> bool:
    """True where nobody but the developer is served."""
    return kind(values) in {"development", "test"}


def cache_prefix(secret_key: str, site_url: str) -> str:
    """What the keys of this installation begin with, because others may have theirs in the same Redis.

    It is the same for all its processes, which share the secret and the address, and for all its releases.
    """
    return f"maristan:{hmac.new(secret_key.encode(), site_url.encode(), 'sha256').hexdigest()[:12]}"


def uses_embedded(values: Mapping[str, Any]) -> bool:
    """True when no database is named, so that the embedded server is started."""
    return not (values["DATABASE_URL"] or values["DATABASE_OWNER_URL"] or values["POSTGRES_DB"])


def weaknesses(values: Mapping[str, Any]) -> list[Weakness]:
    """Everything that these values may not have where people are served; nothing in development and test."""
    if is_local(values):
        return []
    found = []
    key = str(values["SECRET_KEY"] or "")
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        expected = "expected at least 50 random characters"
        found.append(Weakness("SECRET_KEY", expected, "Use 50 random characters.", "maristan.E001"))
    if values["DEBUG"]:
        found.append(Weakness("DEBUG", "expected false outside development and test", "Unset DEBUG.", "maristan.E002"))
    if not values["ALLOWED_HOSTS"] or "*" in values["ALLOWED_HOSTS"]:
        expected = "expected the names of the hosts served, without *"
        found.append(Weakness("ALLOWED_HOSTS", expected, "Name the hosts served.", "maristan.E003"))
    if kind(values) == "production" and uses_embedded(values) and not values["ALLOW_EMBEDDED_DATABASE"]:
        expected = "expected, because production does not use the embedded database"
        hint = "Set DATABASE_URL, or ALLOW_EMBEDDED_DATABASE=1."
        found.append(Weakness("DATABASE_URL", expected, hint, "maristan.E004"))
    return found


def weaknesses_of_database(
    values: Mapping[str, Any], *, version: int, is_superuser: bool, bypasses: bool
) -> list[Weakness]:
    """What is wrong with the server (`server_version_num`) and with the role of web and worker processes."""
    found: list[Weakness] = []
    if is_local(values):
        return found
    if version // 10_000 < OLDEST_POSTGRES:
        expected = f"expected PostgreSQL {OLDEST_POSTGRES} or newer, found {version // 10_000}"
        found.append(Weakness("DATABASE_URL", expected, "Upgrade the server.", "maristan.E005"))
    if is_superuser or bypasses:
        expected = "expected a runtime role that row-level security binds, neither SUPERUSER nor BYPASSRLS"
        found.append(Weakness("DATABASE_URL", expected, "Run `maristan db init` as the owner.", "maristan.E006"))
    return found
