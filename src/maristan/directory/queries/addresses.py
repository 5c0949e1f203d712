"""Reads of addresses."""

from django.db.models import Q, QuerySet

from maristan.directory.models import Address
from maristan.directory.rules.states import Perm
from maristan.kernel.access import Actor


def visible_to(*, actor: Actor) -> "QuerySet[Address]":
    """The addresses that the actor may see: everybody's, or their own, as with other contacts."""
    reach = actor.demand(Perm.CONTACT_VIEW)
    rows = Address.objects.select_related("person")
    return rows if reach.everything else rows.filter(person_id=actor.person_id or 0)


def matching(found: "QuerySet[Address]", text: str) -> "QuerySet[Address]":
    """Those whose street, city or postal code contains the text."""
    wanted = text.strip()
    if not wanted:
        return found
    return found.filter(Q(street__icontains=wanted) | Q(city__icontains=wanted) | Q(postal_code__icontains=wanted))
