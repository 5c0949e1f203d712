"""The thread by which a process says every ten seconds that it lives."""

import os
import threading
from collections.abc import Sequence
from contextlib import suppress

import psutil
from django.db import Error, connection

from maristan.kernel.access import platform
from maristan.operations.actions import processes
from maristan.operations.queries import build, machine
from maristan.operations.rules.states import ProcessKind

BEAT_SECONDS = 10.0


class Heart:
    """Beats until it is stopped; a database that is away stops it no longer than it is away."""

    def __init__(self, kind: ProcessKind, *, queues: Sequence[str] = ()) -> None:
        self.kind = kind
        self.queues = list(queues)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def start(self) -> "Heart":
        """Begin to beat."""
        build.running()  # before anything on the disk can change
        self._thread.start()
        return self

    def stop(self) -> None:
        """Beat no more: the process leaves the list of those that live."""
        self._end.set()
        self._thread.join(timeout=BEAT_SECONDS)

    def _run(self) -> None:
        pid, by = os.getpid(), platform(None)
        while not self._end.is_set():
            with suppress(Error):
                processes.beat(kind=self.kind, pid=pid, queues=self.queues, by=by)
            connection.close()  # ten seconds are long for a connection that nobody else can use
            self._end.wait(BEAT_SECONDS)
        with suppress(Error):
            processes.leave(pid=pid, started_at=machine.started_at(psutil.Process(pid)), by=by)
        connection.close()
