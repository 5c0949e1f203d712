"""How people stand: their counted lines over a span, by course or in all, as one aggregate (A3, E1 to E4)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from maristan.academics.queries import learners
from maristan.attendance.models import Attendance, Register
from maristan.attendance.queries import policies
from maristan.attendance.rules.percentages import Counts, Terms, forecast, standing
from maristan.attendance.rules.policies import Version, choose
from maristan.attendance.rules.states import Mark, Perm, RegisterStatus
from maristan.kernel.access import Actor
from maristan.timetable.queries import taught

NOT_HELD = Register.objects.filter(session=OuterRef("session_id"), status=RegisterStatus.NOT_HELD)


@dataclass(frozen=True, slots=True)
class Window:
    """Local days, both included, and the moment by which sessions have ended."""

    first: date
    last: date
    zone: str
    now: datetime

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The window as moments."""
        local = ZoneInfo(self.zone)
        return (
            datetime.combine(self.first, time.min, local),
            datetime.combine(self.last + timedelta(days=1), time.min, local),
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of what has ended, and what is still to come, excused already or not."""

    counts: Counts
    to_come: int = 0
    excused_to_come: int = 0


NOTHING, UNMARKED = Tally(Counts()), "unmarked"


def expected(window: Window) -> "QuerySet[Attendance]":
    """Lines of people expected in live sessions of a window, but for those that were not held."""
    starts, ends = window.span
    return Attendance.objects.filter(
        ~Exists(NOT_HELD), expected=True, session__is_live=True, session__starts_at__gte=starts,
        session__starts_at__lt=ends,
    )  # fmt: skip


def tallies(rows: "QuerySet[Attendance]", now: datetime, *keys: Any) -> dict[tuple[Any, ...], Tally]:
    """Counts of some lines as of a moment, by the values of these keys; one aggregate."""
    ended = Count("pk", filter=Q(session__ends_at__lte=now))
    grouped = rows.order_by().values_list(*keys, "status").annotate(ended=ended, lines=Count("pk"))
    found: dict[tuple[Any, ...], dict[str, tuple[int, int]]] = defaultdict(dict)
    for *key, status, past, lines in grouped:
        found[tuple(key)][status or UNMARKED] = (past, lines - past)
    return {key: _tally(each) for key, each in found.items()}


def _tally(found: Mapping[str, tuple[int, int]]) -> Tally:
    """The tally of what ended and what is to come of each mark."""
    excused = found.get(Mark.EXCUSED, (0, 0))[1]
    counts = Counts(**{name: past for name, (past, _) in found.items()})
    return Tally(counts, sum(ahead for _, ahead in found.values()) - excused, excused)


def tally(person: int, window: Window, **sessions: Any) -> Tally:
    """The counts of one person, of sessions with these values: one aggregate."""
    rows = expected(window).filter(person_id=person, **sessions)
    return tallies(rows, window.now).get((), NOTHING)


def by_course(person: int, window: Window) -> list[tuple[int | None, str, Tally]]:
    """Course, name and counts of one person, by name: one aggregate."""
    course = ("session__course_id", F("session__course__name"))
    found = tallies(expected(window).filter(person_id=person), window.now, *course)
    return sorted(((pk, name or "", counts) for (pk, name), counts in found.items()), key=lambda each: each[1])


def by_person(rows: "QuerySet[Attendance]", now: datetime) -> dict[int, Tally]:
    """Counts of each person of some lines: one aggregate."""
    return {person: counts for (person,), counts in tallies(rows, now, "person_id").items()}


def shown(tallied: Tally, terms: Terms) -> dict[str, Any]:
    """Counts, percentage, eligibility and what is still possible, as answers tell it."""
    counts, stands = tallied.counts, standing(tallied.counts, terms)
    ahead = forecast(counts, terms, to_come=tallied.to_come, excused_to_come=tallied.excused_to_come)
    return {
        "total": counts.total,
        **{mark.value: getattr(counts, mark.value) for mark in Mark},
        "unmarked": counts.unmarked,
        "percentage": stands.percentage,
        "threshold": terms.threshold,
        "is_eligible": stands.is_eligible,
        "code": stands.code,
        "policy": {"scope": terms.scope, "number": terms.number},
        "to_come": ahead.to_come,
        "must_attend": ahead.must_attend,
        "can_miss": ahead.can_miss,
        "reachable": ahead.reachable,
        "regain_after": ahead.regain_after,
    }


def scope_keys(person: int, day: date) -> Sequence[str]:
    """What policies may be made for of somebody who learns."""
    known = learners.of([person], day=day).get(person)
    return known.scope_keys if known else ()


def mine(*, actor: Actor, window: Window) -> dict[str, Any]:
    """One's own attendance by course and in all; four queries whatever the number of courses."""
    actor.demand(Perm.VIEW)
    person = actor.person_id or 0
    keys, versions = scope_keys(person, window.last), policies.active()

    def terms(course: int | None) -> Terms:
        return choose(versions, course=course, scope_keys=keys, last_day=window.last, default=policies.default())

    courses = by_course(person, window)
    overall = _sum(each for _, _, each in courses)
    return {
        "start_date": window.first,
        "end_date": window.last,
        "overall": shown(overall, terms(None)),
        "courses": [
            {"course": course, "name": name, **shown(tallied, terms(course))} for course, name, tallied in courses
        ],
    }


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = list(tallies)
    names = (*(mark.value for mark in Mark), "unmarked")
    counts = Counts(**{name: sum(getattr(each.counts, name) for each in found) for name in names})
    return Tally(counts, sum(each.to_come for each in found), sum(each.excused_to_come for each in found))


def within(*, actor: Actor) -> Q:
    """Lines that the actor may see: of sessions in reach, and one's own."""
    reach = actor.demand(Perm.VIEW)
    if reach.everything:
        return Q()
    sessions = taught.sessions().filter(taught.within(reach, actor.person_id), pk=OuterRef("session_id"))
    return Q(Exists(sessions)) | Q(person_id=actor.person_id or 0)


def covers(person: int, *, actor: Actor) -> bool:
    """Whether the actor may see how a person stands: one's own, or somebody who has a line in a session in reach."""
    if person == actor.person_id or actor.demand(Perm.VIEW).everything:
        return True
    return Attendance.objects.filter(within(actor=actor), person_id=person).exists()


class Listed(list[dict[str, Any]]):
    """Computed rows that are paged and exported as rows of a table are."""

    def count(self) -> int:  # type: ignore[override]
        """How many there are."""
        return len(self)

    def iterator(self, chunk_size: int = 0) -> Iterable[dict[str, Any]]:
        """One after the other."""
        return iter(self)


def eligibility(
    *, actor: Actor, window: Window, sessions: Mapping[str, Any], groups: Collection[int] = (), code: str = "",
    text: str = "", only_near: bool = False,
) -> Listed:  # fmt: skip
    """How each learner in reach stands over the sessions asked for, by registration number.

    People are those with a line in reach; they are counted over all sessions asked for, so that nobody is shown a
    percentage that is true of one teacher alone. Five queries, whatever the number of people.
    """
    rows = expected(window).filter(**{f"session__{name}": value for name, value in sessions.items()})
    if groups:
        rows = rows.filter(student__group_id__in=list(groups))
    reach = actor.demand(Perm.VIEW)
    if not reach.everything:
        rows = rows.filter(person_id__in=rows.filter(within(actor=actor)).order_by().values("person_id"))
    found = by_person(rows, window.now)
    known = learners.of(list(found), day=window.last)
    versions, course = policies.active(), sessions.get("course_id")
    listed = [
        _row(person, known.get(person), tallied, _terms(known.get(person), versions, course, window.last))
        for person, tallied in found.items()
    ]
    wanted = " ".join(text.split()).casefold()
    chosen = [
        each
        for each in listed
        if (not code or each["code"] == code.lower())
        and wanted in f"{each['reg_no']} {each['full_name']}".casefold()
        and (not only_near or each["is_near"])
    ]
    return Listed(sorted(chosen, key=lambda each: (each["reg_no"], each["full_name"], each["person"])))


def _terms(known: Any, versions: Sequence[Version], course: int | None, last: date) -> Terms:
    keys = known.scope_keys if known else ()
    return choose(versions, course=course, scope_keys=keys, last_day=last, default=policies.default())


def _row(person: int, known: Any, tallied: Tally, terms: Terms) -> dict[str, Any]:
    said = shown(tallied, terms)
    is_near = bool(said["total"]) and terms.threshold <= said["percentage"] <= terms.threshold + terms.near_margin
    return {
        "person": person,
        "student": known.student if known else None,
        "reg_no": known.reg_no if known else "",
        "full_name": known.name if known else "",
        **said,
        "is_near": is_near,
    }


def overview(*, actor: Actor, window: Window) -> dict[str, Any]:
    """What was marked and what is missing in a window, of sessions in reach: one aggregate."""
    rows = expected(window).filter(within(actor=actor))
    found = tallies(rows, window.now).get((), NOTHING).counts

    def percent(number: int) -> float:
        return round(100 * number / found.total, 2) if found.total else 0.0

    return {
        "total_marked": found.total,
        "absent_percent": percent(found.absent),
        "late_percent": percent(found.late),
        "missing_entries": found.unmarked,
    }
