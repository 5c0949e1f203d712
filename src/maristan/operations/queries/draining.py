"""Whether this host was taken out of service, so that what balances load sends nobody here any more."""

import socket
from pathlib import Path

from django.conf import settings


def flag() -> Path:
    """The file that says so; one for each host, where several share a home."""
    return Path(settings.VAR) / f"draining-{socket.gethostname()}"


def is_on() -> bool:
    """Whether this host is draining."""
    return flag().exists()
