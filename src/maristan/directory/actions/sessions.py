"""The end of what somebody is signed in with."""

from allauth.usersessions.models import UserSession

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.models import ApiToken
from maristan.kernel.unjournaled import unjournaled


@unjournaled("its caller writes the line that says why")
def end_all(*, user_id: int, by: Actor) -> int:
    """Sign an account out everywhere and revoke its tokens for the institution; gives how many sessions ended."""
    ended = 0
    for session in UserSession.objects.filter(user_id=user_id):
        session.end()
        ended += 1
    tokens = ApiToken.objects.filter(user_id=user_id, institution_id=by.institution_id, revoked_at=None)
    tokens.update(revoked_at=clock.now())
    return ended


@unjournaled("whoever changes a password or a second factor ends what was opened with the former one")
def end_others(*, user_id: int, kept: str, by: Actor, with_tokens: bool = False) -> int:
    """End every session of an account but one, on demand every token of it too; gives how many sessions ended."""
    ended = 0
    for session in UserSession.objects.filter(user_id=user_id).exclude(session_key=kept):
        session.end()
        ended += 1
    if with_tokens:
        ApiToken.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=clock.now())
    return ended
