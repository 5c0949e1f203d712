"""Obligations: who sees which, what they close, and who is asked next."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from maristan.academics.models import AcademicPeriod, Obligation, Requirement, Student, Submission
from maristan.academics.rules import obligations as rules
from maristan.academics.rules.states import LockPoint as LockPoint
from maristan.academics.rules.states import ObligationStatus, PeriodStatus, Perm
from maristan.directory.queries import audiences, scoped_people
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock
from maristan.kernel.access import Actor, Reach
from maristan.kernel.workflow import Requirement as Unmet

UNMET = "obligations_clear"
ORDERINGS = ("due_at", "status", "submitted_at", "id")


def requirements(*, actor: Actor) -> "QuerySet[Requirement]":
    """What people owe here, for those who say it."""
    actor.demand(Perm.OBLIGATION_DEFINE)
    return Requirement.objects.all()


def visible_to(*, actor: Actor) -> "QuerySet[Any]":
    """One's own obligations and those of people in reach, with what lists show."""
    reach = actor.demand(Perm.OBLIGATION_VIEW)
    number = Student.objects.filter(person=OuterRef("person")).values("reg_no")[:1]
    rows: QuerySet[Any] = Obligation.objects.select_related("requirement").annotate(
        full_name=F("person__name"), reg_no=Subquery(number)
    )
    return rows if reach.everything else rows.filter(_within(reach, actor) | Q(person=actor.person_id or 0))


def _within(reach: Reach, actor: Actor) -> Q:
    return scoped_people.within(reach, actor=actor, day=local_today(), person="person_id")


def may(row: Any, *, actor: Actor, permission: str) -> bool:
    """Whether the actor holds a permission over whoever owes it."""
    reach = actor.reach(permission)
    if reach.everything:
        return True
    if permission == Perm.OBLIGATION_SUBMIT:
        return actor.may(permission) and row.person_id == actor.person_id
    return actor.may(permission) and Obligation.objects.filter(_within(reach, actor), pk=row.pk).exists()


def facts(row: Any, *, actor: Actor) -> rules.ObligationFacts:
    """What the rules look at."""
    return rules.ObligationFacts(ObligationStatus(row.status), is_own=row.person_id == actor.person_id)


def moves(row: Any, *, actor: Actor) -> list[dict[str, Any]]:
    """What may be done with it now; handing in has its own route."""
    found = rules.OBLIGATION.moves(
        facts(row, actor=actor), actor, clock.now(), may=lambda name: may(row, actor=actor, permission=name)
    )
    return [each.as_dict() for each in found]


def shown(row: Any, *, now: datetime, zone: str) -> dict[str, Any]:
    """An obligation as lists show it."""
    asked = row.requirement
    late = row.due_at is not None and (row.submitted_at or row.completed_at or now) >= row.due_at
    since = rules.locked_since(ObligationStatus(row.status), row.due_at, asked.lock_lead_hours, now)
    return {
        "id": row.pk, "requirement": asked.pk, "title": asked.title, "description": asked.description,
        "kind": asked.kind, "field": asked.field, "person": row.person_id, "full_name": row.full_name,
        "reg_no": row.reg_no or "", "due_on": rules.due_day(row.due_at, zone) if row.due_at else None,
        "due_at": row.due_at, "status": row.status, "is_late": late, "locks": asked.locks,
        "lock_lead_hours": asked.lock_lead_hours, "locked_since": since if asked.locks else None,
        "submitted_at": row.submitted_at, "completed_at": row.completed_at, "note": row.note, "version": row.version,
    }  # fmt: skip


def submissions(row: Any) -> "QuerySet[Submission]":
    """What was handed in, the latest first."""
    return Submission.objects.filter(obligation=row.pk).select_related("file").order_by("-id")


def person_of(pk: int) -> int:
    """Who owes it, for apps that follow what becomes of it."""
    return Obligation.objects.values_list("person_id", flat=True).get(pk=pk)


def locking(point: LockPoint) -> Exists:
    """Whether anything that is owed here closes a point, as an expression."""
    return Exists(Requirement.objects.filter(locks__contains=[point]))


def unmet(persons: Collection[int], point: LockPoint, *, by: Actor | None = None) -> dict[int, list[Unmet]]:
    """What stays closed to these people at a point because of what they owe (`obligations_clear`): one query.

    It blocks their own moves, and all where `by` is none; it warns whoever else acts for them.
    """
    now, found = clock.now(), {person: list[Unmet]() for person in persons}
    owed = Obligation.objects.filter(
        person__in=list(persons),
        status__in=list(rules.OPEN),
        due_at__isnull=False,
        requirement__locks__contains=[point],
    ).values_list("person_id", "status", "due_at", "requirement__lock_lead_hours", "requirement__title")
    for person, status, due, lead, title in owed.order_by("due_at", "id"):
        if rules.locked_since(ObligationStatus(status), due, lead, now) is not None:
            found[person].append(rules.unmet(title, is_own=by is None or person == by.person_id))
    return found


def unasked(row: Requirement, day: date) -> list[int]:
    """People of the audience who do not owe it yet; without `mid_session` nobody in the middle of a period (C2)."""
    found = audiences.people(audiences.read(row.audience), day)
    found -= set(Obligation.objects.filter(requirement=row).values_list("person_id", flat=True))
    return sorted(found if row.mid_session else found - _in_session(found, day))


def _in_session(persons: Collection[int], day: date) -> set[int]:
    """Those of them who study in a period that is open and runs on a day."""
    whose = Q(batch=OuterRef("batch")) | Q(batch__isnull=True, program=OuterRef("program"))
    running = AcademicPeriod.objects.filter(whose, status=PeriodStatus.OPEN, start_date__lte=day, end_date__gte=day)
    rows = Student.objects.filter(Exists(running), person__in=list(persons))
    return set(rows.values_list("person_id", flat=True))


def open_ones(*, until: datetime, since: datetime) -> "QuerySet[Any]":
    """Obligations not yet handed in that are due between two instants."""
    return Obligation.objects.filter(status__in=list(rules.OPEN), due_at__gt=since, due_at__lte=until).select_related(
        "requirement"
    )


def matching(found: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """Those of somebody, or of a requirement, whose name contains the text."""
    wanted = " ".join(text.split())
    if not wanted:
        return found
    return found.filter(Q(person__name__icontains=wanted) | Q(requirement__title__icontains=wanted))
