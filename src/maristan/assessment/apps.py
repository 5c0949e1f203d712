"""The app `assessment`."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Label `assessment`."""

    name = "maristan.assessment"
    label = "assessment"
