"""`maristan logs`: what the processes of this host wrote, filtered; needs no database."""

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from maristan.kernel import clock
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import lines as queries
from maristan.operations.rules.lines import LEVELS, Wanted, shown
from maristan.operations.rules.states import ProcessKind

LOOK_EVERY = 0.5


class Command(OperatorCommand):
    """The newest lines; with `--follow` also those to come. Exit 2 where no files are written."""

    help = "print and filter log lines"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=[each.value for each in ProcessKind], default="")
        parser.add_argument("--level", choices=LEVELS, default="debug", help="this level and above")
        parser.add_argument("--request", default="", help="the id of a request: its lines and those of its jobs")
        parser.add_argument("--route", default="", help="part of a route, or of the name of a job")
        parser.add_argument("--status", default="", help="the status of an answer or of a job, such as 404 or failed")
        parser.add_argument("--minutes", type=int, help="lines that are no older")
        parser.add_argument("--lines", type=int, default=100, help="how many at most")
        parser.add_argument("--follow", action="store_true", help="go on with what is written")

    def handle(self, *args: Any, follow: bool, as_json: bool, **options: Any) -> None:
        if settings.LOG_DIR is None:
            kept = "whatever runs the process keeps its lines (docker compose logs, kubectl logs)"
            self.stop(Exit.CANNOT_RUN, f"no log files are written: LOG_DIR is empty; {kept}")
        minutes = options["minutes"]
        since = None if minutes is None else clock.now() - timedelta(minutes=minutes)
        wanted = Wanted(options["level"], options["request"], options["route"], options["status"], since)
        tail = queries.Tail(settings.LOG_DIR, wanted, options["kind"])
        count = max(1, options["lines"])
        self._print(queries.last(settings.LOG_DIR, wanted, kind=options["kind"], count=count), as_json)
        with suppress(KeyboardInterrupt):
            while follow:
                time.sleep(LOOK_EVERY)
                self._print(tail.new(), as_json)

    def _print(self, found: Iterable[dict[str, Any]], as_json: bool) -> None:
        for line in found:
            self.stdout.write(json.dumps(line, ensure_ascii=False) if as_json else shown(line))
