"""`maristan rqstats`: the figures of `maristan jobs stats` under the name that other systems gave them."""

from typing import Any

from django.core.management.base import CommandParser

from maristan.operations.management.commands import jobs


class Command(jobs.Command):
    """The same columns."""

    help = "figures of the queues"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.0, help="print the figures again after these seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.refusals():
            self.stats(**options)
