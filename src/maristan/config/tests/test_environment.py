"""The environment is read strictly, all faults at once, never showing a secret."""

import re
from pathlib import Path

import pytest

from maristan.config import documents, environment
from maristan.config.environment import EnvironmentFault, read


def faults(**source: str) -> list[str]:
    with pytest.raises(EnvironmentFault) as refused:
        read(source)
    return refused.value.faults


def test_nothing_set_is_well() -> None:
    assert read({})["TIMETABLE_SLOT_COUNT"] == 8


def test_all_faults_are_reported_at_once() -> None:
    found = faults(DEBUG="perhaps", DB_POOL_MAX_SIZE="many", ENABLE_LEGACY_MODULES="yes")
    assert sorted(line.split(":")[0] for line in found) == ["DB_POOL_MAX_SIZE", "DEBUG", "ENABLE_LEGACY_MODULES"]


@pytest.mark.parametrize("value", ["1", "true", "YES", "On"])
def test_booleans_are_read_in_any_case(value: str) -> None:
    assert read({"DEBUG": value})["DEBUG"] is True


def test_an_unknown_name_of_ours_is_an_error_with_the_nearest_known_one() -> None:
    assert faults(MARISTAN_PROT="80") == ["MARISTAN_PROT: unknown name; did you mean MARISTAN_PORT?"]


def test_a_name_of_another_system_is_a_warning() -> None:
    assert read({"CELERY_BROKER_URL": "x"}).warnings == ["CELERY_BROKER_URL: has no effect here"]


def test_a_secret_comes_from_a_file_without_its_last_newline(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"s3cret\r\n")
    assert read({"SECRET_KEY_FILE": str(file)})["SECRET_KEY"] == "s3cret"


def test_a_secret_given_twice_is_an_error_that_does_not_show_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("hidden")
    found = faults(SECRET_KEY="shown", SECRET_KEY_FILE=str(file))
    assert len(found) == 1
    assert "shown" not in found[0]
    assert "hidden" not in found[0]


def test_blanks_are_dropped_and_empty_is_unset() -> None:
    assert read({"TIME_ZONE": "  Asia/Karachi "})["TIME_ZONE"] == "Asia/Karachi"
    assert read({"TIME_ZONE": "   "})["TIME_ZONE"] == "UTC"


def test_dotenv_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nexport TIME_ZONE='Asia/Karachi'\nDEBUG=1\n")
    assert environment.dotenv(file) == {"TIME_ZONE": "Asia/Karachi", "DEBUG": "1"}


def test_every_variable_is_read_somewhere() -> None:
    package = documents.ROOT / "src" / "maristan"
    code = "".join(
        file.read_text(encoding="utf-8") for file in package.rglob("*.py")
        if file.name != "environment.py" and "tests" not in file.parts
    )  # fmt: skip
    assert [each.name for each in environment.TABLE if not re.search(f"[\"']{each.name}[\"']", code)] == []
