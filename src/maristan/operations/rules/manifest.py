"""The release manifest as a value: its identity, and what one contains that another does not."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SHORT = 12
NOT_IDENTITY = {"built_at", "build_id"}


def canonical(manifest: Mapping[str, Any]) -> bytes:
    """What `build_id` is the digest of: JSON with sorted keys and no blanks, without the build's time and id."""
    said = {key: value for key, value in manifest.items() if key not in NOT_IDENTITY}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def contents(manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """What a release contains, by kind, each thing in one word or two."""
    return {
        "capabilities": {each["id"] for each in manifest["capabilities"]},
        "tables": set(manifest["tables"]),
        "columns": {f"{name}.{column}" for name, table in manifest["tables"].items() for column in table["columns"]},
        "constraints": {f"{name}.{each}" for name, kept in manifest["tables"].items() for each in kept["constraints"]},
        "migrations": {f"{each['app']}.{each['name']}" for each in manifest["migrations"]},
        "endpoints": {f"{each['method']} {each['path']}" for each in (*manifest["endpoints"], *manifest["public"])},
        "screens": set(manifest["bundle"]["screens"]),
        "jobs": {each["name"] for each in manifest["jobs"]},
        "permissions": set(manifest["permissions"]),
        "settings": set(manifest["settings"]),
        "dependencies": {f"{each['name']} {each['version']}" for each in manifest["dependencies"]},
    }


def differences(former: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """By kind, what the later release added and removed; kinds without a difference are left out."""
    before, after = contents(former), contents(later)
    return {
        kind: {"added": sorted(after[kind] - before[kind]), "removed": sorted(before[kind] - after[kind])}
        for kind in before
        if before[kind] != after[kind]
    }
