"""The product as the README starts it, on a home of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

CHECKOUT = Path(__file__).resolve().parents[1]
START_WITHIN = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Product:
    """A running product: its address, its home, and its command line."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The address of the web server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MARISTAN_", "DJANGO_"))}
        return {
            **kept, "MARISTAN_ENV": "development", "MARISTAN_HOME": str(self.home), "MARISTAN_PORT": str(self.port),
            "LOG_FORMAT": "console", "LOG_LEVEL": "warning",
            # A day of many people, within minutes and from one address.
            "THROTTLE_ANON_RATE": "100000/hour", "THROTTLE_USER_RATE": "100000/hour",
            "THROTTLE_SEARCH_RATE": "10000/min", "LOGIN_RATE_LIMIT": "1000/min",
        }  # fmt: skip

    def run(self, *words: str) -> str:
        """One command; gives what it printed, and raises with its output when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "maristan", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"maristan {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start web server and worker, and wait until they answer."""
        with (self.home / "server.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "maristan", "serve"], env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + "/healthz/", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError("the product did not start:\n" + (self.home / "server.log").read_text())

    def stop(self) -> None:
        """Stop as Ctrl-C does, and insist after a while."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise


def new_home(name: str, like: Path | None = None) -> Path:
    """A home below var/: empty, or a copy of one whose product is stopped."""
    home = CHECKOUT / "var" / "e2e" / name
    shutil.rmtree(home, ignore_errors=True)
    if like:
        subprocess.run(["cp", "-a", str(like), str(home)], check=True)  # the server insists on its files' owner
    else:
        home.mkdir(parents=True)
    return home
