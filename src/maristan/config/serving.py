"""How the processes of a release are started."""

import socket
import sys
from pathlib import Path

from django.conf import settings


def web() -> list[str]:
    """The web server over WEB_BIND; on SIGTERM it finishes what it has in hand."""
    host, _, port = settings.WEB_BIND.rpartition(":")
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host.strip("[]"), "--port", port,
        "--workers", str(settings.WEB_PROCESSES["workers"]),
        "--blocking-threads", str(settings.WEB_PROCESSES["threads"]),
        "--workers-kill-timeout", str(settings.GRACEFUL_TIMEOUT_S),
        "--respawn-failed-workers",  # one that dies does not take the others with it
        "--no-access-log", "--log-level", "error", "maristan.config.wsgi:application",
    ]  # fmt: skip


def is_taken() -> bool:
    """Whether something answers already where this would listen: two servers would share the requests between them."""
    host, _, port = settings.WEB_BIND.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def current() -> Path:
    """The link to the folder of the release in service."""
    return Path(settings.HOME) / "current"


def maristan() -> list[str]:
    """The command line of the release in service; in a checkout its own."""
    program = current().resolve() / "bin" / "maristan"
    return [str(program)] if program.is_file() else [sys.executable, "-m", "maristan"]
