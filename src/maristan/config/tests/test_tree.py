"""What may stand in no tracked file: hosts of package registries, and folders of somebody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
# Put together here, so that this file names none of them itself.
REGISTRIES = [
    ".".join(each)
    for each in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
        ("ghcr", "io"), ("docker", "io"), ("quay", "io"), ("gcr", "io"),
    )
]  # fmt: skip
HOMES = "/" + r"(?:home|Users)/[a-z][\w.-]*/"


def tracked() -> dict[str, str]:
    """The text of every tracked file by its path; pictures and fonts have none."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = {}
    for path in listed.decode().split("\0"):
        file = ROOT / path
        if path and file.is_file():
            try:
                found[path] = file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def named(texts: dict[str, str], pattern: str) -> list[str]:
    """Files in which a pattern occurs."""
    return [path for path, text in texts.items() if re.search(pattern, text)]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = tracked()
    assert len(found) > 1000
    return found


def test_no_file_names_a_registry(texts: dict[str, str]) -> None:
    pattern = r"\b(?:" + "|".join(re.escape(each) for each in REGISTRIES) + r")\b"
    assert named(texts, pattern) == []
    assert named({"a": f"https://registry.{REGISTRIES[2]}/x"}, pattern) == ["a"]


def test_no_file_names_a_folder_of_somebodys_machine(texts: dict[str, str]) -> None:
    assert named(texts, HOMES) == []
    assert named({"a": "/" + "home/alice/x"}, HOMES) == ["a"]
