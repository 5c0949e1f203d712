"""`maristan down`: ends what `maristan up` runs; with a group: that alone, until it is started again."""

import os
import signal
from typing import Any

from django.core.management.base import CommandParser

from maristan.config import groups
from maristan.config.groups import GROUPS, PATIENCE, files, is_soon
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """Requests and jobs in hand are finished first."""

    help = "stop gracefully"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("group", nargs="?", choices=GROUPS)

    def handle(self, *args: Any, group: str | None, as_json: bool, **options: Any) -> None:
        if group:
            code, said = groups.ask(group, on=False)
            if code:
                self.stop(Exit(code), said)
            self.answer({"running": True}, said, as_json=as_json)
            return
        there = files()
        owner = there.owner()
        if owner is None:
            there.pid.unlink(missing_ok=True)
            self.answer({"running": False}, "nothing runs on this host", as_json=as_json)
            return
        os.kill(int(owner["pid"]), signal.SIGTERM)
        if not is_soon(lambda: there.owner() is None):
            self.stop(Exit.PUT_BACK, f"it did not end within {PATIENCE:.0f} s")
        self.answer({"running": False}, "everything stopped", as_json=as_json)
