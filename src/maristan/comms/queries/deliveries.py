"""Reads of the outbox: what is due, and the mails of notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from maristan.comms.models import Delivery, Notification
from maristan.comms.queries.notifications import said
from maristan.comms.rules.delivery import DIGEST_ITEMS
from maristan.comms.rules.digests import MORE, SUBJECT, heading
from maristan.comms.rules.states import Channel, Perm
from maristan.directory.queries import people
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor
from maristan.kernel.languages import Language, language
from maristan.kernel.mail import Mail


@dataclass(frozen=True, slots=True)
class Handed:
    """A mail with its address and an identity of its own, which a repetition shares."""

    address: str
    mail: Mail
    identity: str


def visible_to(*, actor: Actor) -> "QuerySet[Delivery]":
    """Every mail of the institution, newest first, for those who watch over the outbox."""
    actor.demand(Perm.DELIVERY_VIEW)
    return Delivery.objects.filter(channel=Channel.EMAIL).select_related("notification")


def due(now: datetime) -> "QuerySet[Delivery]":
    """Mails that wait for nothing any more, the longest due first."""
    waiting = Delivery.objects.filter(channel=Channel.EMAIL, settled_at=None, claimed_at=None, due_at__lte=now)
    return waiting.order_by("due_at", "id")


def single(delivery: Delivery) -> Handed:
    """The mail of one notification, in the language of its reader."""
    notification = _of(delivery)
    spoken = _spoken(notification.recipient)
    told = said(notification, spoken)
    link = settings.SITE_URL + notification.url if notification.url else ""
    body = "\n\n".join(part for part in (told.body, link) if part)
    mail = Mail(" ".join(told.title.split()), body, spoken.code)
    return Handed(delivery.address, mail, f"notification-{notification.pk}")


def digest(group: Sequence[Delivery]) -> Handed | None:
    """One mail of what was told and not read meanwhile, by family, at most 50 titles; none when all of it was read."""
    ids = [each.notification_id for each in group if each.notification_id is not None]
    unread = list(Notification.objects.filter(pk__in=ids, read_at=None).order_by("family", "-id"))
    if not unread:
        return None
    first = group[0]
    spoken = _spoken(first.recipient or 0)
    named = {"institution": institution().name, "count": len(unread)}
    parts = [
        "\n".join([heading(family, spoken.code), *(_line(each, spoken) for each in of_family)])
        for family, of_family in groupby(unread[:DIGEST_ITEMS], key=lambda each: each.family)
    ]
    if len(unread) > DIGEST_ITEMS:
        parts.append(MORE.say({"count": len(unread) - DIGEST_ITEMS}, spoken).title)
    parts.append(f"{settings.SITE_URL}/notifications")
    mail = Mail(SUBJECT.say(named, spoken).title, "\n\n".join(parts), spoken.code)
    return Handed(first.address, mail, f"digest-{first.pk}")


def _line(notification: Notification, spoken: Language) -> str:
    return spoken.directed(f"• {said(notification, spoken).title}")


def _of(delivery: Delivery) -> Notification:
    assert delivery.notification_id is not None
    return Notification.objects.get(pk=delivery.notification_id)


def _spoken(person: int) -> Language:
    chosen = people.languages([person]).get(person, "")
    return language(chosen, institution().locale, settings.LANGUAGE_CODE)


def matching(found: "QuerySet[Delivery]", text: str, *, first: date | None, last: date | None) -> "QuerySet[Delivery]":
    """Those of an address or title that contains the text, wanted on a local day of [first, last]."""
    zone = ZoneInfo(institution().time_zone)
    if first is not None:
        found = found.filter(created_at__gte=datetime.combine(first, time.min, zone))
    if last is not None:
        found = found.filter(created_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    wanted = " ".join(text.split())
    return found.filter(Q(address__icontains=wanted) | Q(notification__title__icontains=wanted)) if wanted else found
