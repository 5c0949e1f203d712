"""Processes of this checkout on loopback over a database of the server in hand, with a pooler before it if asked."""

import json
import os
import pwd
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from maristan.config.database import runtime_role
from maristan.config.documents import ROOT
from maristan.config.tests.programs import Program, answers, free_port, until

BOUNCER = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
stats_users = {user}
default_pool_size = {size}
max_client_conn = 500
"""


@dataclass
class Loopback:
    """A folder that is home to processes, what they are told, and those that run."""

    folder: Path
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the web server listens."""
        return f"http://{self.environment['WEB_BIND']}"

    def start(self, name: str, *words: str, of: Program | None = None) -> None:
        """Begin a process whose words go to a file: another program, or one that is told of this product."""
        given = {**of.environment, "PATH": os.environ["PATH"]} if of else self.environment
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                words, env=given, stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )

    def serve(self, name: str, *words: str) -> None:
        """Begin a process of the product, under a name of its own."""
        self.start(name, sys.executable, "-m", "maristan", *words)

    def serve_web(self, name: str = "web") -> None:
        """Begin the web server and wait until it listens."""
        self.serve(name, "web")
        until(lambda: answers(port_of(self.url)), seconds=60, what=f"{name}: {self.said(name)[-500:]}")

    def said(self, name: str) -> str:
        """What a process has written."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def maristan(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command of the product."""
        return subprocess.run(
            [sys.executable, "-m", "maristan", *words], env=self.environment, capture_output=True, text=True,
            timeout=600, cwd=self.folder,
        )  # fmt: skip

    def ask(self, path: str, cookie: str = "", **headers: str) -> tuple[int, Any]:
        """Status and body of a GET; raises `OSError` where the connection breaks."""
        given = {"Cookie": f"sessionid={cookie}", **headers} if cookie else headers
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=given), timeout=30) as answer:
                body = answer.read()
                return answer.status, json.loads(body) if "json" in answer.headers["Content-Type"] else body
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.headers

    def pool(self, bouncer: Program, *, size: int) -> None:
        """Begin PgBouncer by transaction where DATABASE_URL says, with so many connections to the server."""
        there, listen = connection.settings_dict, port_of(self.environment["DATABASE_URL"])
        user = runtime_role(there["USER"])
        (self.folder / "users").write_text(f'"{user}" "x"\n')
        (self.folder / "bouncer.ini").write_text(BOUNCER.format(
            host=there["HOST"], port=there["PORT"] or 5432, listen=listen, folder=self.folder, size=size, user=user,
        ))  # fmt: skip
        as_whom = ["--user", pwd.getpwuid(Path(there["HOST"]).stat().st_uid).pw_name] if os.geteuid() == 0 else []
        self.start("bouncer", bouncer.path, *as_whom, str(self.folder / "bouncer.ini"), of=bouncer)
        until(lambda: answers(listen), seconds=20, what=f"bouncer: {self.said('bouncer')[-500:]}")

    def end(self) -> None:
        """Ask every process to end, then insist."""
        for each in self.running.values():
            each.send_signal(signal.SIGTERM)
        for each in self.running.values():
            try:
                each.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(each.pid, signal.SIGKILL)
                each.wait()


def port_of(url: str) -> int:
    """The port in an address of this host."""
    return int(url.rpartition(":")[2].partition("/")[0])


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process of development is told, with a port of its own for the web; `more` says which database."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MARISTAN_")}
    bind = f"127.0.0.1:{free_port()}"
    return {
        **kept, "PYTHONPATH": str(ROOT / "src"), "MARISTAN_ENV": "development", "MARISTAN_HOME": str(folder),
        "WEB_BIND": bind, "WEB_THREADS": "8", "GRACEFUL_TIMEOUT_S": "5", "SECRET_KEY": settings.SECRET_KEY,
        "MEDIA_ROOT": str(folder / "media"), "LOG_LEVEL": "warning",
        "THROTTLE_USER_RATE": "1000000/hour", "MFA_REQUIRED_ROLES": "operator",
        "BACKUP_SCHEDULE": "off", "DRILL_SCHEDULE": "off", **more,
    }  # fmt: skip


def address(database: str, *, user: str = "") -> str:
    """How a database of this server is reached past any pooler, by the owner or another user whom it trusts."""
    there = connection.settings_dict
    where = f"/{database}?host={there['HOST']}&port={there['PORT'] or 5432}"
    return f"postgresql://{user or there['USER']}:{'x' if user else there['PASSWORD'] or 'x'}@{where}"


def pooled(database: str) -> dict[str, str]:
    """What makes a process use a pooler by transaction, for which a port is chosen, as the runtime role."""
    user = runtime_role(connection.settings_dict["USER"])
    return {
        "DATABASE_POOL": "transaction", "DATABASE_OWNER_URL": address(database),
        "DATABASE_DIRECT_URL": address(database, user=user),
        "DATABASE_URL": f"postgresql://{user}:x@127.0.0.1:{free_port()}/{database}",
    }  # fmt: skip
