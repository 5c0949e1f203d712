"""The composition root as a Django app: wires the apps together once all of them are loaded."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Label `config`."""

    name = "maristan.config"
    label = "config"

    def ready(self) -> None:
        from maristan.config import accounts, checks, wiring

        checks.register_all()
        wiring.connect()
        accounts.connect()
