"""Reads of contacts."""

from django.db.models import QuerySet

from maristan.directory.models import ContactInfo
from maristan.directory.rules.states import Perm
from maristan.kernel.access import Actor


def visible_to(*, actor: Actor) -> "QuerySet[ContactInfo]":
    """The contacts that the actor may see: everybody's, or their own."""
    reach = actor.demand(Perm.CONTACT_VIEW)
    rows = ContactInfo.objects.all()
    return rows if reach.everything else rows.filter(person_id=actor.person_id or 0)
