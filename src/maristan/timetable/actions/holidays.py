"""A holiday declared over published sessions: one action amends every week that it hits."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from maristan.directory.queries import places
from maristan.kernel import journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid
from maristan.timetable.actions import grid
from maristan.timetable.actions.sessions import cancel_direct
from maristan.timetable.models import WeekPlan
from maristan.timetable.queries import sessions, surroundings, weeks
from maristan.timetable.rules.sessions import hit_by_holiday
from maristan.timetable.rules.states import Perm


@transaction.atomic
def cancel_sessions(*, holiday: int, zone: str, by: Actor) -> dict[str, list[int]]:
    """Cancel the sessions of a holiday with its name as reason; gives ids of those `cancelled` and `left`.

    Raises `NotAllowed` for who manages no program's sessions, `Invalid` (`unknown_reference`), and `NotNow` when an
    amendment is refused.
    """
    reach = by.demand(Perm.SESSION_MANAGE)
    by.demand_at_large(Perm.SESSION_MANAGE, within=reach.everything or bool(reach.programs or reach.batches))
    weeks.take_turn(by.institution_id)
    found = places.holidays(actor=by).filter(pk=holiday).first()
    if found is None:
        raise Invalid.at("/holiday", "unknown_reference", "There is no such holiday.")
    row = (found.pk, found.name, found.start_date, found.end_date, found.scope_kind, found.scope_id)
    facts = surroundings.holidays([row])[0]
    rows = {each.pk: each for each in sessions.hit_by(found.start_date, found.end_date, zone)}
    within = [
        each
        for each in (sessions.facts_of(row, zone) for row in rows.values() if sessions.amends(by, row))
        if reach.everything or each.programs & reach.programs or each.batches & reach.batches
    ]
    hit = hit_by_holiday(facts, within)
    reason = f"Holiday: {found.name}"[:500]
    for week, group in hit.by_week.items():
        _cancel(week, [rows[each.id] for each in group], holiday, reason, by)
    cancelled = [each.id for each in hit.cancel]
    if not cancelled:
        return {"cancelled": [], "left": [each.id for each in hit.left]}
    journal.record(
        "holiday.sessions_cancelled", ("holiday", holiday), by=by,
        changes={"sessions": cancelled, "left": [each.id for each in hit.left]}, reason=reason,
    )  # fmt: skip
    return {"cancelled": cancelled, "left": [each.id for each in hit.left]}


def _cancel(week: int | None, group: Sequence[Any], holiday: int, reason: str, by: Actor) -> None:
    if week is None:
        cancel_direct(group=group, reason=reason, holiday=holiday, by=by)
        return
    plan: Any = WeekPlan.objects.get(pk=week)
    cells = [{"id": row.week_cell_id, "status": "cancelled"} for row in group]
    grid.save(pk=week, version=plan.version, payload={"cells": cells, "reason": reason}, by=by)
