"""A whole installation in a folder: a release, its database, and processes that serve it over TLS."""

import json
import os
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg

from maristan.config.tests.gate import Gate
from maristan.config.tests.programs import ROOT, NotToBeHad, Program, answers, free_port, program, until, with_options

PACKAGE = ROOT / "src" / "maristan"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "tests", "webclient", "release")
PROGRAM = """#!/bin/sh
PYTHONPATH="{folder}/lib" exec "{python}" -m maristan "$@"
"""
MIGRATION = '''"""Of a rig."""
from django.db import migrations


class Migration(migrations.Migration):
    compatibility = "{compatibility}"
    dependencies = [("operations", "{after}")]
    operations = [migrations.RunSQL({forwards!r}, {backwards!r})]
'''
OWN = ("CREATE TABLE rig_thing (id int PRIMARY KEY)", "DROP TABLE rig_thing")
BEATEN = 45.0  # seconds in which every process has told what it runs and what lies on its disk
SERVING = ("web", "worker", "operations")


def last_migration(package: Path) -> str:
    """The name of the newest migration of operations."""
    return max(each.stem for each in (package / "operations" / "migrations").glob("0*.py"))


def add_migration(package: Path, name: str, sql: tuple[str, str], *, compatibility: str) -> Path:
    """Write a migration after the newest of operations; the statements do something and take it back."""
    after = last_migration(package)
    file = package / "operations" / "migrations" / f"{int(after[:4]) + 1:04}_{name}.py"
    said = {"after": after, "forwards": sql[0], "backwards": sql[1], "compatibility": compatibility}
    file.write_text(MIGRATION.format(**said))
    return file


def copied(folder: Path) -> Path:
    """The package of this checkout in a folder, without tests; gives where it lies."""
    shutil.copytree(PACKAGE, folder / "lib" / "maristan", ignore=LEFT_OUT)
    return folder / "lib" / "maristan"


def write_program(folder: Path) -> Path:
    """The command line of a release folder."""
    file = folder / "bin" / "maristan"
    file.parent.mkdir(exist_ok=True)
    file.write_text(PROGRAM.format(folder=folder, python=sys.executable))
    file.chmod(0o755)
    return file


class RunningCopy:
    """Web, worker and worker of operations behind a gate and a proxy, as `staging`, over TLS."""

    def __init__(self, home: Path, server_url: str, *, database: str = "rig", **environment: str) -> None:
        self.home, self.database = home, database
        self.server_url = server_url
        self.owner_url = of_database(server_url, database)
        self.web_port, self.front_port = free_port(), free_port()
        self.certificate = Certificate(home)
        self.gate = Gate(self.web_port)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.folder = self.program = home
        self.base_url = f"https://localhost:{self.front_port}"
        self.front = "the gate itself"
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if key in os.environ}
        self.environment = {
            **kept, "MARISTAN_ENV": "staging", "MARISTAN_HOME": str(home), "DATABASE_URL": self.owner_url,
            "SECRET_KEY": secrets.token_urlsafe(60), "ALLOWED_HOSTS": "localhost", "SITE_URL": self.base_url,
            "WEB_BIND": f"127.0.0.1:{self.web_port}", "WEB_THREADS": "4", "GRACEFUL_TIMEOUT_S": "5",
            "LOG_LEVEL": "warning", "SSL_CERT_FILE": str(self.certificate.file), **environment,
        }  # fmt: skip

    # --- making it ----------------------------------------------------------------------------------------------------

    def make(self, client: Path) -> None:
        """Build a release with its manifest, create the database and migrate it."""
        building = self.home / "building"
        package = copied(building)
        shutil.copytree(client, package / "webclient")
        (building / "web").mkdir()
        for name in ("requirements.txt", "web/screens.json", "web/package-lock.json"):
            shutil.copy(ROOT / name, building / name)
        add_migration(package, "of_rig", OWN, compatibility="compatible")
        with psycopg.connect(self.server_url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')  # type: ignore[arg-type]
            server.execute(f'CREATE DATABASE "{self.database}" TEMPLATE template0')  # type: ignore[arg-type]
        self.program = write_program(building)
        self.must("release", "manifest", "--build")
        self.manifest = json.loads((package / "release" / "manifest.json").read_text())
        self.folder = self.home / "releases" / f"1.0-{self.manifest['build_id']}"
        self.folder.parent.mkdir()
        building.rename(self.folder)
        self.program = write_program(self.folder)
        (self.home / "current").symlink_to(self.folder)
        self.must("migrate", "--no-input")

    @property
    def package(self) -> Path:
        """The code in service."""
        return self.folder / "lib" / "maristan"

    def serve(self) -> None:
        """Start everything and wait until it is sound."""
        for name in SERVING:
            self.start(name)
        try:
            caddy: Program | None = program("caddy")
        except NotToBeHad as why:
            print(f"no Caddy in front: {why}")
            caddy = None
        if caddy is None:
            self.gate.tls, self.gate.port = self.certificate.context(), self.front_port
        self.gate.start()
        if caddy is not None:
            self.front = "Caddy"
            self._caddy(caddy)
        self.settle()

    def _caddy(self, caddy: Program) -> None:
        """The shipped Caddyfile before the gate, with a certificate of our own."""
        text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
        own = f"\ttls {self.certificate.file} {self.certificate.key} {{"
        text = text.replace("\ttls {", own).replace("127.0.0.1:8010", f"127.0.0.1:{self.gate.port}")
        text = with_options(text, "admin off", "auto_https disable_redirects")
        file = self.home / "Caddyfile"
        file.write_text(text, encoding="utf-8")
        environment = {
            **caddy.environment, "HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "caddy"),
            "MARISTAN_DOMAINS": f"localhost:{self.front_port}", "PATH": os.environ["PATH"],
        }  # fmt: skip
        self.run_beside("caddy", [caddy.path, "run", "--adapter", "caddyfile", "--config", str(file)], environment)
        until(lambda: answers(self.front_port), seconds=20, what="Caddy")

    # --- processes ----------------------------------------------------------------------------------------------------

    def words_of(self, name: str) -> Sequence[str]:
        """What is run under a name."""
        words = {
            "web": ["web"], "worker": ["worker", "--without", "operations"],
            "operations": ["worker", "--queues", "operations"],
        }  # fmt: skip
        return [str(self.program), *words[name]]

    def start(self, name: str, *, words: Sequence[str] = (), **environment: str) -> None:
        """Start a process, and wait for a web server until it answers."""
        given = {**self.environment, **environment}
        self.run_beside(name, words or self.words_of(name), given)
        bound = given["WEB_BIND"].rpartition(":")[2]
        if name.startswith("web"):
            until(lambda: answers(int(bound)), seconds=60, what=f"{name} at {bound}")

    def run_beside(self, name: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """A process in a group of its own, whose words go to a file."""
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                list(words), env=dict(environment), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True, cwd=self.home,
            )  # fmt: skip

    def stop(self, *names: str, patience: float = 15) -> None:
        """Ask processes to end, then insist."""
        ending = [self.running.pop(each) for each in names if each in self.running]
        for each in ending:
            with suppress(ProcessLookupError):
                each.send_signal(signal.SIGTERM)
        for each in ending:
            with suppress(subprocess.TimeoutExpired):
                each.wait(patience)
            with suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()

    def end(self) -> None:
        """Everything is gone."""
        self.stop(*self.running, patience=5)
        self.gate.stop()

    @contextmanager
    def restarted(self, *names: str, **environment: str) -> Iterator[None]:
        """Processes with other settings for a while."""
        before = self.environment
        self.environment = {**before, **environment}
        try:
            self._again(names)
            yield
        finally:
            self.environment = before
            self._again(names)

    def _again(self, names: Sequence[str]) -> None:
        self.stop(*names)
        for each in names:
            self.start(each)

    def settle(self) -> None:
        """Wait until the processes that live are those that should, and each says that it runs what lies here."""
        wanted = {"web": 1, "worker": 2}
        until(lambda: self.lives() == wanted, seconds=BEATEN, what=f"{wanted}; found {self.lives()}")

    def lives(self) -> dict[str, int]:
        """How many processes that are sound live, by kind; any other stands under `strange`."""
        rows = self.asked(
            """SELECT kind, build_id = code_build_id AND build_id = %s, pid FROM operations_process
            WHERE kind <> 'command' AND last_seen_at > now() - interval '30 seconds'""",
            self.manifest["build_id"],
        )
        found: dict[str, int] = {}
        for each in self.running.values():
            each.poll()  # one that ended is no process any more
        for kind, is_sound, pid in rows:
            if Path(f"/proc/{pid}").exists():
                name = kind if is_sound else "strange"
                found[name] = found.get(name, 0) + 1
        return found

    # --- asking it ----------------------------------------------------------------------------------------------------

    def run(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """A command of the release in service."""
        return subprocess.run(
            [str(self.program), *words], env={**self.environment, **environment}, text=True, capture_output=True,
            stdin=subprocess.DEVNULL, timeout=600, cwd=self.home,
        )  # fmt: skip

    def must(self, *words: str, **environment: str) -> str:
        """A command that has to succeed; gives what it said."""
        ended = self.run(*words, **environment)
        if ended.returncode:
            raise RuntimeError(f"maristan {' '.join(words)} ended with {ended.returncode}: {ended.stderr[-2000:]}")
        return ended.stdout

    def verify(self, *options: str, **environment: str) -> tuple[int, dict[str, Any]]:
        """`release verify` over what is served: its exit code and what it found."""
        words = ("release", "verify", "--json", "--base-url", self.base_url, *options)
        ended = self.run(*words, **environment)
        try:
            return ended.returncode, json.loads(ended.stdout.strip().splitlines()[-1])
        except (ValueError, IndexError):
            return ended.returncode, {"findings": [], "result": "none", "said": ended.stderr[-2000:]}

    def asked(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the owner gets from the database for a statement; nothing for one without rows."""
        with psycopg.connect(self.owner_url, autocommit=True) as owner:
            done = owner.execute(statement, values or None)  # type: ignore[arg-type]
            return done.fetchall() if done.description else []


def of_database(url: str, name: str) -> str:
    """The address of another database of a server."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{'?' if query else ''}{query}"


class Certificate:
    """A certificate for localhost that holds for 90 days, and whoever made it."""

    def __init__(self, folder: Path) -> None:
        self.file, self.key = folder / "certificate.pem", folder / "key.pem"
        folder.mkdir(parents=True, exist_ok=True)
        self._write()

    def context(self) -> ssl.SSLContext:
        """What a server needs to speak TLS with it."""
        found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        found.load_cert_chain(self.file, self.key)
        return found

    def _write(self) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID

        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=90)).add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )  # fmt: skip
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.TraditionalOpenSSL
        self.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
