"""Runs enqueued jobs in the test's own transaction, in the order in which they were enqueued."""

import json

from django.db import connection
from procrastinate.contrib.django import app

from maristan.kernel import tenancy


def run_jobs(limit: int = 200) -> list[str]:
    """Run everything enqueued until nothing is left; gives the names of the jobs run, in order."""
    names: list[str] = []
    institution_id = tenancy.current()
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1"
            )
            row = cursor.fetchone()
            if row is None:
                break
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [row[0]])
        if len(names) == limit:
            raise AssertionError(f"jobs enqueue one another without end: {names[-5:]}")
        names.append(row[1])
        arguments = row[2] if isinstance(row[2], dict) else json.loads(row[2])
        app.tasks[row[1]].func(**arguments)
        if institution_id is not None:
            tenancy.enter(institution_id)
    return names
