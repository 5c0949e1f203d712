"""Who or what would be in two places: one sweep over time for each room, teacher, group, section and student."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Generic, TypeVar

from maristan.kernel.workflow import Severity
from maristan.timetable.rules.conflict_report import (
    Conflict,
    Named,
    OtherSide,
    When,
    cell_refs,
    group_named,
    other_side,
    people_of,
    room_of,
    section_named,
    teacher_named,
)
from maristan.timetable.rules.facts import Content, Occupation, Surroundings, WeekFacts
from maristan.timetable.rules.planned import PlannedSession
from maristan.timetable.rules.states import AllocationKind, OtherKind, WeekStatus

T = TypeVar("T")
Resource = tuple[AllocationKind, int]
Pair = tuple["Span[PlannedSession | Occupation]", "Span[PlannedSession | Occupation]"]

CLASH_CODES: dict[AllocationKind, str] = {
    AllocationKind.ROOM: "room_clash",
    AllocationKind.FACULTY: "faculty_clash",
    AllocationKind.GROUP: "group_clash",
    AllocationKind.SECTION: "section_clash",
}


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """Half-open `[starts_at, ends_at)` of something; `is_own` marks what is being checked."""

    starts_at: datetime
    ends_at: datetime
    item: T
    is_own: bool = True


def overlapping(spans: Iterable[Span[T]]) -> Iterator[tuple[Span[T], Span[T]]]:
    """Every pair of spans that share a moment and of which at least one is own; an own one comes first.

    Back-to-back is free, empty spans never overlap. Cost: O(n log n) and one step for each pair found, for pairs of
    strange spans are never looked at.
    """
    running: dict[bool, list[tuple[datetime, int, Span[T]]]] = {True: [], False: []}
    ticket = count()
    for span in sorted(spans, key=lambda each: each.starts_at):
        if span.ends_at <= span.starts_at:
            continue
        for heap in running.values():
            while heap and heap[0][0] <= span.starts_at:
                heapq.heappop(heap)
        yield from ((earlier, span) for _, _, earlier in running[True])
        if span.is_own:
            yield from ((span, earlier) for _, _, earlier in running[False])
        heapq.heappush(running[span.is_own], (span.ends_at, next(ticket), span))


def resources_of(content: Content) -> tuple[Resource, ...]:
    """What a session holds: its room, each teacher, each group, its section. Guests are not compared."""
    return _resources(content.room, content.teachers, content.groups, content.section)


def opponents(week: WeekFacts | None, surroundings: Surroundings) -> tuple[Occupation, ...]:
    """What a week is compared with (rule T13): not its own cells and sessions, not cells that are published."""
    own = week.id if week is not None else None
    return tuple(
        each
        for each in surroundings.others
        if (own is None or each.week_plan != own)
        and not (each.kind is OtherKind.CELL and each.status is WeekStatus.PUBLISHED)
    )


def clashes(
    planned: Iterable[PlannedSession], week: WeekFacts | None, surroundings: Surroundings
) -> Iterator[Conflict]:
    """Room, teacher, group and section clashes of the planned sessions among themselves and with their opponents.

    Cells of other unpublished plans warn, everything else blocks. `week` is None for a direct session.
    """
    for (kind, resource_id), spans in _spans_by_resource(planned, opponents(week, surroundings)).items():
        named = _person_named(kind, resource_id, surroundings)
        for own, against in overlapping(spans):
            yield _clash(CLASH_CODES[kind], own, against, week, surroundings, named)


def student_clashes(
    planned: Iterable[PlannedSession], week: WeekFacts | None, surroundings: Surroundings
) -> Iterator[Conflict]:
    """Warnings where students enrolled in a session's section are elsewhere, with `detail["count"]` of them.

    A session's students are those enrolled in its section, else those placed in its groups. One conflict for each
    pair of session and other side.
    """
    sessions = list(planned)
    concerned = frozenset[int]().union(*(_enrolled(each.content.section, surroundings) for each in sessions))
    spans: dict[int, list[Span[PlannedSession | Occupation]]] = defaultdict(list)
    for each in sessions:
        for student in _students(each.content.section, each.content.groups, surroundings) & concerned:
            spans[student].extend(_span_of(each, is_own=each.content.section is not None))
    for other in opponents(week, surroundings):
        for student in _students(other.section, other.groups, surroundings) & concerned:
            spans[student].append(Span(other.starts_at, other.ends_at, other, is_own=False))
    for pairs in _students_apart(spans).values():
        own, against = pairs[0]
        yield _student_clash(own, against, len(pairs), week, surroundings)


def _spans_by_resource(
    planned: Iterable[PlannedSession], others: Iterable[Occupation]
) -> Mapping[Resource, list[Span[PlannedSession | Occupation]]]:
    held: dict[Resource, list[Span[PlannedSession | Occupation]]] = defaultdict(list)
    for session in planned:
        for resource in resources_of(session.content):
            held[resource].extend(_span_of(session))
    for other in others:
        for resource in _resources(other.room, other.teachers, other.groups, other.section):
            if resource in held:
                held[resource].append(Span(other.starts_at, other.ends_at, other, is_own=False))
    return held


def _students_apart(
    spans: Mapping[int, list[Span[PlannedSession | Occupation]]],
) -> Mapping[tuple[int, int], list[Pair]]:
    apart: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    for each in spans.values():
        for own, against in overlapping(each):
            if _section_of(own.item) != _section_of(against.item):
                key = min(id(own.item), id(against.item)), max(id(own.item), id(against.item))
                apart[key].append((own, against))
    return apart


def _student_clash(
    own: Span[PlannedSession | Occupation],
    against: Span[PlannedSession | Occupation],
    count_of: int,
    week: WeekFacts | None,
    surroundings: Surroundings,
) -> Conflict:
    section = section_named(_section_of(own.item) or 0, surroundings)
    found = _clash("student_clash", own, against, week, surroundings, section)
    return replace(found, severity=Severity.WARN, detail={"count": count_of})


def _clash(
    code: str,
    own: Span[PlannedSession | Occupation],
    against: Span[PlannedSession | Occupation],
    week: WeekFacts | None,
    surroundings: Surroundings,
    who: Named | None,
) -> Conflict:
    mine, theirs = own.item, against.item
    assert isinstance(mine, PlannedSession)
    if isinstance(theirs, PlannedSession):
        mine, theirs = sorted((mine, theirs), key=lambda each: each.cell.address if each.cell else (0, 0))
    return Conflict(
        code,
        _severity(theirs),
        When(mine.day, max(own.starts_at, against.starts_at), min(own.ends_at, against.ends_at)),
        who or people_of(mine, surroundings),
        room_of(mine, surroundings),
        cell_refs(mine) + (cell_refs(theirs) if isinstance(theirs, PlannedSession) else ()),
        _own_cell(theirs, week, surroundings) if isinstance(theirs, PlannedSession) else other_side(theirs),
    )


def _severity(theirs: PlannedSession | Occupation) -> Severity:
    is_planned = isinstance(theirs, Occupation) and theirs.kind is OtherKind.CELL
    return Severity.WARN if is_planned else Severity.BLOCK


def _own_cell(theirs: PlannedSession, week: WeekFacts | None, surroundings: Surroundings) -> OtherSide:
    content = theirs.content
    course = surroundings.courses.get(content.course or 0)
    label = content.topic or (course.name if course is not None else "")
    cell_id = theirs.cell.id if theirs.cell is not None else None
    return OtherSide(
        OtherKind.CELL,
        cell_id,
        label,
        week.id if week is not None else None,
        week.status if week is not None else None,
    )


def _span_of(session: PlannedSession, is_own: bool = True) -> list[Span[PlannedSession | Occupation]]:
    if session.interval is None:
        return []
    return [Span(*session.interval, session, is_own)]


def _resources(
    room: int | None, teachers: Iterable[int], groups: Iterable[int], section: int | None
) -> tuple[Resource, ...]:
    held: list[Resource] = [] if room is None else [(AllocationKind.ROOM, room)]
    held += [(AllocationKind.FACULTY, each) for each in dict.fromkeys(teachers)]
    held += [(AllocationKind.GROUP, each) for each in dict.fromkeys(groups)]
    return tuple(held if section is None else [*held, (AllocationKind.SECTION, section)])


def _person_named(kind: AllocationKind, resource_id: int, surroundings: Surroundings) -> Named | None:
    match kind:
        case AllocationKind.ROOM:
            return None
        case AllocationKind.FACULTY:
            return teacher_named(resource_id, surroundings)
        case AllocationKind.GROUP:
            return group_named(resource_id, surroundings)
        case AllocationKind.SECTION:
            return section_named(resource_id, surroundings)


def _section_of(item: PlannedSession | Occupation) -> int | None:
    return item.content.section if isinstance(item, PlannedSession) else item.section


def _enrolled(section: int | None, surroundings: Surroundings) -> frozenset[int]:
    return frozenset() if section is None else surroundings.enrolled.get(section, frozenset())


def _students(section: int | None, groups: Iterable[int], surroundings: Surroundings) -> frozenset[int]:
    if section is not None:
        return _enrolled(section, surroundings)
    return frozenset[int]().union(*(surroundings.placed.get(each, frozenset()) for each in groups))
