"""Amendments of published weeks."""

from django.db.models import QuerySet

from maristan.timetable.models import WeekChangelog, WeekPlan


def of(plan: WeekPlan) -> "QuerySet[WeekChangelog]":
    """What was changed in a published week, newest first; the plan was found as visible."""
    return WeekChangelog.objects.filter(week_plan=plan).order_by("-id")
