"""A one-time way in: how long it lasts and when it is spent (D4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maristan.kernel.errors import Gone

INVITATION_DAYS = range(1, 31)
DEFAULT_DAYS = 7


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


def refuse_spent(invitation: InvitationFacts, now: datetime) -> None:
    """Raise `Gone` (410) alike for used, voided and expired ones, so that nothing is learnt of the person."""
    if not is_live(invitation, now):
        raise Gone("invitation_spent", "This invitation can no longer be used.")
