"""The migrations of a release held against those that a database says were applied."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from maristan.operations.rules.findings import Finding, Severity, finding


@dataclass(frozen=True, slots=True)
class Applied:
    """An applied migration; hash and compatibility are unknown where it was applied before they were kept."""

    app: str
    name: str
    sha256: str = ""
    breaks_former_code: bool | None = None


Key = tuple[str, str]


def compare(promised: Mapping[Key, str], there: Iterable[Applied]) -> list[Finding]:
    """What waits, what this build does not know, and what was changed since it was applied; hashes by app and name."""
    applied = {(each.app, each.name): each for each in there}
    waiting = [finding("migration_pending", _said(key)) for key in sorted(promised.keys() - applied.keys())]
    return waiting + list(_unknown(promised, applied)) + list(_changed(promised, applied))


def _unknown(promised: Mapping[Key, str], applied: Mapping[Key, Applied]) -> Iterator[Finding]:
    for key in sorted(applied.keys() - promised.keys()):
        found = finding("migration_unknown", _said(key), hint="applied by a build that is not this one")
        harmless = applied[key].breaks_former_code is False
        yield replace(found, severity=Severity.WARN, found="declared compatible") if harmless else found


def _changed(promised: Mapping[Key, str], applied: Mapping[Key, Applied]) -> Iterator[Finding]:
    for key in sorted(applied.keys() & promised.keys()):
        then = applied[key].sha256
        if then and then != promised[key]:
            yield finding("migration_changed", _said(key), expected=then[:12], found=promised[key][:12])


def _said(key: Key) -> str:
    return f"{key[0]}.{key[1]}"


def pending_apps(promised: Mapping[Key, str], there: Iterable[Applied]) -> set[str]:
    """Apps of which a migration waits."""
    return {app for app, _ in promised.keys() - {(each.app, each.name) for each in there}}
