"""`maristan web`: the web server alone."""

import os
from typing import Any

from maristan.config import serving, starting
from maristan.operations.management.answers import OperatorCommand


class Command(OperatorCommand):
    """Becomes the web server; ends with 78 where the database cannot be used."""

    help = "web server"

    def handle(self, *args: Any, **options: Any) -> None:
        starting.refuse()
        command = serving.web()
        os.execv(command[0], command)  # noqa: S606 - our own interpreter
