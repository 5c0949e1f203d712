"""Reads of work."""

from django.db.models import Q, QuerySet

from maristan.kernel import messages
from maristan.kernel.access import Actor
from maristan.kernel.integrity import Owners, without_owner
from maristan.kernel.languages import Language
from maristan.kernel.messages import Said
from maristan.work.models import InboxItem
from maristan.work.rules import Perm


def visible_to(actor: Actor) -> "QuerySet[InboxItem]":
    """Items for holders of an audience key that the actor holds."""
    actor.demand(Perm.INBOX_VIEW)
    return InboxItem.objects.filter(audience__overlap=list(actor.audience))


def matching(rows: "QuerySet[InboxItem]", text: str, spoken: Language) -> "QuerySet[InboxItem]":
    """Those of `rows` whose title or detail contains the text, as stored or as the words of their kind are read."""
    wanted = " ".join(text.split())
    if not wanted:
        return rows
    stored = Q(title__icontains=wanted) | Q(detail__icontains=wanted)
    return rows.filter(stored | Q(kind__in=messages.kinds_saying(wanted, spoken)))


def said(row: InboxItem, spoken: Language) -> Said:
    """An item in a language."""
    return messages.said(row.kind, row.params, spoken, stored=Said(row.title, row.detail))


def open_count(*, actor: Actor) -> int:
    """How many items wait for the actor."""
    return InboxItem.objects.filter(audience__overlap=list(actor.audience), closed_at=None).count()


def open_items(*, kind: str, cause_kind: str) -> list[InboxItem]:
    """The open items of a kind, whoever they wait for."""
    return list(InboxItem.objects.filter(kind=kind, cause_kind=cause_kind, closed_at=None).order_by("cause_id"))


def items_without_cause(owners: Owners) -> list[str]:
    """Causes of open items that are not there, as `kind:id`."""
    return without_owner(InboxItem.objects.filter(closed_at=None).values_list("cause_kind", "cause_id"), owners)
