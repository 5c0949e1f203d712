"""Which of the jobs that take a turn wait or go on, and when the clock queued each the last time."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, Q
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from maristan.kernel import clock


def is_any_in_hand(names: Collection[str]) -> bool:
    """Whether a job of these is at work or could be at once; one that a restore holds, or that waits to be tried again,
    keeps nobody from beginning."""
    may_begin = Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=clock.now()))
    return ProcrastinateJob.objects.filter(Q(status="doing") | may_begin, task_name__in=names).exists()


def last_queued(names: Collection[str]) -> dict[str, datetime]:
    """When a job of each name was queued the last time, whatever came of it."""
    found = ProcrastinateEvent.objects.filter(type="deferred", job__task_name__in=names).order_by()
    return dict(found.values_list("job__task_name").annotate(Max("at")))
