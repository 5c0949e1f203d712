"""The summary of one person over a span, as its contract names the keys."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from maristan.academics.queries import learners, structure
from maristan.attendance.queries import policies, standings
from maristan.attendance.queries.standings import Window
from maristan.attendance.rules import spans
from maristan.attendance.rules.percentages import standing
from maristan.attendance.rules.policies import choose
from maristan.directory.queries import people
from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotAllowed, NotFound, Refusal


@dataclass(frozen=True, slots=True)
class SummaryAsked:
    """What the query says, as it was written."""

    user: str = ""
    reg_no: str = ""
    email: str = ""
    period: str = ""
    start_date: str = ""
    end_date: str = ""
    course: str = ""
    section: str = ""


def of(asked: SummaryAsked, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The summary of somebody, oneself where nobody is named.

    Raises `NotFound` for who is not here, `NotAllowed` for who is out of scope, and `Refusal` (400) with the codes of
    the contract.
    """
    here = institution()
    try:
        span = spans.read(asked.period, asked.start_date, asked.end_date)
    except spans.Misread as fault:
        raise Refusal(fault.code, fault.detail) from None
    sessions = {f"session__{name}_id": _id(getattr(asked, name), name) for name in ("course", "section")}
    person = _person(asked, actor)
    if not standings.covers(person.person, actor=actor):
        raise NotAllowed("out_of_scope", "This person is not in your scope.")
    today = clock.today(here.time_zone)
    first, last = _days(span, person.person, today)
    window = Window(first, last, here.time_zone, now)
    chosen = {name: value for name, value in sessions.items() if value is not None}
    tallied = standings.tally(person.person, window, **chosen)
    terms = choose(
        policies.active(), course=sessions["session__course_id"], last_day=last, default=policies.default(),
        scope_keys=standings.scope_keys(person.person, last),
    )  # fmt: skip
    counts, stands = tallied.counts, standing(tallied.counts, terms)
    return {
        "user_id": person.user,
        "username": person.username,
        "full_name": person.name,
        "person_id": person.person,
        "period": span.span,
        "start_date": first,
        "end_date": last,
        "total_sessions": counts.total,
        "attended_sessions": counts.present + counts.late,
        "present_count": counts.present,
        "late_count": counts.late,
        "absent_count": counts.absent,
        "excused_count": counts.excused,
        "unmarked_count": counts.unmarked,
        "percentage_present": float(stands.percentage),
        "threshold_percentage": float(terms.threshold),
        "is_eligible": stands.is_eligible,
        "code": stands.code,
        "policy": {"scope": terms.scope, "number": terms.number},
    }


def _id(text: str, name: str) -> int | None:
    said = text.strip()
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= 18):
        raise Refusal("bad_value", f"{name} is a number.")
    return int(said)


def _nobody() -> NotFound:
    return NotFound("not_found", "User not found", error="User not found")


def _person(asked: SummaryAsked, actor: Actor) -> people.Account:
    """Whom the query names by account, registration number or address; all that are given must agree."""
    named: list[set[int]] = []
    if asked.user.strip():
        said = asked.user.strip()
        is_id = said.isascii() and said.isdecimal() and len(said) <= 18
        named.append({each.person for each in people.accounts(users=[int(said)])} if is_id else set())
    if asked.reg_no.strip():
        named.append(learners.by_reg_no([asked.reg_no]).get(learners.match_key(asked.reg_no), set()))
    if asked.email.strip():
        named.append(learners.by_email([asked.email]).get(learners.match_key(asked.email), set()))
    if not named:
        named.append({actor.person_id} if actor.person_id else set())
    found = people.accounts(ids=set.intersection(*named))
    if len(found) != 1:
        raise _nobody()
    return found[0]


def _days(span: spans.Asked, person: int, today: date) -> tuple[date, date]:
    by_calendar = spans.days(span, today)
    if by_calendar is not None:
        return by_calendar
    day = span.first or span.last or today
    found = period_of(person, day)
    if found is None:
        raise Refusal("PERIOD_NOT_FOUND", "No academic period contains the day.")
    return found


def period_of(person: int, day: date) -> tuple[date, date] | None:
    """First and last day of the academic period of somebody's batch or program that contains a day."""
    return structure.dates_around(person, day)


def window_of(*, person: int, first: date | None, last: date | None, period: int | None, now: datetime) -> Window:
    """The days asked for; without any those of an academic period, else the year."""
    here = institution()
    today = clock.today(here.time_zone)
    days: tuple[date, date] | None = None
    if period is not None:
        days = structure.dates_of(period)
        if days is None:
            raise NotFound()
    days = days or period_of(person, today) or (date(today.year, 1, 1), date(today.year, 12, 31))
    return Window(first or days[0], last or days[1], here.time_zone, now)


def last_days(number: int, *, now: datetime) -> Window:
    """So many local days, today the last of them."""
    here = institution()
    today = clock.today(here.time_zone)
    return Window(today - timedelta(days=number - 1), today, here.time_zone, now)
