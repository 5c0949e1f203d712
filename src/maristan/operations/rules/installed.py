"""What is installed held against the manifest: files, packages, capabilities, migrations as files and models."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from maristan.kernel.names import nearest
from maristan.operations.rules.findings import Finding, finding

NEEDS = ("tables", "constraints", "endpoints", "screens", "jobs", "permissions")


def files(promised: Mapping[str, str], there: Mapping[str, str]) -> list[Finding]:
    """Packaged files that were changed, added or removed; digests by path."""
    found = []
    for path in sorted({*promised, *there}):
        wanted, digest = promised.get(path, "not there"), there.get(path, "not there")
        if wanted != digest:
            found.append(finding("manifest_altered", path, expected=wanted[:12], found=digest[:12]))
    return found


def packages(promised: Mapping[str, str], there: Mapping[str, str]) -> list[Finding]:
    """Packages of another version than pinned, or not installed; versions by name."""
    return [
        finding("dependency_differs", name, expected=version, found=there.get(name, "not installed"))
        for name, version in sorted(promised.items())
        if there.get(name) != version
    ]


def duplicates(by_number: Mapping[str, Collection[str]]) -> list[Finding]:
    """Migration files of one app that share their number."""
    return [
        finding("duplicate_migration_number", place, expected="one file", found=", ".join(names))
        for place, names in sorted(by_number.items())
    ]


def unwritten(by_app: Mapping[str, Collection[str]]) -> list[Finding]:
    """What models say and no migration does."""
    return [
        finding("models_without_migration", app, expected="a migration", found="; ".join(what))
        for app, what in sorted(by_app.items())
    ]


def capabilities(
    expected: Iterable[str], registry: Iterable[Mapping[str, Any]], there: Mapping[str, Collection[str]]
) -> list[Finding]:
    """Promised capabilities that nobody declared, or of which something is missing; `there` names things by kind."""
    known = {each["id"]: each for each in registry}
    found = []
    for name in expected:
        if name not in known:
            near = nearest(name, known, ["none"])
            found.append(finding("capability_unknown", name, expected="declared", found=f"nearest: {near}"))
            continue
        missing = sorted(_missing(known[name], there))
        if missing:
            found.append(finding("capability_missing", name, expected="all its needs", found=", ".join(missing)))
    return found


def _missing(capability: Mapping[str, Any], there: Mapping[str, Collection[str]]) -> Iterator[str]:
    for kind in NEEDS:
        if kind in there:
            yield from (f"{kind.removesuffix('s')} {each}" for each in capability[kind] if each not in there[kind])
