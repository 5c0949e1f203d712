"""Second factors that their owner has lost, taken off an account by an operator who saw whose it is."""

import secrets
import socket

from allauth.mfa.models import Authenticator
from django.db import transaction

from maristan.directory.actions import sessions
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import account_telling


@unjournaled("the command that asks for it writes the line on the host, with what it unlocks")
@transaction.atomic
def remove(*, user_id: int, by: Actor) -> int:
    """Remove every second factor and recovery code, end all sessions, tell the owner; gives how many factors went."""
    removed = int(Authenticator.objects.filter(user_id=user_id).delete()[0])
    sessions.end_others(user_id=user_id, kept="", with_tokens=True, by=by)
    if removed:
        account_telling.ask(
            user_id=user_id, event=account_telling.FACTOR, address=socket.gethostname(), what="removed", factor="lost",
            once=f"factor:lost:{secrets.token_hex(8)}", by=by,
        )  # fmt: skip
    return removed
