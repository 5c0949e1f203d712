"""Numbered checks of the configuration, with hints."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning, register

from maristan.config import deployment, starting
from maristan.operations.queries import migrations


def register_all() -> None:
    """Make the checks known to `maristan check`."""
    register(secrets_and_hosts)
    register(strange_names)
    register(numbers_of_migrations)
    register(database, deploy=True)


def secrets_and_hosts(app_configs: Any, **_options: Any) -> list[Error]:
    """Refuse what only development and test may have."""
    weak = deployment.weaknesses(settings.ENV.values)
    return [Error(f"{each.name}: {each.fault}", hint=each.hint, id=each.number) for each in weak]


def strange_names(app_configs: Any, **_options: Any) -> list[Warning]:
    """Say which variables have no effect or disagree."""
    return [Warning(text, id="maristan.W001") for text in settings.ENV.warnings]


def numbers_of_migrations(app_configs: Any, **_options: Any) -> list[Error]:
    """Refuse two migrations of one app with the same number: nobody can say which comes first."""
    return [
        Error(f"{place}: {', '.join(names)}", hint="Renumber one of them.", id="maristan.E007")
        for place, names in sorted(migrations.duplicates().items())
    ]


def database(app_configs: Any, **_options: Any) -> list[Error | Warning]:
    """Refuse a server that is too old, and a runtime role that row-level security does not bind."""
    weak = starting.of_database()
    if weak is None:
        said = "The database does not answer: its version and its role were not checked."
        return [Warning(said, hint="Start it, then check again.", id="maristan.W002")]
    return [Error(f"{each.name}: {each.fault}", hint=each.hint, id=each.number) for each in weak]
