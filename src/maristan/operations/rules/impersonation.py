"""Acting as another person: as whom, how often, and what stays forbidden meanwhile."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from maristan.kernel.errors import Invalid, NotAllowed, TooMany

STARTS_AN_HOUR = 10
SHORTEST_REASON, LONGEST_REASON = 10, 500
KEY, ENDS, WHERE = "impersonation", "impersonation_ends", "impersonation_in"  # what a session notes of it
NEVER = frozenset({"admin", "auditor", "operator"})
# Who is signed in, leaving, and how one may sign in.
OPEN = re.compile(r"^/_allauth/[^/]+/v1/(auth/session|config)$")


def check_account(path: str) -> None:
    """Raise `NotAllowed` (`impersonating`) for the account's passwords, second factors, addresses and sessions."""
    if not OPEN.match(path):
        raise NotAllowed.impersonating()


def check_reason(reason: str) -> str:
    """The reason, trimmed; raises `Invalid`."""
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise Invalid.at("/reason", "too_short", f"At least {SHORTEST_REASON} characters.")
    if len(said) > LONGEST_REASON:
        raise Invalid.at("/reason", "too_long", f"At most {LONGEST_REASON} characters.")
    return said


def check_target(*, is_self: bool, is_active: bool, is_operator: bool, roles: Collection[str]) -> None:
    """Raise `NotAllowed` (`not_impersonable`) for oneself, the inactive, and those who watch or run the place."""
    if is_self or is_operator or not is_active or NEVER & set(roles):
        raise NotAllowed("not_impersonable", "Nobody may act as this person.")


def check_alone(ends: Iterable[datetime], now: datetime) -> None:
    """Raise `NotAllowed` (`impersonating`, with `expires_at`) where one acts as somebody in another session."""
    last = max((each for each in ends if each > now), default=None)
    if last is not None:
        raise NotAllowed(
            "impersonating", f"You act as somebody in another session until {last:%H:%M} UTC. Stop that first.",
            expires_at=last,
        )  # fmt: skip


def check_often(starts: int) -> None:
    """Raise `TooMany` beyond ten starts an hour."""
    if starts >= STARTS_AN_HOUR:
        raise TooMany(detail="Ten times an hour at most.", retry_after=3600)
