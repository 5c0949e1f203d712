"""Week plans: who may see them, and one by id."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from maristan.academics.queries import planning as academics
from maristan.kernel.access import Actor, Reach
from maristan.kernel.errors import NotFound
from maristan.kernel.search import Hit
from maristan.timetable.models import Session, SessionOccurrence, WeekCell, WeekPlan
from maristan.timetable.queries import sessions
from maristan.timetable.rules.facts import CellFacts
from maristan.timetable.rules.states import CellStatus, Perm, WeekStatus

OF_CELL = Coalesce("department_id", "course__department_id", "section__course__department_id")


def within(reach: Reach) -> Q:
    """Plans of the programs and batches of a reach."""
    return Q(batch__program_id__in=reach.programs) | Q(batch_id__in=reach.batches)


def touching(departments: frozenset[int]) -> Q:
    """Plans with a lesson of one of these departments, and those that hold no lesson yet."""
    filled = WeekCell.objects.filter(week_plan=OuterRef("pk")).exclude(status=CellStatus.EMPTY)
    taught = filled.annotate(of=OF_CELL).filter(of__in=departments)
    return Q(Exists(taught)) | ~Q(Exists(filled))


def departments_of(cells: Iterable[CellFacts], day: date) -> frozenset[int]:
    """The departments of lessons: the cell's, else its course's or its section's course's; one statement."""
    contents = [cell.content for cell in cells]
    unnamed = [each for each in contents if each.department is None]
    found = academics.facts(
        courses={each.course for each in unnamed if each.course is not None},
        sections={each.section for each in unnamed if each.section is not None},
        first=day, last=day,
    )  # fmt: skip
    taught = {each.course or found.sections.get(each.section or 0, {}).get("course") for each in unnamed}
    of_courses = {found.courses[each]["department"] for each in taught if each in found.courses}
    return frozenset({each.department for each in contents if each.department is not None} | of_courses)


def may_draft(actor: Actor, *, program: int | None, batch: int | None) -> bool:
    """Whether `week.edit` reaches drafts of a batch (none: of the institution); a head drafts for every batch."""
    reach = actor.reach(Perm.WEEK_EDIT)
    return reach.everything or bool(reach.departments) or reach.covers(program=program, batch=batch)


def may_edit(actor: Actor, plan: WeekPlan) -> bool:
    """Whether `week.edit` reaches a draft at all."""
    batch: Any = plan.batch
    return may_draft(actor, program=batch.program_id if batch else None, batch=plan.batch_id)


def may_write(actor: Actor, plan: WeekPlan, cells: Iterable[CellFacts]) -> bool:
    """Whether `week.edit` reaches a draft and these of its lessons: a head writes those of own departments."""
    reach = actor.reach(Perm.WEEK_EDIT)
    if covers(reach, plan) or not may_edit(actor, plan):
        return covers(reach, plan)
    return departments_of(cells, plan.week_start_date) <= reach.departments


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


def planned_by(*, actor: Actor) -> "QuerySet[WeekPlan]":
    """Plans that the actor sees before they are published, published ones of the same programs and departments too."""
    reach = actor.demand(Perm.WEEK_VIEW_DRAFTS)
    return visible_to(actor=actor).filter(Q() if reach.everything else _drafts(reach))


def _drafts(reach: Reach) -> Q:
    """Plans of the programs and batches within reach, and those that touch its departments."""
    if not reach:
        return Q(pk__in=[])
    return within(reach) | touching(reach.departments) if reach.departments else within(reach)


def _own_occurrences(actor: Actor) -> "QuerySet[SessionOccurrence]":
    taught = Session.objects.filter(sessions.own(actor))
    return SessionOccurrence.objects.filter(week_plan=OuterRef("pk"), session_id__in=taught.values("pk"))


def matching(rows: "QuerySet[WeekPlan]", text: str) -> "QuerySet[WeekPlan]":
    """Plans whose batch, program or period, or a course or topic taught in them, contains the text."""
    wanted = " ".join(text.split())
    if not wanted:
        return rows
    cells = WeekCell.objects.filter(week_plan=OuterRef("pk"), status=CellStatus.SCHEDULED)
    taught = cells.filter(Q(course__name__icontains=wanted) | Q(topic__icontains=wanted))
    named = Q(batch__name__icontains=wanted) | Q(batch__program__name__icontains=wanted)
    return rows.filter(named | Q(academic_period__name__icontains=wanted) | Q(Exists(taught)))


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Weeks for the search box, latest first: only those that the actor may see."""
    if not actor.may(Perm.WEEK_VIEW):
        return []
    found = matching(visible_to(actor=actor), text).order_by("-week_start_date", "-pk")[:limit]
    return [
        Hit("week", f"{plan.week_start_date:%Y-%m-%d}", plan.batch.name if plan.batch else plan.institution.name,
            f"/timetable/weeks/{plan.pk}")
        for plan in found
    ]  # fmt: skip


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


def take_turn_to_amend(pk: int, institution_id: int | None) -> None:
    """The same when a plan is published; who edits a draft waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('timetable.publish'), %s) FROM timetable_weekplan"
            " WHERE id = %s AND status = 'published'",
            [institution_id or 0, pk],
        )
