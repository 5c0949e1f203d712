"""Where `maristan` is not on the path, scripts work inside the service of compose that may."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[4]
OWNER = "DATABASE_OWNER_URL_FILE"


def called(script: str, tmp_path: Path, *arguments: str, **more: str) -> list[str]:
    """What a script asks docker for, on a host that has nothing but docker."""
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    docker.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", **more}
    ended = subprocess.run(
        ["sh", str(ROOT / "scripts" / script), *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return ended.stdout.split()


@pytest.mark.parametrize("script", ["backup_db.sh", "restore_db.sh"])
def test_the_service_that_a_script_uses_has_the_owners_login(script: str, tmp_path: Path) -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    asked = called(script, tmp_path, "a_set")
    service = asked[asked.index("maristan") - 1]
    assert OWNER in services[service]["environment"]
    other = called(script, tmp_path, "a_set", DB_CONTAINER="elsewhere")
    assert other[other.index("maristan") - 1] == "elsewhere"
    assert not {"RETENTION_DAYS", "BACKUP_DIR"} & {*asked}  # those of the container hold
    assert os.access(ROOT / "scripts" / script, os.X_OK)


def test_a_backup_takes_along_what_was_given_and_sets_nothing_of_its_own(tmp_path: Path) -> None:
    asked = called("backup_db.sh", tmp_path, "--pin", RETENTION_DAYS="30", BACKUP_DIR="/sets")
    words = ["compose", "exec", "-T", "-e", "RETENTION_DAYS", "-e", "BACKUP_DIR", "operations", "maristan"]
    assert asked == [*words, "backup", "create", "--retain", "--format", "custom", "--pin"]
    program = tmp_path / "maristan"
    program.write_text('#!/bin/sh\necho "$@" "${RETENTION_DAYS-unset}"\n', encoding="utf-8")
    program.chmod(0o755)
    own = ["backup", "create", "--retain", "--format"]
    assert called("backup_db.sh", tmp_path) == [*own, "custom", "unset"]
    assert called("backup_db.sh", tmp_path, RETENTION_DAYS="9", FORMAT="plain") == [*own, "plain", "9"]
