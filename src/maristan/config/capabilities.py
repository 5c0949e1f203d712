"""The registry of what is announced: each capability with everything that it needs, written by hand in TOML."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("capabilities.toml")
NEEDS = ("tables", "constraints", "endpoints", "screens", "jobs", "permissions")


@cache
def _read(file: Path) -> tuple[dict[str, Any], ...]:
    said = tomllib.loads(file.read_text(encoding="utf-8"))["capability"]
    return tuple(_capability(name, each) for name, each in sorted(said.items()))


def read(file: Path = FILE) -> list[dict[str, Any]]:
    """Every capability by id: title, since, and its needs, endpoints one by one as `METHOD path`.

    Raises `ValueError` for a key that no capability has.
    """
    return [dict(each) for each in _read(file)]


def _capability(name: str, said: dict[str, Any]) -> dict[str, Any]:
    unknown = said.keys() - {"title", "since", *NEEDS}
    if unknown:
        raise ValueError(f"{name}: unknown {', '.join(sorted(unknown))}")
    found: dict[str, Any] = {"id": name, "title": said["title"], "since": said["since"]}
    for kind in NEEDS:
        found[kind] = sorted(said.get(kind, ()))
    found["endpoints"] = sorted(_methods(found["endpoints"]))
    return found


def _methods(lines: list[str]) -> list[str]:
    """`GET,POST /path/` stands for two endpoints."""
    found: list[str] = []
    for line in lines:
        methods, path = line.split(" ")
        found.extend(f"{method} {path}" for method in methods.split(","))
    return found
