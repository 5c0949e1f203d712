"""Jobs in PostgreSQL: enqueued with the data, run for one institution, with progress that a screen polls."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from functools import wraps
from typing import Any

import psycopg
from croniter import croniter
from django.db import Error, IntegrityError, OperationalError, connection, connections, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.tasks import Task

from maristan.kernel import clock, events, files, idempotency, journal, logs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound, Refusal
from maristan.kernel.models import Job, JobNote, PeriodicRun

# How a statement, or what puts a job into its queue, says that the database refuses or is away.
REFUSED = (Error, psycopg.Error, ConnectorException)
LIMIT = timedelta(hours=1)
CANCELLED_EVERY = 1.0  # seconds
SELDOM, DAILY = timedelta(hours=1), timedelta(days=1)
RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)

END_OF_DAY = time_of_day(23, 59)

periodic_jobs: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Telling:
    """A job by schedule that tells people of what its rows say is due, and the local times of day that it waits for."""

    body: Callable[[], Any]
    times: Sequence[time_of_day]


telling_jobs: dict[str, Telling] = {}


def job(
    name: str, *, queue: str = "default", retry: bool = True
) -> Callable[[Callable[..., Any]], Task[..., Any, Any]]:
    """Declare a job whose body runs in one transaction for `institution_id`."""

    def declare(body: Callable[..., Any]) -> Task[..., Any, Any]:
        @wraps(body)
        def run(institution_id: int | None = None, **arguments: Any) -> Any:
            with tenancy.acting_in(institution_id):
                return body(**arguments)

        return app.task(name=name, queue=queue, retry=RETRY if retry else False)(run)

    return declare


def stepwise(
    name: str, *, queue: str = "default", priority: int = 0, retry: RetryStrategy | None = None
) -> Callable[[Callable[..., Any]], Task[..., Any, Any]]:
    """Declare a job whose body opens a transaction for each of its steps, `with step():`; each is kept when it is done.

    For work that the database cannot take back, such as mail. Jobs of a higher `priority` go first; what fails is not
    done again unless `retry` says when.
    """

    def declare(body: Callable[..., Any]) -> Task[..., Any, Any]:
        @wraps(body)
        def run(institution_id: int | None, **arguments: Any) -> Any:
            return body(step=lambda: tenancy.acting_in(institution_id), **arguments)

        return app.task(name=name, queue=queue, priority=priority, retry=retry or False)(run)

    return declare


def enqueue(name: str, *, at: datetime | None = None, **arguments: Any) -> None:
    """Enqueue a job by its declared name, in the present transaction, for the institution in context, to run `at`.

    Raises procrastinate's `TaskNotFound` for a name that no app declares.
    """
    app.configure_task(name, schedule_at=at).defer(institution_id=tenancy.current(), **arguments)


def enqueue_for_all(name: str, **arguments: Any) -> None:
    """Enqueue a job that belongs to no institution, in the present transaction."""
    app.configure_task(name).defer(institution_id=None, **arguments)


def periodic(
    name: str,
    cron: str,
    *,
    queue: str = "default",
    platform: bool = False,
    limit: timedelta = LIMIT,
    tells: Sequence[time_of_day] | None = None,
) -> Callable[[Callable[..., Any]], Task[..., Any, Any]]:
    """Declare a job that runs by schedule (UTC cron) for every institution, each in its own transaction.

    With `platform` it also runs once without an institution, for what belongs to none. Two of a name never run side by
    side; what takes longer than its `limit` ends there, with `OutOfTime` as its fault. One that `tells` people what its
    rows say is due would tell it again once a restore took the rows back: it names the local times of day that it waits
    for, none where it tells at any time.
    """
    periodic_jobs[name] = cron

    def declare(body: Callable[..., Any]) -> Task[..., Any, Any]:
        if tells is not None:
            telling_jobs[name] = Telling(body, tells)

        @wraps(body)
        def run(timestamp: int) -> None:
            with _noted(name), _within(limit):
                for institution_id in [*([None] if platform else []), *tenancy.institution_ids()]:
                    with tenancy.acting_in(institution_id):
                        body()

        task = app.task(name=name, queue=queue, queueing_lock=name, lock=name)(run)
        return app.periodic(cron=cron)(task)

    return declare


class OutOfTime(Exception):
    """A job by schedule took longer than it may."""


@contextmanager
def _within(limit: timedelta) -> Iterator[None]:
    """Once the time is over the statement in hand is cancelled, and each one after it; raises `OutOfTime`.

    Asked of the server, because nothing else ends a statement that waits. What computes without asking anything goes
    on until it asks again.
    """
    link, ended, over = connections["default"], threading.Event(), threading.Event()

    def watch() -> None:
        if ended.wait(limit.total_seconds()):
            return
        over.set()
        while not ended.wait(CANCELLED_EVERY):
            with suppress(psycopg.Error):
                if (session := link.connection) is not None:
                    session.cancel_safe(timeout=CANCELLED_EVERY)

    watching = threading.Thread(target=watch, name="time limit", daemon=True)
    watching.start()
    try:
        yield
    except REFUSED:
        if over.is_set():
            raise OutOfTime(f"longer than {limit}") from None
        raise
    finally:
        ended.set()
        watching.join()


@contextmanager
def _noted(name: str) -> Iterator[None]:
    """Keep when a job by schedule ran, how long, and how it ended; beside its own transactions, so that a failure is
    kept too."""
    started, outcome, error = clock.now(), "failed", ""
    begun = time.perf_counter()
    PeriodicRun.objects.update_or_create(
        name=name, defaults={"started_at": started, "finished_at": None, "outcome": "", "error": "", "seconds": None}
    )
    try:
        yield
        outcome = "succeeded"
    except BaseException as fault:
        error = type(fault).__name__
        raise
    finally:
        PeriodicRun.objects.filter(name=name).update(
            finished_at=clock.now(), outcome=outcome, error=error, seconds=round(time.perf_counter() - begun, 3)
        )


@job("kernel.deliver_line")
def deliver_line(subscriber: str, line_id: int) -> None:
    """Hand one journal line to one subscriber."""
    events.subscriber(subscriber)(line_id)


# What came by schedule comes again by itself; a second one would wait under the same lock. Over a job that two workers
# died of no third one dies. Its run is closed too, unless another one of the same name has begun meanwhile.
LEFT_BEHIND = """
WITH dead AS (
  SELECT id, task_name, queueing_lock IS NULL AS repeatable FROM procrastinate_jobs
  WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (
    SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - interval '30 seconds'))
  FOR UPDATE SKIP LOCKED
), noted AS (
  INSERT INTO kernel_jobnote AS note (job_id, losses, error, request_id, at)
  SELECT id, 1, CASE WHEN repeatable THEN '' ELSE 'worker_lost' END, '', now() FROM dead
  ON CONFLICT (job_id) DO UPDATE SET losses = note.losses + 1, at = now(),
    error = CASE WHEN note.losses >= 1 THEN 'worker_lost' ELSE excluded.error END
  RETURNING job_id, error
), closed AS (
  UPDATE kernel_periodicrun AS run SET finished_at = now(), outcome = 'failed', error = 'worker_lost'
  WHERE finished_at IS NULL AND name IN (SELECT task_name FROM dead WHERE NOT repeatable)
    AND NOT EXISTS (SELECT FROM procrastinate_jobs AS other WHERE other.task_name = run.name
      AND other.status = 'doing' AND other.id NOT IN (SELECT id FROM dead))
)
UPDATE procrastinate_jobs AS job SET attempts = attempts + 1,
  status = CASE WHEN noted.error = '' THEN 'todo' ELSE 'failed' END::procrastinate_job_status
FROM noted WHERE noted.job_id = job.id
"""


@periodic("kernel.take_over", "* * * * *", queue="operations", platform=True)
def take_over() -> None:
    """Give what a worker had in hand when it died to another, once: a job may be done again from where it was kept."""
    if tenancy.current() is None:
        return_lost()


def return_lost() -> int:
    """Queue again what dead workers had in hand; what was lost twice fails with `worker_lost`. Gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND)
        return int(cursor.rowcount)


def note_failure(job_id: int, fault: BaseException) -> None:
    """Keep of what kind the fault of a job was, never its words: they may hold somebody's data."""
    JobNote.objects.update_or_create(
        job_id=job_id,
        defaults={"error": type(fault).__name__[:120], "request_id": logs.request_id.get(), "at": clock.now()},
    )


def due_since(cron: str, now: datetime) -> datetime:
    """The last moment before `now` at which a schedule (UTC cron) was due."""
    return datetime.fromtimestamp(croniter(cron, now.timestamp()).get_prev(float), tz=UTC)


def next_due(cron: str, now: datetime) -> datetime:
    """The next moment after `now` at which a schedule (UTC cron) is due."""
    return datetime.fromtimestamp(croniter(cron, now.timestamp()).get_next(float), tz=UTC)


def frequent() -> list[str]:
    """The jobs by schedule that run more than once a day."""
    now = clock.now()
    return [name for name, cron in periodic_jobs.items() if next_due(cron, now) - due_since(cron, now) < DAILY]


def catch_up() -> list[str]:
    """Queue once what was due while no worker ran; gives the names. What runs often comes again by itself."""
    now, started = clock.now(), dict(PeriodicRun.objects.values_list("name", "started_at"))
    missed = [
        name
        for name, cron in periodic_jobs.items()
        if name in started and started[name] < due_since(cron, now)
        and next_due(cron, now) - due_since(cron, now) >= SELDOM
    ]  # fmt: skip
    for name in missed:
        run_now(name)
    return missed


NOT_BEFORE = """
UPDATE procrastinate_jobs SET scheduled_at = %(at)s
WHERE id = %(id)s AND status = 'todo' AND coalesce(scheduled_at, %(at)s) <= %(at)s
"""


def enqueue_once(name: str) -> None:
    """Enqueue a job that belongs to no institution, unless one waits already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(name, queueing_lock=name).defer(institution_id=None)


def run_now(name: str, *, after: timedelta | None = None) -> int:
    """Queue a job of the schedule at once, or `after` some time, unless one waits already; gives the one that waits.

    Nor does one that waits already begin before `after`.
    """
    due = due_since(periodic_jobs[name], clock.now())
    at = clock.now() + after if after else None
    while True:
        with suppress(AlreadyEnqueued), transaction.atomic():
            wanted = app.configure_task(name, queueing_lock=name, lock=name, schedule_at=at)
            return int(wanted.defer(timestamp=int(due.timestamp())))
        waiting = ProcrastinateJob.objects.filter(queueing_lock=name, status="todo").values_list("pk", flat=True)
        if (found := waiting.first()) is not None:
            if at is not None:
                with connection.cursor() as cursor:
                    cursor.execute(NOT_BEFORE, {"id": found, "at": at})
            return int(found)


@periodic("kernel.seal_journal", "* * * * *", queue="operations", platform=True)
def seal_journal() -> None:
    """Seal what was written since the last run, also the lines of no institution; maintenance does not hold it back."""
    while journal.seal():
        pass


@periodic("kernel.purge", "20 1 * * *", platform=True)
def purge() -> None:
    """Let go of kept answers and private files whose time is over; only an institution has files."""
    idempotency.purge()
    if tenancy.current() is not None:
        files.purge()


def start(kind: str, *, by: Actor, total: int = 0) -> Job:
    """A progress row in state queued."""
    return Job.objects.create(kind=kind, user_id=by.user_id, total=total)


class Report:
    """Tells whoever polls how far a long job is, at once and not only when its transaction commits."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Show `done` of `total` units of work, with a code of what is being done."""
        self._write("status = 'running', done = %s, total = %s, message = %s", [done, total, message[:300]])

    def _write(self, assignments: str, values: list[Any]) -> None:
        statement = f"UPDATE kernel_job SET {assignments} WHERE id = %s"  # noqa: S608 - constant text
        side = connection.copy()
        try:
            side.set_autocommit(False)  # the institution is that of this transaction: a pooler gives the session away
            with side.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, true)", [tenancy.SETTING, str(tenancy.current() or "")])
                cursor.execute(statement, [*values, self.job_id])
                written = cursor.rowcount
            side.commit()
        finally:
            side.close()
        if not written:  # the row is not committed yet: it belongs to the present transaction
            with connection.cursor() as cursor:
                cursor.execute(statement, [*values, self.job_id])


def long_job(
    name: str, *, queue: str = "default", on_failure: Callable[[int], None] | None = None, attempts: int = 1
) -> Callable[[Callable[..., Any]], Task[..., Any, Any]]:
    """Declare a job with a progress row: `body(report=, **arguments)` returns the result that the row keeps.

    A refusal leaves nothing but the row, failed, with the refusal's code; any other fault also fails the row and is
    raised for the log. `on_failure` is called with the job's `run_id` to put its object back. What a constraint or a
    deadlock undoes, because somebody else was faster, is done again up to `attempts` times.
    """

    def failed(institution_id: int, job_id: int, code: str, arguments: dict[str, Any]) -> None:
        with tenancy.acting_in(institution_id):
            finish(job_id, error=code)
            if on_failure is not None:
                on_failure(arguments["run_id"])

    def declare(body: Callable[..., Any]) -> Task[..., Any, Any]:
        @wraps(body)
        def run(institution_id: int, job_id: int, **arguments: Any) -> None:
            def work() -> None:
                with tenancy.acting_in(institution_id):
                    finish(job_id, result=body(report=Report(job_id), **arguments))

            try:
                _again(work, attempts)
            except Refusal as refusal:
                failed(institution_id, job_id, refusal.code, arguments)
            except BaseException:
                failed(institution_id, job_id, "internal_error", arguments)
                raise

        return app.task(name=name, queue=queue)(run)

    return declare


def _again(work: Callable[[], None], attempts: int) -> None:
    for _ in range(attempts - 1):
        with suppress(IntegrityError, OperationalError):
            return work()
    return work()


def finish(job_id: int, *, result: Any = None, error: str = "") -> None:
    """Close a progress row: succeeded with `result`, or failed with `error`."""
    status = Job.Status.FAILED if error else Job.Status.SUCCEEDED
    Job.objects.filter(pk=job_id, finished_at__isnull=True).update(
        status=status, result=result, error=error[:300], finished_at=clock.now()
    )


def get(pk: int, *, actor: Actor) -> Job:
    """The progress row of one's own job; raises `NotFound`."""
    found = Job.objects.filter(pk=pk, user_id=actor.user_id).first()
    if found is None:
        raise NotFound()
    return found
