"""Release notes, written from what two releases contain and from the changelog."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from maristan.operations.rules.compatibility import Compatibility
from maristan.operations.rules.manifest import differences

NEWEST = "Unreleased"


def markdown(manifest: Mapping[str, Any], former: Mapping[str, Any] | None, changelog: str) -> str:
    """What is new since the former release (all of it without one), what to know before it is deployed, and why."""
    titles = {each["id"]: f"{each['title']} (`{each['id']}`)" for each in manifest["capabilities"]}
    gone: list[str] = []
    new = sorted(titles)
    if former is not None:
        changed = differences(former, manifest).get("capabilities", {"added": [], "removed": []})
        new, gone = changed["added"], changed["removed"]
    parts = [
        f"# Maristan {manifest['version']} (build {manifest['build_id']})",
        _section("New" if former else "What it does", (titles[each] for each in new)),
        _section("Gone", (f"`{each}`" for each in gone)),
        _section("Before it is deployed", _warnings(manifest, former)),
        f"## Changes\n\n{section(changelog, manifest['version'])}",
    ]
    return "\n\n".join(each for each in parts if each) + "\n"


def _warnings(manifest: Mapping[str, Any], former: Mapping[str, Any] | None) -> Iterable[str]:
    known = {(each["app"], each["name"]) for each in (former or manifest)["migrations"]}
    for each in manifest["migrations"]:
        if (each["app"], each["name"]) not in known and each["compatibility"] == Compatibility.BREAKING:
            label = f"`{each['app']}.{each['name']}`"
            yield f"{label} breaks the former code: no rolling deployment, no way back by code alone"


def _section(heading: str, lines: Iterable[str]) -> str:
    text = "\n".join(f"- {line}" for line in lines)
    return f"## {heading}\n\n{text}" if text else ""


def section(changelog: str, version: str) -> str:
    """What the changelog says of a version, else of what is not released yet; `none` where it says nothing."""
    parts = re.split(r"^## (.+)$", changelog, flags=re.M)
    by_name = {name.split()[0].strip("[]"): text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    return by_name.get(version) or by_name.get(NEWEST) or "none"
