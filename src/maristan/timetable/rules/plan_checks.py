"""What the plan as a whole needs: lanes, the agreed number of periods, something in it, a period that is open."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from maristan.kernel.workflow import Severity
from maristan.timetable.rules.calendar import DAYS, cell_date, days_in_order, holidays_by_day
from maristan.timetable.rules.clashes import Span, overlapping
from maristan.timetable.rules.conflict_report import CellRef, Conflict, When, conflict_of_plan
from maristan.timetable.rules.details import DETAILS
from maristan.timetable.rules.facts import CellFacts, RowFacts, Surroundings, WeekFacts
from maristan.timetable.rules.states import PeriodStatus

Band = tuple[time, time]


def plan_conflicts(week: WeekFacts, surroundings: Surroundings, today: date) -> Iterator[Conflict]:
    """Every fault of the plan; `today` is the institution's local date."""
    yield from lane_conflicts(week, surroundings)
    yield from overlap_conflicts(week)
    yield from count_conflicts(week, surroundings)
    period = surroundings.periods.get(week.academic_period or 0)
    if period is not None and period.status is not PeriodStatus.OPEN:
        yield conflict_of_plan(week, "period_closed")
    if not week.scheduled:
        yield conflict_of_plan(week, "week_empty", Severity.WARN)
    if week.week_start + timedelta(days=6) < today:
        yield conflict_of_plan(week, "week_in_past", Severity.WARN)


def lane_conflicts(week: WeekFacts, surroundings: Surroundings) -> Iterator[Conflict]:
    """`lane_needed` (rule T8): cells of one day in rows of the same times whose lane is empty or not their own."""
    rows = week.rows_by_index()
    parallel: dict[tuple[int, Band], list[CellFacts]] = defaultdict(list)
    for cell in week.scheduled:
        band = rows[cell.row_index].band
        if band is not None:
            parallel[cell.day_of_week, band].append(cell)
    for (day, _), cells in parallel.items():
        lanes = Counter(_lane(rows[cell.row_index]) for cell in cells)
        unclear = [cell for cell in cells if not _lane(rows[cell.row_index]) or lanes[_lane(rows[cell.row_index])] > 1]
        if len(cells) > 1 and unclear:
            on = cell_date(week.week_start, day, surroundings.settings.first_weekday)
            yield Conflict("lane_needed", Severity.BLOCK, When(on), cells=_refs(unclear))


def overlap_conflicts(week: WeekFacts) -> Iterator[Conflict]:
    """`row_times_overlap` (warn): two rows that overlap in part, with the cells scheduled in both on one day."""
    spans = [
        Span(datetime.combine(week.week_start, row.band[0]), datetime.combine(week.week_start, row.band[1]), row)
        for row in week.rows
        if row.band is not None
    ]
    for one, other in overlapping(spans):
        if one.item.band != other.item.band:
            indexes = sorted((one.item.row_index, other.item.row_index))
            cells = _refs(_meeting(week, indexes))
            yield conflict_of_plan(week, "row_times_overlap", Severity.WARN, cells=cells, detail={"rows": indexes})


def count_conflicts(week: WeekFacts, surroundings: Surroundings) -> Iterator[Conflict]:
    """`INVALID_PERIOD_COUNT`: teaching days without a holiday that have not exactly the required number of bands."""
    settings = surroundings.settings
    required = settings.required_cells_per_day
    if required is None:
        return
    counts = _bands_by_day(week)
    free = _holidays(week, surroundings)
    days = [day for day in days_in_order(settings.first_weekday) if day in settings.teaching_days and day not in free]
    wrong = [day for day in days if counts[day] != required]
    if wrong:
        cells = _refs([cell for cell in week.scheduled if cell.day_of_week in wrong])
        named = [DETAILS["day_count"].told(day=DAYS[day], count=counts[day]) for day in wrong]
        yield conflict_of_plan(week, "INVALID_PERIOD_COUNT", cells=cells, detail={"days_with_wrong_count": named})


def _bands_by_day(week: WeekFacts) -> Counter[int]:
    rows = week.rows_by_index()
    bands = {
        (cell.day_of_week, rows[cell.row_index].band)
        for cell in week.scheduled
        if rows[cell.row_index].band is not None
    }
    return Counter(day for day, _ in bands)


def _holidays(week: WeekFacts, surroundings: Surroundings) -> frozenset[int]:
    programs = [] if week.program is None else [week.program]
    batches = [] if week.batch is None else [week.batch]
    own = [each for each in surroundings.holidays if each.holds_for(programs, batches)]
    return frozenset(holidays_by_day(week.week_start, surroundings.settings.first_weekday, own))


def _meeting(week: WeekFacts, indexes: list[int]) -> list[CellFacts]:
    involved = [cell for cell in week.scheduled if cell.row_index in indexes]
    days = Counter(cell.day_of_week for cell in involved)
    return [cell for cell in involved if days[cell.day_of_week] > 1]


def _lane(row: RowFacts) -> str:
    return row.lane.strip()


def _refs(cells: list[CellFacts]) -> tuple[CellRef, ...]:
    ordered = sorted(cells, key=lambda cell: (cell.row_index, cell.day_of_week))
    return tuple(CellRef(cell.id, cell.row_index, cell.day_of_week) for cell in ordered)
