"""The app `directory`."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Label `directory`."""

    name = "maristan.directory"
    label = "directory"
