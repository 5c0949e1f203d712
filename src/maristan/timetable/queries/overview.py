"""Clashes across every plan of some days, found week by week and not plan by plan."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid
from maristan.timetable.models import WeekPlan
from maristan.timetable.queries import surroundings, weeks
from maristan.timetable.queries.moves import conflicts_of
from maristan.timetable.rules.calendar import week_start
from maristan.timetable.rules.conflict_report import in_order
from maristan.timetable.rules.conflicts import LISTED_AT_MOST
from maristan.timetable.rules.states import Perm

DAYS_AT_MOST = 31


def conflicts(*, actor: Actor, first: date, last: date, now: datetime) -> dict[str, Any]:
    """The conflict reports of every plan within reach that touches [first, last], in one list by date, start and code.

    Four statements for each calendar week of the window, however many plans it has.
    Raises `Invalid` (`bad_window`) for more than 31 days.
    """
    actor.demand(Perm.WEEK_VIEW_DRAFTS)
    if not first <= last <= first + timedelta(days=DAYS_AT_MOST):
        raise Invalid.at("?to", "bad_window", "From 1 to 31 days.")
    start = week_start(first, institution().first_weekday)
    plans = weeks.planned_by(actor=actor).filter(week_start_date__gte=start, week_start_date__lte=last)
    found = [
        (context.plan, conflict)
        for _, same in groupby(plans.order_by("week_start_date", "pk"), key=lambda plan: plan.week_start_date)
        for context in surroundings.of_same_week(list(same), actor=actor)
        for conflict in conflicts_of(context, now)
        if first <= conflict.when.date <= last
    ]
    plan_of = {id(conflict): _placed(plan) for plan, conflict in found}
    ordered = in_order(conflict for _, conflict in found)
    return {
        "count": len(ordered),
        "results": [{**each.as_dict(), **plan_of[id(each)]} for each in ordered[:LISTED_AT_MOST]],
    }


def _placed(plan: WeekPlan) -> dict[str, Any]:
    """Which plan it is; an institution-wide one has no batch."""
    return {"week_plan": plan.pk, "batch_name": plan.batch.name if plan.batch else ""}
