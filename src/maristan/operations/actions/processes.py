"""Processes say that they live, what they run and what lies on their disk."""

import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

import psutil

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.models import Process
from maristan.operations.queries import build, machine
from maristan.operations.rules.states import ProcessKind

FORGOTTEN_AFTER = timedelta(hours=24)
TOLD = ("version", "build_id", "code_build_id", "last_seen_at", "listen", "queues", "rss_bytes")


@unjournaled("a sign of life, every ten seconds")
def beat(*, kind: ProcessKind, pid: int, queues: Sequence[str], by: Actor) -> list[str]:
    """Write what is true of a process of this host now; gives where it listens. One statement."""
    process = psutil.Process(pid)
    row = Process(
        kind=kind,
        host=socket.gethostname(),
        pid=pid,
        started_at=machine.started_at(pid),
        last_seen_at=clock.now(),
        version=build.running().version,
        build_id=build.running().build_id,
        code_build_id=build.on_disk(),
        listen=machine.listening(process),
        queues=list(queues),
        rss_bytes=process.memory_info().rss,
    )
    Process.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["host", "pid", "started_at"], update_fields=TOLD
    )
    return list(row.listen)


@unjournaled("the last sign of life of a process that ends")
def leave(*, pid: int, started_at: datetime, by: Actor) -> None:
    """A process that ends by itself counts as gone at once."""
    Process.objects.filter(host=socket.gethostname(), pid=pid, started_at=started_at).delete()


@unjournaled("a process that ended leaves the list of those that live")
def forget_dead(*, by: Actor) -> int:
    """Remove the rows of processes that were not seen for a day; gives how many."""
    return Process.objects.filter(last_seen_at__lt=clock.now() - FORGOTTEN_AFTER).delete()[0]
