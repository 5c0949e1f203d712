"""Two people come at once."""

import threading
from collections.abc import Callable

from django.db import connection, transaction

from maristan.assessment.models import Result, ResultCorrection, ResultEntry
from maristan.assessment.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, tenancy
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client

CORRECTIONS = "/api/v1/assessment/corrections/"


def at_once(*presses: Callable[[], Answer]) -> list[Answer]:
    """The answers of presses that start together, each on a connection of its own."""
    start = threading.Barrier(len(presses))
    answers: list[Answer | None] = [None] * len(presses)

    def press(at: int, call: Callable[[], Answer]) -> None:
        with clock.stopped_at(make.LATER):
            start.wait()
            answers[at] = call()
        connection.close()

    threads = [threading.Thread(target=press, args=each) for each in enumerate(presses)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [each for each in answers if each is not None]


def proposed(of: make.College, pk: int) -> int:
    """A proposal of Eve to give Sara three marks more; gives its id."""
    result = Result.objects.get(person_id=of.students[0].person_id, exam_id=pk)
    cells = [{"component": make.components(pk)[0], "marks": "48"}]
    wanted = {"result": result.pk, "entries": cells, "reason": "Question four was added up wrongly."}
    made = of.eve.post(CORRECTIONS, wanted)
    assert made.status == 201, made.json
    return int(made.json["id"])


def test_two_who_approve_at_once_make_one_revision(own_database: Callable[[str], None]) -> None:
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college()
        alice, charlie = (Client(directory.member(name, "exam_cell")) for name in ("Alice", "Charlie"))
        pk = make.published(of)
        with clock.stopped_at(make.LATER):
            correction = proposed(of, pk)
    url = f"{CORRECTIONS}{correction}/moves/approve/"
    answers = at_once(lambda: alice.post(url, {}), lambda: charlie.post(url, {}))
    assert sorted(each.status for each in answers) == [200, 409]
    assert next(each for each in answers if each.status == 409).missing == ["wrong_status"]
    with tenancy.acting_in(of.batch.institution_id):
        found = Result.objects.filter(person_id=of.students[0].person_id).order_by("revision")
        assert list(found.values_list("revision", "is_current")) == [(1, False), (2, True)]


def test_a_result_is_frozen_or_a_correction_of_it_proposed_never_both(own_database: Callable[[str], None]) -> None:
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college()
        charlie = Client(directory.member("Charlie", "exam_cell"))
        pk = make.published(of)
    result = None
    with tenancy.acting_in(of.batch.institution_id):
        result = Result.objects.get(person_id=of.students[0].person_id)
        part = make.components(pk)[0]
    wanted = {"result": result.pk, "entries": [{"component": part, "marks": "48"}], "reason": "Added up wrongly."}
    frozen, asked = at_once(
        lambda: charlie.post(f"/api/v1/assessment/results/{result.pk}/moves/freeze/", {}),
        lambda: of.eve.post(CORRECTIONS, wanted),
    )
    # Whoever came first holds: a frozen result may still be corrected, one with an open correction is not frozen.
    assert (frozen.status, asked.status) in {(200, 201), (409, 201)}
    with tenancy.acting_in(of.batch.institution_id):
        assert ResultCorrection.objects.count() == 1
        assert (Result.objects.get(pk=result.pk).status == "frozen") == (frozen.status == 200)
        kinds = ("result.frozen", "result_correction.proposed")
        expected = list(kinds) if frozen.status == 200 else [kinds[1]]
        lines = JournalLine.objects.filter(kind__in=kinds).order_by("id").values_list("kind", flat=True)
        assert list(lines) == expected


def test_two_who_mark_one_cell_at_once_one_is_saved_and_the_other_is_told(own_database: Callable[[str], None]) -> None:
    with transaction.atomic(), clock.stopped_at(make.CLOCK):
        of = make.college()
        pk = make.marking(of)
        sara, theory = make.candidates(pk)[0], make.components(pk)[0]
    answers = at_once(
        lambda: make.enter(of.khan, pk, make.cell(sara, theory, "40", 0)),
        lambda: make.enter(of.eve, pk, make.cell(sara, theory, "41", 0)),
    )
    assert sorted(each.status for each in answers) == [200, 412]
    with tenancy.acting_in(of.batch.institution_id):
        assert ResultEntry.objects.count() == 1
