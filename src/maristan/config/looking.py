"""Looks at a database that does not serve yet, and at what serves after a restore; each look gives its evidence."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from maristan.config import environment, seams, verification
from maristan.config.variables import TABLE
from maristan.config.visiting import Visitor
from maristan.operations.actions.deployments import NotChecked, StepFault
from maristan.operations.queries import build, processes, stores
from maristan.operations.queries.looks import Aside
from maristan.operations.queries.servers import OPTIONS_OF_TOOLS
from maristan.operations.rules.findings import Severity
from maristan.operations.rules.states import ProcessKind

READY_WITHIN, ENDS_WITHIN, BACK_WITHIN = 60.0, 600, 60.0  # seconds
LOOK_EVERY = 0.3
# Of this installation and none of a process that only looks: its database, files, caches, mail, watchers and doors.
OWN = (
    "DATABASE_", "POSTGRES_", "DB_", "EMAIL_", "ALERT_", "MAINTENANCE_", "BACKUP_", "WEB_", "MEDIA_ROOT", "REDIS_URL",
    "SENTRY_DSN", "LOG_", "SECRET_KEY", "MARISTAN_", "METRICS_TOKEN", "ADMIN_EMAIL", "TRUSTED_PROXIES", "ALLOWED_HOSTS",
)  # fmt: skip


class Looking:
    """The looks of this build."""

    def integrity(self, aside: Aside) -> str:
        """Stored facts held against what they follow from; raises `StepFault` naming each finding."""
        with _home() as home:
            ended = _run(["integrity", "check", "--json"], _environment(aside, home))
        said = _answer(ended, "findings")
        # A bucket that serves holds what was stored since; rows of another day know nothing of it.
        is_shared = stores.is_bucket() and Path(aside.media) == Path(settings.MEDIA_ROOT)
        found = [each for each in said["findings"] if not (is_shared and each["code"] == "file_without_row")]
        if found:
            raise StepFault("; ".join(f"{each['app']} {each['code']}: {each['count']}" for each in found[:10]))
        left_out = ["files of the bucket that no row names"] if is_shared else []
        unchecked = "".join(f"; not checked: {each}" for each in [*left_out, *said["not_checked"][:5]])
        return f"no finding in {said['seconds']} s{unchecked}"

    def served(self, aside: Aside) -> str:
        """A web process on it becomes healthy, and every role signs in and sees what it may."""
        with _home() as home, socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            where = f"127.0.0.1:{free.getsockname()[1]}"
            free.close()
            env = {**_environment(aside, home), "WEB_BIND": where}
            with _web(env) as process:
                healthy = _healthy(f"http://{where}", process)
                ended = _run(["smoke", "--quick", "--base-url", f"http://{where}", "--json"], env)
        return f"{healthy}; {seams.judged(_answer(ended, 'steps')['steps'])}"

    def verified(self) -> str:
        """The database held against the manifest; what else a verification finds is told and not judged by it."""
        manifest = build.manifest()
        if manifest is None:
            raise NotChecked("this build carries no manifest")
        seen = verification.Evidence()
        with verification.MayBeAway(seen):
            verification.database(manifest, seen, quick=False)
        failed = [f"{each.code} {each.subject}" for each in seen.findings if each.severity is Severity.FAIL]
        if failed:
            raise StepFault("; ".join(failed[:10]))
        rest = verification.Evidence()
        verification.process_group(manifest, rest)
        verification.setting_group(rest)
        beside = ", ".join(f"{each.code} {each.subject}".strip() for each in rest.findings[:10])
        return f"{seen.checked['database']}; journal: {seen.checked['journal']}; beside it: {beside or 'no finding'}"

    def smoked(self) -> str:
        """Every role does what it may, where web processes served before; they come back by themselves."""
        until = time.monotonic() + BACK_WITHIN
        while not any(each.kind == ProcessKind.WEB for each in processes.living()):
            if time.monotonic() > until:
                raise StepFault(f"no web process came back within {BACK_WITHIN:.0f} s")
            time.sleep(LOOK_EVERY)
        works = any(each.kind == ProcessKind.WORKER for each in processes.living())
        said = seams.smoke(settings.SITE_URL, is_quick=not works)
        return said if works else f"{said}; no worker lives: signing in and homes alone"


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="maristan-look-") as folder:
        yield Path(folder)


def _environment(aside: Aside, home: Path) -> dict[str, str]:
    """What this installation is told, but for another database, other files, and a home that nobody else has."""
    written, known = environment.dotenv(environment.home() / ".env"), set[str]()
    for each in TABLE:
        names = set(environment.spellings(each))
        known |= names
        if names & os.environ.keys():
            written = {name: value for name, value in written.items() if name not in names}
    given = {**written, **os.environ}
    kept = {
        name: value for name, value in given.items() if value.strip() and not (name in known and name.startswith(OWN))
    }
    for name in environment.WORDS_OF_PROCESSES:
        kept.pop(name, None)
    # Past a pooler, which knows nothing of a database that is there for a while.
    owner, runtime = _address(aside.database), settings.ENV["DATABASE_DIRECT_URL"] or settings.ENV["DATABASE_URL"]
    if settings.ENV["DATABASE_OWNER_URL"] and runtime:
        split = urlsplit(str(runtime))
        kept |= {
            "DATABASE_OWNER_URL": owner,
            "DATABASE_URL": urlunsplit(split._replace(path=f"/{quote(aside.database, safe='')}")),
        }
    else:
        kept["DATABASE_URL"] = owner
    return kept | {
        "MARISTAN_ENV": settings.MARISTAN_ENV, "MARISTAN_HOME": str(home), "SECRET_KEY": settings.SECRET_KEY,
        "SECRET_KEY_FALLBACKS": " ".join(settings.SECRET_KEY_FALLBACKS), "MEDIA_ROOT": aside.media,
        "ALLOWED_HOSTS": ",".join([*settings.ALLOWED_HOSTS, "127.0.0.1"]), "TRUSTED_PROXIES": "127.0.0.1/32",
        "LOG_LEVEL": "error", "WEB_WORKERS": "1",
        # Files that were unpacked lie on the disk, wherever those that serve lie.
        **({"STORAGE_BACKEND": "local"} if Path(aside.media) != Path(settings.MEDIA_ROOT) else {}),
    }  # fmt: skip


def _address(database: str) -> str:
    """Where the owner reaches a database of this server."""
    found = connection.settings_dict
    user, password, name = (quote(str(each), safe="") for each in (found["USER"], found["PASSWORD"], database))
    options = {key: value for key, value in found["OPTIONS"].items() if key in OPTIONS_OF_TOOLS}
    query = urlencode({"host": found["HOST"], **({"port": found["PORT"]} if found["PORT"] else {}), **options})
    return f"postgresql://{user}:{password}@/{name}?{query}"


def _run(words: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603 - this program
            [sys.executable, "-m", "maristan", *words], env=env, capture_output=True, text=True, check=False,
            timeout=ENDS_WITHIN, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise StepFault(f"maristan {words[0]} did not end within {ENDS_WITHIN} s") from None


def _answer(ended: "subprocess.CompletedProcess[str]", key: str) -> dict[str, Any]:
    """What a command answered as JSON; raises `StepFault` with its last words where it answered nothing."""
    for line in reversed(ended.stdout.splitlines()):
        with suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict) and key in said:
                return said
    words = (ended.stderr.strip() or ended.stdout.strip()).splitlines()[-1:]
    raise StepFault(f"{ended.args[3]} ended with {ended.returncode}: {''.join(words)[:300]}")


@contextmanager
def _web(env: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(
        [sys.executable, "-m", "maristan", "web"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(settings.GRACEFUL_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _healthy(url: str, process: "subprocess.Popen[bytes]") -> str:
    """Until it is ready; raises `StepFault` with what its health says."""
    began, seen = time.monotonic(), "nobody answers"
    while time.monotonic() - began < READY_WITHIN:
        if process.poll() is not None:
            raise StepFault(f"the web process ended with {process.returncode}")
        visitor = Visitor(url)
        reply = visitor.fetch("/readiness/")
        visitor.close()
        if reply is not None and reply.status == 200:
            return f"healthy after {time.monotonic() - began:.1f} s"
        seen = reply.body[:300].decode(errors="replace") if reply is not None else seen
        time.sleep(LOOK_EVERY)
    raise StepFault(f"the web process is not ready after {READY_WITHIN:.0f} s: {seen}")
