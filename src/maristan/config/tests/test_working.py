"""The real worker: what it does not know waits, maintenance holds it back, and its end is clean."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from maristan.config import working
from maristan.config.management.commands import worker as command
from maristan.config.tests.test_killed_worker import PATIENCE, until
from maristan.config.tests.test_killed_worker import worker as real_worker
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JobNote, PeriodicRun
from maristan.operations.actions import maintenance, verifications
from maristan.operations.models import MaintenanceWindow, MetricTotal, Process, Sample
from maristan.operations.rules.states import MaintenanceLevel

Owner = Callable[[str], None]


@pytest.fixture
def worker(own_database: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    monkeypatch.setenv("LOG_DIR", str(tmp_path))
    process = real_worker()
    yield process
    if process.poll() is None:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def queued(name: str, queue: str = "default", args: str = "{}", request: str = "") -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maristan.request', %s, true)", [request])
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES (%s, %s, %s) RETURNING id",
            [queue, name, args],
        )
        return int(cursor.fetchone()[0])


def status(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [pk])
        return str(cursor.fetchone()[0])


def test_a_worker_leaves_what_it_does_not_know_and_keeps_the_kind_of_a_fault(worker: Any, tmp_path: Path) -> None:
    strange = queued("of.tomorrow")
    broken = queued("kernel.deliver_line", args='{"subscriber": "nobody", "line_id": 1}', request="of-a-request")
    sound = queued("operations.prune", "operations", '{"timestamp": 0}')
    until(lambda: status(sound) == "succeeded")
    until(lambda: JobNote.objects.filter(pk=broken).exists())
    note = JobNote.objects.get(pk=broken)
    assert (note.error, note.request_id) == ("KeyError", "of-a-request")
    assert status(strange) == "todo"
    until(lambda: Process.objects.filter(kind="worker").exists())
    assert Process.objects.get(kind="worker").queues == ["*"]
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0
    assert Process.objects.filter(kind="worker").count() == 0
    (file,) = tmp_path.glob("worker-*.jsonl")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    of_job = {line["event"]: line["request_id"] for line in lines if line.get("job_id") == broken}
    assert of_job["job"] == "of-a-request"
    assert [line["request_id"] for line in lines if line.get("job_id") == sound and "request_id" in line] == []
    counted = MetricTotal.objects.filter(name="maristan_jobs_run_total", labels__contains="operations.prune")
    assert counted.get().labels == 'job="operations.prune",outcome="succeeded"'
    assert Sample.objects.filter(name="readings", value__gte=1).exists()


def test_maintenance_holds_back_all_but_operations_and_nothing_is_lost(worker: Any) -> None:
    until(lambda: Process.objects.filter(kind="worker").exists())
    end = timezone.now() + timedelta(minutes=5)
    window = maintenance.begin(level=MaintenanceLevel.READ_ONLY, message="", until=end, by=platform(None))
    until(lambda: MaintenanceWindow.objects.filter(ended_at=None).exists())
    time.sleep(2.5)  # two looks of the worker
    held = queued("kernel.purge", args='{"timestamp": 0}')
    ran = queued("operations.prune", "operations", '{"timestamp": 0}')
    until(lambda: status(ran) == "succeeded")
    assert status(held) == "todo"
    maintenance.move(pk=window.pk, name="end", by=platform(None))
    until(lambda: status(held) == "succeeded")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_events WHERE job_id = %s AND type = 'started'", [held])
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize("fault", [ConnectorException, OperationalError, InterfaceError])
def test_a_worker_whose_queue_is_still_away_when_it_leaves_ends_with_2(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut_off(_queues: Any) -> bool:
        raise fault()

    monkeypatch.setattr(working, "serve", cut_off)
    monkeypatch.setattr(command, "Heart", MagicMock())
    with pytest.raises(CommandError) as ended:
        command.Command.serve(None)
    assert (ended.value.returncode, str(ended.value)) == (2, "the queue is out of reach")


NOON = int(datetime(2026, 3, 9, 12, tzinfo=UTC).timestamp())
DEFER = "SELECT procrastinate_defer_periodic_job_v2('operations', NULL, NULL, %s, 0, '', %s, '{}')"


def test_a_clock_that_is_set_back_stops_nothing_that_runs_by_schedule(caplog: pytest.LogCaptureFixture) -> None:
    schedule = working.Schedule(registry=app.periodic_registry)

    def due(at: int) -> dict[str, int]:
        return {each.task.name: when for each, when in schedule.get_previous_tasks(at)}

    every_minute, night = "operations.watch_clock", "operations.prune"  # and at 05:00
    assert due(NOON + 5)[every_minute] == NOON
    assert due(NOON + 65)[every_minute] == NOON + 60
    assert [each.getMessage() for each in caplog.records if each.name == "maristan.job"] == []
    assert due(NOON - 1195)[every_minute] == NOON - 1200
    assert [each.getMessage() for each in caplog.records if each.name == "maristan.job"] == ["clock_set_back"]
    assert due(NOON - 1135)[every_minute] == NOON - 1140
    five = NOON - 7 * 3600
    schedule.last_defers.clear()
    assert due(five + 120)[night] == five
    assert night not in due(five - 600)
    assert due(five + 5)[night] == five  # once more, which the queue refuses


@pytest.mark.django_db
def test_the_queue_takes_a_time_of_before_a_later_one_and_none_twice() -> None:
    with connection.cursor() as cursor:
        taken = []
        for at in (NOON - 60, NOON, NOON, NOON - 600, NOON - 540, NOON):
            cursor.execute(DEFER, ["operations.watch_clock", at])
            taken.append(cursor.fetchone()[0] is not None)
    assert taken == [True, True, False, True, True, False]


def test_a_worker_keeps_to_this_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []

    async def begins(self: working.Schedule) -> None:
        begun.append(self.registry)

    monkeypatch.setattr(working.Schedule, "worker", begins)
    asyncio.run(working.Lasting(app)._periodic_deferrer())
    assert begun == [app.periodic_registry]


@pytest.mark.django_db
def test_what_was_missed_does_not_come_before_the_look_after_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maristan.operations.queries.build.manifest", lambda: {"build_id": "a" * 12})
    PeriodicRun.objects.create(name=verifications.QUICK, started_at=clock.now() - timedelta(days=1))
    working.begin()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at > now() + interval '50 seconds' FROM procrastinate_jobs"
            " WHERE task_name = 'operations.verify_quick'"
        )
        assert cursor.fetchall() == [(True,)]
