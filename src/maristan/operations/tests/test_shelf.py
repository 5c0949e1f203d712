"""Releases that lie on this host: which one this code is of, and which of them go."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from maristan.kernel.access import platform
from maristan.operations.actions import deployments
from maristan.operations.queries import build, shelf

OLGA = platform(None, "Olga")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME, settings.VAR, settings.DEPLOY_TARGET = tmp_path, tmp_path / "var", "process"
    return tmp_path


def released(home: Path, version: str, build_id: str) -> Path:
    folder = home / "releases" / f"{version}-{build_id}"
    file = folder / "lib" / "maristan" / "release" / "manifest.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"build_id": build_id, "version": version}))
    return folder


def test_the_release_of_this_code_is_known_by_its_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = released(home, "1.4.0", "c" * 12)
    assert shelf.own() is None
    monkeypatch.setattr(build, "PACKAGE", folder / "lib" / "maristan")
    own = shelf.own()
    assert own is not None
    assert (own.name, own.program, own.package) == (
        f"1.4.0 ({'c' * 12})", folder / "bin" / "maristan", folder / "lib" / "maristan",
    )  # fmt: skip


def test_a_folder_without_a_manifest_is_no_release(home: Path) -> None:
    (home / "releases" / f"1.4.0-{'d' * 12}" / "lib" / "maristan").mkdir(parents=True)
    assert shelf.opened(home / "releases" / f"1.4.0-{'d' * 12}") is None
    assert list(shelf.folders()) == []


def test_folders_go_but_the_last_five_and_what_is_needed_and_notes_of_images_stay(home: Path, settings: Any) -> None:
    for number in range(8):
        folder = released(home, f"1.{number}", f"{number}" * 12)
        if number:  # the oldest was never put into service
            deployments.mark_activated(folder=folder, by=OLGA)
            os.utime(folder / ".activated", (number, number))
    settings.DEPLOY_TARGET = "compose"
    assert deployments.clear_shelf(needed=set(), by=OLGA) == []
    settings.DEPLOY_TARGET = "process"
    assert deployments.clear_shelf(needed={"1" * 12}, by=OLGA) == [f"1.2-{'2' * 12}"]
    assert sorted(each.name[:3] for each in (home / "releases").iterdir()) == [
        "1.0", "1.1", "1.3", "1.4", "1.5", "1.6", "1.7",
    ]  # fmt: skip
