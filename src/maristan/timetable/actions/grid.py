"""Saving the grid of a week: a draft is edited, a published week is amended with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from maristan.academics.queries import planning as academics
from maristan.directory.queries import planning as directory
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.workflow import Requirement, refuse, require_reason
from maristan.timetable.actions import publishing
from maristan.timetable.models import WeekCell, WeekChangelog, WeekPlan, WeekSlotRow
from maristan.timetable.queries import audience_of_week, stored, surroundings, weeks
from maristan.timetable.queries.moves import conflicts_of, may_in
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.rules.conflict_report import Conflict
from maristan.timetable.rules.facts import CellFacts, Content, RowFacts, Surroundings, TimetableSettings, WeekFacts
from maristan.timetable.rules.grid import GridChanges, grid_changes, with_ids
from maristan.timetable.rules.grid_input import KnownIds, references_in
from maristan.timetable.rules.planned import plan_sessions
from maristan.timetable.rules.publication import PublicationDiff, desired_sessions, publication_diff
from maristan.timetable.rules.states import Perm, WeekStatus
from maristan.timetable.rules.week_plan import WEEK_SAVE, SaveFacts

CELL_FIELDS = [
    "status", "academic_period", "course", "section", "department", "topic", "faculty", "co_faculty", "faculty_name",
    "room", "groups", "all_groups", "kind", "note", "updated_at",
]  # fmt: skip
ROW_FIELDS = ["start_time", "end_time", "label", "lane", "is_break", "updated_at"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did (or, as a preview, would do); `context` is none for a plan that is not published."""

    plan: WeekPlan
    week: WeekFacts
    changes: GridChanges
    warnings: tuple[Requirement, ...] = ()
    context: WeekInContext | None = None
    diff: PublicationDiff | None = None
    conflicts: tuple[Conflict, ...] = ()


@transaction.atomic
def save(*, pk: int, version: int | None, payload: Mapping[str, Any], by: Actor) -> Saved:
    """Save rows and cells in one go; nothing changed leaves the version and the journal as they are.

    `payload` is the raw request: `rows`, `remove_rows`, `cells`, `reason`, `preview`. Raises `NotFound`, `NotAllowed`,
    `Invalid` with every fault, `Stale`, and `NotNow` with every unmet requirement of the save.
    """
    weeks.take_turn_to_amend(pk, by.institution_id)
    plan = weeks.get(pk, actor=by, lock=True)
    if plan.status == WeekStatus.PUBLISHED:
        return _amend(plan, version, payload, by)
    return _edit(plan, version, payload, by)


def _edit(plan: WeekPlan, version: int | None, payload: Mapping[str, Any], by: Actor) -> Saved:
    week = stored.grid_only(plan).week
    by.demand(Perm.WEEK_EDIT, weeks.may_edit(by, plan))
    known, periods = _known(payload, plan)
    changes = grid_changes(payload, week, known)
    by.demand(Perm.WEEK_EDIT, weeks.may_write(by, plan, changes.cells_concerned(week)), pointer="/cells")
    rows.must_match(plan, version, ("week_plan", plan.pk))
    facts = SaveFacts(week, changes, _only_periods(periods))
    WEEK_SAVE.check(facts, "edit", by, clock.now(), may=lambda _: True)
    if payload.get("preview") is True:
        return Saved(plan, changes.after, changes, diff=PublicationDiff())
    if changes.is_empty:
        return Saved(plan, changes.after, changes)
    return Saved(plan, write_draft(plan=plan, changes=changes, by=by), changes)


def write_draft(*, plan: WeekPlan, changes: GridChanges, by: Actor, copied_from: int | None = None) -> WeekFacts:
    """Write a draft's rows and cells as its next version, with one line that holds each changed field."""
    after = _write(plan, changes)
    _edited(plan, by)
    diffs = [each.as_dict() for each in changes.diffs]
    source = {} if copied_from is None else {"copied_from": copied_from}
    changed = {**source, "version": [plan.version - 1, plan.version], "cells": diffs}
    journal.record("week_plan.edited", ("week_plan", plan.pk), by=by, changes=changed)
    return after


def _amend(plan: WeekPlan, version: int | None, payload: Mapping[str, Any], by: Actor) -> Saved:
    now = clock.now()
    known, _ = _known(payload, plan)
    context = surroundings.of_week(plan, actor=by, extra=_named(payload))
    by.demand(Perm.WEEK_EDIT)
    by.demand(Perm.WEEK_AMEND, may_in(context, by)(Perm.WEEK_AMEND))
    changes = grid_changes(payload, context.week, known)
    rows.must_match(plan, version, ("week_plan", plan.pk))
    if changes.is_empty:
        return Saved(plan, context.week, changes, context=context)
    facts = _save_facts(context, changes, now)
    reason = None if payload.get("preview") is True and not payload.get("reason") else payload.get("reason")
    if payload.get("preview") is True:
        unmet = [each for each in WEEK_SAVE.requirements(facts, "amend", by, now) if not each.met]
        return Saved(plan, changes.after, changes, tuple(unmet), context, facts.diff, facts.conflicts)
    _, warnings = WEEK_SAVE.check(facts, "amend", by, now, reason=reason, may=lambda _: True)
    return _carry_out(context, changes, warnings, require_reason(reason), by, now)


def _carry_out(
    context: WeekInContext,
    changes: GridChanges,
    warnings: tuple[Requirement, ...],
    reason: str,
    by: Actor,
    now: datetime,
) -> Saved:
    plan = context.plan
    before = plan.version

    def write() -> tuple[WeekFacts, PublicationDiff, publishing.Written]:
        after = _write(plan, changes)
        diff = _diff(context, after, changes)
        return after, diff, publishing.apply(context, diff, by=by, now=now, reason=reason)

    def explain() -> None:
        again = surroundings.of_week(plan, actor=by, extra=[cell.content for cell in changes.after.filled])
        unmet = WEEK_SAVE.requirements(_save_facts(again, changes, now), "amend", by, now)
        refuse([each for each in unmet if each.blocks])

    after, diff, written = publishing.guarded(write, explain)
    _edited(plan, by)
    cell_ids = {cell.address: cell.id for cell in after.cells if cell.id is not None}
    row_ids = {row.row_index: row.id for row in after.rows if row.id is not None}
    diffs = [each.as_dict() for each in with_ids(changes.diffs, row_ids, cell_ids)]
    log = WeekChangelog.objects.create(
        week_plan=plan, version_from=before, version_to=plan.version, changed_by=by.name, changed_at=now,
        reason=reason, changes=diffs, sessions=written.ids,
    )  # fmt: skip
    changed = {
        "version": [before, plan.version],
        "changelog": log.pk,
        "cells": diffs,
        "sessions": written.ids,
        "told": audience_of_week.told(diff, context.names),
    }
    amended = journal.Entry("week_plan.amended", ("week_plan", plan.pk), changed, reason)
    journal.record_all([*written.lines, amended], by=by)
    return Saved(plan, after, changes, warnings, context, diff)


def _save_facts(context: WeekInContext, changes: GridChanges, now: datetime) -> SaveFacts:
    conflicts = conflicts_of(context, now, changes.after)
    return SaveFacts(context.week, changes, context.surroundings, conflicts, _diff(context, changes.after, changes))


def _diff(context: WeekInContext, after: WeekFacts, changes: GridChanges) -> PublicationDiff:
    desired = desired_sessions(plan_sessions(after, context.surroundings))
    return publication_diff(desired, context.existing, only=changes.touched)


def _named(payload: Mapping[str, Any]) -> list[Content]:
    """What a request names, as contents, so that the surroundings hold it before the request is read."""
    wanted = references_in(payload)
    return [
        *(Content(academic_period=each) for each in wanted.academic_periods),
        *(Content(course=each) for each in wanted.courses),
        *(Content(section=each) for each in wanted.sections),
        *(Content(department=each) for each in wanted.departments),
        *(Content(faculty=each) for each in wanted.people),
        *(Content(room=each) for each in wanted.rooms),
        Content(groups=tuple(sorted(wanted.groups))),
    ]


def _known(payload: Mapping[str, Any], plan: WeekPlan) -> tuple[KnownIds, dict[int, Any]]:
    """Which of the ids that a request names exist for this plan, and the periods among them; two statements."""
    wanted = references_in(payload)
    academic = academics.known(
        periods=wanted.academic_periods | ({plan.academic_period_id} if plan.academic_period_id else set()),
        courses=wanted.courses,
        sections=wanted.sections,
        groups=wanted.groups,
        batch=plan.batch_id,
    )
    here = directory.known(people=wanted.people, rooms=wanted.rooms, departments=wanted.departments)
    ids = KnownIds(
        academic_periods=frozenset(pk for pk, each in academic.periods.items() if _is_of(plan, each)),
        courses=academic.courses,
        sections=academic.sections,
        departments=here.departments,
        people=here.people,
        rooms=here.rooms,
        groups=academic.groups,
        batch_groups=academic.batch_groups,
    )
    return ids, academic.periods


def _is_of(plan: WeekPlan, period: Mapping[str, Any]) -> bool:
    """Whether a period is one of the plan's batch: of its program, and shared or its own."""
    batch: Any = plan.batch
    return batch is None or (period["program"] == batch.program_id and period["batch"] in (None, batch.pk))


def _only_periods(periods: Mapping[int, Any]) -> Surroundings:
    """Surroundings that know nothing but periods, which is all that editing a draft asks for."""
    zone = TimetableSettings(time_zone="UTC")
    return Surroundings(
        settings=zone, periods={pk: surroundings.period_facts(pk, each) for pk, each in periods.items()}
    )


def _write(plan: WeekPlan, changes: GridChanges) -> WeekFacts:
    """Write rows and cells, each kind in one statement; gives the week with the ids of what is new."""
    if changes.rows_removed:
        WeekSlotRow.objects.filter(pk__in=[row.id for row in changes.rows_removed]).delete()
    row_ids = _write_rows(plan, changes.rows_added, [each.after for each in changes.rows_changed], changes.after.rows)
    cell_ids = _write_cells(plan, changes.cells_added, [each.after for each in changes.cells_changed], row_ids)
    return replace(
        changes.after,
        rows=tuple(replace(row, id=row_ids[row.row_index]) for row in changes.after.rows),
        cells=tuple(
            cell if cell.id is not None else replace(cell, id=cell_ids[cell.address]) for cell in changes.after.cells
        ),
    )


def _write_rows(
    plan: WeekPlan, added: Sequence[RowFacts], changed: Sequence[RowFacts], after: Sequence[RowFacts]
) -> dict[int, int]:
    """Insert and update rows; gives row_index → id of all."""
    ids = {row.row_index: row.id for row in after if row.id is not None}
    if added:
        made = WeekSlotRow.objects.bulk_create(_row(plan, row) for row in added)
        ids |= {row.row_index: row.pk for row in made}
    if changed:
        WeekSlotRow.objects.bulk_create(
            [_row(plan, row) for row in changed],
            update_conflicts=True, unique_fields=["id"], update_fields=ROW_FIELDS,
        )  # fmt: skip
    return ids


def _write_cells(
    plan: WeekPlan, added: Sequence[CellFacts], changed: Sequence[CellFacts], row_ids: Mapping[int, int]
) -> dict[tuple[int, int], int]:
    """Insert and update cells; gives the ids of new ones by address."""
    made = WeekCell.objects.bulk_create(cell_row(plan, cell, row_ids) for cell in added) if added else []
    if changed:
        WeekCell.objects.bulk_create(
            [cell_row(plan, cell, row_ids) for cell in changed],
            update_conflicts=True, unique_fields=["id"], update_fields=CELL_FIELDS,
        )  # fmt: skip
    return {cell.address: row.pk for cell, row in zip(added, made, strict=True)}


def _row(plan: WeekPlan, row: RowFacts) -> WeekSlotRow:
    return WeekSlotRow(
        pk=row.id, week_plan=plan, row_index=row.row_index, start_time=row.start_time, end_time=row.end_time,
        label=row.label, lane=row.lane, is_break=row.is_break,
    )  # fmt: skip


def cell_row(plan: WeekPlan, cell: CellFacts, row_ids: Mapping[int, int]) -> WeekCell:
    """The row of a cell in the table of cells."""
    content = cell.content
    return WeekCell(
        pk=cell.id, week_plan=plan, slot_row_id=row_ids[cell.row_index], day_of_week=cell.day_of_week,
        status=cell.status, academic_period_id=content.academic_period, course_id=content.course,
        section_id=content.section, department_id=content.department, topic=content.topic,
        faculty_id=content.faculty, co_faculty=list(content.co_faculty), faculty_name=content.faculty_name,
        room_id=content.room, groups=list(content.groups), all_groups=cell.all_groups, kind=content.kind,
        note=content.note,
    )  # fmt: skip


def _edited(plan: WeekPlan, by: Actor) -> None:
    """The stamps of an edit, as the next version; an edited VERIFIED week is a draft again."""
    values: dict[str, Any] = {"edited_at": clock.now(), "edited_by_id": by.person_id}
    if plan.status == WeekStatus.VERIFIED:
        values |= {"status": WeekStatus.DRAFT, "verified_at": None, "verified_by_id": None}
    rows.save_changes(plan, rows.change(plan, values))


def annotate(occurrence: Any, values: Mapping[str, str]) -> None:
    """Write a teacher's topic or note of a session to its cell too; the week's version is left to its editors."""
    WeekCell.objects.filter(pk=occurrence.week_cell_id).update(**values)
