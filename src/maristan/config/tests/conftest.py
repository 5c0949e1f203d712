"""A demonstration institution of fifty students, made once and copied for whoever looks at one."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as present
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from maristan.conftest import _as_owner, copied

DAY = "2026-03-04"


@dataclass(frozen=True)
class Demonstration:
    """The folder of its accounts and files, and what runs a statement as owner of its database."""

    home: Path
    sql: Callable[[str], None]


def _storages(home: Path) -> dict[str, Any]:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(home / "media")}}
    return {**present.STORAGES, "default": files}


@pytest.fixture(scope="session")
def _seeded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[str, Path]]:
    """A database and a folder in which the demonstration was made."""
    home = tmp_path_factory.mktemp("demonstration")
    with copied() as name, django_db_blocker.unblock():
        with override_settings(VAR=home, STORAGES=_storages(home)):
            call_command("seed_demo", "--students=50", f"--date={DAY}", stdout=StringIO())
        kept = f"{name}_kept"
        connections.close_all()
        _as_owner(f'CREATE DATABASE "{kept}" TEMPLATE "{name}"')
    yield kept, home
    _as_owner(f'DROP DATABASE "{kept}" WITH (FORCE)')


@pytest.fixture
def told(request: Any, capsys: Any) -> Callable[[str], None]:
    """Prints what a proof did and found: a line that is seen also when it passes."""

    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}: {line}", flush=True)

    return tell


@pytest.fixture
def demonstration(
    _seeded: tuple[str, Path], django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[Demonstration]:
    """A demonstration of the test's own, where transactions commit."""
    template, made = _seeded
    home = tmp_path / "demonstration"
    shutil.copytree(made, home)
    settings.VAR, settings.STORAGES = home, _storages(home)
    with copied(template) as name, django_db_blocker.unblock():
        yield Demonstration(home, lambda statement: _as_owner(statement, name))
