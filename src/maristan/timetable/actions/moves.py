"""Moves of a week plan: verify, return, publish, revert."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.workflow import Requirement, refuse, require_reason
from maristan.timetable.actions import publishing
from maristan.timetable.models import WeekPlan
from maristan.timetable.queries import surroundings, weeks
from maristan.timetable.queries.moves import diff_of, may_in, move_facts
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.rules.publication import PublicationDiff, standing, withdrawal
from maristan.timetable.rules.states import WeekStatus
from maristan.timetable.rules.week_plan import WEEK_PLAN, PlanMoveFacts

STAMPS = ("verified_at", "verified_by_id", "published_at", "published_by_id", "edited_at", "edited_by_id")
DONE = {
    "verify": "week_plan.verified",
    "return": "week_plan.returned",
    "publish": "week_plan.published",
    "revert": "week_plan.reverted",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did, or as a preview would do; `context` is the week after it, `before` as it was judged.

    `unmet` holds the warnings, and in a preview also what would refuse the move.
    """

    before: WeekInContext
    context: WeekInContext
    diff: PublicationDiff
    unmet: tuple[Requirement, ...]


@transaction.atomic
def move(
    *, pk: int, name: str, version: int | None = None, reason: str | None = None, preview: bool = False, by: Actor
) -> Moved:
    """Carry out one move of a plan.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`), `Stale`, and `NotNow` with every unmet requirement.
    With `preview` nothing is written and the answer says what would happen, and what stands against it.
    """
    plan = weeks.get(pk, actor=by, lock=True, one_at_a_time=name in ("publish", "revert"))
    context = surroundings.of_week(plan, actor=by)
    now = clock.now()
    facts, may = move_facts(context, by=by, now=now), may_in(context, by)
    permission = WEEK_PLAN.transition(name).permission
    by.demand(permission, within=may(permission))
    rows.must_match(plan, version, ("week_plan", pk), required=False)
    diff = {"publish": lambda: diff_of(context), "revert": lambda: withdrawal(context.existing)}.get(
        name, PublicationDiff
    )()
    if preview:
        return Moved(context, context, diff, _foreseen(facts, name, by, now))
    _, warnings = WEEK_PLAN.check(facts, name, by, now, reason=reason, may=may)
    if name == "publish" and plan.status == WeekStatus.PUBLISHED and diff.is_empty:
        return Moved(context, context, diff, warnings)
    sentence = require_reason(reason) if name in ("return", "revert") else ""
    written = _write_sessions(context, diff, name=name, reason=sentence, by=by, now=now)
    _stamp(plan, name, by=by, now=now)
    changes: dict[str, Any] = {"version": [plan.version - 1, plan.version], "status": plan.status}
    changes |= {"sessions": written.ids} if written.ids else {}
    journal.record_all([*written.lines, journal.Entry(DONE[name], ("week_plan", pk), changes, sentence)], by=by)
    return Moved(context, _after(context, diff, written.ids, withdrawn=name == "revert"), diff, warnings)


def _foreseen(facts: PlanMoveFacts, name: str, by: Actor, now: datetime) -> tuple[Requirement, ...]:
    """What a move would meet with; only a week in another status has nothing to show."""
    unmet = [each for each in WEEK_PLAN.requirements(facts, name, by, now) if not each.met]
    refuse([each for each in unmet if each.code == "wrong_status"])
    return tuple(unmet)


def _after(
    context: WeekInContext, diff: PublicationDiff, ids: dict[str, list[int]], *, withdrawn: bool
) -> WeekInContext:
    """The week as it stands now, put together from what was written."""
    plan = context.plan
    week = replace(
        context.week, status=WeekStatus(plan.status), version=plan.version,
        was_published=plan.first_published_at is not None,
    )  # fmt: skip
    return replace(context, week=week, existing=standing(context.existing, diff, ids.get("created", []), withdrawn))


def _write_sessions(
    context: WeekInContext, diff: PublicationDiff, *, name: str, reason: str, by: Actor, now: datetime
) -> publishing.Written:
    if diff.is_empty:
        return publishing.Written()

    def write() -> publishing.Written:
        return publishing.apply(context, diff, by=by, now=now, reason=reason, withdraw=name == "revert")

    def explain() -> None:
        again = surroundings.of_week(context.plan, actor=by)
        unmet = WEEK_PLAN.requirements(move_facts(again, by=by, now=now), name, by, now)
        refuse([each for each in unmet if each.blocks])

    written: publishing.Written = publishing.guarded(write, explain)
    return written


def _stamp(plan: WeekPlan, name: str, *, by: Actor, now: datetime) -> None:
    """The stamps that follow from a move, as the next version."""
    values: dict[str, Any] = {"status": WEEK_PLAN.transition(name).target}
    if name == "verify":
        values |= {"verified_at": now, "verified_by_id": by.person_id}
    elif name == "publish":
        values |= {"published_at": now, "published_by_id": by.person_id}
        values |= {} if plan.first_published_at else {"first_published_at": now}
    else:
        values |= {"verified_at": None, "verified_by_id": None, "published_at": None, "published_by_id": None}
    rows.save_changes(plan, rows.change(plan, values))
