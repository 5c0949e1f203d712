"""Writes of invitations: sent, mailed or printed once, and accepted once (D4).

A token is made when its link is shown or mailed and kept nowhere; the table has its SHA-256.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db import transaction

from maristan.directory.models import Invitation, Membership, Person
from maristan.directory.queries import identity, people, scoped_people
from maristan.directory.queries import invitations as queries
from maristan.directory.queries import settings as institution
from maristan.directory.rules.contacts import email_address
from maristan.directory.rules.invitations import (
    InviteeFacts,
    expiry,
    refuse_invitee,
    refuse_sender,
    refuse_spent,
)
from maristan.directory.rules.states import InvitationPurpose, Perm
from maristan.kernel import clock, events, journal, rows
from maristan.kernel.access import Actor, Reach
from maristan.kernel.errors import Invalid
from maristan.kernel.mail import MailWanted, Wanted
from maristan.kernel.models import User
from maristan.kernel.unjournaled import unjournaled

MAIL = "directory.invitation"


@dataclass(frozen=True, slots=True)
class Way:
    """A way in with its link: `email` is where it goes, empty for one handed over as a slip."""

    invitation: Invitation
    link: str
    email: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation; `link` is there only when nothing is mailed, and only now."""

    invitation: Invitation
    link: str | None


@transaction.atomic
def send(*, person: int, purpose: InvitationPurpose | None, email: str, by: Actor) -> Sent:
    """Invite a person to an account, or to a new password; an invitation before it is void.

    Raises `Invalid` (`unknown_reference`, `bad_email`), `NotAllowed`, and `NotNow` (`person_inactive`, `has_account`,
    `no_account`, `account_is_shared`).
    """
    reach = by.demand(Perm.INVITATION_SEND)
    found = rows.reference(people.visible_to(actor=by).select_for_update(of=("self",)), person, "/person")
    assert found is not None
    day = institution.local_today()
    within = bool(scoped_people.covered(reach, [person], actor=by, day=day, with_entered=True))
    by.demand(Perm.INVITATION_SEND, within=within, pointer="/person")
    wanted = purpose or (InvitationPurpose.RESET if found.user_id else InvitationPurpose.JOIN)
    account = User.objects.filter(pk=found.user_id or 0).first()
    invitee = replace(_invitee(found, account, day), is_entered_by_sender=_is_entered(person, reach, by))
    refuse_sender(invitee, is_scoped=not reach.everything, grants_roles=by.may(Perm.MEMBERSHIP_GRANT))
    refuse_invitee(invitee, wanted)
    invitation = prepare(person=found, purpose=wanted, email=_address(found, account, wanted, email), by=by)
    link = None
    if invitation.email:
        mail(made=[invitation], by=by)
    else:
        link = renew(pk=invitation.pk, by=by).link
    changes = {"person": [None, found.pk], "purpose": [None, wanted], "by_mail": [None, bool(invitation.email)]}
    journal.record("invitation.sent", ("invitation", invitation.pk), by=by, changes=changes)
    return Sent(invitation, link)


def _is_entered(person: int, reach: Reach, by: Actor) -> bool:
    return not reach.everything and bool(scoped_people.entered_among([person], actor=by))


def _invitee(person: Person, account: User | None, day: date) -> InviteeFacts:
    held = Membership.objects.filter(identity.active_on(day), person=person)
    shared = account is not None and (account.is_operator or len(identity.institution_ids_of(account.pk)) > 1)
    return InviteeFacts(
        is_active=person.is_active,
        has_account=account is not None,
        roles=frozenset(held.values_list("role", flat=True)),
        account_is_shared=shared,
        account_has_email=bool(account and account.email),
    )


def _address(person: Person, account: User | None, purpose: InvitationPurpose, asked: str) -> str:
    """Where the link goes: a new password only to the account's own address, if it has one."""
    if purpose is InvitationPurpose.RESET and account is not None and account.email:
        if asked and email_address(asked) != account.email.lower():
            raise Invalid.at("/email", "not_of_account", "A new password is set by the account's own address.")
        return account.email
    if asked:
        return email_address(asked)
    return people.email_addresses([person.pk]).get(person.pk, "")


@unjournaled("the line of an invitation says that it is mailed")
def mail(*, made: Iterable[Invitation], by: Actor) -> None:
    """Have those invitations mailed that have an address; the mail is written when it leaves."""
    mails = tuple(Wanted(MAIL, each.email, {"invitation": each.pk}, each.person_id) for each in made if each.email)
    if mails:
        events.publish_within(MailWanted(mails))


@unjournaled("its caller writes the line")
@transaction.atomic
def prepare(*, person: Person, purpose: InvitationPurpose, email: str, by: Actor) -> Invitation:
    """Store an invitation whose token is yet to be made; the live one before it is void."""
    now = clock.now()
    live = Invitation.objects.filter(person=person, purpose=purpose, used_at=None, voided_at=None)
    live.update(voided_at=now)
    return Invitation.objects.create(
        person=person,
        purpose=purpose,
        email=email,
        token_hash=queries.digest(secrets.token_urlsafe(32)),
        expires_at=expiry(now, institution.setting("directory.invitation_days")),
    )


@unjournaled("the line was written when it was sent")
@transaction.atomic
def renew(*, pk: int, by: Actor) -> Way:
    """Make the token of a live invitation anew and give its link; raises `NotFound` and `Gone`."""
    invitation = rows.one(Invitation.objects.all(), pk, lock=True)
    refuse_spent(queries.facts(invitation), clock.now())
    token = secrets.token_urlsafe(32)
    invitation.token_hash = queries.digest(token)
    invitation.save(update_fields=["token_hash", "updated_at"])
    return Way(invitation, f"{settings.SITE_URL}/invitation/{token}", invitation.email)


@transaction.atomic
def expire(*, by: Actor) -> int:
    """Close invitations whose time is over, so that none of them counts as open; gives how many."""
    now = clock.now()
    over = Invitation.objects.filter(used_at=None, voided_at=None, expires_at__lte=now)
    found = dict(over.select_for_update(skip_locked=True).values_list("pk", "person_id"))
    Invitation.objects.filter(pk__in=found).update(voided_at=now)
    changes = {pk: {"person": [person, person]} for pk, person in found.items()}
    journal.record_each("invitation.expired", "invitation", changes, by=by)
    return len(found)
