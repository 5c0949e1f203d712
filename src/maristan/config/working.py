"""The worker: takes jobs that its build knows, leaves the rest to others, and keeps of what kind a fault was."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker
from psycopg import AsyncConnection

from maristan.kernel import jobs, logs, metering
from maristan.kernel.access import platform
from maristan.operations.actions import verifications
from maristan.operations.queries import maintenance

OPERATIONS = "operations"
NOTHING = "nothing"  # a queue into which no job is ever put
POLL_EVERY = 5.0  # seconds between two looks for jobs of which nobody told
LOOK_EVERY = 1.0  # seconds between two looks at maintenance
LOST_EVERY = 10.0  # seconds between two looks for what dead workers had in hand
OUT_OF_REACH = (ConnectorException, OperationalError, InterfaceError)

# As the queue's own, but blind to jobs of a name that this build does not know: they wait for a worker that does.
FETCH = """
UPDATE procrastinate_jobs SET status = 'doing', worker_id = %(worker_id)s WHERE id = (
  SELECT waiting.id FROM procrastinate_jobs AS waiting
  WHERE waiting.status = 'todo' AND waiting.task_name = ANY(%(known)s::varchar[])
    AND (%(queues)s::varchar[] IS NULL OR waiting.queue_name = ANY(%(queues)s::varchar[]))
    AND (waiting.scheduled_at IS NULL OR waiting.scheduled_at <= now())
    AND (waiting.lock IS NULL OR NOT EXISTS (
      SELECT FROM procrastinate_jobs AS other WHERE other.lock = waiting.lock AND (
        other.status = 'doing'
        OR other.status = 'todo' AND (other.priority, -other.id) > (waiting.priority, -waiting.id))))
  ORDER BY waiting.priority DESC, waiting.id LIMIT 1
  FOR UPDATE SKIP LOCKED)
RETURNING id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id,
  (SELECT request_id FROM kernel_jobnote WHERE job_id = procrastinate_jobs.id) AS request_id
"""
log = logging.getLogger("maristan.job")


requests: dict[int, str] = {}  # the jobs in hand that a request queued


class KnownJobs(JobManager):
    """Hands out only jobs whose name is known, and remembers which request queued them."""

    known: list[str] = []

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job, marked as in hand; none when nothing waits."""
        named = None if queues is None else list(queues)
        found = await self.connector.execute_query_all_async(
            query=FETCH, queues=named, worker_id=worker_id, known=self.known
        )
        if not found:
            return None
        if found[0]["request_id"]:
            requests[found[0]["id"]] = found[0]["request_id"]
        return Job.from_row(found[0])


class Schedule(PeriodicDeferrer):
    """Queues what is due by the clock as it is, also once it was set back: a minute that comes again has its jobs.

    What comes once a day comes once: the queue knows for which time it took each last.
    """

    def get_previous_tasks(self, at: float) -> Iterable[Any]:
        """What is due at a time; what was queued for a later one is no reason to wait until then."""
        ahead = [key for key, queued in self.last_defers.items() if queued > at]
        if ahead:
            log.warning("clock_set_back")
        for key in ahead:
            del self.last_defers[key]
        return super().get_previous_tasks(at)


class Lasting(Worker):
    """A worker that knows whether it was asked to end, or was cut off from its queue."""

    was_cut_off = False

    async def _periodic_deferrer(self) -> None:
        await Schedule(registry=self.app.periodic_registry, **self.app.periodic_defaults).worker()

    async def _monitor_side_tasks(self, side_tasks: list[asyncio.Task[Any]]) -> None:
        await super()._monitor_side_tasks(side_tasks)
        self.was_cut_off = True  # it comes back only when what listens or beats has failed


async def serve(queues: list[str] | None) -> bool:
    """Run jobs of these queues (none: all) until a signal asks to end; false when it was cut off from the queue."""
    worker_app = app.with_connector(queue())
    async with worker_app.open_async():
        worker_app.perform_import_paths()  # type: ignore[no-untyped-call]
        manager = KnownJobs(worker_app.connector)
        manager.known = sorted(worker_app.tasks)
        worker_app.job_manager = manager
        look = partial(asyncio.get_running_loop().run_in_executor, ThreadPoolExecutor(1))
        await look(begin)
        worker = Lasting(
            worker_app,
            queues=served(queues, paused=await look(is_paused)),
            concurrency=settings.WORKER["concurrency"],
            fetch_job_polling_interval=POLL_EVERY,
            shutdown_graceful_timeout=settings.GRACEFUL_TIMEOUT_S,
            task_middleware=[watched, keep_fault],
        )
        running = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        next_search = time.monotonic()
        while not running.done():
            await asyncio.wait({running}, timeout=LOOK_EVERY)
            # The next fetch asks for these; what is in hand goes on.
            worker.queues = served(queues, paused=await look(is_paused))
            if time.monotonic() >= next_search:
                next_search = time.monotonic() + LOST_EVERY
                await look(search)
        await running
        return not worker.was_cut_off


class BesideThePooler(PsycopgConnector):
    """Fetches jobs through the pooler, and listens past it: a LISTEN belongs to a session."""

    @asynccontextmanager
    async def _get_standalone_connection(self) -> AsyncIterator[AsyncConnection]:
        url = settings.DATABASE_DIRECT_URL
        async with await AsyncConnection.connect(url, autocommit=True, prepare_threshold=None) as there:
            yield there


def queue() -> PsycopgConnector:
    """What a worker reaches its queue by; a word that is not heard costs POLL_EVERY seconds, never a job."""
    usual: Any = app.connector
    found: PsycopgConnector = usual.get_worker_connector()
    return BesideThePooler(**found._pool_args) if settings.DATABASE_IS_POOLED else found


def begin() -> None:
    """Queue a look at what runs, for when all of it does, and what was missed while no worker ran."""
    verifications.soon(by=platform(None))
    jobs.catch_up()


def served(queues: list[str] | None, *, paused: bool) -> list[str] | None:
    """What a worker of these queues (none: all) takes jobs from."""
    if not paused:
        return queues
    return [OPERATIONS] if queues is None or OPERATIONS in queues else [NOTHING]


def is_paused() -> bool:
    """Whether maintenance holds back new jobs."""
    return maintenance.state().is_on


def search() -> None:
    """Give what dead workers had in hand back to the queue; without the database there is nothing to give."""
    try:
        jobs.return_lost()
    except Error:
        connection.close()


def watched(call_next: Callable[[], Any], context: JobContext, _worker: Worker) -> Any:
    """Run a job under the id of the request that queued it, count it, and write its line."""
    job, meter, began, outcome = context.job, metering.Meter(), time.perf_counter(), "failed"
    named = logs.request_id.set(requests.pop(job.id or 0, ""))
    try:
        with connection.execute_wrapper(meter):
            done = call_next()
        outcome = "succeeded"
        return done
    finally:
        seconds = time.perf_counter() - began
        of = {"job": job.task_name, "outcome": outcome}
        metering.total("maristan_jobs_run_total", 1, of)
        metering.total("maristan_job_seconds_total", seconds, of)
        metering.sample(db_queries=meter.queries, db_seconds=meter.seconds, db_slow=meter.slow)
        figures = {
            "job": job.task_name, "job_id": job.id, "queue": job.queue, "status": outcome,
            "duration_ms": round(seconds * 1000, 1), "db_queries": meter.queries,
            "db_ms": round(meter.seconds * 1000, 1),
        }  # fmt: skip
        log.log(logging.INFO if outcome == "succeeded" else logging.WARNING, "job", extra=figures)
        logs.request_id.reset(named)


def keep_fault(call_next: Callable[[], Any], context: JobContext, _worker: Worker) -> Any:
    """Keep of what kind the fault of a job was."""
    try:
        return call_next()
    except Exception as fault:
        if context.job.id is not None:
            jobs.note_failure(context.job.id, fault)
        raise
