"""`maristan down`: ends what `maristan up` runs; with a group: that alone, until it is started again."""

import os
import signal
from typing import Any

from django.core.management.base import CommandParser

from maristan.config.management.commands.up import GROUPS, PATIENCE, files, is_soon
from maristan.operations.management.answers import Exit, OperatorCommand


class Command(OperatorCommand):
    """Requests and jobs in hand are finished first."""

    help = "stop gracefully"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("group", nargs="?", choices=GROUPS)

    def handle(self, *args: Any, group: str | None, as_json: bool, **options: Any) -> None:
        there = files()
        owner = there.owner()
        if owner is None:
            there.pid.unlink(missing_ok=True)
            self.answer({"running": False}, "nothing runs on this host", as_json=as_json)
            return
        if group:
            wish = there.ask(group, on=False)
            is_done = is_soon(lambda: there.is_done(group, wish))
        else:
            os.kill(int(owner["pid"]), signal.SIGTERM)
            is_done = is_soon(lambda: there.owner() is None)
        if not is_done:
            self.stop(Exit.PUT_BACK, f"{group or 'it'} did not end within {PATIENCE:.0f} s")
        self.answer({"running": bool(group)}, f"{group or 'everything'} stopped", as_json=as_json)
