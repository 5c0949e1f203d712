"""The app `comms`."""

from django.apps import AppConfig


class CommsConfig(AppConfig):
    """Label `comms`."""

    name = "maristan.comms"
    label = "comms"
