"""Two people come at once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from maristan.attendance.models import Attendance, MarkChange, Register
from maristan.attendance.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer


@pytest.fixture
def of(own_database: Callable[[str], None]) -> make.Class:
    """A class whose register nobody has read."""
    with transaction.atomic():
        return make.a_class()


def at_once(*presses: Callable[[], Answer]) -> list[Answer]:
    """The answers of presses that start together, each on a connection of its own."""
    start = threading.Barrier(len(presses))
    answers: list[Answer | None] = [None] * len(presses)

    def press(at: int, call: Callable[[], Answer]) -> None:
        with clock.stopped_at(make.DURING):
            start.wait()
            answers[at] = call()
        connection.close()

    threads = [threading.Thread(target=press, args=each) for each in enumerate(presses)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [each for each in answers if each is not None]


def test_two_who_read_first_fix_one_roster(of: make.Class) -> None:
    url = f"{of.url}register/"
    answers = at_once(lambda: of.khan.get(url), lambda: of.alice.get(url))
    assert [each.status for each in answers] == [200, 200]
    assert [len(each.json["lines"]) for each in answers] == [3, 3]
    with tenancy.acting_in(of.school.batch.institution_id):
        assert (Register.objects.count(), Attendance.objects.count()) == (1, 3)
        assert JournalLine.objects.filter(kind="register.built").count() == 1


def test_two_who_mark_one_line_at_once_one_is_saved_and_the_other_is_told(of: make.Class) -> None:
    with clock.stopped_at(make.DURING):
        line = make.register(of.khan, of)["lines"][0]
    asked = {"line": line["id"], "version": line["version"]}
    answers = at_once(
        lambda: make.mark(of.khan, of, {**asked, "status": "present"}),
        lambda: make.mark(of.alice, of, {**asked, "status": "absent"}),
    )
    assert sorted(each.status for each in answers) == [200, 412]
    with tenancy.acting_in(of.school.batch.institution_id):
        assert MarkChange.objects.count() == 1
