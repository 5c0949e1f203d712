"""What waits because of the timetable: items open with a cause and close when it is gone, whoever removed it."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from maristan.directory.queries import holders
from maristan.directory.queries.settings import institution, local_today
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.models import WeekPlan
from maristan.timetable.queries import waiting
from maristan.timetable.queries.waiting import Hit
from maristan.timetable.rules.states import Perm, WeekScope, WeekStatus
from maristan.work import actions as work
from maristan.work import queries as work_queries

MIRROR = "an inbox item mirrors a cause whose own action writes the line"
VERIFY, PUBLISH, REMIND = "week_to_verify", "week_to_publish", "week_not_published"
WEEK, BATCH = "week_plan", "batch"
# What stands against sessions: cause → (kind of item, who looks for them, which filter of sessions shows them).
AGAINST: dict[str, tuple[str, Callable[..., list[Hit]], str]] = {
    "leave": ("sessions_in_leave", waiting.hit_by_leave, "faculty"),
    "holiday": ("sessions_on_holiday", waiting.hit_by_holiday, "holiday"),
    "place": ("sessions_in_closed_room", waiting.hit_by_room, "room"),
}


@unjournaled(MIRROR)
def follow_week(*, line_id: int, by: Actor) -> None:
    """Open and close what a change of a week means: to verify, to publish, reminded of."""
    line = JournalLine.objects.get(pk=line_id)
    _settle_weeks([int(line.subject_id)], by)
    _settle_reminders(by)


@unjournaled(MIRROR)
def follow_sessions(*, line_id: int, by: Actor) -> None:
    """Open what a leave, holiday or closed room stands against; close what no longer stands."""
    line = JournalLine.objects.get(pk=line_id)
    named = {line.subject_kind: {int(line.subject_id)}} if line.subject_kind in AGAINST else {}
    _settle_hits(named, by)


@unjournaled(MIRROR)
def settle(*, by: Actor) -> None:
    """Bring every item in line with today."""
    _settle_weeks(None, by)
    _settle_reminders(by)
    _settle_hits({}, by)


def _settle_weeks(ids: Collection[int] | None, by: Actor) -> None:
    today = local_today()
    unverified = list(waiting.unverified(today, ids))
    departments = waiting.departments_of([plan.pk for plan in unverified])
    to_verify = [_week_item(VERIFY, Perm.WEEK_VERIFY, plan, departments.get(plan.pk, set())) for plan in unverified]
    to_publish = [_week_item(PUBLISH, Perm.WEEK_PUBLISH, plan, set()) for plan in waiting.unpublished(today, ids)]
    work.keep_only(kind=VERIFY, cause_kind=WEEK, items=to_verify, among=ids, by=by)
    work.keep_only(kind=PUBLISH, cause_kind=WEEK, items=to_publish, among=ids, by=by)


def _week_item(kind: str, permission: str, plan: WeekPlan, departments: Collection[int]) -> work.Waiting:
    batch: Any = plan.batch
    return work.Waiting(
        kind=kind,
        cause_kind=WEEK,
        cause_id=plan.pk,
        audience=holders.keys(
            permission, program=batch.program_id if batch else None, batch=plan.batch_id, departments=departments
        ),
        url=f"/timetable/weeks/{plan.pk}",
        params={
            "week_plan": plan.pk,
            "week_start_date": plan.week_start_date.isoformat(),
            "whose": batch.name if batch else plan.institution.name,
            "program": batch.program.name if batch else "",
        },
    )


def _settle_reminders(by: Actor) -> None:
    """Close reminders of weeks that are published by now, or have begun."""
    today = local_today()
    published = WeekPlan.objects.filter(status=WeekStatus.PUBLISHED, week_start_date__gt=today)
    there: set[Any] = set(published.values_list("week_start_date", "scope", "batch_id"))
    gone = []
    for item in work_queries.open_items(kind=REMIND, cause_kind=BATCH):
        start = date.fromisoformat(item.params["week_start_date"])
        is_out = (start, WeekScope.BATCH, item.cause_id) in there or (start, WeekScope.INSTITUTION, None) in there
        if is_out or start <= today:
            gone.append(item.cause_id)
    if gone:
        work.close_items(kind=REMIND, cause_kind=BATCH, cause_ids=gone, by=by)


def _settle_hits(named: dict[str, set[int]], by: Actor) -> None:
    zone = institution().time_zone
    for cause_kind, (kind, look, _) in AGAINST.items():
        causes = {item.cause_id for item in work_queries.open_items(kind=kind, cause_kind=cause_kind)}
        causes |= named.get(cause_kind, set())
        if causes:
            hits = look(causes, actor=by, now=clock.now(), zone=zone)
            items = [_hit_item(cause_kind, hit) for hit in hits]
            work.keep_only(kind=kind, cause_kind=cause_kind, items=items, among=causes, by=by)


def _hit_item(cause_kind: str, hit: Hit) -> work.Waiting:
    kind, _, field = AGAINST[cause_kind]
    days = [hit.first.isoformat(), hit.last.isoformat()]
    return work.Waiting(
        kind=kind,
        cause_kind=cause_kind,
        cause_id=hit.cause,
        audience=waiting.amenders(sorted(hit.programs)),
        url=f"/timetable/sessions?{field}={hit.subject}&start_date={hit.first}&end_date={hit.last}",
        params={"name": hit.name, "count": hit.count, "days": days, field: hit.subject},
    )
