"""What only shows once transactions commit: tampering with the journal, and the institution of a connection."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from maristan.directory.models import Department
from maristan.directory.tests import factories as make
from maristan.kernel import clock, jobs, journal, rows, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine, JournalSeal
from maristan.kernel.tests.client import Client

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


def test_lines_whose_seals_were_removed_are_found(own_database: OwnDatabase) -> None:
    here, lines = sealed_lines()
    tampered(own_database, f"DELETE FROM kernel_journalseal WHERE line_id = {lines[2].pk}")
    with tenancy.acting_in(here):
        assert list(journal.verify(here)) == []
    with tenancy.acting_in(here), clock.stopped_at(clock.now() + timedelta(minutes=16)):
        assert [each.line_id for each in journal.verify(here)] == [lines[2].pk]
    tampered(own_database, "DELETE FROM kernel_journalseal")
    with tenancy.acting_in(here), clock.stopped_at(clock.now() + timedelta(minutes=16)):
        assert [each.line_id for each in journal.verify(here)] == [line.pk for line in lines]


def test_a_seal_that_was_removed_with_its_line_leaves_a_gap_or_an_older_head(own_database: OwnDatabase) -> None:
    here, lines = sealed_lines()
    with tenancy.acting_in(here):
        noted = journal.head(here)
    for line in (lines[2], lines[0]):
        tampered(own_database, f"DELETE FROM kernel_journalseal WHERE line_id = {line.pk}")
        tampered(own_database, f"DELETE FROM kernel_journalline WHERE id = {line.pk}")
        with tenancy.acting_in(here):
            assert journal.head(here) != noted
    with tenancy.acting_in(here):
        assert [each.detail for each in journal.verify(here)] == [
            "position 1 is missing", "the line or a line before it was altered",
        ]  # fmt: skip


def test_the_lines_of_no_institution_are_sealed_by_schedule(own_database: OwnDatabase) -> None:
    with tenancy.acting_in(None):
        journal.record("person.created", ("person", 1), by=platform(None))
    jobs.seal_journal.func(0)
    with tenancy.acting_in(None):
        assert JournalSeal.objects.filter(institution_id=None).count() == 1
        assert list(journal.verify(None)) == []


def test_every_chain_is_sealed_at_once_and_by_a_queue_that_maintenance_leaves_open(own_database: OwnDatabase) -> None:
    with transaction.atomic():
        here = make.institution().pk
    for each in (here, None):
        with tenancy.acting_in(each):
            journal.record("person.created", ("person", 1), by=platform(each))
    assert journal.seal_all() >= 2
    for each in (here, None):
        with tenancy.acting_in(each):
            assert journal.seal() == 0
            assert list(journal.verify(each)) == []
    assert jobs.seal_journal.queue == "operations"


def test_a_constraint_that_refuses_at_commit_is_a_conflict(
    own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        here = make.institution()
        alice = make.member("Alice", "admin")
    gone = Department(pk=999_999)
    monkeypatch.setattr(rows, "reference", lambda found, pk, pointer: gone)
    answer = Client(alice).post("/api/v1/directory/departments/", {"code": "A", "name": "A", "parent": gone.pk})
    assert (answer.status, answer.code) == (409, "conflict")
    assert answer.json["constraint"].startswith("directory_department_parent_id")
    with tenancy.acting_in(here.pk):
        assert not Department.objects.exists()


def test_the_institution_does_not_outlive_its_transaction(own_database: OwnDatabase) -> None:
    def current() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('maristan.institution', true), '')")
            return str(cursor.fetchone()[0])

    with tenancy.acting_in(7):
        assert current() == "7"
    assert current() == ""
