"""The other side of an invitation: an account is made, linked, or given a new password, once (D4)."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from maristan.directory.actions import sessions
from maristan.directory.models import Invitation, Person
from maristan.directory.queries import invitations as queries
from maristan.directory.queries import settings as institution
from maristan.directory.queries import usernames
from maristan.directory.rules.invitations import refuse_spent, username_faults
from maristan.directory.rules.states import InvitationPurpose
from maristan.kernel import clock, journal, lockout, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Fault, Gone, Invalid, NotNow
from maristan.kernel.models import User

TAKEN = Invalid.at("/username", "username_taken", "Somebody has this username; choose another.")
TAKEN_ACCOUNT = {
    "kernel_user_username_any_case": TAKEN,
    "kernel_user_username_key": TAKEN,
    "kernel_user_email_any_case": NotNow("sign_in_first", "Sign in with your account first, then open this link."),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """The account that an invitation opened."""

    institution: str
    username: str


@transaction.atomic
def accept(*, token: str, username: str, password: str, by: User | None) -> Accepted:
    """Use an invitation; `by` is the account that is signed in, if any.

    Raises `NotFound`, `Gone`, `NotNow` (`sign_in_first`, `already_here`), and `Invalid` at `/username` and `/password`.
    """
    invitation = queries.opened_by(token, lock=True)
    now = clock.now()
    refuse_spent(queries.facts(invitation), now)
    person = invitation.person
    if not person.is_active or (person.user_id is not None) != (invitation.purpose == InvitationPurpose.RESET):
        raise Gone("invitation_spent", "This invitation can no longer be used.")
    if invitation.purpose == InvitationPurpose.RESET:
        account = _reset(person, password)
    else:
        account = _existing(invitation, by) or _new(invitation, username, password)
        person.user = account
        with rows.refusing(directory_person_user_once=NotNow("already_here", "This account is somebody here already.")):
            person.save(update_fields=["user", "updated_at"])
    invitation.used_at = now
    invitation.save(update_fields=["used_at", "updated_at"])
    actor = Actor(account.pk, person.institution_id, person_id=person.pk, name=person.name)
    if invitation.purpose == InvitationPurpose.RESET:
        sessions.end_all(user_id=account.pk, by=actor)
    changes = {"purpose": [None, invitation.purpose], "account": [None, account.username]}
    journal.record("invitation.accepted", ("invitation", invitation.pk), by=actor, changes=changes)
    return Accepted(institution.institution().name, account.username)


def _existing(invitation: Invitation, by: User | None) -> User | None:
    """The account of the address invited, proven by being signed in; none when there is no such account."""
    if not invitation.email:
        return None
    known = User.objects.filter(email__iexact=invitation.email).first()
    if known is None:
        proven = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True).first()
        known = proven.user if proven else None
    if known is not None and (by is None or by.pk != known.pk):
        raise TAKEN_ACCOUNT["kernel_user_email_any_case"]
    return known


def _new(invitation: Invitation, username: str, password: str) -> User:
    """A new account; the address is proven, because the link came by it."""
    person = invitation.person
    wanted = username or person.proposed_username
    account = User(username=wanted, email=invitation.email, first_name=person.name[:150])
    faults = username_faults(wanted) + _password_faults(password, account)
    if not faults and wanted.casefold() != person.proposed_username.casefold() and _is_promised(wanted):
        raise TAKEN
    if faults:
        raise Invalid(faults)
    account.set_password(password)
    with rows.refusing(**TAKEN_ACCOUNT):
        account.save()
    if invitation.email:
        EmailAddress.objects.create(user=account, email=invitation.email, verified=True, primary=True)
    return account


def _reset(person: Person, password: str) -> User:
    account = User.objects.select_for_update().get(pk=person.user_id or 0)
    faults = _password_faults(password, account)
    if faults:
        raise Invalid(faults)
    account.set_password(password)
    account.save(update_fields=["password"])
    lockout.unlock(user_id=account.pk)
    return account


def _password_faults(password: str, account: User) -> list[Fault]:
    if not password:
        return [Fault("/password", "required", "Choose a password.")]
    try:
        validate_password(password, account)
    except ValidationError as error:
        return [Fault("/password", each.code or "bad_password", each.messages[0]) for each in error.error_list]
    return []


def _is_promised(username: str) -> bool:
    """True when the username belongs to somebody or was proposed to somebody, in any institution."""
    return username.lower() in usernames.in_use([username])
