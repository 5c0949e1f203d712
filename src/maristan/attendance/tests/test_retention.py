"""Marks are kept for the years that an institution sets, and for ever where it set none."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from maristan.attendance.actions import retention
from maristan.attendance.models import Attendance, Correction, MarkChange, Register, Summary
from maristan.attendance.rules.windows import kept_since
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import directory, local, run_jobs
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine

pytestmark = pytest.mark.django_db
LONG_AGO = date(2015, 3, 9)
TODAY = "2026-03-09T12:00:00+05:00"


def forget(of: make.Class) -> int:
    """The job, today."""
    with clock.stopped_at(TODAY):
        return retention.forget(by=platform(of.session.institution_id))


def a_marked_class() -> make.Class:
    """A class of three whose session of 2015 was marked and submitted, and two of whose marks were changed."""
    of, then = make.a_class(students=4, day=LONG_AGO), local(LONG_AGO, "11:00")
    Register.objects.create(
        session=of.session, frozen_at=then, status="submitted", submitted_at=then, submitted_by="Dr Khan"
    )
    for student in of.students:
        line = make.absent_line(of.session, student)
        MarkChange.objects.create(line=line, before="present", after="absent", source="live", by="Dr Khan", at=then)
    return of


def kept() -> tuple[int, int]:
    """Lines, and changes of marks."""
    return Attendance.objects.count(), MarkChange.objects.count()


def test_nothing_is_forgotten_where_no_years_are_set() -> None:
    of = a_marked_class()
    before = kept()
    assert (forget(of), kept()) == (0, before)
    assert Register.objects.get().status == "submitted"


def test_after_its_years_a_register_has_no_lines_and_says_so() -> None:
    of = a_marked_class()
    directory.setting("attendance.kept_years", 7)
    for end in (date(2015, 3, 31), date(2025, 3, 31)):
        Summary.objects.create(
            person=of.school.sara_person,
            period="monthly",
            start=end.replace(day=1),
            end=end,
            percentage=80,
            threshold=75,
        )
    assert kept() == (3, 3)
    assert (forget(of), forget(of)) == (1, 0)
    register = Register.objects.get()
    assert (kept(), register.status, register.locked_at) == ((0, 0), "forgotten", None)
    assert [each.end.year for each in Summary.objects.all()] == [2025]
    line = JournalLine.objects.get(kind="register.forgotten")
    assert (line.subject_id, line.changes["lines"], line.changes["status"]) == (
        str(register.pk), 3, ["submitted", "forgotten"],
    )  # fmt: skip
    with clock.stopped_at(TODAY):
        shown = make.register(of.alice, of)
        assert (shown["status"], shown["lines"]) == ("forgotten", [])
        assert {each["name"] for each in shown["moves"] if each["allowed"]} == set()
        answer = make.mark(of.alice, of, rest="present")
        assert (answer.status, answer.json["code"]) == (409, "register_closed")
    run_jobs()


def test_a_session_within_its_years_and_one_that_waits_to_be_corrected_keep_their_lines() -> None:
    of = make.a_class(day=date(2019, 3, 9))
    directory.setting("attendance.kept_years", 7)
    make.correction(of.session, of.students[0])
    assert forget(of) == 0  # seven years to the day
    older = make.session(of.school, day=LONG_AGO)
    asked = make.correction(older, of.students[1])
    assert forget(of) == 0
    Correction.objects.filter(pk=asked.pk).update(status="withdrawn")
    assert forget(of) == 1
    assert [line.session_id for line in Attendance.objects.all()] == [of.session.pk]


def test_the_database_keeps_changes_of_marks_until_their_years_are_over() -> None:
    of = a_marked_class()
    change = MarkChange.objects.order_by("pk")[0].pk
    kept_years = directory.setting("attendance.kept_years", 0)
    for years in (0, 50):
        kept_years.value = years
        kept_years.save()
        for statement in ("DELETE FROM", "UPDATE"):
            rest = "SET reason = 'x' WHERE" if statement == "UPDATE" else "WHERE"
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"{statement} attendance_markchange {rest} id = {change}")
    assert MarkChange.objects.filter(pk=change).exists()
    kept_years.value = 7
    kept_years.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        MarkChange.objects.filter(pk=change).update(reason="x")
    MarkChange.objects.filter(pk=change).delete()
    assert (MarkChange.objects.filter(pk=change).exists(), of.session.starts_at.year) == (False, 2015)


@pytest.mark.parametrize(
    ("today", "since"), [("2026-03-09T00:30:00+05:00", "2019-03-09"), ("2028-02-29T12:00:00+05:00", "2021-02-28")]
)
def test_years_are_counted_from_the_local_day(today: str, since: str) -> None:
    with clock.stopped_at(today):
        found = kept_since(clock.now(), "Asia/Karachi", 7)
    assert found.isoformat() == f"{since}T00:00:00+05:00"
