"""Amendments of published weeks."""

from django.db.models import QuerySet

from maristan.timetable.models import WeekChangelog, WeekPlan
from maristan.timetable.rules.calendar import DAYS


def of(plan: WeekPlan) -> "QuerySet[WeekChangelog]":
    """What was changed in a published week, newest first; the plan was found as visible."""
    return WeekChangelog.objects.filter(week_plan=plan).order_by("-id")


def sentence(row: WeekChangelog) -> str:
    """What one amendment changed, for a file: `row 1 Monday room 8 → 9`, one after another."""
    return "; ".join(
        f"row {each['row_index']} {DAYS[each['day_of_week']] if each['day_of_week'] is not None else ''}".strip()
        + f" {each['field']} {each['old']} → {each['new']}"
        for each in row.changes
    )
