"""Statements of what runs over many people at once: the same for few and many, within what was promised."""

from datetime import date, timedelta

import pytest

from maristan.attendance.actions import eligibility_lists
from maristan.attendance.models import EligibilityLine, EligibilityList
from maristan.attendance.queries import eligibility_lists as lists
from maristan.attendance.tests import factories as make
from maristan.comms.actions import announcements
from maristan.comms.models import Notification
from maristan.config.tests.counting import counted
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform

pytestmark = pytest.mark.django_db
FIRST = date(2026, 2, 2)
WRITES = 3  # the lines, the list, the journal


def a_list(people: int, sessions: int, code: str) -> EligibilityList:
    """A list of a group in which everybody was marked in every session."""
    of = make.a_class(students=people, code=code)
    now = clock.now()
    for at in range(sessions):
        taught = make.session(of.school, FIRST + timedelta(days=at))
        make.Register.objects.create(
            session=taught, frozen_at=now, status="submitted", submitted_at=now, submitted_by="Dr Khan"
        )
        make.Attendance.objects.bulk_create(
            make.Attendance(session=taught, person_id=each.person_id, student=each, status="present", source="live",
                            marked_at=now, marked_by="Dr Khan")
            for each in of.students
        )  # fmt: skip
    values = {"title": "Final", "first_day": FIRST, "last_day": date(2026, 3, 8)}
    return EligibilityList.objects.create(**values, audience=[[f"group:{of.school.groups[0].pk}"]], programs=[])


def test_eligibility_of_many_over_many_sessions_asks_as_often_as_of_few() -> None:
    spent = []
    for code, people, sessions in (("few", 3, 2), ("many", 41, 20)):
        with clock.stopped_at("2026-03-20T12:00:00+05:00"):
            row = a_list(people, sessions, code)
            with counted() as found:
                drawn = lists.drawn(row)
            with counted() as frozen:
                eligibility_lists.freeze(pk=row.pk, by=platform(tenancy.current()))
        assert len(drawn) == people
        assert {each.counts.present for each in drawn if each.learner.student} >= {sessions}
        assert EligibilityLine.objects.filter(of_list=row, eligible=True).count() == people - 1
        spent.append((len(found), len(frozen)))
    assert spent[0] == spent[1]
    drawing, freezing = spent[1]
    assert (drawing <= 15, freezing <= 15 + WRITES) == (True, True), spent


def test_telling_a_thousand_people_takes_as_many_statements_as_telling_ten() -> None:
    spent = []
    for number in (10, 1000):
        here = directory.institution(f"of-{number}")
        sender = directory.acting_as("admin")
        people = [directory.person(f"Reader {at}") for at in range(number)]
        department = directory.department("Readers")
        directory.Membership.objects.bulk_create(
            directory.Membership(person=each, role="staff", scope_kind="department", scope_id=department.pk,
                                 from_date=FIRST)
            for each in people
        )  # fmt: skip
        values = {"title": "Closed", "body": "Today.", "audience": [[f"department:{department.pk}"]],
                  "send_email": False}  # fmt: skip
        pk = announcements.create(values=values, by=sender).pk
        announcements.move(pk=pk, name="send", by=sender)
        with counted() as found:
            announcements.fan_out(pk=pk, after=0, by=platform(here.pk))
        spent.append((len(found), Notification.objects.filter(event="announcement.sent").count()))
    assert spent[0][0] == spent[1][0] <= 12, spent
    assert (spent[0][1], spent[1][1]) == (10, 1000)
