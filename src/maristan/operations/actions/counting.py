"""What a process counted and measured is written down by addition: no two processes lose anything of each other."""

import socket

from django.db import connection, transaction
from psycopg_pool import ConnectionPool

from maristan.kernel import metering
from maristan.kernel.access import Actor
from maristan.kernel.metering import Counted
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.queries import machine

KEPT = "14 days"
SAMPLES = """
INSERT INTO operations_sample (minute, host, name, value)
SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::text[], %s::float8[])
ON CONFLICT (minute, host, name) DO UPDATE SET value = operations_sample.value + excluded.value
"""
TOTALS = """
INSERT INTO operations_metrictotal (name, labels, value)
SELECT * FROM unnest(%s::text[], %s::text[], %s::float8[])
ON CONFLICT (name, labels) DO UPDATE SET value = operations_metrictotal.value + excluded.value
"""


@unjournaled("figures are no change of anything")
def measure(*, by: Actor) -> None:
    """Read the measures of this host and the waits for its pool of connections."""
    metering.sample(readings=1, **machine.measures())
    pool = connection.settings_dict["OPTIONS"].get("pool") and getattr(connection, "pool", None)
    if isinstance(pool, ConnectionPool):
        said = pool.pop_stats()
        metering.total("maristan_pool_requests_total", said.get("requests_num", 0))
        metering.total("maristan_pool_waits_total", said.get("requests_queued", 0))
        metering.total("maristan_pool_wait_seconds_total", said.get("requests_wait_ms", 0) / 1000)


@unjournaled("figures are no change of anything")
def write_down(*, counted: Counted, by: Actor) -> None:
    """Add what was counted to what stands there; two statements. In the order of the keys, so that nobody waits in a
    circle."""
    host = socket.gethostname()
    samples = sorted((minute, host, name, value) for (minute, name), value in counted.samples.items())
    totals = sorted((name, metering.written(labels), value) for (name, labels), value in counted.totals.items())
    with transaction.atomic(), connection.cursor() as cursor:
        if samples:
            cursor.execute(SAMPLES, [list(each) for each in zip(*samples, strict=True)])
        if totals:
            cursor.execute(TOTALS, [list(each) for each in zip(*totals, strict=True)])


@unjournaled("figures are forgotten by their age alone")
def forget(*, by: Actor) -> int:
    """Remove samples of more than 14 days; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM operations_sample WHERE minute < now() - %s::interval", [KEPT])
        return int(cursor.rowcount)
