"""`maristan up`: keeps web server, worker and operations worker of the release in service running."""

import os
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from maristan.config import groups, serving, supervisor
from maristan.config.groups import GROUPS, files
from maristan.kernel.access import platform
from maristan.operations.actions import draining
from maristan.operations.management.answers import Exit, OperatorCommand

DRAIN_FOR = 5.0  # seconds that whoever balances load needs to see that this host leaves


def commands() -> supervisor.Commands:
    """What runs, by group; each is looked up in the release that is in service when it starts."""
    return {
        "web": lambda: [[*serving.maristan(), "web"]],
        "workers": lambda: [
            [*serving.maristan(), "worker", "--without", "operations"],
            [*serving.maristan(), "worker", "--queues", "operations"],
        ],
    }


def drain(group: str) -> None:
    """Nobody is sent to a web server that is about to end."""
    if group == "web":
        draining.begin(by=platform(None, "maristan up"))
        time.sleep(DRAIN_FOR)


class Command(OperatorCommand):
    """Without a group it runs until it is told to end; with one it tells the running one to start that anew."""

    help = "start and keep running; with a group: start that again"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("group", nargs="?", choices=GROUPS)
        parser.add_argument("--detach", action="store_true", help="go on in the background")

    def handle(self, *args: Any, group: str | None, detach: bool, as_json: bool, **options: Any) -> None:
        if group:
            self.tell(group, as_json=as_json)
        elif detach:
            self.detach(as_json=as_json)
        else:
            self.run_here()

    def run_here(self) -> None:
        """Serve until a signal comes."""
        here = supervisor.Supervisor(
            files(), commands(), environment={**os.environ, "MARISTAN_DB_OWNER": "0"},
            grace=settings.GRACEFUL_TIMEOUT_S + 5.0, before_stop=drain, say=self.stderr.write,
            overlapping={"web"},
        )  # fmt: skip
        try:
            code = here.run()
        except supervisor.Busy as busy:
            self.stop(Exit.BUSY, f"busy: {busy}")
        if code:
            sys.exit(code)

    def tell(self, group: str, *, as_json: bool) -> None:
        """Ask the one that runs, and wait until it did."""
        code, said = groups.ask(group, on=True)
        if code:
            self.stop(Exit(code), said)
        self.answer({group: "started"}, said, as_json=as_json)

    def detach(self, *, as_json: bool) -> None:
        """Start one in the background."""
        there = files()
        owner = there.owner()
        if owner is not None:
            self.stop(Exit.BUSY, f"busy: maristan up on {there.host}, pid {owner['pid']}")
        if not there.orphans() and serving.is_taken():  # what a supervisor left that is gone is ended by this one
            self.stop(Exit.CANNOT_RUN, f"another program listens on {settings.WEB_BIND}; nothing was started")
        log = settings.VAR / "up" / "log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            made = subprocess.Popen(  # noqa: S603 - our own program
                [*serving.maristan(), "up"], stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True
            )
        fault = groups.fault_of(made, there)
        if fault:
            made.terminate()  # it ends what it began
            made.wait()
            self.stop(Exit.PUT_BACK, f"{fault}, and nothing runs; see {log}")
        self.answer({"pid": made.pid}, f"up, pid {made.pid}; see {log}", as_json=as_json)
