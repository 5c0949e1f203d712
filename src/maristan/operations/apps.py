"""The app `operations`."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Label `operations`."""

    name = "maristan.operations"
    label = "operations"
