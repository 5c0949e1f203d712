"""One session: what may be done to it, by whom and until when."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from maristan.kernel.errors import Faults, NotFound, NotNow
from maristan.kernel.workflow import Demand, Mover, Requirement, Transition, Workflow, refuse
from maristan.timetable.rules.conflict_report import Conflict
from maristan.timetable.rules.conflicts import as_requirements
from maristan.timetable.rules.facts import Content, HolidayFacts
from maristan.timetable.rules.states import Perm, SessionSource, SessionStatus

LONGEST = timedelta(hours=24)
ANNOTATIONS = frozenset({"topic", "note", "syllabus_items"})
REQUESTED_MOVES = ("cancel", "substitute", "relocate")
SUBSTITUTE_CODES = frozenset({"faculty_clash", "faculty_on_leave", "faculty_inactive", "faculty_unavailable"})
RELOCATE_CODES = frozenset({"room_clash", "room_inactive", "room_too_small"})


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session as the rules of one session see it.

    `day` and `last_day` are local dates. `teachers` are its own, `section_teachers` those of its section. `batches` and
    `programs` are those it teaches. `week_plan` and `cell` are None for a DIRECT session.
    """

    id: int
    source: SessionSource
    status: SessionStatus
    starts_at: datetime
    ends_at: datetime
    day: date
    last_day: date
    attendance_recorded: bool = False
    teachers: frozenset[int] = frozenset()
    section_teachers: frozenset[int] = frozenset()
    week_plan: int | None = None
    cell: int | None = None
    batches: frozenset[int] = frozenset()
    programs: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SessionMoveFacts:
    """What the moves of a session look at; `conflicts` is its report with the asked teacher or room in place.

    Without a teacher or room asked for (the screen), `conflicts` stays empty.
    """

    session: SessionFacts
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidaySelection:
    """The sessions that a holiday hits: those to cancel, and those left because attendance is recorded."""

    cancel: tuple[SessionFacts, ...] = ()
    left: tuple[SessionFacts, ...] = ()
    by_week: dict[int | None, tuple[SessionFacts, ...]] = field(default_factory=dict)


def no_attendance(facts: SessionMoveFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`attendance_exists`."""
    session = facts.session
    yield Requirement(
        "attendance_exists",
        "No attendance is recorded for the session",
        met=not session.attendance_recorded,
        where={"session": session.id, "date": session.day.isoformat()},
    )


def conflict_free(codes: frozenset[str]) -> Demand[SessionMoveFacts]:
    """A demand for the conflicts of these codes."""

    def demand(facts: SessionMoveFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
        return as_requirements(facts.conflicts, codes)

    return demand


def _staying(name: str, codes: frozenset[str]) -> Transition[SessionMoveFacts]:
    return Transition(
        name,
        frozenset({SessionStatus.SCHEDULED}),
        SessionStatus.SCHEDULED,
        Perm.SESSION_MANAGE,
        requirements=(conflict_free(codes),),
        needs_reason=True,
    )


SESSION: Workflow[SessionMoveFacts] = Workflow(
    "session",
    tuple(SessionStatus),
    (
        Transition(
            "cancel",
            frozenset({SessionStatus.SCHEDULED}),
            SessionStatus.CANCELLED,
            Perm.SESSION_MANAGE,
            requirements=(no_attendance,),
            needs_reason=True,
        ),
        _staying("substitute", SUBSTITUTE_CODES),
        _staying("relocate", RELOCATE_CODES),
        Transition("complete", frozenset({SessionStatus.SCHEDULED}), SessionStatus.COMPLETED, Perm.SESSION_MANAGE),
        Transition("reopen", frozenset({SessionStatus.COMPLETED}), SessionStatus.SCHEDULED, Perm.SESSION_MANAGE),
    ),
    status_of=lambda facts: facts.session.status,
)


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """A session ends after it starts and within 24 hours of elapsed time; it may pass midnight (rule T20).

    Both instants carry an offset. Raises `Invalid` at `/ends_at` (`end_not_after_start`, `too_long`).
    """
    faults = Faults()
    if ends_at <= starts_at:
        faults.add("/ends_at", "end_not_after_start")
    elif ends_at - starts_at > LONGEST:
        faults.add("/ends_at", "too_long", "A session lasts at most 24 hours.")
    faults.stop()


def out_of_scope(
    content: Content,
    unmanaged: Collection[tuple[str, int]],
    *,
    is_teacher: bool,
    own_group: int | None,
    manages_programs: bool,
) -> list[tuple[str, int]]:
    """Field and id of what a body may not name (rule T20); `unmanaged` is what `session.manage` does not reach.

    A teacher of the section names no group beside the section's `own_group`; one who manages no programs has own
    sections alone.
    """
    groups = [("groups", each) for each in content.groups]
    if not unmanaged:
        return []
    if is_teacher:
        return [each for each in groups if each[1] != own_group]
    if manages_programs:
        return list(unmanaged)
    return groups if content.section is None else [("section", content.section)]


def may_manage(person: int | None, section_teachers: Collection[int], *, manages: bool) -> bool:
    """True for holders of `session.manage` in scope, and for a teacher of the session's section (DIRECT only)."""
    return manages or (person is not None and person in section_teachers)


def may_move(session: SessionFacts, *, person: int | None, manages: bool) -> bool:
    """True for holders of `session.manage` in scope; for a DIRECT session also for a teacher of its section."""
    own = session.section_teachers if session.source is SessionSource.DIRECT else frozenset()
    return may_manage(person, own, manages=manages)


def check_direct(conflicts: Iterable[Conflict]) -> tuple[Requirement, ...]:
    """Refuse a direct session whose report blocks, and give its warnings.

    `conflicts` comes from `conflicts.session_conflicts`. Raises `NotNow` naming every blocking one.
    """
    found = as_requirements(conflicts)
    refuse([each for each in found if each.blocks])
    return tuple(each for each in found if not each.blocks)


def check_change(
    session: SessionFacts, changed: Collection[str], *, person: int | None, manages: bool, now: datetime
) -> None:
    """Judge a PATCH of the fields `changed` (rule T20); `manages`: the actor holds `session.manage` in scope.

    A PLAN session takes only annotations, by its own teachers, until it ends. A DIRECT one changes until it starts.
    Raises `NotFound` for who neither teaches nor manages it, or `NotNow` with code `session_has_plan` (and `week`) or
    `session_in_use`.
    """
    if session.source is SessionSource.DIRECT:
        _check_direct_change(session, person=person, manages=manages, now=now)
        return
    is_own = person is not None and person in session.teachers
    is_annotation = bool(changed) and ANNOTATIONS.issuperset(changed)
    if is_own and is_annotation and now < session.ends_at and session.status is not SessionStatus.CANCELLED:
        return
    if not (is_own or manages):
        raise NotFound()
    raise NotNow("session_has_plan", "The session is changed through its week.", week=session.week_plan)


def check_delete(session: SessionFacts, *, person: int | None, manages: bool, now: datetime) -> None:
    """Judge a DELETE (rule T20): a DIRECT session that has not started and has no attendance.

    Raises `NotFound` for who neither teaches nor manages it, or `NotNow` with code `session_has_plan` (and `week`) or
    `session_in_use`.
    """
    if session.source is SessionSource.DIRECT:
        _check_direct_change(session, person=person, manages=manages, now=now)
        return
    if not manages and person not in session.teachers:
        raise NotFound()
    raise NotNow("session_has_plan", "The session is cancelled through its week.", week=session.week_plan)


def hit_by_holiday(holiday: HolidayFacts, sessions: Iterable[SessionFacts]) -> HolidaySelection:
    """The SCHEDULED sessions a holiday cancels and the live ones it leaves for their attendance (rule T16).

    `by_week` groups the former by week plan, the weeks to amend; DIRECT ones stand under None.
    """
    ordered = selected(holiday, sessions)
    cancel = tuple(each for each in ordered if not _is_held(each))
    by_week: dict[int | None, list[SessionFacts]] = defaultdict(list)
    for each in cancel:
        by_week[each.week_plan].append(each)
    left = tuple(each for each in ordered if _is_held(each))
    return HolidaySelection(cancel, left, {week: tuple(group) for week, group in by_week.items()})


def selected(holiday: HolidayFacts, sessions: Iterable[SessionFacts]) -> list[SessionFacts]:
    """The live sessions in the scope and on the days of a holiday, by start."""
    hit = [
        each
        for each in sessions
        if each.status is not SessionStatus.CANCELLED
        and holiday.touches(each.day, each.last_day)
        and holiday.holds_for(each.programs, each.batches)
    ]
    return sorted(hit, key=lambda each: (each.starts_at, each.id))


def _is_held(session: SessionFacts) -> bool:
    return session.attendance_recorded or session.status is SessionStatus.COMPLETED


def _check_direct_change(session: SessionFacts, *, person: int | None, manages: bool, now: datetime) -> None:
    if not may_manage(person, session.section_teachers, manages=manages):
        raise NotFound()
    if session.starts_at <= now or _is_held(session) or session.status is SessionStatus.CANCELLED:
        raise NotNow("session_in_use", "The session has started, has attendance, or was cancelled.")
