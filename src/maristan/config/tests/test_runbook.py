"""What the runbook asks of the server is answered by it, and what it looks for in lines is there."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from maristan.config import release
from maristan.config.documents import ROOT
from maristan.conftest import _as_owner
from maristan.kernel import logs
from maristan.operations.rules.alert_rules import BY_NAME

TEXT = (ROOT / "docs" / "operations" / "runbook.md").read_text(encoding="utf-8")
STATEMENTS = [line for block in re.findall(r"```sql\n(.*?)```", TEXT, re.S) for line in block.splitlines()]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_of_the_runbook_is_carried_out_for_the_owner(statement: str) -> None:
    _as_owner(statement, connection.settings_dict["NAME"])


def test_the_runbook_looks_before_it_cleans() -> None:
    assert [each.split()[0] for each in STATEMENTS] == ["SELECT"] * 3 + ["VACUUM", "REINDEX"]
    assert {"pg_stat_user_tables", "pg_index", "indisvalid"} <= set(re.findall(r"\w+", " ".join(STATEMENTS)))


def test_the_runbook_knows_every_alert_and_every_queue() -> None:
    _, alerts, rest = re.split(r"^## (?:Alerts|Jobs)$", TEXT, flags=re.M)
    assert set(BY_NAME) | {"postgres_down"} == set(
        re.findall(
            r"`([a-z0-9_]+)`",
            "".join(line.split("|")[1] for line in alerts.splitlines() if line.startswith("| `")),
        )
    )
    assert {"## Common faults", "## Ordinary work"} <= {*re.findall(r"^## .+$", rest, re.M)}
    scaling = (ROOT / "docs" / "operations" / "scaling.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z]+)` \|", scaling, re.M)) == {each["queue"] for each in release.declared_jobs()}


def test_lines_of_containers_are_found_by_what_the_runbook_looks_for() -> None:
    (pattern,) = set(re.findall(r"grep -E '([^']+)'", TEXT))
    for level, is_found in (("error", True), ("critical", True), ("warning", False), ("info", False)):
        line = logs._written(logs._arranged(None, "", {"event": "x", "level": level, "time": "2026-01-02"}))
        assert bool(re.search(pattern, line)) is is_found, level


def test_where_no_files_are_written_the_command_says_who_keeps_the_lines(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LOG_DIR = None
    with pytest.raises(SystemExit) as ended:
        call_command("logs")
    assert ended.value.code == 2
    assert "docker compose logs, kubectl logs" in capsys.readouterr().err
