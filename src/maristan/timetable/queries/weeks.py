"""Week plans: who may see them, and one by id."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from maristan.kernel.access import Actor, Reach
from maristan.kernel.errors import NotFound
from maristan.timetable.models import Session, SessionOccurrence, WeekPlan
from maristan.timetable.queries import sessions
from maristan.timetable.rules.states import Perm, WeekStatus


def within(reach: Reach) -> Q:
    """Plans that a reach covers: everything, or those of its programs and batches."""
    if reach.everything:
        return Q()
    return Q(batch__program_id__in=reach.programs) | Q(batch_id__in=reach.batches)


def touching(departments: frozenset[int]) -> Q:
    """Plans with a cell of one of these departments."""
    return Q(pk__in=WeekPlan.objects.filter(cells__department_id__in=departments).values("pk"))


def visible_to(*, actor: Actor) -> "QuerySet[WeekPlan]":
    """Drafts within the reach of `week.view_drafts`; published plans to whoever may see weeks, or is taught in them."""
    rows = WeekPlan.objects.select_related(
        "institution", "batch", "academic_period", "verified_by", "published_by", "edited_by"
    )
    drafts, published = actor.reach(Perm.WEEK_VIEW_DRAFTS), actor.demand(Perm.WEEK_VIEW)
    if drafts.everything:
        return rows
    seen = Q(status=WeekStatus.PUBLISHED)
    if not published.everything:
        seen &= Q(Exists(_own_occurrences(actor))) | within(published)
    return rows.filter(seen | _drafts(drafts))


def _drafts(reach: Reach) -> Q:
    """Plans of the programs and batches within reach, and (for a department head) every plan of a batch."""
    if not reach:
        return Q(pk__in=[])
    found = within(reach)
    return found | Q(batch__isnull=False) | touching(reach.departments) if reach.departments else found


def _own_occurrences(actor: Actor) -> "QuerySet[SessionOccurrence]":
    taught = Session.objects.filter(sessions.own(actor))
    return SessionOccurrence.objects.filter(week_plan=OuterRef("pk"), session_id__in=taught.values("pk"))


def get(pk: int, *, actor: Actor, lock: bool = False, one_at_a_time: bool = False) -> WeekPlan:
    """One plan, locked if asked; raises `NotFound` when the actor may not see it.

    `one_at_a_time` first takes the institution's turn: publications of different weeks compare themselves with each
    other's sessions.
    """
    if one_at_a_time:
        take_turn(actor.institution_id)
    rows = visible_to(actor=actor).filter(pk=pk)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound()
    return found


def covers(reach: Reach, plan: WeekPlan, departments: frozenset[int] = frozenset()) -> bool:
    """True when a reach covers a plan: by its program or batch, or by a department taught in it."""
    batch: Any = plan.batch
    return reach.everything or reach.covers(
        program=batch.program_id if batch else None, batch=plan.batch_id, departments=departments
    )


def _of_batch(batch_id: int | None) -> Q:
    return Q(batch__isnull=True) if batch_id is None else Q(batch_id=batch_id)


def latest_before(*, scope: str, batch_id: int | None, day: date) -> WeekPlan | None:
    """The latest plan of the same scope before a day, whose rows a new plan takes over."""
    return (
        WeekPlan.objects.filter(_of_batch(batch_id), scope=scope, week_start_date__lt=day)
        .order_by("-week_start_date")
        .first()
    )


def existing(*, scope: str, batch_id: int | None, starts: tuple[date, ...]) -> dict[date, WeekPlan]:
    """Plans that exist already, by their first day."""
    rows = WeekPlan.objects.filter(_of_batch(batch_id), scope=scope, week_start_date__in=starts)
    return {row.week_start_date: row for row in rows}


def any_week_exists() -> bool:
    """True once the institution has planned a week; its first weekday and time zone are fixed from then on."""
    return WeekPlan.objects.exists()


def take_turn(institution_id: int | None, *, shared: bool = False) -> None:
    """Wait until no other publication or session of the institution is being written; held until commit.

    Taken before any row is locked, so that those who wait hold nothing. `shared`: attendance of many sessions is
    recorded at once, but never while a publication that looked at them is being written.
    """
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext('timetable.publish'), %s)", [institution_id or 0])
