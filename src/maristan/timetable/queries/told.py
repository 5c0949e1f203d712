"""What machines are told of week plans and sessions."""

from collections.abc import Collection, Mapping
from typing import Any

from maristan.kernel.events import Field, Subject
from maristan.timetable.models import WeekPlan


def weeks(ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """The week and the batch of plans, by id: one query."""
    found = WeekPlan.objects.filter(pk__in=ids).values_list("pk", "week_start_date", "batch_id", "batch__name")
    return {
        pk: {"week_start_date": monday.isoformat(), "batch_id": batch, "batch": name}
        for pk, monday, batch, name in found
    }


SUBJECTS = {
    "week_plan": Subject(
        url="/timetable/weeks/{id}",
        fields={
            "week_start_date": Field("first day of the week", "2026-11-23"),
            "batch_id": Field("number of the batch; null for the plan of the institution", 5),
            "batch": Field("name of the batch", "MBBS 2026"),
        },
        filters=("batch_id",),
        read=weeks,
    ),
    "session_occurrence": Subject(url="/timetable/sessions/{id}"),
}
