"""The app `work`."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Label `work`."""

    name = "maristan.work"
    label = "work"
