"""Release folders: which stay, which is altered."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

KEPT = 5
NAME = re.compile(r"^(?P<version>[A-Za-z0-9][A-Za-z0-9.+_-]*)-(?P<build>[0-9a-f]{12})$")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A release folder: its name, its build, and when it was last put into service, if ever."""

    name: str
    build_id: str
    activated_at: datetime | None = None


def named(version: str, build_id: str) -> str:
    """The name of a release's folder."""
    return f"{version}-{build_id}"


def goes(there: Sequence[Shelved], *, needed: Collection[str], kept: int = KEPT) -> list[str]:
    """Names of folders that need not stay: all but the last five put into service, and those that are `needed`.

    One that was never in service is about to be, or was given up: it stays too.
    """
    served = sorted(
        (each for each in there if each.activated_at), key=lambda each: str(each.activated_at), reverse=True
    )
    stay = {each.build_id for each in served[:kept]} | {*needed}
    return sorted(each.name for each in served if each.build_id not in stay)


def altered(promised: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Paths of files that are not what the manifest says; digests by path."""
    return sorted(path for path in {*promised, *there} if promised.get(path) != there.get(path))
