"""People of the demonstration who act without an account."""

from maristan.config.roles import TABLE
from maristan.directory.models import Institution, Membership, Person
from maristan.directory.queries import identity
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor, Grant, reaches


def acting_as(person: Person) -> Actor:
    """Somebody with the roles that they hold today, as if signed in."""
    today = clock.today(Institution.objects.get().time_zone)
    held = Membership.objects.filter(identity.active_on(today), person=person)
    grants = [Grant(*row) for row in held.order_by("pk").values_list("role", "scope_kind", "scope_id")]
    audience = frozenset(identity.audience_of(person.pk, grants, today))
    return Actor(None, tenancy.current(), person.pk, person.name, tuple(grants), reaches(grants, TABLE), audience)
