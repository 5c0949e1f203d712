"""What operations measures of real processes: workers, web processes, PgBouncer, and how long a restore is felt."""

import json
import os
import statistics
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from bench.measuring import Results, side_by_side
from maristan.comms.models import WebhookDelivery
from maristan.comms.tests import factories as comms
from maristan.comms.tests.receiver import listening
from maristan.config.database import runtime_role
from maristan.config.tests.loopback import Loopback, address, environment, pooled
from maristan.config.tests.programs import NotToBeHad, program, until
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import User
from maristan.operations.actions import backups, packing
from maristan.operations.queries import servers, sets
from maristan.operations.rules.states import SetReason

BY = platform(None, "bench")
ROUNDS = 5
CORES = 4  # that two web processes need, beside whoever asks them and the database
CLIENTS = CONNECTIONS = 8
PAGE = "/api/v1/academics/students/?page_size=25"
CALLS = 400
PROBE_EVERY = 0.05  # seconds
# Queues to which nothing comes by schedule: jobs of the one worker, and jobs of the four.
ALONE, TOGETHER = "documents", "imports"
JOBS, THINKS = 48, 1.0  # how many jobs, each of which waits for an answer for so many seconds
LIVE = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status IN ('todo', 'doing')"
QUEUED = """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
  SELECT %s, 'comms.send_webhooks', jsonb_build_object('institution_id', %s::bigint, 'endpoint_id', endpoint)
  FROM unnest(%s::bigint[]) AS endpoint"""


def run(results: Results, folder: Path, *, small: bool) -> None:
    """Measure what takes processes of its own, over the database in hand and the sets and files of a folder.

    The restores come last: they end the sessions of everybody.
    """
    four_workers(results, jobs=32 if small else JOBS)  # 16 are in hand at once
    calls = CALLS // 4 if small else CALLS
    two_web_processes(results, calls=calls)
    through_pooler(results, calls=calls)
    restores(results, folder, rounds=1 if small else ROUNDS)


@contextmanager
def _home(**told: str) -> Iterator[Loopback]:
    """A home of processes, which whoever serves a pooler may enter too; nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="maristan-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = Loopback(folder, environment(folder, **told))
        try:
            yield made
        finally:
            made.end()


def _plain(**more: str) -> dict[str, str]:
    """The database in hand, without a pooler, for processes that hold so many connections."""
    return {"DATABASE_URL": address(servers.live()), **_sizes(), **more}


def _sizes() -> dict[str, str]:
    return {"DB_POOL_MIN_SIZE": str(CONNECTIONS), "DB_POOL_MAX_SIZE": str(CONNECTIONS), "WEB_THREADS": str(CONNECTIONS)}


# --- workers ----------------------------------------------------------------------------------------------------------


def four_workers(results: Results, *, jobs: int) -> None:
    """Jobs that wait for somebody else leave the cores alone: four workers do them side by side on any machine."""
    open_to = {"WEBHOOKS_ALLOW_HTTP": "true", "WEBHOOKS_ALLOWED_PRIVATE_CIDRS": "127.0.0.0/8"}
    with tenancy.acting_in(None):
        here = tenancy.institution_ids()[0]
    with listening() as receiver, _home(**_plain(**open_to)) as home:
        receiver.thinks = THINKS
        with tenancy.acting_in(here):
            endpoints = [comms.delivery(comms.endpoint(receiver.url)).endpoint_id for _ in range(jobs)]
        for number, queue in enumerate((ALONE, *[TOGETHER] * 4)):
            home.serve(f"worker {number}", "worker", "--queues", queue)
        until(lambda: _asked(LIVE) == 5, seconds=120, what="five workers")
        four, one = side_by_side(
            lambda: _sent(TOGETHER, here, endpoints), lambda: _sent(ALONE, here, endpoints), ROUNDS
        )
    results.rate("four workers / one, on waiting jobs", jobs / four, jobs / one, 3)


def _sent(queue: str, here: int, endpoints: Sequence[int]) -> None:
    """An event for each endpoint goes out by the workers of a queue; raises where one did not arrive."""
    due = {"status": "pending", "next_attempt_at": timezone.now(), "claimed_at": None, "settled_at": None, "tries": 0}
    with tenancy.acting_in(here):
        waiting = WebhookDelivery.objects.filter(endpoint__in=endpoints)
        waiting.update(**due)
    with connection.cursor() as cursor:
        cursor.execute(QUEUED, [queue, here, list(endpoints)])
    until(lambda: _asked(LEFT, queue) == 0, seconds=300, what=f"an empty queue {queue}")
    with tenancy.acting_in(here):
        arrived = waiting.filter(status="succeeded").count()
    if arrived != len(endpoints):
        raise RuntimeError(f"{arrived} of {len(endpoints)} events arrived")


def _asked(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


# --- web processes ----------------------------------------------------------------------------------------------------


def two_web_processes(results: Results, *, calls: int) -> None:
    """The same requests to one web process and to two of one server."""
    name, cores = "two web processes / one", len(os.sched_getaffinity(0))
    if cores < CORES:
        return results.leave_out(name, f"needs {CORES} cores, here {cores}")
    with _home(**_plain(WEB_WORKERS="2")) as two, _home(**_plain(WEB_WORKERS="1")) as one:
        _compare(results, name, two, one, calls, 1.7)
    return None


def through_pooler(results: Results, *, calls: int) -> None:
    """The same requests to a web process behind PgBouncer by transaction and to one beside it, each with as many
    connections."""
    name, there = "through PgBouncer / direct", connection.settings_dict
    try:
        bouncer = program("pgbouncer", fetching="FETCH_PROGRAMS" in os.environ)
    except NotToBeHad as why:
        return results.leave_out(name, str(why))
    if not Path(there["HOST"]).is_dir():
        return results.leave_out(name, "the server is reached over a network, and trusts no socket of this host")
    with (
        _may_sign_in(runtime_role(there["USER"])),
        _home(**pooled(servers.live()), **_sizes()) as behind,
        _home(**_plain()) as beside,
    ):
        behind.pool(bouncer, size=CONNECTIONS)
        _compare(results, name, behind, beside, calls, 0.85)
    return None


@contextmanager
def _may_sign_in(role: str) -> Iterator[None]:
    """The runtime role is a login for a while, as an installation with a pooler has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role])
        (may_already,) = cursor.fetchone()
        cursor.execute(f'ALTER ROLE "{role}" LOGIN')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER ROLE "{role}" {"LOGIN" if may_already else "NOLOGIN"}')


def _compare(results: Results, name: str, ours: Loopback, theirs: Loopback, calls: int, target: float) -> None:
    """How many requests in a second two web servers answer, who are asked in turn."""
    browser = Client()
    browser.force_login(User.objects.get(username="registrar"), backend="django.contrib.auth.backends.ModelBackend")
    cookie = browser.cookies["sessionid"].value
    for each in (ours, theirs):
        each.serve_web()
    one, other = side_by_side(lambda: _answered(ours, cookie, calls), lambda: _answered(theirs, cookie, calls), ROUNDS)
    results.rate(name, calls / one, calls / other, target)


def _answered(server: Loopback, cookie: str, calls: int) -> None:
    """So many requests by several clients at once; raises where one is refused."""

    def ask(_number: int) -> int:
        return server.ask(PAGE, cookie)[0]

    with ThreadPoolExecutor(CLIENTS) as together:
        refused = [status for status in together.map(ask, range(calls)) if status != 200]
    if refused:
        raise RuntimeError(f"{len(refused)} of {calls} refused, the first with {refused[0]}")


# --- restores ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """One look at health from outside."""

    asked: datetime
    answered: datetime
    is_ok: bool


def restores(results: Results, folder: Path, *, rounds: int) -> None:
    """How long health is away while databases change places, against the whole restore.

    A web process serves and no worker lives, so that the restore neither waits for one nor tries its jobs: the whole is
    as short as it can be.
    """
    kept = {"BACKUP_DIR": str(folder / "sets"), "MEDIA_ROOT": str(folder / "media")}
    wanted = str(sets.folder_of(backups.create(reason=SetReason.MANUAL, prove=False, by=BY).row.name))
    away, whole = [], []
    with _home(**_plain(**kept)) as home:
        home.environment["SITE_URL"] = home.url
        home.serve_web()
        for _ in range(rounds):
            connections.close_all()
            with _watched(home) as seen:
                said = _restored(home, wanted)
            away.append(downtime({each["name"]: each["at"] for each in said["steps"]}, seen))
            whole.append(said["seconds"])
            packing.drop_database(name=said["former_database"], by=BY)
    results.ratio("exchange until health / a whole restore", statistics.median(away), statistics.median(whole), 0.1)


def _restored(home: Loopback, wanted: str) -> dict[str, Any]:
    """What a restore by the command line says that it did; raises where it did not."""
    ended = home.maristan("restore", wanted, "--yes", "--json")
    if ended.returncode:
        raise RuntimeError(f"the restore ended with {ended.returncode}: {ended.stderr[-1000:]}")
    return dict(json.loads(ended.stdout.strip().splitlines()[-1]))


@contextmanager
def _watched(home: Loopback) -> Iterator[list[Look]]:
    """Ask for health all the while, until it is ok at the end."""
    seen, is_over = [_look(home)], threading.Event()

    def look_on() -> None:
        while not is_over.wait(PROBE_EVERY):
            seen.append(_look(home))

    looking = threading.Thread(target=look_on, daemon=True)
    looking.start()
    try:
        yield seen
        until(lambda: seen[-1].is_ok, seconds=60, what="health after a restore")
    finally:
        is_over.set()
        looking.join()


def _look(home: Loopback) -> Look:
    asked = datetime.now(UTC)
    try:
        is_ok = home.ask("/health/")[0] == 200
    except OSError:
        is_ok = False
    return Look(asked, datetime.now(UTC), is_ok)


def downtime(steps: Mapping[str, str], seen: Sequence[Look]) -> float:
    """Seconds from when a restore noted that it closes the databases, until health is ok over the new one for good."""
    closing, exchanged = (datetime.fromisoformat(steps[name]) for name in ("closing", "looking"))
    failed = [each.asked for each in seen if not each.is_ok]
    back = min(each.answered for each in seen if each.is_ok and each.asked > max([exchanged, *failed]))
    return (back - closing).total_seconds()
