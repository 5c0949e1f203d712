"""Accounts that an operator opens again: for whoever was locked out, and for an owner who lost a second factor."""

import secrets
import socket

from allauth.mfa.models import Authenticator
from django.db import transaction

from maristan.directory.actions import sessions
from maristan.directory.queries import identity
from maristan.kernel import journal, lockout, tenancy
from maristan.kernel.access import Actor, platform
from maristan.operations.actions import account_telling, chain

SUBJECT = "account"


@transaction.atomic
def unlock(*, user_id: int, by: Actor) -> None:
    """Forget the failed sign-ins of an account."""
    lockout.unlock(user_id=user_id)
    with tenancy.acting_in(None):
        chain.record(kind="account.unlocked", subject=(SUBJECT, user_id), by=by, changes={})


@transaction.atomic
def take_factors_off(*, user_id: int, by: Actor) -> int:
    """As `unlock`, and without second factors, recovery codes, sessions and tokens; tells the owner.

    Gives how many factors went. Each institution of the account has a line of its own, because its auditors do not
    read that of the platform.
    """
    lockout.unlock(user_id=user_id)
    removed = int(Authenticator.objects.filter(user_id=user_id).delete()[0])
    sessions.end_others(user_id=user_id, kept="", with_tokens=True, by=by)
    kind, changes = "account.factors_removed", {"second_factors": [removed, 0]}
    with tenancy.acting_in(None):
        chain.record(kind=kind, subject=(SUBJECT, user_id), by=by, changes=changes)
    for home in identity.institution_ids_of(user_id):
        with tenancy.acting_in(home):
            journal.record(kind, ("person", identity.person_of(user_id)), by=platform(home, by.name), changes=changes)
    if removed:
        account_telling.ask(
            user_id=user_id, event=account_telling.FACTOR, address=socket.gethostname(), what="removed", factor="lost",
            once=f"factor:lost:{secrets.token_hex(8)}", by=by,
        )  # fmt: skip
    return removed
