"""Attendance of the demonstration: three weeks of registers, corrections, and a list of who may sit the midterm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from maristan.attendance.actions import (
    condonations,
    corrections,
    eligibility_lists,
    marks,
    policies,
    registers,
    rosters,
)
from maristan.attendance.models import Attendance, EligibilityLine, EligibilityList
from maristan.attendance.rules.marking import Named
from maristan.config.demo.acting import acting_as
from maristan.config.demo.diary import Diary
from maristan.config.demo.institution import Demo
from maristan.config.demo.weeks import TAUGHT_WEEKS
from maristan.directory.models import Person
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.timetable.models import Session
from maristan.timetable.queries import taught

# How many of how many sessions each student attends, in turn; three quarters are asked for.
HABITS = (
    (17, 20), (7, 10), (1, 1), (4, 5), (19, 20), (1, 1), (9, 10), (3, 4), (1, 1), (12, 13), (6, 7), (13, 20), (1, 1),
    (15, 16), (9, 10), (1, 1), (3, 5), (11, 12), (19, 20), (1, 1), (5, 6), (14, 15), (7, 10), (1, 1),
)  # fmt: skip
EXCUSED, LATE_EVERY = 10, 9  # whose absences are excused, and how often somebody comes late
COUNTED = ("ANA101", "ANA102", "PHY101")
NOT_HELD, LEFT_OPEN = "BIO101", "PAT101"
WHY_OPEN = "I came in by the second door and signed the sheet."
WHY_CONDONED = "Dengue fever in the second week; the ward's letter is in the file."


@dataclass
class Classes:
    """The sessions of the past, and how often each student was expected in those that count."""

    demo: Demo
    diary: Diary
    by: Mapping[str, Actor]
    numbers: dict[int, int] = field(default_factory=dict)  # person → place in the list of students
    teachers: dict[int, Actor] = field(default_factory=dict)
    met: dict[tuple[int, bool], int] = field(default_factory=dict)

    def teacher(self, pk: int) -> Actor:
        """Who teaches, as if signed in."""
        if pk not in self.teachers:
            self.teachers[pk] = acting_as(Person.objects.get(pk=pk))
        return self.teachers[pk]


def note(classes: Classes) -> None:
    """What is said of marks afterwards."""
    diary = classes.diary
    diary.on(-2, 11, partial(_draft_policy, classes.demo, classes.by["admin"]))
    diary.on(-1, 21, partial(_dispute, classes))
    diary.at(diary.until, partial(registers.lock_due, by=classes.demo.by))


def follow(classes: Classes, plan: int, number: int) -> None:
    """Fix the rosters of a published week, and note what becomes of each of its sessions that is over by today."""
    ids = list(taught.of_weeks([plan]).values_list("pk", flat=True))
    rosters.settle(ids=ids, by=classes.demo.by)
    people = Attendance.objects.order_by("person_id").values_list("person_id", flat=True).distinct()
    classes.numbers = {pk: at for at, pk in enumerate(people)}
    midnight = classes.diary.moment(0, 0)
    past = list(Session.objects.filter(pk__in=ids, ends_at__lte=midnight).order_by("ends_at", "pk"))
    not_held = _of_course(past, classes.demo.courses[NOT_HELD].pk)[:1] if number == 0 else []
    left_open = _of_course(past, classes.demo.courses[LEFT_OPEN].pk)[-1:] if number == TAUGHT_WEEKS - 1 else []
    for session in past:
        if session in not_held:
            say = partial(registers.move, session=session.pk, name="not_held", reason="The teacher was ill.")
            classes.diary.at(session.ends_at, partial(say, by=classes.by["coordinator"]))
        else:
            classes.diary.at(session.ends_at, partial(_hold, classes, session, leaves_open=session in left_open))


def _of_course(sessions: Sequence[Any], course: int) -> list[Any]:
    return [each for each in sessions if each.course_id == course]


def _hold(classes: Classes, session: Session, *, leaves_open: bool) -> None:
    """One session: its teacher marks everybody and submits the register, or forgets the last ones."""
    by = classes.teacher(int(session.faculty_id or 0))
    asked = []
    people = Attendance.objects.filter(session=session, expected=True).order_by("student__reg_no")
    listed = list(people.values_list("pk", "person_id"))
    for line, person in listed[: len(listed) * 2 // 3] if leaves_open else listed:
        status = _status(classes, person, session)
        if status != "present" or leaves_open:
            asked.append(marks.MarkAsked(Named(line=line), status))
    if listed:
        marks.mark(session=session.pk, marks=asked, rest=None if leaves_open else "present", reason=None, by=by)
    if not leaves_open:
        registers.move(session=session.pk, name="submit", reason=None, by=by)


def _status(classes: Classes, person: int, session: Session) -> str:
    """Whether somebody came, by the habit of that person: spread evenly over the sessions that count."""
    number = classes.numbers[person]
    counts = session.course_id in {classes.demo.courses[code].pk for code in COUNTED}
    at = classes.met.get((person, counts), 0)
    classes.met[person, counts] = at + 1
    of, out_of = HABITS[number % len(HABITS)]
    if (at + 1) * of // out_of == at * of // out_of:
        return "excused" if number % len(HABITS) == EXCUSED else "absent"
    return "late" if (at + number) % LATE_EVERY == 0 else "present"


def _dispute(classes: Classes) -> None:
    """Three absences are disputed: one request is accepted, one declined, one waits."""
    since = clock.now() - timedelta(days=13)
    lines = Attendance.objects.filter(status="absent", session__starts_at__gte=since)
    first = next(iter(classes.numbers), 0)
    found = list(lines.exclude(person=first).order_by("-session__starts_at", "student__reg_no")[:2])
    found += list(lines.filter(person=first).order_by("-session__starts_at")[:1])
    for line, name in zip(found, ("accept", "decline", "") if len(found) == 3 else ("",) * 3, strict=False):
        asks = acting_as(Person.objects.get(pk=line.person_id))
        made = corrections.request(line=line.pk, wanted="present", reason=WHY_OPEN, by=asks)
        if name:
            said = None if name == "accept" else "The sheet does not bear your name."
            corrections.move(pk=made.pk, name=name, reason=said, by=classes.by["coordinator"])


def _draft_policy(demo: Demo, by: Actor) -> None:
    values = {
        "scope": f"course:{demo.courses['ANA101'].pk}", "effective_from": clock.today(demo.institution.time_zone)
        + timedelta(days=30), "threshold": 80,
    }  # fmt: skip
    policies.draft(values=values, by=by)


def list_for(demo: Demo, *, exam: int, first: date, last: date, by: Actor) -> EligibilityList:
    """Draw up and freeze the list of who may sit an exam."""
    row = eligibility_lists.draft(
        values={
            "title": "Anatomy midterm: who may sit", "owner_kind": "exam", "owner_id": exam, "first_day": first,
            "last_day": last, "courses": [demo.courses[code].pk for code in COUNTED],
            "audience": [[f"batch:{demo.batches[0].pk}"]],
        },
        by=by,
    )  # fmt: skip
    eligibility_lists.freeze(pk=row.pk, by=by)
    return row


def condone(row: EligibilityList, *, asks: Actor, grants: Actor) -> None:
    """Two just below the threshold: one is condoned, the other's request waits."""
    below = EligibilityLine.objects.filter(of_list=row, code="below_threshold", percentage__gte=70)
    for at, line in enumerate(below.order_by("student__reg_no")[:2]):
        made = condonations.request(line=line.pk, reason=WHY_CONDONED, by=asks)
        if at == 0:
            condonations.move(pk=made.pk, name="grant", reason=None, by=grants)
