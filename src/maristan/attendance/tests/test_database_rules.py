"""What the database refuses of attendance, whoever asks."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from maristan.attendance.models import Attendance, MarkChange, Register
from maristan.attendance.tests import factories as make
from maristan.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Iterator[make.Class]:
    """A class whose register is fixed and marked."""
    made = make.a_class()
    with clock.stopped_at(make.DURING):
        make.mark(made.khan, made, rest="present")
        yield made


@pytest.mark.parametrize(
    "values",
    [
        {"status": "gone"}, {"status": None}, {"marked_at": None}, {"source": "dream"}, {"marked_by": ""},
    ],
)  # fmt: skip
def test_a_line_is_marked_whole_or_not_at_all(of: make.Class, values: dict[str, object]) -> None:
    line = make.lines(of.session)["MB-001"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=line.pk).update(**values)


@pytest.mark.parametrize("values", [{"submitted_by": "A"}, {"status": "locked"}, {"status": "lost"}])
def test_a_register_is_in_one_of_its_states_with_what_belongs_to_it(of: make.Class, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Register.objects.update(**values)


def test_nobody_stands_twice_in_a_session_and_a_session_has_one_register(of: make.Class) -> None:
    line = make.lines(of.session)["MB-001"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(session=of.session, person_id=line.person_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Register.objects.create(session=of.session, frozen_at=clock.now())


@pytest.mark.parametrize(
    "statement", ["UPDATE attendance_markchange SET reason = 'x'", "DELETE FROM attendance_markchange"]
)
def test_what_became_of_a_mark_is_never_rewritten(of: make.Class, statement: str) -> None:
    count = MarkChange.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert MarkChange.objects.count() == count == 3
