"""One line for each write, append-only, sealed into a chain that shows tampering."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from maristan.directory.tests import factories as make
from maristan.kernel import events, journal, tenancy
from maristan.kernel.models import JournalLine, JournalSeal
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db


def write(count: int = 3) -> list[JournalLine]:
    alice = make.acting_as("admin")
    return [
        journal.record("department.updated", ("department", number), by=alice, changes={"name": ["A", "B"]})
        for number in range(count)
    ]


def test_a_line_says_who_what_and_when() -> None:
    here = make.institution()
    line = write(1)[0]
    assert (line.institution_id, line.kind, line.subject_kind, line.subject_id) == (
        here.pk, "department.updated", "department", "0",
    )  # fmt: skip
    assert line.changes == {"name": ["A", "B"]}


def test_an_undeclared_kind_is_refused() -> None:
    make.institution()
    with pytest.raises(KeyError):
        journal.record("department.dreamt", ("department", 1), by=make.acting_as("admin"))
    assert not JournalLine.objects.exists()


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_a_line_cannot_be_changed_or_deleted(statement: str) -> None:
    make.institution()
    lines = JournalLine.objects.filter(pk=write(1)[0].pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        lines.update(by_name="Mallory") if statement == "update" else lines.delete()
    assert lines.get().by_name != "Mallory"


def test_the_chain_is_sealed_once_and_holds() -> None:
    here = make.institution()
    write(3)
    assert (journal.seal(), journal.seal()) == (3, 0)
    assert list(journal.verify(here.pk)) == []
    assert list(JournalSeal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_institutions_have_chains_of_their_own() -> None:
    first = make.institution("fmu")
    write(2)
    journal.seal()
    second = make.institution("other")
    write(1)
    journal.seal()
    assert list(JournalSeal.objects.values_list("position", flat=True)) == [1]
    assert list(journal.verify(second.pk)) == []
    tenancy.enter(first.pk)
    assert JournalLine.objects.count() == 2


def test_a_subscriber_gets_a_job_in_the_same_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    make.institution()
    heard: list[int] = []
    monkeypatch.setitem(events._deliveries, "test.hears", heard.append)
    monkeypatch.setitem(events._subscribers, "department.updated", ["test.hears"])
    line = write(1)[0]
    assert heard == []
    assert run_jobs() == ["kernel.deliver_line"]
    assert heard == [line.pk]


def test_a_subscriber_gets_a_job_for_the_lines_that_concern_it_and_for_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.institution()
    heard: list[int] = []
    monkeypatch.setitem(events._deliveries, "test.hears", heard.append)
    monkeypatch.setitem(events._subscribers, "department.updated", ["test.hears"])
    monkeypatch.setitem(events._concerns, "test.hears", lambda line: "name" in line.changes)
    alice = make.acting_as("admin")
    named, _, _ = journal.record_all(
        [
            journal.Entry("department.updated", ("department", 1), {"name": ["A", "B"]}),
            journal.Entry("department.updated", ("department", 2), {"code": ["A", "B"]}),
            journal.Entry("department.created", ("department", 3), {"name": [None, "B"]}),
        ],
        by=alice,
    )
    assert run_jobs() == ["kernel.deliver_line"]
    assert heard == [named.pk]


def test_lines_of_several_kinds_are_written_in_their_order_by_one_statement() -> None:
    make.institution()
    alice = make.acting_as("admin")
    kinds = ["department.created", "department.updated", "department.created"]
    entries = [journal.Entry(kind, ("department", at), {}, "A reason") for at, kind in enumerate(kinds)]
    with CaptureQueriesContext(connection) as asked:
        journal.record_all(entries, by=alice)
    assert len([each for each in asked.captured_queries if each["sql"].startswith("INSERT")]) == 1
    written = JournalLine.objects.order_by("pk").values_list("kind", "subject_id", "reason")
    assert list(written) == [(kind, str(at), "A reason") for at, kind in enumerate(kinds)]


def test_one_undeclared_kind_among_others_keeps_all_of_them_out() -> None:
    make.institution()
    alice = make.acting_as("admin")
    entries = [journal.Entry(kind, ("department", 1), {}) for kind in ("department.updated", "department.dreamt")]
    with pytest.raises(KeyError):
        journal.record_all(entries, by=alice)
    assert not JournalLine.objects.exists()
