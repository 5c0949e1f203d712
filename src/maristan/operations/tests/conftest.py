"""A place where backup sets are made and restored: a database, stored files and folders of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from maristan.directory.tests import factories as make
from maristan.kernel import files
from maristan.kernel.access import platform
from maristan.operations.queries import looks, maintenance, servers
from maristan.operations.queries.looks import Aside


class Content:
    """Whoever looks finds everything well; the looks themselves are tried in config/tests/test_looking.py."""

    def integrity(self, aside: Aside) -> str:
        """Well, for a database that is there and a folder of files."""
        assert aside.database in servers.databases()
        assert Path(aside.media).is_dir()
        return "no finding"

    def served(self, aside: Aside) -> str:
        """Well."""
        return "healthy"

    def verified(self) -> str:
        """Well."""
        return "every table"

    def smoked(self) -> str:
        """Well."""
        return "every role"


@pytest.fixture
def content(monkeypatch: Any) -> Content:
    """Who looks, for a test that has it find something."""
    found = Content()
    monkeypatch.setattr(looks, "_looks", [found])
    return found


@pytest.fixture
def place(own_database: Callable[[str], None], tmp_path: Path, settings: Any, content: Content) -> Iterator[Path]:
    """Alice, Bob and his thesis, committed; gives the folder of the sets."""
    settings.BACKUP_DIR, settings.BACKUP_PREFIX = tmp_path / "db", "maristan"
    settings.VAR, settings.MAINTENANCE_FILE = tmp_path / "var", tmp_path / "MAINTENANCE_MODE"
    settings.MEDIA_ROOT = tmp_path / "media"
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "media")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    maintenance.forget()
    with transaction.atomic():
        here = make.institution().pk
        make.member("Alice", "admin")
        make.member("Bob", "student")
        files.store(b"the thesis of Bob", name="t.pdf", content_type="application/pdf", by=platform(here))
    yield tmp_path / "db"
    maintenance.forget()
    connections.close_all()
    with servers.connected(servers.MAINTENANCE_DATABASE) as there:
        for each in servers.databases():
            if each.startswith(f"{servers.live()}_"):
                there.execute(f'DROP DATABASE "{each}" WITH (FORCE)')
