"""A fresh proof of who is there, before what a forgotten open screen must not do."""

from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest

from maristan.kernel import clock
from maristan.kernel.errors import NotAllowed

HOLDS = timedelta(minutes=5)


def must_be_fresh(request: HttpRequest) -> None:
    """Raise `NotAllowed` (`proof_required`) unless a password, code or passkey was given within five minutes.

    A token proves nobody's presence, so nothing of this kind is done with one.
    """
    user = request.user if request.user.is_authenticated else None
    given = max((each["at"] for each in get_authentication_records(request, user)), default=0)
    if clock.now().timestamp() - given > HOLDS.total_seconds():
        raise NotAllowed("proof_required", "Confirm first that it is you.", ways=ways(user))


def ways(user: Any) -> list[str]:
    """How somebody can prove again who they are: `password`, `totp`, `webauthn`, `recovery_codes`, as set up."""
    found = []
    for flow in get_reauthentication_flows(user) if user is not None else ():
        found += [str(each) for each in flow["types"]] if "types" in flow else ["password"]
    return found
