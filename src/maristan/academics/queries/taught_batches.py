"""Batches that are being taught: those with an open period."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from maristan.academics.models import AcademicPeriod, Batch
from maristan.academics.rules.states import PeriodStatus


def between(first: date, last: date) -> dict[int, dict[str, Any]]:
    """Active batches with an OPEN dated period on some day of [first, last]: id → {name, program, program_name}."""
    own = Q(batch=OuterRef("pk")) | Q(batch=None, program=OuterRef("program_id"))
    taught = AcademicPeriod.objects.filter(own, status=PeriodStatus.OPEN, start_date__lte=last, end_date__gte=first)
    rows = Batch.objects.filter(Exists(taught), is_active=True).order_by("program__name", "name", "id")
    return {
        pk: {"name": name, "program": program, "program_name": program_name}
        for pk, name, program, program_name in rows.values_list("pk", "name", "program_id", "program__name")
    }
