"""Which people a permission reaches: staff of departments, students of programs and batches, oneself."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from maristan.directory.models import Membership, Person
from maristan.directory.queries.identity import active_on
from maristan.directory.rules.states import Perm
from maristan.kernel import imports
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


def entered_by(actor: Actor, *, person: str = "person_id") -> Q:
    """Rows whose `person` a file of the actor's own entered as a teacher and who has no account yet.

    Whoever brings somebody in sees to it that they can come.
    """
    if not actor.may(Perm.FACULTY_IMPORT):
        return Q(pk__in=[])
    entered = imports.entered("faculty", actor=actor)
    return Q(**{f"{person}__in": Person.objects.filter(pk__in=entered, user=None).values("pk")})


def entered_among(people: Iterable[int], *, actor: Actor) -> frozenset[int]:
    """Those of these people whom a file of the actor's own entered: one query."""
    found = Person.objects.filter(entered_by(actor, person="pk"), pk__in=list(people))
    return frozenset(found.values_list("pk", flat=True))


def covered(
    reach: Reach, people: Iterable[int], *, actor: Actor, day: date, with_entered: bool = False
) -> frozenset[int]:
    """Those of these people whom the reach covers on a day, or `entered_by` the actor: at most one query."""
    wanted = frozenset(people)
    if reach.everything or not wanted:
        return wanted
    found = within(reach, actor=actor, day=day, person="pk")
    if with_entered and (reach.departments or reach.programs or reach.batches):
        found |= entered_by(actor, person="pk")
    return frozenset(Person.objects.filter(found, pk__in=wanted).values_list("pk", flat=True))
