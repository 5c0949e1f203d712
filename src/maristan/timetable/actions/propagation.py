"""Groups added to a batch later join the sessions that are for all of its groups (rule T14)."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import transaction

from maristan.academics.queries import planning as academics
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.actions import publishing
from maristan.timetable.models import Session, SessionGroup, SessionOccurrence
from maristan.timetable.queries import sessions, surroundings, waiting, weeks
from maristan.timetable.queries.moves import diff_of
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.rules.publication import PublicationDiff, SessionChange
from maristan.timetable.rules.states import CellStatus, OccurrenceState, SessionStatus, WeekScope, WeekStatus
from maristan.work import actions as work

CLASH = "group_cannot_join"
SESSION = "session"


@transaction.atomic
def join_groups(*, by: Actor) -> int:
    """Add missing groups to live sessions to come of published "all groups" cells; gives how many sessions changed.

    Each session that changes leaves a line. One that a group cannot join, being elsewhere at that time, stays as it is
    and waits in the inbox of those who amend.
    """
    joined, clashing = 0, set[int]()
    for plan, wanted in _lacking().items():
        context = surroundings.of_week(weeks.get(plan, actor=by, lock=True, one_at_a_time=True), actor=by)
        narrowed = map(_only_groups, diff_of(context).update)
        changes = [each for each in narrowed if each.changes and each.existing.session in wanted]
        lines = _write(context, changes, by)
        done = {line.subject[1] for line in lines}
        clashing |= {each.existing.session for each in changes} - done
        joined += len(done)
        journal.record_all(lines, by=by)
    work.keep_only(kind=CLASH, cause_kind=SESSION, items=_items(clashing), by=by)
    return joined


@unjournaled("each session that changes leaves a line")
def follow_group(*, line_id: int, by: Actor) -> None:
    """A group came into being: let it join."""
    join_groups(by=by)


def _lacking() -> dict[int, set[int]]:
    """Published plans with the sessions that lack a group of their batch: three statements."""
    rows = SessionOccurrence.objects.filter(
        state=OccurrenceState.LIVE, week_cell__all_groups=True, week_cell__status=CellStatus.SCHEDULED,
        week_plan__status=WeekStatus.PUBLISHED, week_plan__scope=WeekScope.BATCH, session__starts_at__gt=clock.now(),
        session__status=SessionStatus.SCHEDULED,
    )  # fmt: skip
    listed = list(rows.values_list("week_plan_id", "session_id", "week_plan__batch_id").order_by("week_plan_id"))
    if not listed:
        return {}
    today = local_today()
    groups_of = academics.facts(batches={batch for _, _, batch in listed}, first=today, last=today).groups_of
    held: dict[int, set[int]] = {}
    taken = SessionGroup.objects.filter(session_id__in=[session for _, session, _ in listed])
    for session, group in taken.values_list("session_id", "group_id"):
        held.setdefault(session, set()).add(group)
    found: dict[int, set[int]] = {}
    for plan, session, batch in listed:
        if set(groups_of.get(batch or 0, ())) - held.get(session, set()):
            found.setdefault(plan, set()).add(session)
    return found


def _only_groups(change: SessionChange) -> SessionChange:
    """The change of groups alone: whatever else the plan would say now is for its editors to publish."""
    old = change.existing
    content = replace(old.content, groups=change.desired.content.groups)
    desired = replace(change.desired, starts_at=old.starts_at, ends_at=old.ends_at, content=content)
    return replace(change, desired=desired, changes=tuple(each for each in change.changes if each.field == "groups"))


def _write(context: WeekInContext, changes: Collection[SessionChange], by: Actor) -> list[journal.Entry]:
    """Lines of the sessions that were written: all at once, or one by one when some of them clash."""
    try:
        return _apply(context, changes, by) if changes else []
    except NotNow:
        written: list[journal.Entry] = []
        for each in changes if len(changes) > 1 else ():
            written += _write(context, [each], by)
        return written


def _apply(context: WeekInContext, changes: Collection[SessionChange], by: Actor) -> list[journal.Entry]:
    diff = PublicationDiff(update=tuple(changes))
    written: publishing.Written = publishing.guarded(
        lambda: publishing.apply(context, diff, by=by, now=clock.now()), lambda: None
    )
    return list(written.lines)


def _items(ids: Collection[int]) -> list[work.Waiting]:
    rows: Any = sessions.with_names(Session.objects.filter(pk__in=ids))
    return [
        work.Waiting(
            kind=CLASH,
            cause_kind=SESSION,
            cause_id=row.pk,
            audience=waiting.amenders([row.program_id]),
            url=f"/timetable/weeks/{row.week_plan_id}",
            params={
                "title": sessions.title_of(row),
                "session": row.pk,
                "week_plan": row.week_plan_id,
                "starts_at": row.starts_at.isoformat(),
            },
        )
        for row in rows
    ]
