"""Copying a week into a draft (rules T3, T6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from maristan.kernel.errors import NotNow
from maristan.timetable.rules.facts import CellFacts, HolidayFacts, RowFacts, WeekFacts
from maristan.timetable.rules.states import CellStatus, WeekScope, WeekStatus


@dataclass(frozen=True, slots=True)
class CopiedGrid:
    """The rows and cells the target shall have; ids are the target's, None where a row must be added."""

    rows: tuple[RowFacts, ...]
    cells: tuple[CellFacts, ...]


def blank_grid(slot_count: int, earlier: tuple[RowFacts, ...] = ()) -> CopiedGrid:
    """A new plan's rows with seven EMPTY cells each (rule T3); no row has an id yet.

    Times, labels, lanes and breaks come from `earlier`, the rows of the latest earlier plan of the same scope, when
    there are exactly `slot_count`.
    """
    ordered = sorted(earlier, key=lambda row: row.row_index)
    if len(ordered) == slot_count:
        rows = tuple(replace(row, id=None, row_index=index) for index, row in enumerate(ordered, start=1))
    else:
        rows = tuple(RowFacts(None, index) for index in range(1, slot_count + 1))
    return CopiedGrid(rows, tuple(CellFacts(None, row.row_index, day) for row in rows for day in range(7)))


def check_copy(target: WeekFacts, *, overwrite: bool) -> None:
    """Refuse to copy into a week that is no draft (`wrong_status`) or, without `overwrite`, not empty.

    Raises `NotNow`, for the latter with code `week_not_empty`.
    """
    if target.status is not WeekStatus.DRAFT:
        raise NotNow("wrong_status", f"The week is {target.status.value}; only a draft is copied into.")
    if not overwrite and any(cell.status is not CellStatus.EMPTY for cell in target.cells):
        raise NotNow("week_not_empty", "The week has content; overwrite it or choose another.")


def copied_grid(
    source: WeekFacts,
    target: WeekFacts,
    *,
    holidays: Mapping[int, HolidayFacts],
    batch_groups: Iterable[int] = (),
    with_topics: bool = False,
) -> CopiedGrid:
    """The source's rows and cells in the target, by `row_index` (rule T6).

    `holidays` maps `day_of_week` to the holiday on that day of the target week (`calendar.holidays_by_day`): cells with
    content arrive there CANCELLED with its name as note. Topics and notes stay behind unless `with_topics`. What was
    cancelled in the source week is scheduled again, for the cancellation was of that date. Groups of another batch
    stay behind; rows the source lacks keep their times and are emptied.
    """
    old_rows, old_cells = target.rows_by_index(), {cell.address: cell for cell in target.cells}
    rows = dict(old_rows)
    for row in source.rows:
        stored = old_rows.get(row.row_index)
        rows[row.row_index] = replace(row, id=stored.id if stored is not None else None)
    given = {cell.address: cell for cell in source.cells}
    groups = frozenset(batch_groups)
    cells = []
    for index in sorted(rows):
        for day in range(7):
            stored_cell = old_cells.get((index, day), CellFacts(None, index, day))
            arriving = given.get((index, day), CellFacts(None, index, day))
            cells.append(_arrived(arriving, stored_cell.id, target, holidays.get(day), groups, with_topics))
    return CopiedGrid(tuple(rows[index] for index in sorted(rows)), tuple(cells))


def _arrived(
    cell: CellFacts,
    cell_id: int | None,
    target: WeekFacts,
    holiday: HolidayFacts | None,
    batch_groups: frozenset[int],
    with_topics: bool,
) -> CellFacts:
    if cell.status is CellStatus.EMPTY or not cell.has_content:
        return CellFacts(cell_id, cell.row_index, cell.day_of_week)
    content = cell.content if with_topics else replace(cell.content, topic="", note="")
    is_batch = target.scope is WeekScope.BATCH
    if is_batch:
        content = replace(content, groups=tuple(each for each in content.groups if each in batch_groups))
    if holiday is not None:
        content = replace(content, note=holiday.name)
    status = CellStatus.SCHEDULED if holiday is None else CellStatus.CANCELLED
    return replace(cell, id=cell_id, status=status, content=content, all_groups=cell.all_groups and is_batch)
