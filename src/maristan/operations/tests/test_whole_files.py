"""What is written anew again and again is there as it was, or whole, whatever ends the writing."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from maristan.kernel.access import platform
from maristan.operations.actions import aftermath, deployments, whole_files
from maristan.operations.queries import shelf
from maristan.operations.tests import factories as run

BY = platform(None)
MANIFEST = {"version": "1.4.0", "build_id": "c" * 12}


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows beyond some bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_is_closed_to_others_as_it_was_or_as_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "note"
    before = os.umask(0o022)
    try:
        for mode, changed, seen in ((0o600, None, 0o600), (0o666, 0o640, 0o640), (0o666, None, 0o640)):
            if changed:
                file.chmod(changed)
            whole_files.write(file=file, text=f"{mode} {changed}", mode=mode, by=BY)
            assert (stat.S_IMODE(file.stat().st_mode), file.read_text()) == (seen, f"{mode} {changed}")
        whole_files.write(file=tmp_path / "open", text="", by=BY)
        assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o644
    finally:
        os.umask(before)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["note", "open"]


@pytest.mark.django_db
def test_the_report_of_a_deployment_outlives_a_full_disk(tmp_path: Path, settings: Any) -> None:
    settings.LOG_DIR = tmp_path / "logs"
    settings.LOG_DIR.mkdir()
    file, text = tmp_path / "report.md", "# Report\n" + "- a step was done\n" * 1000
    file.write_text(text)
    run.deployment(report=str(file))
    with room_for(8192), pytest.raises(OSError, match="File too large"):
        aftermath.follow(by=BY)
    assert file.read_text() == text
    assert sorted(each.name for each in tmp_path.iterdir()) == ["logs", "report.md"]
    assert aftermath.follow(by=BY)
    assert file.read_text().startswith(text + "\n### The hour after")


def test_the_note_of_an_image_outlives_a_full_disk(tmp_path: Path, settings: Any) -> None:
    settings.VAR, settings.DEPLOY_TARGET = tmp_path, "compose"
    folder = deployments.note_image(manifest=MANIFEST, image="sha256:1", by=BY)
    whole = {each.name: each.read_text() for each in folder.iterdir()}
    with room_for(0), pytest.raises(OSError, match="File too large"):
        deployments.note_image(manifest=MANIFEST, image="sha256:2", by=BY)
    assert {each.name: each.read_text() for each in folder.iterdir()} == whole
    assert whole["image"] == "sha256:1"
    assert shelf.MARK in whole
