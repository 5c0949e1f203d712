"""The kernel as a Django app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Label `kernel`: its tables carry no domain word."""

    name = "maristan.kernel"
    label = "kernel"
