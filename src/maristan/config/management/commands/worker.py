"""`maristan worker`: runs queued and periodic jobs."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from maristan.config import release, starting, working
from maristan.kernel import logs
from maristan.kernel.names import nearest
from maristan.operations.management.answers import Exit, OperatorCommand
from maristan.operations.management.heart import Heart
from maristan.operations.rules.states import ProcessKind


class Command(OperatorCommand):
    """Serves the queues of WORKER_QUEUES, all when empty; stops after the running jobs on SIGINT and SIGTERM.

    In maintenance it starts no new job but those of the queue `operations`; the running ones finish. Exit 2 when the
    database went away: whoever supervises it starts it again.
    """

    help = "run jobs"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", default="", help="queues to serve, with commas, instead of WORKER_QUEUES")
        parser.add_argument("--without", default="", help="a queue that another worker serves")

    def handle(self, *args: Any, queues: str, without: str, **options: Any) -> None:
        starting.refuse()
        logs.serve_as(ProcessKind.WORKER)
        wanted = chosen(settings.WORKER["queues"], queues, without)
        self.look_at(wanted or [])
        self.serve(wanted)

    def look_at(self, wanted: list[str]) -> None:
        """A worker of queues that there are none of would live and do nothing."""
        declared = sorted({each["queue"] for each in release.declared_jobs()})
        for name in wanted:
            if name not in declared:
                self.stop(Exit.CANNOT_RUN, f"unknown_queue: {name!r}; there are {nearest(name, declared, declared)}")

    @staticmethod
    def serve(queues: list[str] | None) -> None:
        """Run jobs until a signal ends it."""
        heart = Heart(ProcessKind.WORKER, queues=queues or ["*"]).start()
        try:
            was_asked = asyncio.run(working.serve(queues))
        except working.OUT_OF_REACH:  # it is still away when the worker says that it leaves
            was_asked = False
        finally:
            heart.stop()
        if not was_asked:  # whoever keeps it running starts again what failed, and nothing else
            raise CommandError("the queue is out of reach", returncode=int(Exit.CANNOT_RUN))


def chosen(usual: list[str] | None, queues: str, without: str) -> list[str] | None:
    """The queues to serve; none means all."""
    if queues:
        return [each.strip() for each in queues.split(",") if each.strip()]
    if not without:
        return usual
    declared = {each["queue"] for each in release.declared_jobs()}
    return sorted({*(usual or declared)} - {without})
