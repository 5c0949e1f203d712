"""`maristan worker-health`: whether this host has a live worker of this build."""

import socket
from typing import Any

from django.core.management.base import CommandParser

from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.queries import build, processes


class Command(OperatorCommand):
    """Exit 0 when one serves the named queues, else 1."""

    help = "probe of a worker"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queues", nargs="*", help="queues that it must serve; any when none is named")

    def handle(self, *args: Any, queues: list[str], as_json: bool, **options: Any) -> None:
        with self.refusals():
            build_id = build.running().build_id
            live = processes.has_worker(host=socket.gethostname(), build_id=build_id, queues=queues)
        self.answer({"worker": live, "build": build_id}, "alive" if live else "no live worker", as_json=as_json)
        if not live:
            raise SystemExit(int(Exit.FINDINGS))
