"""What a restore holds is due when it was once an operator lets it go, also what two restores held."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from maristan.comms.tests import factories as comms
from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.operations.actions import holding, jobs

pytestmark = pytest.mark.django_db
NEVER = timedelta(days=365 * 800)
JOB = """INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)
  VALUES ('mail', %s, '{}', 'todo', %s)"""
MAIL = """INSERT INTO comms_delivery (institution_id, channel, kind, params, address, mode, status, due_at, attempts,
  settled_at, error, created_at, updated_at)
  SELECT id, 'email', 'x', '{}', 'a@example.edu', 'immediate', %s, %s, 0, %s, '', now(), now()
  FROM directory_institution"""
DUE = """SELECT (SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'a.letter'),
  (SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'a.year'),
  (SELECT due_at FROM comms_delivery WHERE settled_at IS NULL),
  (SELECT due_at FROM comms_delivery WHERE settled_at IS NOT NULL),
  (SELECT next_attempt_at FROM comms_webhookdelivery)"""


def ran(*statements: str) -> list[int]:
    with connection.cursor() as cursor:
        found = []
        for each in statements:
            cursor.execute(each)
            found.append(cursor.rowcount)
        return found


def due() -> list[datetime]:
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        return list(cursor.fetchone())


def released() -> int:
    """As the owner, who sees the mails of every institution."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
    return jobs.release_restored(by=platform(None))


def test_what_two_restores_held_is_due_when_it_was() -> None:
    make.institution()
    now = clock.now()
    comms.delivery(comms.endpoint(), "pending", next_attempt_at=now, settled_at=None, body=b"{}")
    with connection.cursor() as cursor:
        cursor.execute(JOB, ["a.letter", now])
        cursor.execute(JOB, ["a.year", now + timedelta(days=366)])
        cursor.execute(MAIL, ["pending", now, None])
        cursor.execute(MAIL, ["sent", now, now])
    before = due()
    every = list(holding.WAITING.values())
    for _ in range(2):
        assert ran(*(each.hold for each in every)) == [2, 1, 1]
        held = due()
        assert [at > now + NEVER for at in held] == [True, True, True, False, True]
    assert released() == 4
    assert due() == before
    assert released() == 0
    assert due() == before


def test_what_a_release_lets_go_nobody_else_put_off() -> None:
    make.institution()
    later = clock.now() + NEVER  # longer than anybody plans, and yet held by no restore
    with connection.cursor() as cursor:
        cursor.execute(JOB, ["a.letter", later])
        cursor.execute(MAIL, ["pending", later, None])
    assert released() == 0
    assert due()[0] == due()[2] == later
