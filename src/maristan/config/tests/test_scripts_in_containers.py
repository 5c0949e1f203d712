"""Where `maristan` is not on the path, scripts work inside the service of compose that may."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from maristan.config.tests.test_written_commands import DOCUMENTS, HOST, fault, shown

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


SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
WORDS = {"backup_db.sh": ["maristan", "backup"], "restore_db.sh": ["restore", "a_set"]}


@pytest.mark.parametrize("script", sorted(WORDS))
def test_the_service_that_a_script_uses_has_the_owners_login(script: str, tmp_path: Path) -> None:
    asked, first = called(script, tmp_path, "a_set"), WORDS[script][0]
    assert asked[asked.index(first) : asked.index(first) + 2] == WORDS[script]
    assert OWNER in SERVICES[asked[asked.index(first) - 1]]["environment"]
    other = called(script, tmp_path, "a_set", DB_CONTAINER="elsewhere")
    assert other[other.index(first) - 1] == "elsewhere"
    assert not {"RETENTION_DAYS", "BACKUP_DIR"} & {*asked}  # those of the container hold
    assert os.access(ROOT / "scripts" / script, os.X_OK)


def test_a_restore_has_a_container_of_its_own_because_it_ends_the_worker_of_every_other(tmp_path: Path) -> None:
    own = ["compose", "run", "--rm", "--no-deps", "-e", "FORCE", "--no-TTY", "operations", "restore"]
    assert called("restore_db.sh", tmp_path, "a_set", "--no-backup") == [*own, "a_set", "--no-backup"]
    assert called("restore_db.sh", tmp_path, "--undo") == [*own, "--undo"]
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert 'ENTRYPOINT ["maristan"]' in image  # so that its first word is the command
    assert "entrypoint" not in SERVICES["operations"]


def test_a_set_or_a_dump_of_this_host_is_mounted_where_it_lies_to_be_read_alone(tmp_path: Path) -> None:
    dump = tmp_path / "old.sql.gz"
    dump.touch()
    asked = called("restore_db.sh", tmp_path, str(dump), "--unproven")
    assert asked[asked.index("--volume") + 1] == f"{dump}:{dump}:ro"
    assert asked[-4:] == ["operations", "restore", str(dump), "--unproven"]
    assert "--volume" not in called("restore_db.sh", tmp_path, str(tmp_path / "gone"))


def test_a_restore_in_a_cluster_has_a_pod_of_its_own_with_the_login_of_the_owner(tmp_path: Path) -> None:
    kubectl = tmp_path / "kubectl"
    kubectl.write_text(
        '#!/bin/sh\ncase "$1" in get) echo "registry/maristan:abc" ;; run) printf "%s\\n" "$@" ;; esac\n'
    )
    kubectl.chmod(0o755)
    asked = called("restore_db.sh", tmp_path, "a_set", DEPLOY_TARGET="kubernetes")
    assert asked[0] == "run"
    assert "--image=registry/maristan:abc" in asked
    assert asked[asked.index("--") :] == ["--", "restore", "a_set"]
    assert OWNER in "".join(asked)
    forced = called("restore_db.sh", tmp_path, "a_set", DEPLOY_TARGET="kubernetes", FORCE="1")
    assert forced[forced.index("--") :] == ["--", "restore", "a_set", "--yes", "--unproven"]


EXECUTED = re.compile(r"(?:compose|kubectl) exec [^`\n]*?maristan (\w+)")


def test_nothing_that_restarts_or_cuts_off_a_container_is_written_to_run_inside_it() -> None:
    """A command that is executed in a container ends with the process that the container is for."""
    files = [ROOT / "README.md", *(ROOT / "docs" / "operations").glob("*.md"), *(ROOT / "scripts").iterdir()]
    files += [ROOT / "compose.yaml", *(each for each in (ROOT / "deploy").rglob("*") if each.is_file())]
    found = {name for each in files for name in EXECUTED.findall(each.read_text(encoding="utf-8"))}
    assert found
    assert not found & {"restore", "rollback", "deploy", "up", "down"}
    assert EXECUTED.findall('docker compose exec -e FORCE "${DB:-operations}" maristan restore "$@"') == ["restore"]
    assert EXECUTED.findall("kubectl exec deployment/maristan-operations -- maristan rollback") == ["rollback"]


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


INSIDE = re.compile(
    r"(?:(?:docker compose|kubectl) exec .*?\bmaristan|compose run .*? (?:migrate|operations)"
    r"|docker run .* maristan:\w+) (.+)"
)


def test_what_documents_run_in_containers_could_be_called_there() -> None:
    lines = [each for document in DOCUMENTS for each in shown(document.read_text(encoding="utf-8"))]
    said = [each.removesuffix("…").strip() for line in lines if line.startswith(HOST) for each in INSIDE.findall(line)]
    words = {each.split()[0] for each in said}
    assert {"db", "restore", "drain", "createsuperuser", "doctor"} <= words
    assert {each: wrong for each in said if (wrong := fault(f"maristan {each}"))} == {}
    assert INSIDE.findall("sudo docker compose exec -T web maristan fly --high") == ["fly --high"]
