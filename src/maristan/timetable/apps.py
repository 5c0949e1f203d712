"""The app `timetable`."""

from django.apps import AppConfig


class TimetableConfig(AppConfig):
    """Label `timetable`."""

    name = "maristan.timetable"
    label = "timetable"
