"""Weekly times that people, rooms and groups cannot, should not or would like to be planned."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from maristan.academics.queries import planning as academics
from maristan.directory.queries import planning as directory
from maristan.kernel.access import Actor
from maristan.kernel.rows import one
from maristan.timetable.models import Availability
from maristan.timetable.rules.states import AvailabilitySubject, Perm

NAMED: dict[str, Callable[[], "QuerySet[Any]"]] = {
    AvailabilitySubject.PERSON: directory.person_names,
    AvailabilitySubject.ROOM: directory.place_names,
    AvailabilitySubject.GROUP: academics.group_names,
}


def visible_to(*, actor: Actor) -> "QuerySet[Availability]":
    """All of them to planners; their own to teachers."""
    reach = actor.demand(Perm.AVAILABILITY_VIEW)
    rows = Availability.objects.all()
    if reach.everything:
        return rows
    return rows.filter(Q(subject_kind=AvailabilitySubject.PERSON, subject_id=actor.person_id or 0))


def may_edit(actor: Actor, kind: str, pk: int) -> bool:
    """Whether the actor declares for this person, room or group: for all of them, or for oneself."""
    reach = actor.reach(Perm.AVAILABILITY_MANAGE)
    is_own = kind == AvailabilitySubject.PERSON and pk == actor.person_id
    return reach.everything or (bool(reach) and is_own)


def with_names(rows: "QuerySet[Availability]") -> "QuerySet[Availability]":
    """Rows with `subject_name`, in the same statement."""
    found = (
        When(subject_kind=kind, then=Subquery(names().filter(pk=OuterRef("subject_id")).values("name")))
        for kind, names in NAMED.items()
    )
    return rows.annotate(subject_name=Case(*found))


def shown(row: Any, actor: Actor) -> dict[str, Any]:
    """A row of `with_names` as lists and pages show it."""
    return {
        "id": row.pk,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "subject_name": row.subject_name or "",
        "day_of_week": row.day_of_week,
        "start_time": row.start_time,
        "end_time": row.end_time,
        "level": row.level,
        "from_date": row.from_date,
        "to_date": row.to_date,
        "version": row.version,
        "can_edit": may_edit(actor, row.subject_kind, row.subject_id),
    }


def page(pk: int, *, actor: Actor) -> dict[str, Any]:
    """One of them; raises `NotFound`."""
    return shown(one(with_names(visible_to(actor=actor)), pk), actor)
