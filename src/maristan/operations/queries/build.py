"""What this code is: the build that a release's manifest names, or a digest of the checkout; read once and re-read."""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings

PACKAGE = Path(__file__).resolve().parents[2]
MANIFEST = PACKAGE / "release" / "manifest.json"
SBOM = MANIFEST.with_name("sbom.json")
LEFT_OUT = {"__pycache__", "webclient", "release", "tests"}
SUFFIXES = {".py", ".typ", ".html", ".toml", ".json", ".txt", ".ttf", ".svg"}
SHORT = 12


@dataclass(frozen=True, slots=True)
class Build:
    """What runs: `build_id` has 12 hex digits; `git_sha` is empty where no commit is known."""

    version: str
    build_id: str
    git_sha: str
    is_release: bool


def package_files() -> dict[str, Path]:
    """Every file of the package that decides what it does, by its path in the package."""
    found = {}
    for file in sorted(PACKAGE.rglob("*")):
        parts = file.relative_to(PACKAGE).parts
        if file.suffix in SUFFIXES and not LEFT_OUT & set(parts[:-1]) and file.is_file():
            found["/".join(parts)] = file
    return found


def digest_of(files: dict[str, Path]) -> str:
    """SHA-256 over paths and contents, in the order of the paths."""
    found = hashlib.sha256()
    for name, file in sorted(files.items()):
        found.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def manifest() -> dict[str, Any] | None:
    """The release manifest that lies beside this code; none in a checkout."""
    if not MANIFEST.is_file():
        return None
    found: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return found


@cache
def running() -> Build:
    """The build that this process runs, as it was when it was first asked."""
    promised = manifest()
    sha = promised["git_sha"] if promised else commit()
    build_id = promised["build_id"] if promised else _at_start()[:SHORT]
    named = settings.APP_VERSION_NAMED
    return Build(named or sha[:8] or metadata.version("maristan"), build_id, sha, promised is not None)


def on_disk() -> str:
    """The build that lies on the disk now: that of `running`, unless a file was changed, added or removed since."""
    promised = manifest()
    named = str(promised["build_id"]) if promised else running().build_id
    if named != running().build_id or _digest_now() == _at_start():
        return named
    return _digest_now()[:SHORT]


def commit() -> str:
    """The commit that the checkout stands at, from `.git` without running git; empty outside a checkout."""
    folder = PACKAGE.parents[1] / ".git"
    if folder.is_file():  # a worktree says where its own folder is
        folder = Path(folder.read_text(encoding="utf-8").partition("gitdir:")[2].strip())
    head = folder / "HEAD"
    if not head.is_file():
        return ""
    said = head.read_text(encoding="utf-8").strip()
    name = said.removeprefix("ref: ")
    return said if said == name else _reference(folder, name)


def _reference(folder: Path, name: str) -> str:
    shared = folder / "commondir"
    roots = [folder, *([(folder / shared.read_text(encoding="utf-8").strip())] if shared.is_file() else [])]
    for root in roots:
        if (root / name).is_file():
            return (root / name).read_text(encoding="utf-8").strip()
        packed = root / "packed-refs"
        if packed.is_file():
            found = re.search(rf"^([0-9a-f]{{40}}) {re.escape(name)}$", packed.read_text(encoding="utf-8"), re.M)
            if found:
                return found[1]
    return ""


_known: dict[tuple[tuple[str, int, int], ...], str] = {}


def _signature() -> tuple[tuple[str, int, int], ...]:
    found = ((name, file.stat()) for name, file in package_files().items())
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def _digest_now() -> str:
    """The digest of the files; they are read again only when one of them looks different."""
    signature = _signature()
    if signature not in _known:
        _known.clear()
        _known[signature] = digest_of(package_files())
    return _known[signature]


@cache
def _at_start() -> str:
    return _digest_now()
