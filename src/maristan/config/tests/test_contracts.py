"""Each import contract is proven by a planted fault: a copy of the package with one import too many."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from maristan.config.documents import ROOT

PLANTED = {
    "1. ": ("directory/actions/departments.py", "from maristan.timetable.actions import weeks as _weeks"),
    "2. ": ("directory/queries/places.py", "from maristan.directory.actions import departments as _departments"),
    "3. ": ("directory/rules/trees.py", "import django as _django"),
    "4. The models, rules and api of directory": (
        "academics/queries/planning.py", "from maristan.directory import models as _models",
    ),
    "5. ": ("directory/queries/places.py", "import ninja as _ninja"),
    "6. ": ("directory/api/departments.py", "from maristan.directory import models as _models"),
    "7. ": ("kernel/clock.py", "from maristan.kernel import journal as _journal"),
}  # fmt: skip


def lint(package: Path) -> str:
    """What import-linter says of a copy of the package."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", package / ".importlinter"],
        cwd=package, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its contracts."""
    place = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src" / "maristan", place / "maristan", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", place / ".importlinter")
    return place


def test_the_house_keeps_its_contracts(copy: Path) -> None:
    assert " 0 broken" in lint(copy)


@pytest.mark.parametrize("contract", sorted(PLANTED))
def test_a_planted_import_breaks_its_contract(copy: Path, contract: str) -> None:
    name, line = PLANTED[contract]
    file = copy / "maristan" / name
    before = file.read_text(encoding="utf-8")
    file.write_text(before + "\n" + line + "\n", encoding="utf-8")
    try:
        broken = [each for each in lint(copy).splitlines() if each.endswith("BROKEN") or " BROKEN (" in each]
        assert [each for each in broken if each.startswith(contract)], broken
    finally:
        file.write_text(before, encoding="utf-8")
