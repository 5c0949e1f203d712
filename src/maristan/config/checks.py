"""Numbered checks of the configuration, with hints."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning, register

from maristan.config import deployment, environment, starting
from maristan.config.deployment import Weakness
from maristan.operations.queries import migrations


def register_all() -> None:
    """Make the checks known to `maristan check`."""
    register(variables)
    register(secrets_and_hosts)
    register(strange_names)
    register(numbers_of_migrations)
    register(database, deploy=True)
    register(somebody_is_told, deploy=True)


def variables(app_configs: Any, **_options: Any) -> list[Error]:
    """Refuse what cannot be read, what nobody knows, and what contradicts itself."""
    return [_shown(each) for each in settings.ENV.faults]


def secrets_and_hosts(app_configs: Any, **_options: Any) -> list[Error]:
    """Refuse what only development and test may have."""
    return [_shown(each) for each in environment.weak(settings.ENV)]


def _shown(each: Weakness) -> Error:
    return Error(f"{each.name}: {each.fault}", hint=each.hint, id=each.number)


def strange_names(app_configs: Any, **_options: Any) -> list[Warning]:
    """Say which variables have no effect or disagree."""
    hint = "docs/operations/env.md says what each variable does."
    return [Warning(text, hint=hint, id="maristan.W001") for text in settings.ENV.warnings]


def numbers_of_migrations(app_configs: Any, **_options: Any) -> list[Error]:
    """Refuse two migrations of one app with the same number: nobody can say which comes first."""
    return [
        Error(f"{place}: {', '.join(names)}", hint="Renumber one of them.", id="maristan.E007")
        for place, names in sorted(migrations.duplicates().items())
    ]


def database(app_configs: Any, **_options: Any) -> list[Error | Warning]:
    """Refuse a server that is too old, and a runtime role that row-level security does not bind."""
    if environment.hides_database(settings.ENV):
        said = "The database was not asked, because nobody can say where it is: its version and its role are unknown."
        return [Warning(said, hint="Name it first, then check again.", id="maristan.W002")]
    weak = starting.of_database()
    if weak is None:
        said = "The database does not answer: its version and its role were not checked."
        return [Warning(said, hint="Start it, then check again.", id="maristan.W002")]
    return [_shown(each) for each in weak]


def somebody_is_told(app_configs: Any, **_options: Any) -> list[Warning]:
    """Say when an alert reaches nobody who is not signed in, or mail leaves under a name that servers refuse."""
    values = settings.ENV.values
    found: list[Warning] = []
    if deployment.is_local(values):
        return []
    leaves = environment.mail(settings.ENV)
    if not values["ALERT_WEBHOOK_URL"] and (leaves == "off" or not values["ALERT_EMAILS"]):
        why = "neither ALERT_EMAILS nor ALERT_WEBHOOK_URL is set" if not values["ALERT_EMAILS"] else "no mail leaves"
        said = f"ALERT_EMAILS: nobody is told when nothing answers, because {why}"
        hint = "Set ALERT_EMAILS and EMAIL_HOST, or ALERT_WEBHOOK_URL."
        found.append(Warning(said, hint=hint, id="maristan.W003"))
    if leaves == "smtp" and "DEFAULT_FROM_EMAIL" not in settings.ENV.given:
        said = f"DEFAULT_FROM_EMAIL: mail is sent as {values['DEFAULT_FROM_EMAIL']}, which servers of mail refuse"
        found.append(Warning(said, hint="Set an address of your domain.", id="maristan.W004"))
    return found
