"""The life of a week plan: draft, verified, published, amended, taken back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from maristan.kernel.errors import Faults, NotNow
from maristan.kernel.workflow import Mover, Requirement, Severity, Transition, Workflow, refuse
from maristan.timetable.rules.calendar import YEARS
from maristan.timetable.rules.conflict_report import LABELS, Conflict
from maristan.timetable.rules.conflicts import as_requirements, concerning
from maristan.timetable.rules.facts import PeriodFacts, Surroundings, WeekFacts
from maristan.timetable.rules.grid import GridChanges
from maristan.timetable.rules.grid_input import ROWS_AT_MOST
from maristan.timetable.rules.publication import ExistingSession, PublicationDiff, attendance_block
from maristan.timetable.rules.states import PeriodStatus, Perm, WeekScope, WeekStatus


@dataclass(frozen=True, slots=True)
class PlanMoveFacts:
    """What the moves of a plan look at.

    `conflicts` is the whole report of the week, `blocked` the publication's `attendance_exists`, `sessions` every
    occurrence. `asker_is_editor`: the one who asks made the last edit.
    """

    week: WeekFacts
    conflicts: tuple[Conflict, ...] = ()
    blocked: tuple[Requirement, ...] = ()
    sessions: tuple[ExistingSession, ...] = ()
    verify_by_other: bool = False
    asker_is_editor: bool = False


@dataclass(frozen=True, slots=True)
class SaveFacts:
    """What saving the grid looks at.

    `conflicts` is the report of the week as it will stand (`changes.after`), `diff` the publication of the touched
    cells; neither is needed for a week that is not published.
    """

    week: WeekFacts
    changes: GridChanges
    surroundings: Surroundings
    conflicts: tuple[Conflict, ...] = ()
    diff: PublicationDiff = field(default_factory=PublicationDiff)


def report_clear(facts: PlanMoveFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """Every conflict of the week."""
    return as_requirements(facts.conflicts)


def attendance_kept(facts: PlanMoveFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`attendance_exists` for what a publication would change."""
    return facts.blocked


def verified_by_other(facts: PlanMoveFacts, actor: Mover, now: datetime) -> Iterator[Requirement]:
    """`verifier_is_editor`, where the institution asks for a second pair of eyes."""
    if facts.verify_by_other:
        label = "Another person than the last editor verifies"
        yield Requirement("verifier_is_editor", label, met=not facts.asker_is_editor)


def no_attendance(facts: PlanMoveFacts, actor: Mover, now: datetime) -> Iterator[Requirement]:
    """`attendance_exists` for each live session of the week that has any."""
    for each in facts.sessions:
        if each.is_live and each.attendance_recorded:
            yield attendance_block(each, ("removal",))


def not_started(facts: PlanMoveFacts, actor: Mover, now: datetime) -> Iterator[Requirement]:
    """`session_started` (warn), with the ids of the live sessions that have begun."""
    begun = [each.session for each in facts.sessions if each.is_live and each.starts_at <= now]
    if begun:
        yield Requirement(
            "session_started",
            "Sessions of the week have begun",
            detail=str(len(begun)),
            severity=Severity.WARN,
            where={"sessions": begun},
        )


WEEK_PLAN: Workflow[PlanMoveFacts] = Workflow(
    "week_plan",
    tuple(WeekStatus),
    (
        Transition(
            "verify",
            frozenset({WeekStatus.DRAFT}),
            WeekStatus.VERIFIED,
            Perm.WEEK_VERIFY,
            requirements=(report_clear, verified_by_other),
        ),
        Transition(
            "return",
            frozenset({WeekStatus.VERIFIED}),
            WeekStatus.DRAFT,
            Perm.WEEK_VERIFY,
            label="Return to draft",
            needs_reason=True,
        ),
        Transition(
            "publish",
            frozenset({WeekStatus.VERIFIED, WeekStatus.PUBLISHED}),
            WeekStatus.PUBLISHED,
            Perm.WEEK_PUBLISH,
            requirements=(report_clear, attendance_kept),
        ),
        Transition(
            "revert",
            frozenset({WeekStatus.PUBLISHED}),
            WeekStatus.DRAFT,
            Perm.WEEK_REVERT,
            label="Revert to draft",
            requirements=(no_attendance, not_started),
            needs_reason=True,
        ),
    ),
    status_of=lambda facts: facts.week.status,
)


def period_editable(facts: SaveFacts, actor: Mover, now: datetime) -> Iterator[Requirement]:
    """`period_closed` when the plan's period, or one that a touched cell names, is CLOSED; a PLANNED one is edited."""
    named = {
        cell.content.academic_period
        for week in (facts.week, facts.changes.after)
        for cell in week.cells
        if cell.address in facts.changes.touched
    }
    for period_id in sorted({each for each in (*named, facts.week.academic_period) if each is not None}):
        period = facts.surroundings.periods.get(period_id)
        if period is not None and period.status is PeriodStatus.CLOSED:
            yield _period_closed(period)


def amendment_clear(facts: SaveFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """The conflicts that the touched cells must answer for."""
    return as_requirements(concerning(facts.conflicts, facts.changes.touched))


def amendment_in_open_period(facts: SaveFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`period_closed` for what leaves the week too; a cell that stays says so by its conflict."""
    said = any(each.code == "period_closed" and each.blocks for each in amendment_clear(facts, actor, now))
    return () if said else period_editable(facts, actor, now)


def amendment_keeps_attendance(facts: SaveFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`attendance_exists` for the touched cells."""
    return facts.diff.blocked


WEEK_SAVE: Workflow[SaveFacts] = Workflow(
    "week_save",
    tuple(WeekStatus),
    (
        Transition(
            "edit",
            frozenset({WeekStatus.DRAFT, WeekStatus.VERIFIED}),
            WeekStatus.DRAFT,
            Perm.WEEK_EDIT,
            requirements=(period_editable,),
        ),
        Transition(
            "amend",
            frozenset({WeekStatus.PUBLISHED}),
            WeekStatus.PUBLISHED,
            Perm.WEEK_AMEND,
            requirements=(amendment_clear, amendment_in_open_period, amendment_keeps_attendance),
            needs_reason=True,
        ),
    ),
    status_of=lambda facts: facts.week.status,
)


def check_new_week(
    scope: WeekScope, week_start: date, *, has_batch: bool, period: PeriodFacts | None, slot_count: int
) -> None:
    """Judge a week that is to be created; `week_start` is already moved to the first weekday.

    Raises `Invalid` with every fault (`batch_required`, `period_required`, `week_outside_period`, `batch_not_allowed`,
    `date_out_of_range`, `out_of_range`).
    """
    faults = Faults()
    if week_start.year not in YEARS:
        faults.add("/week_start_date", "date_out_of_range", "Weeks are planned from 2000 to 2100.")
    if scope is WeekScope.BATCH:
        _judge_batch_week(week_start, has_batch, period, faults)
    elif has_batch:
        faults.add("/batch", "batch_not_allowed", "An institution-wide week has no batch.")
    if not 1 <= slot_count <= ROWS_AT_MOST:
        faults.add("/slot_count", "out_of_range", f"Possible: 1 to {ROWS_AT_MOST}.")
    faults.stop()


def check_open(periods: Iterable[PeriodFacts]) -> None:
    """A CLOSED period takes no new weeks and no content (rule A6); raises `NotNow` (`period_closed`)."""
    refuse([_period_closed(each) for each in periods if each.status is PeriodStatus.CLOSED], code="period_closed")


def check_delete(week: WeekFacts) -> None:
    """Only a draft that was never published is deleted (rule T19); raises `NotNow` (`week_was_published`)."""
    if week.was_published or week.status is WeekStatus.PUBLISHED:
        raise NotNow("week_was_published", "The week was published; it can be reverted, not deleted.")
    if week.status is not WeekStatus.DRAFT:
        raise NotNow("week_was_published", "The week is verified; return it to draft first.")


def _judge_batch_week(week_start: date, has_batch: bool, period: PeriodFacts | None, faults: Faults) -> None:
    if not has_batch:
        faults.add("/batch", "batch_required", "Name the batch.")
    if period is None:
        faults.add("/academic_period", "period_required", "Name the academic period.")
    elif period.start_date is not None and period.end_date is not None:
        last = week_start + timedelta(days=6)
        if last < period.start_date or period.end_date < week_start:
            faults.add("/academic_period", "week_outside_period", "The period covers no day of the week.")


def _period_closed(period: PeriodFacts) -> Requirement:
    where = {"period": {"id": period.id, "name": period.name}}
    return Requirement("period_closed", LABELS["period_closed"], detail=period.name, where=where)
