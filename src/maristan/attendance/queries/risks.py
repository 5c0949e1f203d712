"""Who comes nearer to a threshold than they were told, or than they stood the day before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef

from maristan.academics.queries import learners
from maristan.attendance.models import Attendance, Warned
from maristan.attendance.queries import policies, standings
from maristan.attendance.rules.percentages import Risk, Terms, forecast, is_warned, risk, standing
from maristan.attendance.rules.policies import choose

KEYS = ("person_id", "session__course_id", "session__academic_period_id")
Key = tuple[int, int | None, int]


@dataclass(frozen=True, slots=True)
class Crossed:
    """Somebody who is nearer to the threshold of a course than before; `program` where there is a record of one."""

    person: int
    full_name: str
    reg_no: str
    program: int | None
    course: int | None
    course_name: str
    period: int
    risk: Risk
    percentage: Decimal
    can_miss: int


@dataclass(frozen=True, slots=True)
class Watched:
    """Who is told now, and who came back from a risk that they were told of, with the level of today."""

    crossed: list[Crossed]
    eased: dict[int, Risk]


def watched(*, now: datetime, before: datetime, today: date) -> Watched:
    """People in courses of running academic periods whose risk changed: five queries.

    Those not told before cross when their risk grew between two moments; the others when it is more than they know.
    """
    known_of = {(each.person_id, each.course_id, each.academic_period_id): each for each in Warned.objects.all()}
    ended = Attendance.objects.filter(
        person=OuterRef("person_id"), session__ends_at__gt=before, session__ends_at__lte=now
    )
    told = Warned.objects.filter(
        person=OuterRef("person_id"), academic_period=OuterRef("session__academic_period_id")
    )  # fmt: skip
    rows = Attendance.objects.filter(
        Exists(ended) | Exists(told), ~Exists(standings.NOT_HELD), expected=True, session__is_live=True,
        session__academic_period__start_date__lte=today, session__academic_period__end_date__gte=today,
    ).order_by()  # fmt: skip
    present, past = _tallies(rows, now), _tallies(rows, before)
    known = learners.of({key[0] for key in present}, day=today)
    versions = policies.active()
    found, eased = [], dict[int, Risk]()
    for key, (name, tallied) in present.items():
        learner, warned = known.get(key[0]), known_of.get(key)
        terms = choose(
            versions, course=key[1], scope_keys=learner.scope_keys if learner else (), last_day=today,
            default=policies.default(),
        )  # fmt: skip
        level = risk(tallied.counts, terms)
        was = Risk(warned.level) if warned is not None else risk(past[key][1].counts, terms)
        if is_warned(level, was, warned.told_on if warned is not None else None, today):
            found.append(_crossed(key, name, learner, tallied, terms, level))
        elif warned is not None and level < was:
            eased[warned.pk] = level
    return Watched(found, eased)


def _crossed(
    key: Key, name: str, learner: learners.Learner | None, tallied: standings.Tally, terms: Terms, level: Risk
) -> Crossed:
    ahead = forecast(tallied.counts, terms, to_come=tallied.to_come, excused_to_come=tallied.excused_to_come)
    keys = learner.scope_keys if learner else ()
    program = next((int(each.partition(":")[2]) for each in keys if each.startswith("program:")), None)
    return Crossed(
        person=key[0], full_name=learner.name if learner else "", reg_no=learner.reg_no if learner else "",
        program=program, course=key[1], course_name=name, period=key[2], risk=level,
        percentage=standing(tallied.counts, terms).percentage, can_miss=ahead.can_miss,
    )  # fmt: skip


def _tallies(rows: Any, now: datetime) -> Mapping[Key, tuple[str, standings.Tally]]:
    counted = standings.tallies(rows, now, *KEYS, F("session__course__name"))
    return {(person, course, period): (name or "", told) for (person, course, period, name), told in counted.items()}
