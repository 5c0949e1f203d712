"""`maristan worker`: runs queued and periodic jobs."""

import asyncio
import contextlib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app


class Command(BaseCommand):
    """Serves the queues of WORKER_QUEUES, all when empty; stops after the running jobs on SIGINT and SIGTERM."""

    help = "run jobs"

    def handle(self, *args: Any, **options: Any) -> None:
        connector: Any = app.connector
        worker_app = app.with_connector(connector.get_worker_connector())

        async def run() -> None:
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    concurrency=settings.WORKER["concurrency"],
                    queues=settings.WORKER["queues"],
                    delete_jobs="successful",
                    shutdown_graceful_timeout=20,
                )

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(run())
