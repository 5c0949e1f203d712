"""What this machine says of itself: processes, ports, disks."""

import shutil
import socket
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import psutil
from django.conf import settings

SLACK = timedelta(seconds=1)  # beginnings are told in ticks


@cache
def started_at(pid: int) -> datetime:
    """When a process started, as it was first seen: a clock that is set later changes nothing of its name.

    Together with host and number it names one process for ever.
    """
    return datetime.fromtimestamp(psutil.Process(pid).create_time(), tz=UTC)


def is_there(pid: int, seen: datetime) -> bool:
    """Whether the process of this host that was seen at a moment lives; one that began later has its number again."""
    try:
        found = psutil.Process(pid)
        began = datetime.fromtimestamp(found.create_time(), tz=UTC)
        return bool(found.status() != psutil.STATUS_ZOMBIE and began <= seen + SLACK)
    except psutil.Error:
        return False


def listening(process: psutil.Process) -> list[str]:
    """The addresses at which a process listens, or else its parent, which shares the socket with it."""
    for each in (process, process.parent()):
        found = _listening(each) if each is not None else []
        if found:
            return found
    return []


def _listening(process: psutil.Process) -> list[str]:
    try:
        connections = process.net_connections(kind="tcp")
    except psutil.Error:  # somebody else's process: what it does is not shown to us
        return []
    return sorted({_written(each.laddr) for each in connections if each.status == psutil.CONN_LISTEN})


def all_listening() -> list[str]:
    """Every address at which somebody listens on this host; none where that is not shown to us."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return []
    return sorted({_written(each.laddr) for each in connections if each.status == psutil.CONN_LISTEN})


def is_debug_server(host: str, pid: int) -> bool:
    """Whether a process of this host is the framework's development server."""
    if host != socket.gethostname():
        return False
    try:
        return "runserver" in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def _written(address: "psutil._common.addr") -> str:
    host = f"[{address.ip}]" if ":" in address.ip else address.ip
    return f"{host}:{address.port}"


def measures() -> dict[str, float]:
    """Percent in use: of the processors since the last time, of memory, and of each volume that is written to."""
    found = {"cpu": psutil.cpu_percent(), "memory": psutil.virtual_memory().percent}
    for path, used in volumes().items():
        found[f"disk {path}"[:80]] = round(100 * used, 2)
    return found


def volumes() -> dict[str, float]:
    """Every volume that this installation writes to, by its path, with the share of it that is used (0 to 1)."""
    found: dict[int, tuple[str, float]] = {}
    for path in (settings.HOME, settings.VAR, Path(settings.MEDIA_ROOT), settings.BACKUP_DIR):
        there = next(each for each in (path, *path.parents) if each.exists())
        usage = shutil.disk_usage(there)
        found.setdefault(there.stat().st_dev, (str(path), round(usage.used / (usage.used + usage.free), 4)))
    return dict(found.values())
