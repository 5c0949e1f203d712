"""The app `agenda`."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Label `agenda`."""

    name = "maristan.agenda"
    label = "agenda"
