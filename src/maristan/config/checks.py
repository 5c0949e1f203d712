"""Numbered checks of the configuration, with hints."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning, register


def register_all() -> None:
    """Make the checks known to `maristan check`."""
    register(secrets_and_hosts)
    register(strange_names)


def secrets_and_hosts(app_configs: Any, **_options: Any) -> list[Error]:
    """Refuse what only development and test may have."""
    if settings.IS_LOCAL:
        return []
    found = []
    key = str(settings.SECRET_KEY)
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        found.append(Error("SECRET_KEY is weak", hint="Use 50 random characters.", id="maristan.E001"))
    if settings.DEBUG:
        found.append(Error("DEBUG is on", hint="Unset DEBUG.", id="maristan.E002"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS is empty or *", hint="Name the hosts served.", id="maristan.E003"))
    uses_embedded = not (settings.ENV["DATABASE_URL"] or settings.ENV["POSTGRES_DB"])
    if settings.MARISTAN_ENV == "production" and uses_embedded and not settings.ENV["ALLOW_EMBEDDED_DATABASE"]:
        found.append(Error("The embedded database in production", hint="Set DATABASE_URL.", id="maristan.E004"))
    return found


def strange_names(app_configs: Any, **_options: Any) -> list[Warning]:
    """Say which variables have no effect."""
    return [Warning(text, id="maristan.W001") for text in settings.ENV.warnings]
