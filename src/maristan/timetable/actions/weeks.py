"""Creating, copying and deleting week plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from maristan.academics.queries import planning as academics
from maristan.directory.queries import planning as directory
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.timetable.actions.grid import cell_row, write_draft
from maristan.timetable.models import WeekCell, WeekPlan, WeekSlotRow
from maristan.timetable.queries import stored, weeks
from maristan.timetable.queries.surroundings import holidays, period_facts
from maristan.timetable.rules.calendar import holidays_by_day, next_four, planned_week_start, weeks_of_period
from maristan.timetable.rules.copying import CopiedGrid, blank_grid, check_copy, copied_grid
from maristan.timetable.rules.facts import HolidayFacts, PeriodFacts, WeekFacts
from maristan.timetable.rules.grid import replacement
from maristan.timetable.rules.states import Perm, WeekScope
from maristan.timetable.rules.week_plan import check_delete, check_new_week, check_open

EXISTS = NotNow("week_exists", "This week is planned already.")


@dataclass(frozen=True, slots=True)
class Frame:
    """For whom weeks are created: scope, batch, period, and what the institution settled."""

    scope: WeekScope
    batch: dict[str, Any] | None
    period: PeriodFacts | None
    batch_groups: tuple[int, ...]
    first_weekday: int
    time_zone: str
    slot_count: int

    @property
    def batch_id(self) -> int | None:
        """The batch's id."""
        return self.batch["id"] if self.batch else None


@dataclass(frozen=True, slots=True)
class Made:
    """Weeks in order, each with whether it was created now."""

    weeks: tuple[tuple[WeekPlan, bool], ...]

    @property
    def created(self) -> list[WeekPlan]:
        """The weeks created now."""
        return [plan for plan, is_new in self.weeks if is_new]


@transaction.atomic
def create(
    *, week_start_date: date, scope: WeekScope, batch: int | None, academic_period: int | None,
    slot_count: int | None, by: Actor,
) -> WeekPlan:  # fmt: skip
    """Create one week around any of its days; a batch's running period is meant when none is named.

    Raises `NotAllowed`, `Invalid`, and `NotNow` (`week_exists` with its `id`, `period_closed`).
    """
    period = academic_period or _running(batch, week_start_date)
    frame = _frame(scope, batch, period, slot_count)
    starts = (planned_week_start(week_start_date, frame.first_weekday),)
    _judge(frame, starts, by)
    made = _make(frame, starts, template=None, by=by)
    plan, is_new = made.weeks[0]
    if not is_new:
        raise NotNow("week_exists", "This week is planned already.", id=plan.pk)
    return plan


@transaction.atomic
def create_next_four(
    *, scope: WeekScope, batch: int | None, academic_period: int | None, from_week_start: date | None,
    template_week: int | None, by: Actor,
) -> Made:  # fmt: skip
    """Create four consecutive weeks; those that exist stay as they are. A batch's running period is meant when
    none is named.

    Raises `NotAllowed`, `Invalid`, `NotNow` (`period_closed`).
    """
    day = from_week_start or local_today() + timedelta(days=7)
    frame = _frame(scope, batch, academic_period or _running(batch, day), None)
    starts = next_four(clock.today(frame.time_zone), frame.first_weekday, from_week_start)
    template = _template(template_week, by)
    _judge(frame, starts, by)
    return _make(frame, starts, template=template, by=by)


@transaction.atomic
def generate(*, academic_period: int, batch: int | None, template_week: int | None, by: Actor) -> Made:
    """Create every week of a dated period.

    Raises `NotAllowed`, `Invalid` (`too_many_weeks`, `period_not_dated`), `NotNow` (`period_closed`).
    """
    period = academics.known(periods=[academic_period], courses=[], sections=[], groups=[], batch=None)
    if academic_period not in period.periods:
        raise Invalid.unknown("/academic_period")
    of_batch = batch if batch is not None else period.periods[academic_period]["batch"]
    scope = WeekScope.BATCH if of_batch is not None else WeekScope.INSTITUTION
    frame = _frame(scope, of_batch, academic_period, None)
    found = frame.period
    if found is None or found.start_date is None or found.end_date is None:
        raise Invalid.at("/academic_period", "period_not_dated", "The period has no dates.")
    starts = weeks_of_period(found.start_date, found.end_date, frame.first_weekday)
    template = _template(template_week, by)
    _judge(frame, starts, by, pointer="/academic_period" if batch is None else "/batch")
    return _make(frame, starts, template=template, by=by)


def _template(pk: int | None, by: Actor) -> WeekPlan | None:
    if pk is None:
        return None
    found = weeks.visible_to(actor=by).filter(pk=pk).first()
    if found is None:
        raise Invalid.unknown("/template_week")
    return found


def _judge(frame: Frame, starts: Sequence[date], by: Actor, *, pointer: str = "/batch") -> None:
    """The shape of the weeks, whether the actor may (`pointer` names the batch), and whether the period is open."""
    for start in starts:
        check_new_week(
            frame.scope, start, has_batch=frame.batch is not None, period=frame.period, slot_count=frame.slot_count
        )
    reach = by.demand(Perm.WEEK_EDIT)
    if frame.batch is None:
        by.demand_at_large(Perm.WEEK_EDIT, within=reach.everything)
    else:
        may = weeks.may_draft(by, program=frame.batch["program"], batch=frame.batch["id"])
        by.demand(Perm.WEEK_EDIT, may, pointer=pointer)
    check_open([frame.period] if frame.period else [])


def _running(batch: int | None, day: date) -> int | None:
    return None if batch is None else academics.running_period(batch=batch, day=day)


def _frame(scope: WeekScope, batch: int | None, academic_period: int | None, slot_count: int | None) -> Frame:
    today = clock.now().date()
    here = directory.facts(people=[], rooms=[], first=today, last=today, keys=["timetable.slot_count"])
    found = academics.facts(periods=[academic_period] if academic_period else [], batch=batch, first=today, last=today)
    if batch is not None and found.batch is None:
        raise Invalid.unknown("/batch")
    if academic_period is not None and academic_period not in found.periods:
        raise Invalid.unknown("/academic_period")
    period = period_facts(academic_period, found.periods[academic_period]) if academic_period else None
    if period is not None and found.batch is not None and period.program != found.batch["program"]:
        raise Invalid.at("/academic_period", "unknown_reference", "The period belongs to another program.")
    if period is not None and period.batch is not None and period.batch != batch:
        raise Invalid.at("/academic_period", "unknown_reference", "The period belongs to another batch.")
    count = slot_count if slot_count is not None else here.settings["timetable.slot_count"]
    return Frame(
        scope, found.batch, period, found.batch_groups, here.institution["first_weekday"],
        here.institution["time_zone"], count,
    )  # fmt: skip


def _make(frame: Frame, starts: tuple[date, ...], *, template: WeekPlan | None, by: Actor) -> Made:
    """Create those of the weeks that are missing."""
    there = weeks.existing(scope=frame.scope, batch_id=frame.batch_id, starts=starts)
    missing = [start for start in starts if start not in there]
    if missing:
        try:
            with rows.refusing(timetable_weekplan_week_once=EXISTS):
                plans = WeekPlan.objects.bulk_create(_plan(frame, start) for start in missing)
        except NotNow:
            return _make(frame, starts, template=template, by=by)  # somebody was faster: theirs are there now
        _fill(frame, plans, there, template, by)
        there |= {plan.week_start_date: plan for plan in plans}
        changes = {plan.pk: {"week_start_date": [None, plan.week_start_date]} for plan in plans}
        journal.record_each("week_plan.created", "week_plan", changes, by=by)
    return Made(tuple((there[start], start in missing) for start in starts))


def _plan(frame: Frame, start: date) -> WeekPlan:
    period = frame.period.id if frame.period else None
    return WeekPlan(scope=frame.scope, batch_id=frame.batch_id, academic_period_id=period, week_start_date=start)


def _fill(
    frame: Frame, plans: Sequence[WeekPlan], there: Mapping[date, WeekPlan], template: WeekPlan | None, by: Actor
) -> None:
    """Rows and cells of new plans: two inserts for all of them."""
    grids = _from_template(frame, plans, template) if template else _from_earlier(frame, plans, there)
    made = WeekSlotRow.objects.bulk_create(
        WeekSlotRow(
            week_plan=plan, row_index=row.row_index, start_time=row.start_time, end_time=row.end_time,
            label=row.label, lane=row.lane, is_break=row.is_break,
        )
        for plan, grid in grids
        for row in grid.rows
    )  # fmt: skip
    row_ids = {(row.week_plan_id, row.row_index): row.pk for row in made}
    WeekCell.objects.bulk_create(
        [
            cell_row(plan, cell, {cell.row_index: row_ids[plan.pk, cell.row_index]})
            for plan, grid in grids
            for cell in grid.cells
        ],
        batch_size=4000,
    )


def _from_earlier(
    frame: Frame, plans: Sequence[WeekPlan], there: Mapping[date, WeekPlan]
) -> list[tuple[WeekPlan, CopiedGrid]]:
    """Blank grids with the rows of the latest earlier plan of each: two statements (rule T3)."""
    first = weeks.latest_before(scope=frame.scope, batch_id=frame.batch_id, day=plans[0].week_start_date)
    known = sorted([*there.values(), *([first] if first else [])], key=lambda plan: plan.week_start_date)
    rows_of = stored.rows_of([plan.pk for plan in known])
    found = []
    for plan in plans:
        earlier = [each for each in known if each.week_start_date < plan.week_start_date]
        found.append((plan, blank_grid(frame.slot_count, rows_of[earlier[-1].pk] if earlier else ())))
    return found


def _from_template(frame: Frame, plans: Sequence[WeekPlan], template: WeekPlan) -> list[tuple[WeekPlan, CopiedGrid]]:
    source = stored.grid_only(template).week
    days = _holidays(plans[0].week_start_date, plans[-1].week_start_date)
    found = []
    for plan in plans:
        target = WeekFacts(plan.pk, frame.scope, plan.week_start_date, batch=frame.batch_id)
        free = _in_scope(frame.batch, plan.week_start_date, frame.first_weekday, days)
        found.append((plan, copied_grid(source, target, holidays=free, batch_groups=frame.batch_groups)))
    return found


def _holidays(first: date, last_start: date) -> tuple[HolidayFacts, ...]:
    found = directory.facts(people=[], rooms=[], first=first, last=last_start.fromordinal(last_start.toordinal() + 6))
    return holidays(found.holidays)


def _in_scope(
    batch: dict[str, Any] | None, start: date, first_weekday: int, found: Sequence[HolidayFacts]
) -> dict[int, HolidayFacts]:
    programs, batches = ([batch["program"]], [batch["id"]]) if batch else ([], [])
    return holidays_by_day(start, first_weekday, [each for each in found if each.holds_for(programs, batches)])


@transaction.atomic
def copy_from(*, pk: int, source: int, version: int | None, overwrite: bool, with_topics: bool, by: Actor) -> WeekPlan:
    """Copy another week's rows and cells into a draft.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`unknown_reference`), and `NotNow` (`wrong_status`,
    `week_not_empty`, `period_closed`).
    """
    plan = weeks.get(pk, actor=by, lock=True)
    by.demand(Perm.WEEK_EDIT, weeks.may_edit(by, plan))
    origin = weeks.visible_to(actor=by).filter(pk=source).exclude(pk=pk).first()
    if origin is None:
        raise Invalid.at("/source", "unknown_reference", "There is no other week of that id.")
    target, given = stored.grid_only(plan).week, stored.grid_only(origin).week
    named = {
        each for each in (plan.academic_period_id, *(cell.content.academic_period for cell in given.cells)) if each
    }
    day = plan.week_start_date
    known = academics.facts(batch=plan.batch_id, periods=named, first=day, last=day)
    copied = copied_grid(
        given,
        target,
        holidays=_in_scope(known.batch, day, plan.institution.first_weekday, _holidays(day, day)),
        batch_groups=known.batch_groups,
        with_topics=with_topics,
    )
    changes = replacement(target, copied.rows, copied.cells)
    by.demand(Perm.WEEK_EDIT, weeks.may_write(by, plan, changes.cells_concerned(target)), pointer="/source")
    rows.must_match(plan, version, ("week_plan", pk), required=False)
    check_copy(target, overwrite=overwrite)
    check_open(period_facts(each, known.periods[each]) for each in sorted(named) if each in known.periods)
    if not changes.is_empty:
        write_draft(plan=plan, changes=changes, by=by, copied_from=origin.pk)
    return plan


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a draft that was never published.

    Raises `NotFound`, `NotAllowed`, and `NotNow` (`week_was_published`, `wrong_status`).
    """
    plan = weeks.get(pk, actor=by, lock=True)
    week = stored.grid_only(plan).week
    by.demand(Perm.WEEK_EDIT, weeks.may_write(by, plan, week.filled))
    check_delete(week)
    plan.delete()
    journal.record(
        "week_plan.deleted", ("week_plan", pk), by=by, changes={"week_start_date": [plan.week_start_date, None]}
    )
