"""Reads of invitations; nobody sees a token, and whoever holds one is told little."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from maristan.directory.models import Invitation
from maristan.directory.queries import scoped_people
from maristan.directory.queries.settings import institution
from maristan.directory.rules.invitations import InvitationFacts, is_live, refuse_spent, state
from maristan.directory.rules.states import Perm
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import User


def visible_to(*, actor: Actor, day: date) -> "QuerySet[Invitation]":
    """Invitations of the people whom the actor may invite."""
    reach = actor.demand(Perm.INVITATION_SEND)
    within = scoped_people.within(reach, actor=actor, day=day)
    if not reach.everything:
        within |= scoped_people.entered_by(actor)
    return Invitation.objects.select_related("person").filter(within)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def opened_by(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of a token, its institution entered; raises `NotFound`.

    A token is presented by somebody who is signed in nowhere: only the database can say whose it is.
    """
    hashed = digest(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_invited_to(%s)", [hashed])
        institution_id = cursor.fetchone()[0]
    if institution_id is None:
        raise NotFound()
    tenancy.enter(institution_id)
    rows = Invitation.objects.select_related("person")
    found = (rows.select_for_update(of=("self", "person")) if lock else rows).filter(token_hash=hashed).first()
    if found is None:
        raise NotFound()
    return found


def welcome(token: str) -> dict[str, str]:
    """What the holder of a live link is told; raises `NotFound` and `Gone`."""
    invitation = opened_by(token)
    refuse_spent(facts(invitation), clock.now())
    person = invitation.person
    account = User.objects.filter(pk=person.user_id or 0).first()
    return {
        "institution": institution().name,
        "username": account.username if account else person.proposed_username,
        "purpose": invitation.purpose,
    }


SHOWN = ("id", "person", "email", "purpose", "created_at", "expires_at", "used_at")


def shown(invitations: Sequence[Invitation]) -> list[dict[str, Any]]:
    """Each invitation with its state: `live`, `used`, `voided` or `expired`."""
    now = clock.now()
    return [
        {**{field: getattr(each, field) for field in SHOWN}, "state": state(facts(each), now)} for each in invitations
    ]


def with_live(persons: Iterable[int]) -> set[int]:
    """Those of these people to whom an invitation is out: one query."""
    open_now = Invitation.objects.filter(person__in=list(persons), used_at=None, voided_at=None)
    now = clock.now()
    return {each.person_id for each in open_now if is_live(facts(each), now)}


def facts(invitation: Invitation) -> InvitationFacts:
    """An invitation as the rules see it."""
    return InvitationFacts(invitation.expires_at, invitation.used_at, invitation.voided_at)
