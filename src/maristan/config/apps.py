"""The composition root as a Django app: wires the apps together once all of them are loaded."""

from importlib.metadata import version

from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    """Label `config`."""

    name = "maristan.config"
    label = "config"

    def ready(self) -> None:
        from maristan.config import accounts, checks, second_factor, sentry, wiring

        checks.register_all()
        wiring.connect()
        accounts.connect()
        second_factor.connect()
        sentry.begin(
            dsn=settings.SENTRY_DSN, release=settings.APP_VERSION_NAMED or version("maristan"),
            environment=settings.MARISTAN_ENV,
        )  # fmt: skip
