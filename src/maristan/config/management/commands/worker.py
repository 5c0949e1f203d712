"""`maristan worker`: runs queued and periodic jobs."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from maristan.config import working
from maristan.kernel import logs
from maristan.operations.management.heart import Heart
from maristan.operations.rules.states import ProcessKind


class Command(BaseCommand):
    """Serves the queues of WORKER_QUEUES, all when empty; stops after the running jobs on SIGINT and SIGTERM.

    In maintenance it starts no new job but those of the queue `operations`; the running ones finish.
    """

    help = "run jobs"

    def handle(self, *args: Any, **options: Any) -> None:
        logs.serve_as(ProcessKind.WORKER)
        queues = settings.WORKER["queues"]
        heart = Heart(ProcessKind.WORKER, queues=queues or ["*"]).start()
        try:
            asyncio.run(working.serve(queues))
        finally:
            heart.stop()
