"""What only shows once transactions commit: tampering with the journal, and the institution of a connection."""

from collections.abc import Callable

from django.db import connection, transaction

from maristan.directory.tests import factories as make
from maristan.kernel import journal, tenancy
from maristan.kernel.models import JournalLine

OwnDatabase = Callable[[str], None]


def sealed_lines() -> tuple[int, list[JournalLine]]:
    with transaction.atomic():
        here = make.institution()
        alice = make.acting_as("admin")
        lines = [
            journal.record("department.updated", ("department", number), by=alice, changes={"name": ["A", "B"]})
            for number in range(3)
        ]
        journal.seal()
    return here.pk, lines


def tampered(own_database: OwnDatabase, statement: str) -> None:
    own_database(f"SET session_replication_role = replica; {statement}")


def test_an_altered_line_is_found(own_database: OwnDatabase) -> None:
    here, lines = sealed_lines()
    tampered(own_database, f"UPDATE kernel_journalline SET by_name = 'Mallory' WHERE id = {lines[1].pk}")
    with tenancy.acting_in(here):
        breaks = list(journal.verify(here))
    assert [(each.position, each.line_id) for each in breaks] == [(2, lines[1].pk)]


def test_a_missing_line_is_found(own_database: OwnDatabase) -> None:
    here, lines = sealed_lines()
    tampered(own_database, f"DELETE FROM kernel_journalline WHERE id = {lines[1].pk}")
    with tenancy.acting_in(here):
        assert [each.detail for each in journal.verify(here)] == ["the line is missing"]


def test_the_institution_does_not_outlive_its_transaction(own_database: OwnDatabase) -> None:
    def current() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('maristan.institution', true), '')")
            return str(cursor.fetchone()[0])

    with tenancy.acting_in(7):
        assert current() == "7"
    assert current() == ""
