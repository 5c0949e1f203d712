"""A worker dies by kill -9 inside a job, and nobody sets anything back: another one finishes within a minute."""

import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from maristan.assessment.models import Document
from maristan.comms.models import Delivery
from maristan.config.tests.test_killed_worker import seen, started, until, worker
from maristan.conftest import _as_owner
from maristan.kernel.models import Job

WITHIN, ENDS_WITHIN = 60.0, 120.0  # seconds
LIVE = """SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds' ORDER BY id"""
IN_HAND = """SELECT worker_id FROM procrastinate_jobs
  WHERE status = 'doing' AND task_name = 'batch_generate_transcripts'"""


def asked(statement: str) -> list[Any]:
    """What the database answers, the first column of each row."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def reachable(name: str, *, is_so: bool) -> None:
    """Let everybody into a database, or end all that is connected and let nobody in."""
    _as_owner(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(is_so).lower()}')
    if not is_so:
        connections.close_all()
        _as_owner(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_a_worker_that_is_cut_off_ends_as_failed_so_that_it_is_started_again(
    own_database: Any, told: Callable[[str], None]
) -> None:
    name, ends = connection.settings_dict["NAME"], []
    for is_cut_off in (True, False):
        one = worker()
        try:
            until(lambda: len(asked(LIVE)) == 1)
            if is_cut_off:
                reachable(name, is_so=False)
            else:
                one.send_signal(signal.SIGTERM)
            ends.append(one.wait(timeout=ENDS_WITHIN))
        finally:
            one.kill()
            one.wait()
            reachable(name, is_so=True)
        with connection.cursor() as cursor:  # it could not say that it leaves
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert ends == [2, 0]
    told("a worker whose database goes away ends with 2, one that is asked to end with 0")


def two_workers() -> "dict[int, subprocess.Popen[bytes]]":
    """Two real workers by the number under which the queue knows them."""
    found = {}
    for _ in range(2):
        process = worker()
        until(lambda wanted=len(found) + 1: len(asked(LIVE)) == wanted)
        found |= {number: process for number in asked(LIVE) if number not in found}
    return found


def test_another_worker_finishes_what_a_killed_one_had_in_hand(own_database: Any, told: Callable[[str], None]) -> None:
    workers = two_workers()
    try:
        here, job = started()
        until(lambda: seen(here, Document.objects.count) >= 3)
        (holder,) = asked(IN_HAND)
        workers[holder].send_signal(signal.SIGKILL)
        began = time.monotonic()
        workers.pop(holder).wait()
        left = seen(here, Document.objects.count)
        assert (left < 30, seen(here, lambda: Job.objects.get(pk=job).status)) == (True, "running")
        until(lambda: seen(here, lambda: Job.objects.get(pk=job).status) == "succeeded")
        seconds = time.monotonic() - began
        until(lambda: seen(here, Delivery.objects.filter(status="sent").exists))
    finally:
        for each in workers.values():
            each.send_signal(signal.SIGTERM)
        for each in workers.values():
            each.wait(timeout=ENDS_WITHIN)
    assert seconds <= WITHIN
    assert seen(here, lambda: list(Job.objects.values_list("pk", "status"))) == [(job, "succeeded")]
    numbers = seen(here, lambda: sorted(Document.objects.values_list("number", flat=True)))
    assert [int(each[-6:]) for each in numbers] == list(range(1, 31))
    assert seen(here, lambda: Document.objects.values("person").distinct().count()) == 30
    assert seen(here, Delivery.objects.filter(kind="assessment.document").count) == 1
    told(f"kill -9 after {left} of 30 documents; another worker wrote the other {30 - left} within {seconds:.0f} s, "
         "each once, under one result and one mail")  # fmt: skip
