"""Workers that are killed while they have events in hand: real processes, on a database of the test's own."""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from maristan.comms import jobs
from maristan.comms.models import DeliveryAttempt, WebhookDelivery
from maristan.comms.rules.webhooks import LEASE
from maristan.comms.tests import factories as comms
from maristan.comms.tests.receiver import Receiver
from maristan.directory.tests import factories as make
from maristan.kernel import clock, journal, tenancy
from maristan.kernel import jobs as kernel_jobs
from maristan.kernel.access import Actor


@pytest.fixture
def alice(own_database: Callable[[str], None]) -> Actor:
    with transaction.atomic():
        make.institution()
        return make.actor(make.member("Alice", "admin"))


@pytest.fixture
def forked() -> Iterator[Callable[[Callable[[], Any]], int]]:
    """Runs something in a process of its own, which is not there any more when the test ends."""
    started: list[int] = []

    def run(work: Callable[[], Any]) -> int:
        connections.close_all()  # a connection serves one process
        pid = os.fork()
        if pid == 0:
            try:
                work()
            finally:
                os._exit(0)
        started.append(pid)
        return pid

    yield run
    for pid in started:
        killed(pid)


def killed(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return


def send(institution: int | None, endpoint: int) -> None:
    jobs.send_webhooks.func(institution_id=institution, endpoint_id=endpoint)


def test_a_worker_killed_while_the_receiver_thinks_loses_nothing_and_the_id_is_the_same(
    alice: Actor, receiver: Receiver, forked: Callable[[Callable[[], Any]], int]
) -> None:
    with tenancy.acting_in(alice.institution_id):
        endpoint = comms.endpoint(receiver.url).pk
        journal.record("person.updated", ("person", 7), by=alice)
    fan_out()
    receiver.holding = threading.Event()
    worker = forked(lambda: send(alice.institution_id, endpoint))
    assert receiver.arrived.acquire(timeout=10)
    killed(worker)
    receiver.holding.set()
    receiver.holding = None
    send(alice.institution_id, endpoint)
    assert len(receiver.received) == 1  # the lease of the dead one has not ended
    with clock.stopped_at(clock.now() + LEASE + timedelta(seconds=1)):
        send(alice.institution_id, endpoint)
    with tenancy.acting_in(alice.institution_id):
        assert WebhookDelivery.objects.get().status == "succeeded"
        found = list(DeliveryAttempt.objects.order_by("n").values_list("n", "status_code", "error_code"))
    assert found == [(1, None, "outcome_unknown"), (2, 204, "")]
    one, two = receiver.received
    assert (one.id, one.body) == (two.id, two.body)


def fan_out(pause: float = 0.0) -> int:
    """Deliver the lines that wait as a worker does: taken, delivered, done; gives how many."""
    count = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT id FROM procrastinate_jobs "
                "WHERE status = 'todo' AND task_name = 'kernel.deliver_line' ORDER BY id LIMIT 1 "
                "FOR UPDATE SKIP LOCKED) RETURNING id, args"
            )
            row = cursor.fetchone()
        if row is None:
            return count
        kernel_jobs.deliver_line.func(**(row[1] if isinstance(row[1], dict) else json.loads(row[1])))
        time.sleep(pause)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [row[0]])
        count += 1


def test_events_are_fanned_out_once_each_though_workers_are_killed_at_random(
    alice: Actor, forked: Callable[[Callable[[], Any]], int]
) -> None:
    events, endpoints = 60, 5
    with tenancy.acting_in(alice.institution_id):
        for at in range(endpoints):
            comms.endpoint(name=f"Machine {at}")
        entries = [journal.Entry("person.updated", ("person", at), {}) for at in range(events)]
        journal.record_all(entries, by=alice)
    for _ in range(4):
        workers = [forked(lambda: fan_out(0.01)) for _ in range(2)]
        time.sleep(random.uniform(0.05, 0.25))
        for each in workers:
            killed(each)
        kernel_jobs.take_over.func(0)
    fan_out()
    kernel_jobs.take_over.func(0)
    fan_out()
    with connection.cursor() as cursor:  # over what two workers died, an operator decides: once more
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo', attempts = 0 WHERE status = 'failed'")
    fan_out()
    with tenancy.acting_in(alice.institution_id):
        assert WebhookDelivery.objects.count() == events * endpoints
        assert WebhookDelivery.objects.values("event_id").distinct().count() == events


def test_four_workers_send_side_by_side_and_never_more_to_one_endpoint(
    alice: Actor, receiver: Receiver, forked: Callable[[Callable[[], Any]], int]
) -> None:
    with tenancy.acting_in(alice.institution_id):
        endpoint = comms.endpoint(receiver.url)
        for _ in range(8):
            comms.delivery(endpoint, "pending")
    receiver.holding = threading.Event()
    for _ in range(6):
        forked(lambda: send(alice.institution_id, endpoint.pk))
    for _ in range(4):
        assert receiver.arrived.acquire(timeout=10)
    assert not receiver.arrived.acquire(timeout=1)
    receiver.holding.set()
    for _ in range(4):
        assert receiver.arrived.acquire(timeout=10)
    assert receiver.most_together == 4
    assert len({each.id for each in receiver.received}) == 8


def test_what_is_due_is_looked_for_each_minute_and_what_is_old_each_night() -> None:
    found = {name: cron for name, cron in kernel_jobs.periodic_jobs.items() if "webhook" in name}
    assert found == {"comms.send_due_webhooks": "* * * * *", "comms.forget_webhooks": "40 1 * * *"}
    assert kernel_jobs.periodic_jobs["kernel.take_over"] == "* * * * *"
