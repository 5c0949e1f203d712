"""What may be done with a week now, by the same functions that decide it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from maristan.kernel.access import Actor
from maristan.timetable.queries import weeks
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.rules.conflict_report import Conflict
from maristan.timetable.rules.conflicts import week_conflicts
from maristan.timetable.rules.facts import WeekFacts
from maristan.timetable.rules.planned import plan_sessions
from maristan.timetable.rules.publication import PublicationDiff, desired_sessions, publication_diff
from maristan.timetable.rules.week_plan import PlanMoveFacts


def conflicts_of(context: WeekInContext, now: datetime, week: WeekFacts | None = None) -> tuple[Conflict, ...]:
    """The whole report of a week as it stands, or as it will stand."""
    zone = ZoneInfo(context.surroundings.settings.time_zone)
    return week_conflicts(week or context.week, context.surroundings, today=now.astimezone(zone).date())


def diff_of(context: WeekInContext, week: WeekFacts | None = None) -> PublicationDiff:
    """What publishing would write."""
    desired = desired_sessions(plan_sessions(week or context.week, context.surroundings))
    return publication_diff(desired, context.existing)


def move_facts(context: WeekInContext, *, by: Actor, now: datetime) -> PlanMoveFacts:
    """What the moves of a plan look at."""
    plan = context.plan
    return PlanMoveFacts(
        week=context.week,
        conflicts=conflicts_of(context, now),
        blocked=diff_of(context).blocked,
        sessions=context.existing,
        verify_by_other=context.surroundings.settings.verify_by_other,
        asker_is_editor=plan.edited_by_id is not None and plan.edited_by_id == by.person_id,
    )


def may_in(context: WeekInContext, by: Actor) -> Callable[[str], bool]:
    """Whether the actor's permission reaches this plan."""
    return lambda permission: weeks.covers(by.reach(permission), context.plan, context.departments)
