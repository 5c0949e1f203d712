"""Everything around a week that its rules look at, in a constant number of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.academics.queries import planning as academics
from maristan.agenda import queries as agenda
from maristan.directory.queries import planning as directory
from maristan.kernel.access import Actor
from maristan.kernel.workflow import Severity
from maristan.timetable.models import WeekPlan
from maristan.timetable.queries import stored
from maristan.timetable.rules.calendar import cell_date, local_interval
from maristan.timetable.rules.facts import (
    Content,
    CourseFacts,
    DateRange,
    GroupFacts,
    HolidayFacts,
    LeaveFacts,
    Occupation,
    PeriodFacts,
    RoomFacts,
    SectionFacts,
    Surroundings,
    TeacherFacts,
    TimetableSettings,
    WeekFacts,
)
from maristan.timetable.rules.planned import PlannedSession, effective_content
from maristan.timetable.rules.publication import ExistingSession
from maristan.timetable.rules.states import HolidayScope, OtherKind, PeriodStatus, Perm, WeekScope

KEYS = (
    "timetable.teaching_days",
    "timetable.required_cells_per_day",
    "timetable.room_capacity",
    "timetable.verify_by_other",
)
SESSION_OWNER = "timetable.session"
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekInContext:
    """A week with everything that decides about it, and the names that screens and messages show."""

    plan: Any
    week: WeekFacts
    surroundings: Surroundings
    existing: tuple[ExistingSession, ...]
    versions: dict[int, int]
    names: "Names"

    @property
    def taught(self) -> tuple[frozenset[int], frozenset[int]]:
        """The programs and batches that the plan is for; none for an institution-wide one."""
        return _one(self.week.program), _one(self.week.batch)

    @property
    def departments(self) -> frozenset[int]:
        """Departments that the week touches, by its cells, their courses or sections."""
        contents = (effective_content(self.week, cell, self.surroundings) for cell in self.week.scheduled)
        return frozenset(each.department for each in contents if each.department is not None)


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called, by id."""

    institution: str
    people: dict[int, str]
    rooms: dict[int, str]
    groups: dict[int, str]
    courses: dict[int, str]
    sections: dict[int, str]
    departments: dict[int, str]
    periods: dict[int, str] = field(default_factory=dict)
    batch: str = ""
    program: str = ""


def of_week(plan: WeekPlan, *, actor: Actor, extra: Sequence[Content] = ()) -> WeekInContext:
    """A plan with its surroundings: four statements. `extra` holds contents about to be saved into it."""
    window = _window(plan.week_start_date, plan.institution.time_zone)
    found = stored.everything(plan, window=window, extra=extra)
    contents = [*(cell.content for cell in found.week.cells), *(each.content for each in found.existing), *extra]
    period_ids = {plan.academic_period_id} if plan.academic_period_id else set()
    last = plan.week_start_date + timedelta(days=6)
    return _assemble(plan, found, contents, period_ids, (plan.week_start_date, last), window, actor)


def of_same_week(plans: Sequence[WeekPlan], *, actor: Actor) -> list[WeekInContext]:
    """Plans that start on the same day, each with its surroundings: four statements, however many plans."""
    start = plans[0].week_start_date
    window = _window(start, plans[0].institution.time_zone)
    weeks, found = stored.side_by_side(plans, window=window)
    contents = [cell.content for week in weeks for cell in week.cells]
    periods = _given(each.academic_period_id for each in plans)
    batches = _given(each.batch_id for each in plans)
    people, academic = _outside(contents, found, periods, None, batches, (start, start + timedelta(days=6)))
    shared = _surroundings(found, people, academic, window, actor)
    names = _names(people, academic)
    return [
        WeekInContext(
            plan,
            replace(week, program=academic.program_of.get(plan.batch_id or 0)),
            replace(shared, batch_groups=academic.groups_of.get(plan.batch_id or 0, ())),
            (),
            {},
            names,
        )
        for plan, week in zip(plans, weeks, strict=True)
    ]


def of_session(planned: PlannedSession, *, actor: Actor, without: int = 0) -> tuple[Surroundings, Names]:
    """What a session of its own has around it: four statements; `without` leaves itself out."""
    starts, ends = planned.starts_at, planned.ends_at
    assert starts is not None
    assert ends is not None
    window = (starts, ends)
    taken, elsewhere, availability = stored.around(planned.day, window, without_session=without)
    nothing = WeekFacts(0, WeekScope.INSTITUTION, planned.day)
    found = stored.Stored(nothing, (), {}, taken, elsewhere, availability)
    days = (planned.day, planned.last_day)
    made = _assemble(None, found, [planned.content], set(), days, window, actor)
    return made.surroundings, made.names


def _window(start: date, zone: str) -> tuple[datetime, datetime]:
    first = datetime.combine(start, time.min, ZoneInfo(zone))
    return first, datetime.combine(start + WEEK, time.min, ZoneInfo(zone))


def _assemble(
    plan: WeekPlan | None,
    found: stored.Stored,
    contents: Sequence[Content],
    period_ids: set[int],
    days: tuple[date, date],
    window: tuple[datetime, datetime],
    actor: Actor,
) -> WeekInContext:
    people, academic = _outside(contents, found, period_ids, plan.batch_id if plan else None, set(), days)
    week = replace(found.week, program=academic.batch["program"] if academic.batch else None)
    around = _surroundings(found, people, academic, window, actor)
    return WeekInContext(plan, week, around, found.existing, dict(found.versions or {}), _names(people, academic))


def _surroundings(
    found: stored.Stored,
    people: directory.PlanningFacts,
    academic: academics.PlanningFacts,
    window: tuple[datetime, datetime],
    actor: Actor,
) -> Surroundings:
    settings = _settings(people)
    bookings = list(agenda.bookings(starts_at=window[0], ends_at=window[1], except_kind=SESSION_OWNER))
    others = [*_sessions(found.taken, academic, actor), *_cells(found.planned, academic, actor, settings)]
    others += [
        Occupation(OtherKind.BOOKING, each.pk, each.label, each.starts_at, each.ends_at, room=each.place_id,
                   is_visible=False)
        for each in bookings
    ]  # fmt: skip
    return Surroundings(
        settings=settings,
        others=tuple(others),
        teachers=_teachers(people),
        rooms={pk: RoomFacts(pk, *row) for pk, row in people.rooms.items()},
        groups={
            pk: GroupFacts(pk, each["name"], each["batch"], each["program"], each["size"])
            for pk, each in academic.groups.items()
        },
        sections={
            pk: SectionFacts(pk, each["name"], each["course"], each["size"]) for pk, each in academic.sections.items()
        },
        courses={pk: CourseFacts(pk, each["name"], each["department"]) for pk, each in academic.courses.items()},
        periods={pk: period_facts(pk, each) for pk, each in academic.periods.items()},
        leaves=tuple(LeaveFacts(pk, person, DateRange(first, last)) for pk, person, first, last in people.leaves),
        holidays=holidays(people.holidays),
        availability=found.availability,
        batch_groups=academic.batch_groups,
        enrolled={pk: frozenset(ids) for pk, ids in academic.enrolled.items()},
        placed={pk: frozenset(ids) for pk, ids in academic.placed.items()},
        passing={pk: tuple(DateRange(*each) for each in spans) for pk, spans in academic.passing.items()},
    )


def _outside(
    contents: Sequence[Content],
    found: stored.Stored,
    period_ids: set[int],
    batch_id: int | None,
    batches: set[int],
    days: tuple[date, date],
) -> tuple[directory.PlanningFacts, academics.PlanningFacts]:
    teachers = {person for each in contents for person in each.teachers}
    courses = {each.course for each in contents} | {each.course for each in found.taken}
    courses |= {each.content.course for each in found.planned}
    sections = _given(each.section for each in contents)
    elsewhere: list[Any] = []
    if sections:  # their students may be elsewhere in any of these
        elsewhere = [*(each.occupation for each in found.taken), *(each.content for each in found.planned)]
    academic = academics.facts(
        groups={group for each in contents for group in each.groups},
        sections=sections,
        courses=_given(courses),
        periods=period_ids | _given(each.academic_period for each in contents),
        batch=batch_id,
        batches=batches,
        others=academics.Others(
            groups={group for other in elsewhere for group in other.groups},
            sections=_given(other.section for other in elsewhere),
            batches=_given(each.batch for each in found.planned),
        ),
        first=days[0],
        last=days[1],
    )
    people = directory.facts(
        people=teachers,
        rooms=_given(each.room for each in contents),
        departments=_given(each.department for each in contents),
        first=days[0],
        last=days[1],
        keys=KEYS,
    )
    return people, academic


def _one(pk: int | None) -> frozenset[int]:
    return frozenset() if pk is None else frozenset({pk})


def _given(ids: Iterable[int | None]) -> set[int]:
    return {each for each in ids if each is not None}


def _settings(found: directory.PlanningFacts) -> TimetableSettings:
    return TimetableSettings(
        time_zone=found.institution["time_zone"],
        first_weekday=found.institution["first_weekday"],
        teaching_days=frozenset(found.settings["timetable.teaching_days"]),
        required_cells_per_day=found.settings["timetable.required_cells_per_day"],
        room_capacity=Severity(found.settings["timetable.room_capacity"]),
        verify_by_other=found.settings["timetable.verify_by_other"],
    )


def _teachers(found: directory.PlanningFacts) -> dict[int, TeacherFacts]:
    terms: dict[int, list[DateRange]] = {}
    for person, first, last in found.terms:
        terms.setdefault(person, []).append(DateRange(first, last))
    return {pk: TeacherFacts(pk, name, tuple(terms.get(pk, ()))) for pk, name in found.people.items()}


def holidays(rows: Iterable[tuple[int, str, date, date, str, int | None]]) -> tuple[HolidayFacts, ...]:
    """The directory's holidays as the rules know them."""
    return tuple(
        HolidayFacts(pk, name, first, last, HolidayScope(scope), scope_id)
        for pk, name, first, last, scope, scope_id in rows
    )


def period_facts(pk: int, each: Mapping[str, Any]) -> PeriodFacts:
    """An academic period as the rules know it."""
    return PeriodFacts(
        pk, each["name"], PeriodStatus(each["status"]), each["program"], each["batch"], each["start"], each["end"],
    )  # fmt: skip


def _sessions(taken: Iterable[stored.Taken], academic: academics.PlanningFacts, actor: Actor) -> Iterable[Occupation]:
    everything = actor.reach(Perm.SESSION_VIEW).everything
    for each in taken:
        held = each.occupation
        yield replace(
            held,
            label=_label(each.topic, each.course, academic),
            is_visible=everything or is_own(actor, held.teachers, held.section, held.groups),
        )


def is_own(actor: Actor, teachers: Collection[int], section: int | None, groups: Iterable[int]) -> bool:
    """Whether the actor teaches or attends what these hold: the section's students, else those of the groups."""
    if section is not None:
        return actor.person_id in teachers or f"section:{section}" in actor.audience
    return actor.person_id in teachers or any(f"group:{each}" in actor.audience for each in groups)


def _cells(
    planned: Iterable[stored.PlannedElsewhere],
    academic: academics.PlanningFacts,
    actor: Actor,
    settings: TimetableSettings,
) -> Iterable[Occupation]:
    reach = actor.reach(Perm.WEEK_VIEW_DRAFTS)
    for each in planned:
        day = cell_date(each.week_start, each.day_of_week, settings.first_weekday)
        when = local_interval(day, each.start, each.end, settings.time_zone)
        if when.is_invalid:
            continue
        groups = academic.groups_of.get(each.batch or 0, ()) if each.all_groups else each.content.groups
        yield Occupation(
            OtherKind.CELL,
            each.cell,
            _label(each.topic, each.content.course, academic),
            when.starts_at,
            when.ends_at,
            room=each.content.room,
            teachers=each.content.teachers,
            groups=groups,
            section=each.content.section,
            week_plan=each.plan,
            status=each.status,
            is_visible=reach.everything or each.batch in academic.batches_within(reach.programs, reach.batches),
        )


def _label(topic: str, course: int | None, academic: academics.PlanningFacts) -> str:
    name = academic.courses[course]["name"] if course in academic.courses else ""
    return name or topic or ""


def names_of(ids: Mapping[str, Collection[int]], day: date) -> Names:
    """What these `people`, `rooms`, `departments`, `groups`, `courses`, `sections` are called: two statements."""
    people = directory.facts(
        people=ids["people"], rooms=ids["rooms"], departments=ids["departments"], first=day, last=day
    )
    academic = academics.facts(
        groups=ids["groups"], courses=ids["courses"], sections=ids["sections"], first=day, last=day
    )
    return _names(people, academic)


def _names(people: directory.PlanningFacts, academic: academics.PlanningFacts) -> Names:
    return Names(
        institution=people.institution["name"],
        people=people.people,
        rooms={pk: row[0] for pk, row in people.rooms.items()},
        groups={pk: each["name"] for pk, each in academic.groups.items()},
        courses={pk: each["name"] for pk, each in academic.courses.items()},
        sections={pk: each["name"] for pk, each in academic.sections.items()},
        departments=people.departments,
        periods={pk: each["name"] for pk, each in academic.periods.items()},
        batch=academic.batch["name"] if academic.batch else "",
        program=academic.batch["program_name"] if academic.batch else "",
    )
