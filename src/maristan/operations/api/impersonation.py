"""Routes of acting as another person; it is stopped in the session that began it, or from another of one's own."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from maristan.kernel.api import SIGNED_IN, In, Out, Routes, actor, needs
from maristan.operations.actions import impersonation as actions
from maristan.operations.rules.impersonation import ENDS, KEY, WHERE
from maristan.operations.rules.states import Perm

routes = Routes()


class ImpersonatedOut(Out):
    """Somebody as whom one acts."""

    id: int
    name: str


class ImpersonationIn(In):
    """As whom, and why."""

    user_id: int
    reason: str


class ImpersonationOut(Out):
    """Until when, and as whom."""

    expires_at: datetime
    target: ImpersonatedOut


class ImpersonationEnd(Out):
    """When it ended."""

    ended_at: datetime


@routes.post("start/", response=ImpersonationOut, **needs(Perm.PERSON_IMPERSONATE, proven=True))
def start_impersonation(request: HttpRequest, body: ImpersonationIn) -> Any:
    """Act as a member of the institution from now on, in this session."""
    row, name = actions.start(user_id=body.user_id, reason=body.reason, by=actor(request))
    request.session[KEY], request.session[ENDS] = row.pk, row.expires_at.timestamp()
    request.session[WHERE] = row.institution_id
    return {"expires_at": row.expires_at, "target": {"id": row.target_id, "name": name}}


@routes.post("stop/", response=ImpersonationEnd, **needs(SIGNED_IN, lent=True))
def stop_impersonation(request: HttpRequest) -> Any:
    """Be oneself again, here or where one left it."""
    pk, by = request.session.pop(KEY, None), actor(request)
    if not by.is_lent:
        return {"ended_at": actions.stop_elsewhere(by=by).ended_at}
    return {"ended_at": actions.stop(pk=pk, by=by).ended_at}
