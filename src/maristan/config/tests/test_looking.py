"""Looks at a database beside the live one: by real processes, which change nothing but that database."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from maristan.config import looking
from maristan.config.looking import Looking
from maristan.directory.tests import factories as make
from maristan.kernel import files
from maristan.kernel.access import platform
from maristan.operations.actions.deployments import NotChecked, StepFault
from maristan.operations.queries import servers
from maristan.operations.queries.looks import Aside
from maristan.operations.rules.served import Reply


@pytest.fixture
def aside(own_database: Callable[[str], None], tmp_path: Path, settings: Any) -> Aside:
    """A database with Bob and his thesis, and the folder of its one file."""
    options = {"location": str(tmp_path / "media")}
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    with transaction.atomic():
        here = make.institution().pk
        make.member("Bob", "student")
        files.store(b"the thesis of Bob", name="t.pdf", content_type="application/pdf", by=platform(here))
    connections.close_all()
    return Aside(servers.live(), str(tmp_path / "media"))


def test_a_web_process_serves_from_it_and_every_role_signs_in(aside: Aside) -> None:
    healthy, steps = Looking().served(aside).split("; ")
    assert healthy.startswith("healthy after ")
    assert int(steps.removesuffix(" steps, none failed")) > 20


def answered(said: str, code: int = 0, stderr: str = "") -> Any:
    """A command that ended."""
    return subprocess.CompletedProcess(["python", "-m", "maristan", "integrity"], code, said, stderr)


def test_nothing_found_is_said_with_what_was_left_out_and_no_answer_is_a_fault(monkeypatch: Any, settings: Any) -> None:
    monkeypatch.setattr(looking, "_environment", lambda *_: {})
    well = '{"result": "sound", "findings": [], "not_checked": ["agenda waits"], "seconds": 1.5}'
    monkeypatch.setattr(looking, "_run", lambda *_: answered(f"a log line\n{well}\n"))
    assert Looking().integrity(Aside("a", "b")) == "no finding in 1.5 s; not checked: agenda waits"
    torn = '{"findings": [{"app": "kernel", "code": "file_altered", "count": 2}], "not_checked": [], "seconds": 1}'
    monkeypatch.setattr(looking, "_run", lambda *_: answered(torn, 1))
    with pytest.raises(StepFault, match="kernel file_altered: 2"):
        Looking().integrity(Aside("a", "b"))
    monkeypatch.setattr(looking.stores, "is_bucket", lambda: True)
    settings.MEDIA_ROOT = "b"
    newer = '{"findings": [{"app": "kernel", "code": "file_without_row", "count": 2}], "not_checked": [], "seconds": 1}'
    monkeypatch.setattr(looking, "_run", lambda *_: answered(newer, 1))
    shared = "no finding in 1 s; not checked: files of the bucket that no row names"
    assert Looking().integrity(Aside("a", "b")) == shared  # what was stored since the set
    with pytest.raises(StepFault, match="kernel file_without_row: 2"):
        Looking().integrity(Aside("a", "c"))
    monkeypatch.setattr(looking, "_run", lambda *_: answered("", 2, "first\nthe database does not answer\n"))
    with pytest.raises(StepFault, match="integrity ended with 2: the database does not answer"):
        Looking().integrity(Aside("a", "b"))


class Process:
    """A process that lives, or ended with a code."""

    def __init__(self, code: int | None = None) -> None:
        self.returncode = code

    def poll(self) -> int | None:
        """None while it lives."""
        return self.returncode


def test_a_web_process_that_ends_or_is_not_ready_is_a_fault(monkeypatch: Any) -> None:
    class Degraded:
        def __init__(self, _url: str) -> None: ...

        def fetch(self, _path: str) -> Reply:
            return Reply(503, {}, b'{"status":"degraded"}')

        def close(self) -> None: ...

    monkeypatch.setattr(looking, "Visitor", Degraded)
    monkeypatch.setattr(looking, "READY_WITHIN", 0.2)
    with pytest.raises(StepFault, match=r"not ready after 0 s: \{.status"):
        looking._healthy("http://x", Process())
    with pytest.raises(StepFault, match="ended with 78"):
        looking._healthy("http://x", Process(78))


def test_what_looks_has_nothing_of_this_installation_but_its_words(
    aside: Aside, tmp_path: Path, monkeypatch: Any, settings: Any
) -> None:
    for name, value in {
        "REDIS_URL": "redis://here", "EMAIL_HOST": "mail.here", "BACKUP_OFFSITE_URL": "file:///far", "TIME_ZONE": "UTC",
        "ALERT_WEBHOOK_URL": "https://here", "DATABASE_URL_FILE": "/run/secret", "MAINTENANCE_MODE": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    told = looking._environment(aside, tmp_path)
    assert {name for name in told if name.startswith(("REDIS", "EMAIL", "BACKUP", "ALERT", "MAINTENANCE"))} == set()
    assert (told["TIME_ZONE"], told["MARISTAN_HOME"], told["MEDIA_ROOT"]) == ("UTC", str(tmp_path), aside.media)
    assert (f"/{aside.database}?" in told["DATABASE_URL"], "DATABASE_URL_FILE" in told) == (True, False)
    assert ("MARISTAN_DB_OWNER" in told, told["STORAGE_BACKEND"]) == (False, "local")
    monkeypatch.setenv("STORAGE_BACKEND", "s3")
    assert looking._environment(aside, tmp_path)["STORAGE_BACKEND"] == "local", "what was unpacked lies on the disk"
    live = replace(aside, media=str(settings.MEDIA_ROOT))
    assert looking._environment(live, tmp_path)["STORAGE_BACKEND"] == "s3"
    given = {
        **settings.ENV.values, "DATABASE_URL": "postgresql://app:pw@db/live?sslmode=require",
        "DATABASE_OWNER_URL": "postgresql://owner:pw@db/live",
    }  # fmt: skip
    monkeypatch.setattr(settings.ENV, "values", given)
    told = looking._environment(aside, tmp_path)
    assert told["DATABASE_URL"] == f"postgresql://app:pw@db/{aside.database}?sslmode=require"
    given["DATABASE_DIRECT_URL"] = "postgresql://app:pw@direct/live"
    assert looking._environment(aside, tmp_path)["DATABASE_URL"] == f"postgresql://app:pw@direct/{aside.database}"
    assert f"/{aside.database}?" in told["DATABASE_OWNER_URL"]


def test_a_checkout_has_no_manifest_to_be_held_against(db: None) -> None:
    with pytest.raises(NotChecked, match="manifest"):
        Looking().verified()
