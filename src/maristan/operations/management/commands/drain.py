"""`maristan drain`: takes this host out of service before its web process is stopped."""

import time
from typing import Any

from django.core.management.base import CommandParser

from maristan.kernel.access import platform
from maristan.operations.actions import draining
from maristan.operations.management.answers import OperatorCommand


class Command(OperatorCommand):
    """`/readiness/` answers 503 from now on; a web process that starts takes it back."""

    help = "take this host out of service"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", type=float, default=5.0, help="seconds that whoever balances load needs to see it"
        )

    def handle(self, *args: Any, wait: float, as_json: bool, **options: Any) -> None:
        draining.begin(by=platform(None, "command line"))
        time.sleep(max(0.0, wait))
        self.answer({"draining": True}, "this host is draining", as_json=as_json)
