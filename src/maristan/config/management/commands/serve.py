"""`maristan serve`: the web server and a worker under one process."""

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from maristan.config import serving, supervisor
from maristan.config.supervisor import Child
from maristan.operations.management.answers import Exit, OperatorCommand

STOP_AFTER = 25.0


class Command(OperatorCommand):
    """Starts both, says when it listens, starts again what ends, stops both on Ctrl-C; 78 from either ends both."""

    help = "web server and worker"

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        if serving.is_taken():
            said = f"Something answers on {settings.WEB_BIND} already; stop it, or set MARISTAN_PORT."
            raise CommandError(said, returncode=int(Exit.CANNOT_RUN))
        environment = {**os.environ, "MARISTAN_DB_OWNER": "0"}
        children = [Child(serving.web()), Child([sys.executable, "-m", "maristan", "worker"])]

        def stop(_signal: int, _frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        for each in (signal.SIGINT, signal.SIGTERM):  # a shell that starts it in the background has SIGINT ignored
            signal.signal(each, stop)
        code = 0
        try:
            code = self.keep(children, environment, as_json=as_json)
        except KeyboardInterrupt:
            self.answer({"stopping": True}, "stopping", as_json=as_json)
        finally:
            supervisor.end_gently([each.process for each in children if each.process], grace=STOP_AFTER)
        if code:
            sys.exit(code)

    def keep(self, children: Sequence[Child], environment: Mapping[str, str], *, as_json: bool) -> int:
        """Serve until a signal comes; gives what a process ended with that cannot use its configuration."""
        web, is_told, address = children[0], False, f"http://{settings.WEB_BIND}/"
        while True:
            for child in children:
                code = child.follow(environment)
                if code == supervisor.MISCONFIGURED:
                    return code
                if code is not None:
                    self.stderr.write(f"{' '.join(child.command[:4])} ended with {code}; it is started again")
            if not is_told and web.process and supervisor.is_open(web.process.pid):
                self.answer({"address": address}, f"\n  Maristan answers on {address}\n", as_json=as_json)
                self.stdout.flush()
                is_told = True
            time.sleep(supervisor.LOOK_EVERY)
