"""`maristan serve`: the web server and a worker under one process."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maristan.config import serving

STOP_AFTER = 25.0


class Command(BaseCommand):
    """Starts both, stops both on Ctrl-C, and stops the other when one of them dies."""

    help = "web server and worker"

    def handle(self, *args: Any, **options: Any) -> None:
        if serving.is_taken():
            raise CommandError(f"Something answers on {settings.WEB_BIND} already; stop it, or set MARISTAN_PORT.")
        environment = {**os.environ, "MARISTAN_DB_OWNER": "0"}
        web = serving.web()
        worker = [sys.executable, "-m", "maristan", "worker"]
        processes: list[subprocess.Popen[bytes]] = []

        def stop(_signal: int, _frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        for each in (signal.SIGINT, signal.SIGTERM):  # a shell that starts it in the background has SIGINT ignored
            signal.signal(each, stop)
        try:
            for command in (web, worker):
                processes.append(subprocess.Popen(command, env=environment, start_new_session=True))  # noqa: S603
            while all(process.poll() is None for process in processes):
                time.sleep(0.3)
            self.stderr.write("a process ended; stopping")
        except KeyboardInterrupt:
            self.stdout.write("stopping")
        finally:
            failed = any(process.poll() not in (None, 0) for process in processes)
            self.stop_all(processes)
        if failed:
            sys.exit(1)

    @staticmethod
    def stop_all(processes: list["subprocess.Popen[bytes]"]) -> None:
        """Ask each process to end, then insist."""
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + STOP_AFTER
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
