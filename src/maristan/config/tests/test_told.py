"""What machines are told beside an event: of each thing the fields that are promised, and nothing of what is gone."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.academics.queries import told as academics
from maristan.academics.tests import factories as make
from maristan.assessment.models import Document
from maristan.assessment.queries import told as assessment
from maristan.config.tests.world import world
from maristan.kernel import clock
from maristan.timetable.queries import told as timetable
from maristan.timetable.tests import factories as planned

pytestmark = pytest.mark.django_db
GONE = 10**9


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(planned.CLOCK):
        yield


def test_the_fields_of_each_subject_are_those_that_are_promised() -> None:
    found = world("fmu")
    batch, course = found.school.batch, found.school.course
    applied = make.application(batch, number="A-2026-00017").pk
    document = Document.objects.get()
    shown: list[tuple[Any, int, dict[str, Any]]] = [
        (timetable.SUBJECTS["week_plan"], int(found.ids["timetable/weeks"]),
         {"week_start_date": "2026-03-09", "batch_id": batch.pk, "batch": batch.name}),
        (academics.SUBJECTS["application"], applied,
         {"number": "A-2026-00017", "batch": batch.name, "program": batch.program.name,
          "program_id": batch.program_id}),
        (assessment.SUBJECTS["exam"], int(found.ids["assessment/exams"]),
         {"title": "Final", "scheduled_at": "2026-04-01T04:00:00+00:00", "course_id": course.pk,
          "course": "Pathology"}),
        (assessment.SUBJECTS["transcript"], document.pk, {"number": "TRN-2026-000001", "kind": "transcript"}),
    ]  # fmt: skip
    for subject, pk, said in shown:
        assert subject.read([pk, GONE]) == {pk: said}
        assert set(said) == set(subject.fields)
