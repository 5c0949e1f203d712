"""The app `academics`."""

from django.apps import AppConfig


class AcademicsConfig(AppConfig):
    """Label `academics`."""

    name = "maristan.academics"
    label = "academics"
