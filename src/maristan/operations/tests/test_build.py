"""Which build runs and which lies on the disk, as the manifest, the files or the checkout say."""

import json
from pathlib import Path
from typing import Any

import pytest

from maristan.operations.queries import build

SHA, OTHER = "a1" * 20, "b2" * 20
BRANCH = "ref: refs/heads/main"


@pytest.mark.parametrize(
    ("files", "commit"),
    [
        ({}, ""),
        ({".git/HEAD": f"{SHA}\n"}, SHA),
        ({".git/HEAD": f"{BRANCH}\n", ".git/refs/heads/main": f"{SHA}\n"}, SHA),
        ({".git/HEAD": BRANCH, ".git/packed-refs": f"# all\n{OTHER} refs/heads/mains\n{SHA} refs/heads/main"}, SHA),
        ({".git/HEAD": BRANCH, ".git/packed-refs": f"{OTHER} refs/heads/mains\n"}, ""),
        ({".git/HEAD": BRANCH}, ""),
        (
            {
                ".git": "gitdir: {here}/main/worktree\n", "main/worktree/HEAD": BRANCH,
                "main/worktree/commondir": "..\n", "main/refs/heads/main": SHA,
            },
            SHA,
        ),
        ({".git": "gitdir: {here}/nowhere"}, ""),
    ],
)  # fmt: skip
def test_the_commit_of_a_checkout_is_read_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], commit: str
) -> None:
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("{here}", str(tmp_path)))
    monkeypatch.setattr(build, "PACKAGE", tmp_path / "src" / "maristan")
    assert build.commit() == commit


def test_a_release_is_what_its_manifest_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MANIFEST", tmp_path / "manifest.json")
    assert build.manifest() is None
    said: dict[str, Any] = {"build_id": "c" * 12, "version": "1.4.0"}
    (tmp_path / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    assert build.manifest() == said
    running = build.running()
    assert build.on_disk() == "c" * 12 != running.build_id  # another was put in its place since this process began


def test_files_that_were_changed_since_the_start_are_another_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = build.running()
    assert build.on_disk() == running.build_id
    (tmp_path / "a.py").write_text("changed")
    monkeypatch.setattr(build, "package_files", lambda: {"a.py": tmp_path / "a.py"})
    monkeypatch.setattr(build, "_known", {})
    assert build.on_disk() == build.digest_of({"a.py": tmp_path / "a.py"})[:12] != running.build_id
