"""`maristan worker`: runs queued and periodic jobs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.worker import Worker

from maristan.operations.management.heart import Heart
from maristan.operations.queries import maintenance
from maristan.operations.rules.states import ProcessKind

OPERATIONS = "operations"
NOTHING = "nothing"  # a queue into which no job is ever put
LOOK_EVERY = 1.0  # seconds between two looks at maintenance
FINISH_WITHIN = 20  # seconds for the jobs in hand when the worker is asked to end


class Command(BaseCommand):
    """Serves the queues of WORKER_QUEUES, all when empty; stops after the running jobs on SIGINT and SIGTERM.

    In maintenance it starts no new job but those of the queue `operations`; the running ones finish.
    """

    help = "run jobs"

    def handle(self, *args: Any, **options: Any) -> None:
        queues = settings.WORKER["queues"]
        heart = Heart(ProcessKind.WORKER, queues=queues or ["*"]).start()
        try:
            asyncio.run(serve(queues))
        finally:
            heart.stop()


async def serve(queues: list[str] | None) -> None:
    """Run jobs until a signal asks to end."""
    connector: Any = app.connector
    worker_app = app.with_connector(connector.get_worker_connector())
    async with worker_app.open_async():
        worker_app.perform_import_paths()  # type: ignore[no-untyped-call]
        look = partial(asyncio.get_running_loop().run_in_executor, ThreadPoolExecutor(1), _is_paused)
        worker = Worker(
            worker_app,
            queues=served(queues, paused=await look()),
            concurrency=settings.WORKER["concurrency"],
            delete_jobs="successful",
            shutdown_graceful_timeout=FINISH_WITHIN,
        )
        running = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        while not running.done():
            await asyncio.wait({running}, timeout=LOOK_EVERY)
            # The next fetch asks for these; what is in hand goes on.
            worker.queues = served(queues, paused=await look())
        await running


def served(queues: list[str] | None, *, paused: bool) -> list[str] | None:
    """What a worker of these queues (none: all) takes jobs from."""
    if not paused:
        return queues
    return [OPERATIONS] if queues is None or OPERATIONS in queues else [NOTHING]


def _is_paused() -> bool:
    return maintenance.state().is_on
