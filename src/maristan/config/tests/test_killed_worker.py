"""A worker that is killed in the middle of its work: another one goes on, and nothing is lost or done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from maristan.assessment.models import Document
from maristan.assessment.tests import factories as make
from maristan.comms.models import Delivery
from maristan.config.documents import ROOT
from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.models import Job

PATIENCE = 60


def worker() -> subprocess.Popen[bytes]:
    """The real worker on the database of the test."""
    where = connection.settings_dict
    url = f"postgresql://{where['USER']}:{where['PASSWORD']}@/{where['NAME']}?host={where['HOST']}&port={where['PORT']}"
    env = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src"), "MARISTAN_ENV": "test"}
    return subprocess.Popen([sys.executable, "-m", "maristan", "worker"], env=env)


def until(holds: Callable[[], bool]) -> None:
    """Wait for something; fails after a minute."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def seen(institution: int, read: Callable[[], Any]) -> Any:
    """What an institution holds now."""
    with tenancy.acting_in(institution):
        return read()


def started() -> tuple[int, int]:
    """An institution where thirty learners have a result, and a batch of their transcripts that waits for a worker."""
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college(learners=30)
        make.published(of)
        of.students[0].person.contacts.create(kind="email", value="sara@example.edu", is_primary=True)
        made = of.eve.post("/api/v1/transcripts/batch/", {"audience": [["institution"]], "email": True}).json
        return of.batch.institution_id, made["job_id"]


def test_a_batch_goes_on_after_its_worker_was_killed(own_database: Any) -> None:
    here, job = started()
    first = worker()
    until(lambda: seen(here, Document.objects.count) >= 3)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert seen(here, Document.objects.count) < 30
    assert seen(here, lambda: Job.objects.get(pk=job).status) == "running"
    own_database("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    jobs.take_over.func(0)
    second = worker()
    mails = Delivery.objects.filter(kind="assessment.document")
    try:
        until(lambda: seen(here, lambda: Job.objects.get(pk=job).status) == "succeeded")
        until(lambda: seen(here, mails.filter(status="sent").exists))
    finally:
        os.kill(second.pid, signal.SIGTERM)
        second.wait(timeout=PATIENCE)
    with tenancy.acting_in(here):
        numbers = sorted(Document.objects.values_list("number", flat=True))
        assert [int(each[-6:]) for each in numbers] == list(range(1, 31))
        assert Document.objects.values("person").distinct().count() == 30
        assert Document.objects.filter(file__isnull=True).count() == 0
        assert mails.count() == 1
