"""Weekly times that people, rooms and groups cannot, should not or would like to be planned."""

from django.db.models import Q, QuerySet

from maristan.kernel.access import Actor
from maristan.timetable.models import Availability
from maristan.timetable.rules.states import AvailabilitySubject, Perm


def visible_to(*, actor: Actor) -> "QuerySet[Availability]":
    """All of them to planners; their own to teachers."""
    reach = actor.demand(Perm.AVAILABILITY_VIEW)
    rows = Availability.objects.all()
    if reach.everything:
        return rows
    return rows.filter(Q(subject_kind=AvailabilitySubject.PERSON, subject_id=actor.person_id or 0))
