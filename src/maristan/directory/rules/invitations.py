"""A one-time way in: how long it lasts and when it is spent (D4)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from maristan.directory.rules.memberships import ADMIN_ROLE
from maristan.directory.rules.states import InvitationPurpose
from maristan.kernel.errors import Fault, Gone, NotAllowed, NotNow

INVITATION_DAYS = range(1, 31)
DEFAULT_DAYS = 7
STUDENT_ROLE = "student"
FACULTY_ROLE = "faculty"

# No `@`: a name that looks like an address could be taken for somebody's.
USERNAME = re.compile(r"[\w.+-]{3,150}")


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What decides whether an invitation still opens the door; instants with an offset."""

    expires_at: datetime
    used_at: datetime | None = None
    voided_at: datetime | None = None


def expiry(now: datetime, days: int = DEFAULT_DAYS) -> datetime:
    """When an invitation sent now expires; raises `ValueError` unless `days` is in 1..30."""
    if days not in INVITATION_DAYS:
        raise ValueError("an invitation lasts 1 to 30 days")
    return now + timedelta(days=days)


def is_live(invitation: InvitationFacts, now: datetime) -> bool:
    """True until it is used, voided by a newer one, or expired (the last instant excluded)."""
    return invitation.used_at is None and invitation.voided_at is None and now < invitation.expires_at


def state(invitation: InvitationFacts, now: datetime) -> str:
    """`live`, or why it no longer is: `used`, `voided`, `expired`."""
    if is_live(invitation, now):
        return "live"
    if invitation.used_at is not None:
        return "used"
    given_up = invitation.voided_at is not None and invitation.voided_at < invitation.expires_at
    return "voided" if given_up else "expired"


def refuse_spent(invitation: InvitationFacts, now: datetime) -> None:
    """Raise `Gone` (410) alike for used, voided and expired ones, so that nothing is learnt of the person."""
    if not is_live(invitation, now):
        raise Gone("invitation_spent", "This invitation can no longer be used.")


@dataclass(frozen=True, slots=True)
class InviteeFacts:
    """Somebody to be invited: their roles today, and whether their account opens other institutions too."""

    is_active: bool
    has_account: bool
    roles: frozenset[str] = frozenset()
    account_is_shared: bool = False
    account_has_email: bool = False
    is_entered_by_sender: bool = False


def refuse_invitee(invitee: InviteeFacts, purpose: InvitationPurpose) -> None:
    """Raise `NotNow` when an invitation of this purpose makes no sense or would open more than this institution."""
    if not invitee.is_active:
        raise NotNow("person_inactive", "This person is no longer active here.")
    if purpose is InvitationPurpose.JOIN and invitee.has_account:
        raise NotNow("has_account", "This person has an account; send a reset instead.")
    if purpose is InvitationPurpose.RESET and not invitee.has_account:
        raise NotNow("no_account", "This person has no account yet; invite them to join.")
    if purpose is InvitationPurpose.RESET and invitee.account_is_shared and not invitee.account_has_email:
        raise NotNow("account_is_shared", "The account opens other institutions too; only an operator can reset it.")


def refuse_sender(invitee: InviteeFacts, *, is_scoped: bool, grants_roles: bool) -> None:
    """Raise `NotAllowed` when the way in would hand its sender more than the sender may give.

    Students of a program, and teachers whom a file of one's own entered, are invited by its coordinator as long as they
    hold no other role; an administrator only by one who may grant that role.
    """
    own = {STUDENT_ROLE, FACULTY_ROLE} if invitee.is_entered_by_sender else {STUDENT_ROLE}
    if is_scoped and invitee.roles - own:
        raise NotAllowed(detail="This person holds roles beyond your programs.")
    if ADMIN_ROLE in invitee.roles and not grants_roles:
        raise NotAllowed(detail="Administrators are invited by administrators.")


def username_faults(username: str) -> list[Fault]:
    """What is wrong with a username as chosen."""
    if not username:
        return [Fault("/username", "required", "Choose a username.")]
    if not USERNAME.fullmatch(username):
        return [Fault("/username", "bad_username", "3 to 150 letters, digits and . + - _ are allowed.")]
    return []
