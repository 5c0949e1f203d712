"""Which processes live."""

import socket
from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.operations.models import Process
from maristan.operations.queries import machine
from maristan.operations.rules.states import Perm, ProcessKind

LIVE_FOR = timedelta(seconds=30)
EVERY_QUEUE = "*"


def live() -> "QuerySet[Process]":
    """Processes that were seen within 30 seconds."""
    return Process.objects.filter(last_seen_at__gt=clock.now() - LIVE_FOR)


def serving(queue: str) -> "QuerySet[Process]":
    """Live workers that take jobs from a queue."""
    return live().filter(kind=ProcessKind.WORKER, queues__overlap=[EVERY_QUEUE, queue])


def living() -> list[Process]:
    """Those of `live` but what this host knows to be gone: a process that was killed signs off nowhere."""
    here = socket.gethostname()
    return [each for each in live() if each.host != here or machine.is_there(each.pid, each.last_seen_at)]


def visible_to(actor: Actor) -> "QuerySet[Process]":
    """Every process of the last day; raises `NotAllowed` without the permission."""
    actor.demand(Perm.PROCESS_VIEW)
    return Process.objects.all()


def has_worker(*, host: str, build_id: str, queues: Collection[str]) -> bool:
    """Whether a live worker of this build serves all of these queues on a host."""
    served = live().filter(kind=ProcessKind.WORKER, host=host, build_id=build_id).values_list("queues", flat=True)
    return any(EVERY_QUEUE in each or set(queues) <= set(each) for each in served)
