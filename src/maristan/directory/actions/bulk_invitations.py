"""Many people invited at once: mailed where there is an address, with links for slips where there is none (D4)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from maristan.directory.actions import invitations
from maristan.directory.models import Invitation, Membership, Person
from maristan.directory.queries import identity, people, scoped_people
from maristan.directory.queries import invitations as queries
from maristan.directory.queries import settings as institution
from maristan.directory.rules.invitations import InviteeFacts, expiry, refuse_invitee, refuse_sender
from maristan.directory.rules.states import InvitationPurpose, Perm
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor, Reach

JOIN = InvitationPurpose.JOIN


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one person; `link` only where nothing is mailed, and only now."""

    person: int
    name: str
    email: str
    link: str | None
    expires_at: datetime


@transaction.atomic
def send(*, persons: Sequence[int], by: Actor) -> list[Sent]:
    """Invite people to accounts, all of them or nobody; live invitations before are void. Constant queries.

    Raises `Invalid` (`unknown_reference` at each), `NotAllowed`, and `NotNow` (`person_inactive`, `has_account`).
    """
    reach = by.demand(Perm.INVITATION_SEND)
    ids, day = list(dict.fromkeys(persons)), institution.local_today()
    found = rows.references(people.visible_to(actor=by).select_for_update(of=("self",)), ids, "/persons")
    within = scoped_people.covered(reach, ids, actor=by, day=day, with_entered=True)
    for position, pk in enumerate(ids):
        by.demand(Perm.INVITATION_SEND, within=pk in within, pointer=f"/persons/{position}")
    _refuse_invitees(found, reach, day, by)
    now, emails = clock.now(), people.email_addresses(ids)
    tokens = {pk: secrets.token_urlsafe(32) for pk in ids}
    Invitation.objects.filter(person__in=ids, purpose=JOIN, used_at=None, voided_at=None).update(voided_at=now)
    expires_at = expiry(now, institution.setting("directory.invitation_days"))
    made = Invitation.objects.bulk_create(
        Invitation(
            person_id=pk, purpose=JOIN.value, email=emails.get(pk, ""), token_hash=queries.digest(tokens[pk]),
            expires_at=expires_at,
        )
        for pk in ids
    )  # fmt: skip
    invitations.mail(made=made, by=by)
    lines = {
        each.pk: {"person": [None, each.person_id], "purpose": [None, JOIN], "by_mail": [None, bool(each.email)]}
        for each in made
    }
    journal.record_each("invitation.sent", "invitation", lines, by=by)
    return [
        Sent(
            each.person_id,
            found[each.person_id].name,
            each.email,
            None if each.email else f"{settings.SITE_URL}/invitation/{tokens[each.person_id]}",
            expires_at,
        )
        for each in made
    ]


def _refuse_invitees(found: Mapping[int, Person], reach: Reach, day: date, by: Actor) -> None:
    roles: dict[int, set[str]] = {}
    held = Membership.objects.filter(identity.active_on(day), person__in=found)
    for holder, role in held.values_list("person_id", "role"):
        roles.setdefault(holder, set()).add(role)
    grants_roles = by.may(Perm.MEMBERSHIP_GRANT)
    entered = frozenset() if reach.everything else scoped_people.entered_among(found, actor=by)
    for pk, person in found.items():
        known = frozenset(roles.get(pk, ()))
        invitee = InviteeFacts(person.is_active, person.user_id is not None, known, is_entered_by_sender=pk in entered)
        refuse_sender(invitee, is_scoped=not reach.everything, grants_roles=grants_roles)
        refuse_invitee(invitee, JOIN)
