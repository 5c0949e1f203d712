"""Who came nearer to a threshold between two moments."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef

from maristan.academics.queries import learners
from maristan.attendance.models import Attendance
from maristan.attendance.queries import policies, standings
from maristan.attendance.rules.percentages import Risk, forecast, risk, standing
from maristan.attendance.rules.policies import choose

KEYS = ("person_id", "session__course_id", "session__academic_period_id")


@dataclass(frozen=True, slots=True)
class Crossed:
    """Somebody who is nearer to the threshold of a course than before."""

    person: int
    course: int | None
    course_name: str
    period: int
    risk: Risk
    percentage: Decimal
    can_miss: int


def crossed(*, now: datetime, before: datetime, today: date) -> list[Crossed]:
    """People in courses of running academic periods whose risk grew between two moments: four queries."""
    ended = Attendance.objects.filter(
        person=OuterRef("person_id"), session__ends_at__gt=before, session__ends_at__lte=now
    )
    rows = Attendance.objects.filter(
        ~Exists(standings.NOT_HELD), Exists(ended), expected=True, session__is_live=True,
        session__academic_period__start_date__lte=today, session__academic_period__end_date__gte=today,
    ).order_by()  # fmt: skip
    present, past = _tallies(rows, now), _tallies(rows, before)
    known = learners.of({key[0] for key in present}, day=today)
    versions = policies.active()
    found = []
    for key, (name, tallied) in present.items():
        person, course, period = key
        keys = known[person].scope_keys if person in known else ()
        terms = choose(versions, course=course, scope_keys=keys, last_day=today, default=policies.default())
        level = risk(tallied.counts, terms)
        if level is not Risk.NONE and level > risk(past[key][1].counts, terms):
            ahead = forecast(tallied.counts, terms, to_come=tallied.to_come, excused_to_come=tallied.excused_to_come)
            shown = standing(tallied.counts, terms).percentage
            found.append(Crossed(person, course, name, period, level, shown, ahead.can_miss))
    return found


def _tallies(rows: Any, now: datetime) -> dict[tuple[int, int | None, int], tuple[str, standings.Tally]]:
    counted = rows.values(*KEYS, name=F("session__course__name")).annotate(**standings.columns(now))
    return {tuple(row[key] for key in KEYS): (row["name"] or "", standings.tally_of(row)) for row in counted}
