"""The thread by which a process says every ten seconds that it lives."""

import os
import threading
from collections.abc import Sequence
from contextlib import suppress

import psutil
import psycopg
from django.db import Error, connection
from procrastinate.exceptions import ProcrastinateException

from maristan.kernel import clock, metering
from maristan.kernel.access import platform
from maristan.operations.actions import alert_telling, alerts, counting, processes
from maristan.operations.queries import build, machine
from maristan.operations.rules.figures import minute_of
from maristan.operations.rules.states import ProcessKind

BEAT_SECONDS = 10.0
OPENING_SECONDS = 1.0  # a web server beats before it listens: what it listens at is told soon after
LOOKED_AT_SECOND = 20  # of each minute, when a worker would have looked
# A database that is away, also from the queue in it, a file that was there a moment ago, figures that are half written,
# a process that ended.
PASSING = (Error, psycopg.Error, ProcrastinateException, OSError, ValueError, psutil.Error)


def _told() -> None:
    try:
        with suppress(*PASSING):
            alert_telling.tell_due(by=platform(None))
    finally:
        connection.close()


class Heart:
    """Beats until it is stopped; what fails at one beat, as a database that is away, is tried again at the next."""

    def __init__(self, kind: ProcessKind, *, queues: Sequence[str] = ()) -> None:
        self.kind = kind
        self.queues = list(queues)
        self._written = self._looked = minute_of(clock.now())
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
        self._teller: threading.Thread | None = None

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
        pid, by, openings = os.getpid(), platform(None), 5 if self.kind == ProcessKind.WEB else 0
        while not self._end.is_set():
            is_open = False
            with suppress(*PASSING):
                is_open = bool(processes.beat(kind=self.kind, pid=pid, queues=self.queues, by=by))
            openings = 0 if is_open else openings - 1
            with suppress(*PASSING):
                counting.measure(by=by)
            with suppress(*PASSING):
                self._each_minute()
            connection.close()  # ten seconds are long for a connection that nobody else can use
            self._end.wait(OPENING_SECONDS if openings > 0 else BEAT_SECONDS)
        self._write_down()
        with suppress(*PASSING):
            processes.leave(pid=pid, started_at=machine.started_at(pid), by=by)
        connection.close()

    def _each_minute(self) -> None:
        """After the end of a minute: write down what was counted; where no worker lives, look for alerts instead."""
        now = clock.now()  # also of a clock that was set back
        if minute_of(now) != self._written:
            self._written = minute_of(now)
            self._write_down()
        if self.kind == ProcessKind.WEB and now.second >= LOOKED_AT_SECOND and minute_of(now) != self._looked:
            self._looked = minute_of(now)
            if alerts.stand_in(by=platform(None)):
                self._tell()

    def _tell(self) -> None:
        """Mail and calls take their time beside the beats, one at a time; what is due is told by the next."""
        if self._teller is None or not self._teller.is_alive():
            self._teller = threading.Thread(target=_told, name="telling", daemon=True)
            self._teller.start()

    @staticmethod
    def _write_down() -> None:
        counted = metering.take()
        try:
            counting.write_down(counted=counted, by=platform(None))
        except PASSING:  # counted again when the database is back
            metering.give_back(counted)
