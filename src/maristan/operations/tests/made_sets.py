"""Backup sets as tests make them, and commands as operators type them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management import call_command

from maristan.kernel.access import platform
from maristan.operations.actions import backups
from maristan.operations.queries import contents, servers
from maristan.operations.rules.states import SetReason

BY = platform(None, "Olga")
USERS = "SELECT username FROM kernel_user ORDER BY 1"
STEPS = (
    "begun", "saving", "closing doors", "waiting for workers", "restoring", "preparing", "unpacking", "checking",
    "closing", "swapping", "exchanging files", "looking", "verifying", "smoke",
)  # fmt: skip


def created(**values: Any) -> backups.Made:
    """A set, proven unless said otherwise."""
    return backups.create(**{"reason": SetReason.MANUAL, "by": BY, **values})


def manifest_of(made: backups.Made) -> dict[str, Any]:
    """What a set's manifest says."""
    return json.loads((Path(made.row.location) / "manifest.json").read_text())


def scratches() -> set[str]:
    """Databases beside the live one that belong to it."""
    return {each for each in servers.databases() if each.startswith(servers.live()) and each != servers.live()}


def stored() -> list[tuple[str, int, str]]:
    """Key, size and digest of the stored files."""
    with contents.snapshot() as (there, _):
        return contents.stored_files(there)


def ended(command: list[str], capsys: Any) -> tuple[int, str]:
    """What a command ended with, and what it said."""
    try:
        call_command(*command)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    said = capsys.readouterr()
    return code, said.out + said.err


def asked(statement: str) -> list[Any]:
    """What the live database answers its owner."""
    with servers.connected(servers.live()) as there:
        return [row[0] for row in there.execute(statement).fetchall()]


def harm(own_database: Callable[[str], None]) -> None:
    """Somebody removes Bob and his thesis."""
    own_database("INSERT INTO django_session VALUES ('of-today', 'x', now())")
    own_database("UPDATE kernel_user SET username = 'nobody' WHERE username = (SELECT max(username) FROM kernel_user)")
    default_storage.delete(stored()[0][0])


def state() -> tuple[Any, ...]:
    """All that a restore may change: users, sessions, files, databases."""
    root = Path(default_storage.location)
    there = sorted((str(each.relative_to(root)), each.read_bytes()) for each in root.rglob("*") if each.is_file())
    return asked(USERS), asked("SELECT session_key FROM django_session ORDER BY 1"), there, scratches()
