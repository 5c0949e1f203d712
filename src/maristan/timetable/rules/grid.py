"""Saving the grid of a week (rule T7): what a request means against the rows and cells that stand there.

The answer is the exact set of rows and cells to write, and each changed field as the changelog keeps it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from typing import Any

from maristan.kernel.errors import Faults
from maristan.timetable.rules.facts import CellFacts, Content, RowFacts, WeekFacts
from maristan.timetable.rules.grid_input import (
    ROW_READERS,
    Json,
    KnownIds,
    cell_readers,
    is_known,
    listed,
    objects_at,
    read_fields,
)
from maristan.timetable.rules.states import CellStatus, WeekScope

Address = tuple[int, int]
ROW_FIELDS = ("start_time", "end_time", "label", "lane", "is_break")
CONTENT_FIELDS = tuple(each.name for each in fields(Content))


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One changed field of one row or cell; `day_of_week` is None for a row, `id` for what is not yet stored."""

    target: str
    id: int | None
    row_index: int
    day_of_week: int | None
    field: str
    old: Any
    new: Any

    def as_dict(self) -> dict[str, Any]:
        """The changelog's shape `{target, id, row_index, day_of_week, field, old, new}`, ready for JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class RowChange:
    """A stored row before and after."""

    before: RowFacts
    after: RowFacts


@dataclass(frozen=True, slots=True)
class CellChange:
    """A stored cell before and after."""

    before: CellFacts
    after: CellFacts


@dataclass(frozen=True, slots=True)
class GridChanges:
    """Everything one save writes; `after` is the week as it will stand.

    `cells_added` are the seven cells of each added row, content included; they and `rows_added` have no id yet. The
    cells of `rows_removed` go with their row.
    """

    after: WeekFacts
    rows_added: tuple[RowFacts, ...] = ()
    rows_changed: tuple[RowChange, ...] = ()
    rows_removed: tuple[RowFacts, ...] = ()
    cells_added: tuple[CellFacts, ...] = ()
    cells_changed: tuple[CellChange, ...] = ()
    diffs: tuple[FieldDiff, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing would be written."""
        return not (self.rows_added or self.rows_changed or self.rows_removed or self.cells_changed)

    @property
    def touched(self) -> frozenset[Address]:
        """The addresses whose sessions may change: changed cells, and all cells of rows changed
        in more than their label."""
        moved = {each.after.row_index for each in self.rows_changed if _is_moved(each)}
        gone = {each.row_index for each in (*self.rows_removed, *self.rows_added)}
        cells = {each.after.address for each in self.cells_changed}
        return frozenset(cells | {(row, day) for row in moved | gone for day in range(7)})

    def cells_concerned(self, before: WeekFacts) -> tuple[CellFacts, ...]:
        """The cells with content at touched addresses, as they stood and as they will stand."""
        touched = self.touched
        return tuple(cell for week in (before, self.after) for cell in week.filled if cell.address in touched)

    def counts(self) -> dict[str, int]:
        """The answer's `changed`: `{rows, cells}`; a new row's cells count when they hold something."""
        filled = [each for each in self.cells_added if each.status is not CellStatus.EMPTY]
        return {
            "rows": len(self.rows_added) + len(self.rows_changed) + len(self.rows_removed),
            "cells": len(self.cells_changed) + len(filled),
        }


@dataclass(slots=True)
class _Draft:
    """The week while the request is read into it."""

    week: WeekFacts
    faults: Faults
    rows: dict[int, RowFacts] = field(default_factory=dict)
    cells: dict[Address, CellFacts] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, week: WeekFacts) -> "_Draft":
        return cls(week, Faults(), week.rows_by_index(), {cell.address: cell for cell in week.cells})


def grid_changes(payload: Json, week: WeekFacts, known: KnownIds) -> GridChanges:
    """What a save-grid request changes in a week.

    `payload` is the raw JSON object: `rows`, `remove_rows` and `cells` are read, every other key is somebody else's.
    Raises `Invalid` with every fault at its JSON pointer; nothing changed gives an empty answer.
    """
    draft = _Draft.of(week)
    _read_removals(payload, draft)
    _read_rows(payload, draft)
    _read_cells(payload, draft, known)
    draft.faults.stop()
    return _changes(week, draft)


def replacement(week: WeekFacts, rows: Iterable[RowFacts], cells: Iterable[CellFacts]) -> GridChanges:
    """What it takes to give a week these rows and cells in place of its own."""
    draft = _Draft(week, Faults(), {row.row_index: row for row in rows}, {cell.address: cell for cell in cells})
    return _changes(week, draft)


def with_ids(
    diffs: Iterable[FieldDiff], row_ids: Mapping[int, int], cell_ids: Mapping[Address, int]
) -> tuple[FieldDiff, ...]:
    """The diffs of added rows and cells with the ids they were given (`row_index` -> id, address -> id)."""
    return tuple(
        each
        if each.id is not None
        else replace(
            each,
            id=row_ids.get(each.row_index)
            if each.day_of_week is None
            else cell_ids.get((each.row_index, each.day_of_week)),
        )
        for each in diffs
    )


def _read_removals(payload: Json, draft: _Draft) -> None:
    value = payload.get("remove_rows")
    if value is not None and not isinstance(value, list | tuple):
        draft.faults.add("/remove_rows", "not_a_list")
    for index, each in enumerate(listed(value)):
        pointer = f"/remove_rows/{index}"
        if isinstance(each, bool) or not isinstance(each, int) or each not in draft.rows:
            draft.faults.add(pointer, "unknown_row")
        elif draft.week.was_published:
            draft.faults.add(pointer, "row_was_published", "Rows of a week that was published stay.")
        else:
            draft.removed.add(each)
            del draft.rows[each]
    draft.cells = {address: cell for address, cell in draft.cells.items() if address[0] not in draft.removed}


def _read_rows(payload: Json, draft: _Draft) -> None:
    seen: set[int] = set()
    for pointer, entry in objects_at(payload, "rows", draft.faults):
        values = read_fields(entry, pointer, ROW_READERS, draft.faults)
        index = _row_addressed(values, pointer, draft)
        if index is None:
            continue
        if index in seen:
            draft.faults.add(f"{pointer}/row_index", "duplicate_row")
        seen.add(index)
        _put_row(index, values, pointer, draft)


def _row_addressed(values: Mapping[str, object], pointer: str, draft: _Draft) -> int | None:
    index, row_id = values.get("row_index"), values.get("id")
    if row_id is not None:
        found = next((row.row_index for row in draft.rows.values() if row.id == row_id), None)
        if found is None or index not in (None, found):
            draft.faults.add(f"{pointer}/id", "unknown_reference")
            return None
        return found
    if not isinstance(index, int):
        if "row_index" not in values and "id" not in values:
            draft.faults.add(pointer, "address_missing", "Name the row by row_index or id.")
        return None
    if index in draft.removed:
        draft.faults.add(f"{pointer}/row_index", "row_removed")
        return None
    return index


def _put_row(index: int, values: Mapping[str, object], pointer: str, draft: _Draft) -> None:
    before = draft.rows.get(index)
    if before is None:
        before = RowFacts(None, index)
        draft.cells |= {(index, day): CellFacts(None, index, day) for day in range(7)}
    given = {name: values[name] for name in ROW_FIELDS if name in values}
    after = replace(before, **given)  # type: ignore[arg-type]
    if after.start_time is not None and after.end_time is not None and after.end_time <= after.start_time:
        late = "end_time" if "end_time" in values else "start_time"
        draft.faults.add(f"{pointer}/{late}", "end_not_after_start")
    draft.rows[index] = after


def _read_cells(payload: Json, draft: _Draft, known: KnownIds) -> None:
    readers = cell_readers(known)
    by_id = {cell.id: address for address, cell in draft.cells.items() if cell.id is not None}
    seen: set[Address] = set()
    for pointer, entry in objects_at(payload, "cells", draft.faults):
        values = read_fields(entry, pointer, readers, draft.faults)
        _judge_audience(entry, pointer, draft, known)
        address = _cell_addressed(values, pointer, draft, by_id)
        if address is None:
            continue
        if address in seen:
            draft.faults.add(pointer, "duplicate_cell")
        seen.add(address)
        draft.cells[address] = _merged(draft.cells[address], values)


def _cell_addressed(
    values: Mapping[str, object], pointer: str, draft: _Draft, by_id: Mapping[int, Address]
) -> Address | None:
    cell_id, row, day = (values.get(key) for key in ("id", "row_index", "day_of_week"))
    if isinstance(cell_id, int):
        found = by_id.get(cell_id)
        if found is None or row not in (None, found[0]) or day not in (None, found[1]):
            draft.faults.add(f"{pointer}/id", "unknown_reference")
            return None
        return found
    if isinstance(row, int) and isinstance(day, int):
        return _placed((row, day), pointer, draft)
    if not {"row_index", "day_of_week"} <= values.keys() and "id" not in values:
        draft.faults.add(pointer, "address_missing", "Name the cell by id, or by row_index and day_of_week.")
    return None


def _placed(address: Address, pointer: str, draft: _Draft) -> Address | None:
    if address in draft.cells:
        return address
    code = "row_removed" if address[0] in draft.removed else "unknown_row"
    draft.faults.add(f"{pointer}/row_index", code)
    return None


def _judge_audience(entry: Json, pointer: str, draft: _Draft, known: KnownIds) -> None:
    if draft.week.scope is WeekScope.INSTITUTION:
        if entry.get("all_groups") is True:
            draft.faults.add(f"{pointer}/all_groups", "all_groups_needs_batch", "Only in the plan of a batch.")
        return
    for index, group in enumerate(listed(entry.get("groups"))):
        if is_known(group, known.groups) and not is_known(group, known.batch_groups):
            draft.faults.add(f"{pointer}/groups/{index}", "group_not_in_batch")


def _merged(before: CellFacts, values: Mapping[str, object]) -> CellFacts:
    given = {name: values[name] for name in CONTENT_FIELDS if name in values}
    content = replace(before.content, **given)  # type: ignore[arg-type]
    content = replace(content, co_faculty=tuple(each for each in content.co_faculty if each != content.faculty))
    everyone = values.get("all_groups")
    after = replace(before, content=content, all_groups=everyone if isinstance(everyone, bool) else before.all_groups)
    status = values.get("status")
    if not isinstance(status, CellStatus):
        status = CellStatus.SCHEDULED if _comes_alive(after) else before.status
    if status is CellStatus.EMPTY:
        return CellFacts(before.id, before.row_index, before.day_of_week)
    return replace(after, status=status)


def _comes_alive(cell: CellFacts) -> bool:
    return cell.status is CellStatus.EMPTY and cell.has_content


def _changes(week: WeekFacts, draft: _Draft) -> GridChanges:
    before_rows = week.rows_by_index()
    before_cells = {cell.address: cell for cell in week.cells}
    rows = tuple(draft.rows[index] for index in sorted(draft.rows))
    cells = tuple(draft.cells[address] for address in sorted(draft.cells))
    row_changes = tuple(
        RowChange(before_rows[row.row_index], row)
        for row in rows
        if row.row_index in before_rows and before_rows[row.row_index] != row
    )
    cell_changes = tuple(
        CellChange(before_cells[cell.address], cell)
        for cell in cells
        if cell.address in before_cells and before_cells[cell.address] != cell
    )
    found = GridChanges(
        replace(week, rows=rows, cells=cells),
        rows_added=tuple(row for row in rows if row.row_index not in before_rows),
        rows_changed=row_changes,
        rows_removed=tuple(before_rows[index] for index in sorted(draft.removed)),
        cells_added=tuple(cell for cell in cells if cell.address not in before_cells),
        cells_changed=cell_changes,
    )
    return replace(found, diffs=tuple(_diffs(found)))


def _diffs(changes: GridChanges) -> Iterator[FieldDiff]:
    for row in changes.rows_removed:
        yield FieldDiff("row", row.id, row.row_index, None, "row_index", row.row_index, None)
    for row in changes.rows_added:
        yield FieldDiff("row", None, row.row_index, None, "row_index", None, row.row_index)
        yield from _row_diffs(RowFacts(None, row.row_index), row)
    for row_change in changes.rows_changed:
        yield from _row_diffs(row_change.before, row_change.after)
    for cell in changes.cells_added:
        yield from _cell_diffs(CellFacts(None, cell.row_index, cell.day_of_week), cell)
    for cell_change in changes.cells_changed:
        yield from _cell_diffs(cell_change.before, cell_change.after)


def _row_diffs(before: RowFacts, after: RowFacts) -> Iterator[FieldDiff]:
    for name in ROW_FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield FieldDiff("row", after.id, after.row_index, None, name, _plain(old), _plain(new))


def _cell_diffs(before: CellFacts, after: CellFacts) -> Iterator[FieldDiff]:
    old_values, new_values = cell_values(before), cell_values(after)
    for name, new in new_values.items():
        if old_values[name] != new:
            yield FieldDiff("cell", after.id, after.row_index, after.day_of_week, name, old_values[name], new)


def cell_values(cell: CellFacts) -> dict[str, Any]:
    """The stored fields of a cell, ready for JSON: status, content and `all_groups`."""
    content = {name: _plain(getattr(cell.content, name)) for name in CONTENT_FIELDS}
    return {"status": cell.status.value, **content, "all_groups": cell.all_groups}


def _is_moved(change: RowChange) -> bool:
    return replace(change.before, label="") != replace(change.after, label="")


def _plain(value: object) -> object:
    if isinstance(value, time):
        return value.isoformat("minutes" if value.second == 0 else "seconds")
    if isinstance(value, tuple):
        return list(value)
    return value
