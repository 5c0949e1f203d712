"""The app `attendance`."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """Label `attendance`."""

    name = "maristan.attendance"
    label = "attendance"
