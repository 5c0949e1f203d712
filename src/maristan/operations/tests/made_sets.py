"""Backup sets as tests make them, and commands as operators type them."""

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

from maristan.kernel.access import platform
from maristan.operations.actions import backups
from maristan.operations.queries import contents, servers
from maristan.operations.rules.states import SetReason

BY = platform(None, "Olga")


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
