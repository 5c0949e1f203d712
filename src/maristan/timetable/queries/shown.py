"""A week as its screen shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from maristan.kernel.access import Actor
from maristan.timetable.models import WeekPlan
from maristan.timetable.queries import surroundings
from maristan.timetable.queries.moves import conflicts_of, may_in, move_facts
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.queries.weeks import may_edit
from maristan.timetable.rules.calendar import cell_date
from maristan.timetable.rules.conflict_report import Conflict
from maristan.timetable.rules.conflicts import LISTED_AT_MOST
from maristan.timetable.rules.facts import CellFacts, RowFacts, WeekFacts
from maristan.timetable.rules.states import Perm, WeekStatus
from maristan.timetable.rules.week_plan import WEEK_PLAN, PlanMoveFacts


def page(plan: WeekPlan, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A plan with its grid, moves and (for those who may see drafts) conflicts."""
    context = surroundings.of_week(plan, actor=actor)
    return page_of_context(context, move_facts(context, by=actor, now=now), actor=actor, now=now)


def page_of_context(context: WeekInContext, facts: PlanMoveFacts, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The same from a context that was loaded already."""
    plan = context.plan
    listed = WEEK_PLAN.moves(facts, actor, now, may=may_in(context, actor))
    sees_plans = _plans_it(context, actor)
    return {
        **head(plan, actor),
        **grid(context.week, plan.institution.first_weekday),
        "names": names(context),
        "moves": [each.as_dict() for each in listed] if sees_plans else [],
        "conflicts": report(facts.conflicts) if sees_plans else None,
        "may_edit": may_in(context, actor)(Perm.WEEK_AMEND)
        if plan.status == WeekStatus.PUBLISHED
        else may_edit(actor, plan),
        "holidays": [
            {"id": each.id, "name": each.name, "start_date": each.start_date, "end_date": each.end_date}
            for each in context.surroundings.holidays
            if each.holds_for(*context.taught)
        ],
        "teaching_days": sorted(context.surroundings.settings.teaching_days),
        "first_weekday": plan.institution.first_weekday,
    }


def head(plan: WeekPlan, actor: Actor | None = None) -> dict[str, Any]:
    """What a list shows of a plan; `actor` spares a look-up of who has stamped it just now."""
    return {
        "id": plan.pk,
        "scope": plan.scope,
        "batch": plan.batch_id,
        "batch_name": plan.batch.name if plan.batch else "",
        "academic_period": plan.academic_period_id,
        "academic_period_name": plan.academic_period.name if plan.academic_period else "",
        "week_start_date": plan.week_start_date,
        "status": plan.status,
        "version": plan.version,
        **{f"{stamp}_at": getattr(plan, f"{stamp}_at") for stamp in ("verified", "published", "edited")},
        **{f"{stamp}_by": _name(plan, stamp, actor) for stamp in ("verified", "published", "edited")},
    }


def _name(plan: WeekPlan, stamp: str, actor: Actor | None) -> str:
    pk = getattr(plan, f"{stamp}_by_id")
    if actor is not None and pk is not None and pk == actor.person_id:
        return actor.name
    person = getattr(plan, f"{stamp}_by") if pk is not None else None
    return person.name if person is not None else ""


def grid(week: WeekFacts, first_weekday: int) -> dict[str, Any]:
    """Rows and cells."""
    return {
        "rows": [row(each) for each in week.rows],
        "cells": [cell(each, week, first_weekday) for each in week.cells],
    }


def row(facts: RowFacts) -> dict[str, Any]:
    """One row; times as HH:MM."""
    return {
        "id": facts.id,
        "row_index": facts.row_index,
        "start_time": facts.start_time.strftime("%H:%M") if facts.start_time else None,
        "end_time": facts.end_time.strftime("%H:%M") if facts.end_time else None,
        "label": facts.label,
        "lane": facts.lane,
        "is_break": facts.is_break,
    }


def cell(facts: CellFacts, week: WeekFacts, first_weekday: int) -> dict[str, Any]:
    """One cell with its date."""
    content = facts.content
    return {
        "id": facts.id,
        "row_index": facts.row_index,
        "day_of_week": facts.day_of_week,
        "date": cell_date(week.week_start, facts.day_of_week, first_weekday),
        "status": facts.status,
        "academic_period": content.academic_period,
        "course": content.course,
        "section": content.section,
        "department": content.department,
        "topic": content.topic,
        "faculty": content.faculty,
        "co_faculty": list(content.co_faculty),
        "faculty_name": content.faculty_name,
        "room": content.room,
        "groups": list(content.groups),
        "all_groups": facts.all_groups,
        "kind": content.kind,
        "note": content.note,
    }


def names(context: WeekInContext) -> dict[str, dict[int, str]]:
    """What the ids of a grid are called."""
    found = context.names
    return {
        "people": found.people,
        "rooms": found.rooms,
        "groups": found.groups,
        "courses": found.courses,
        "sections": found.sections,
        "departments": found.departments,
        "periods": found.periods,
    }


def report(conflicts: Iterable[Conflict]) -> dict[str, Any]:
    """A conflict report: the first 200 and how many there are."""
    listed = list(conflicts)
    return {"count": len(listed), "results": [each.as_dict() for each in listed[:LISTED_AT_MOST]]}


def conflicts(plan: WeekPlan, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The conflict report of one plan; raises `NotFound` for a published week beyond the reach of who plans others."""
    actor.demand(Perm.WEEK_VIEW_DRAFTS)
    context = surroundings.of_week(plan, actor=actor)
    actor.demand(Perm.WEEK_VIEW_DRAFTS, within=_plans_it(context, actor))
    return report(conflicts_of(context, now))


def _plans_it(context: WeekInContext, actor: Actor) -> bool:
    """Whether the actor plans this week: sees it before it is published, or could."""
    may_see = actor.may(Perm.WEEK_VIEW_DRAFTS)
    is_draft = context.plan.status != WeekStatus.PUBLISHED  # which nobody else was shown
    return may_see and (is_draft or may_in(context, actor)(Perm.WEEK_VIEW_DRAFTS))
