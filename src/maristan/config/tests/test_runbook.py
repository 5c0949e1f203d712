"""What the runbook asks of the server is answered by it."""

import re

import pytest
from django.db import connection

from maristan.config.documents import ROOT
from maristan.conftest import _as_owner

TEXT = (ROOT / "docs" / "operations" / "runbook.md").read_text(encoding="utf-8")
STATEMENTS = [line for block in re.findall(r"```sql\n(.*?)```", TEXT, re.S) for line in block.splitlines()]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_of_the_runbook_is_carried_out_for_the_owner(statement: str) -> None:
    _as_owner(statement, connection.settings_dict["NAME"])


def test_the_runbook_looks_before_it_cleans() -> None:
    assert [each.split()[0] for each in STATEMENTS] == ["SELECT"] * 3 + ["VACUUM", "REINDEX"]
    assert {"pg_stat_user_tables", "pg_index", "indisvalid"} <= set(re.findall(r"\w+", " ".join(STATEMENTS)))
