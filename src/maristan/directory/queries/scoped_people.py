"""Which people a permission reaches: staff of departments, students of programs and batches, oneself."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from maristan.directory.models import Membership, Person
from maristan.directory.queries.identity import active_on
from maristan.kernel.access import Actor, Reach

PeopleOf = Callable[[Reach], Any]
_people_of_programs: list[PeopleOf] = []


def register_program_people(people_of: PeopleOf) -> None:
    """Tell how the students whom a reach covers are found: reach → person ids, as a subquery."""
    _people_of_programs[:] = [people_of]


def within(reach: Reach, *, actor: Actor, day: date, person: str = "person_id") -> Q:
    """Rows whose `person` the reach covers on a day."""
    if reach.everything:
        return Q()
    covered = Q(**{person: actor.person_id}) if reach else Q(pk__in=[])
    if reach.departments:
        held = Membership.objects.filter(
            active_on(day), person=OuterRef(person), scope_kind="department", scope_id__in=reach.departments
        )
        covered |= Q(Exists(held))
    return covered | studying(Reach(programs=reach.programs, batches=reach.batches), person=person)


def studying(reach: Reach, *, person: str = "person_id") -> Q:
    """Rows whose `person` studies in a program or batch of the reach, or is taught in one of its departments."""
    if not _people_of_programs or not (reach.departments or reach.programs or reach.batches):
        return Q(pk__in=[])
    return Q(**{f"{person}__in": _people_of_programs[0](reach)})


def covered(reach: Reach, people: Iterable[int], *, actor: Actor, day: date) -> frozenset[int]:
    """Those of these people whom the reach covers on a day: at most one query."""
    wanted = frozenset(people)
    if reach.everything or not wanted:
        return wanted
    rows = Person.objects.filter(within(reach, actor=actor, day=day, person="pk"), pk__in=wanted)
    return frozenset(rows.values_list("pk", flat=True))
