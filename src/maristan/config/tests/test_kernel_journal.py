"""One line for each write, append-only, sealed into a chain that shows tampering."""

import pytest
from django.db import DatabaseError, transaction

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
