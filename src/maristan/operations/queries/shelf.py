"""The releases of this host: the one in service, the one that this code lies in, those that are kept.

A release is a folder with its code. Where an engine runs images it is an image, and what lies here is a note of it: its
manifest, and the digest that the engine had under its build when it served.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from maristan.operations.queries import build
from maristan.operations.rules import shelf as rules

PLACES = ("lib/python*/site-packages/maristan", "lib/maristan", "src/maristan")
MARK = ".activated"  # touched whenever the folder is put into service
IMAGES = ("compose", "kubernetes")  # targets whose releases are images


@dataclass(frozen=True, slots=True)
class Folder:
    """A release folder with the manifest of what lies in it; `image` is the digest that a note keeps."""

    path: Path
    package: Path
    manifest: dict[str, Any]
    image: str = ""

    @property
    def build_id(self) -> str:
        return str(self.manifest["build_id"])

    @property
    def name(self) -> str:
        """Version and build as people read them."""
        return f"{self.manifest['version']} ({self.build_id})"

    @property
    def program(self) -> Path:
        """Its command line."""
        return self.path / "bin" / "maristan"


def are_images() -> bool:
    """Whether an engine runs releases as images."""
    return settings.DEPLOY_TARGET in IMAGES


def root() -> Path:
    """Where release folders lie, or the notes of images."""
    return Path(settings.VAR) / "images" if are_images() else Path(settings.HOME) / "releases"


def link() -> Path:
    """The link to the folder in service."""
    return Path(settings.HOME) / "current"


def opened(path: Path) -> Folder | None:
    """A release folder, or the note of an image; none for what is none."""
    note = path / "manifest.json"
    if note.is_file():
        image = (path / "image").read_text(encoding="utf-8").strip()
        return Folder(path, path, json.loads(note.read_text(encoding="utf-8")), image)
    for place in PLACES:
        for package in path.glob(place):
            file = package / "release" / "manifest.json"
            if file.is_file():
                return Folder(path, package, json.loads(file.read_text(encoding="utf-8")))
    return None


def folders() -> Iterator[Folder]:
    """Every release folder of this host."""
    for path in sorted(root().iterdir()) if root().is_dir() else []:
        found = opened(path) if rules.NAME.match(path.name) else None
        if found is not None:
            yield found


def current() -> Folder | None:
    """The one in service; none before the first. Of images it is the one that was put into service last."""
    if are_images():
        return _last({each.path: each for each in folders()})
    return opened(link().resolve()) if link().exists() else None


def _last(there: dict[Path, Folder]) -> Folder | None:
    served = {path: at for path in there if (at := activated_at(path)) is not None}
    return there[max(served, key=lambda path: served[path])] if served else None


def own() -> Folder | None:
    """The one that this code runs from; none outside of release folders."""
    for parent in build.PACKAGE.parents:
        if parent.parent == root().resolve():
            return opened(parent)
    return None


def of_build(build_id: str) -> Folder | None:
    """The folder of a build."""
    return next((each for each in folders() if each.build_id == build_id), None)


def named(text: str) -> Folder | None:
    """The folder that is meant by a build, a version or the folder's name; the newest of a version."""
    found = [each for each in folders() if text in (each.build_id, each.manifest["version"], each.path.name)]
    return max(found, key=lambda each: activated_at(each.path) or datetime.min.replace(tzinfo=UTC), default=None)


def names() -> set[str]:
    """Every word by which `named` finds a folder."""
    return {each for there in folders() for each in (there.build_id, there.manifest["version"], there.path.name)}


def activated_at(path: Path) -> datetime | None:
    """When a folder was last put into service."""
    mark = path / MARK
    return datetime.fromtimestamp(mark.stat().st_mtime, tz=UTC) if mark.exists() else None


def shelved() -> list[rules.Shelved]:
    """Every folder as the rule of what stays sees it."""
    return [rules.Shelved(each.path.name, each.build_id, activated_at(each.path)) for each in folders()]


def before(build_id: str) -> Folder | None:
    """The folder that was in service last before a build."""
    return _last({each.path: each for each in folders() if each.build_id != build_id})


def altered(folder: Folder) -> list[str]:
    """Packaged files of a folder that are not what its manifest says."""
    promised = {each["path"]: each["sha256"] for each in folder.manifest["package_files"]}
    there = {
        path: hashlib.sha256((folder.package / path).read_bytes()).hexdigest()
        for path in promised
        if (folder.package / path).is_file()
    }
    return rules.altered(promised, there)


def hooks() -> Path:
    """The folder of the hooks for what starts and stops processes here; a release folder may bring them along."""
    given, here = Path(settings.DEPLOY_HOOKS_DIR) / str(settings.DEPLOY_TARGET), own()
    return given if given.is_dir() or here is None else here.path / "deploy" / "hooks" / str(settings.DEPLOY_TARGET)
