"""What follows from requests: what waits for whom, and who is told."""

from typing import Any

from maristan.academics.models import Request, RequestRemark
from maristan.academics.queries import requests as queries
from maristan.academics.rules.requests import UNFINISHED
from maristan.academics.rules.states import RequestStatus
from maristan.comms.actions import notifications as comms
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

DECIDE, SERVE, CAUSE = "request_to_decide", "request_to_serve", "request"
# Whose requests a line may send to somebody else: one request, those of a type, those of a student.
CONCERNED = {"request": "pk", "request_type": "type", "student": "student"}


@unjournaled("an inbox item mirrors a cause whose own action writes the line")
def follow_request(*, line_id: int, by: Actor) -> None:
    """A request waits to be decided and then to be served: for its assignee, else for whoever handles its type."""
    line = JournalLine.objects.get(pk=line_id)
    found = queries.visible_to(actor=by).filter(**{CONCERNED[line.subject_kind]: line.subject_id})
    if line.subject_kind != "request":
        found = found.filter(status__in=UNFINISHED)
    requests = list(found)
    for kind, is_decided in ((DECIDE, False), (SERVE, True)):
        items = [_item(kind, each) for each in requests if _waits(each) is is_decided]
        among = [each.pk for each in requests]
        work.keep_only(kind=kind, cause_kind=CAUSE, items=items, among=among, by=by)


def _waits(request: Request) -> bool | None:
    """Whether a request that waits is decided already; none for one that has ended."""
    return request.status == RequestStatus.APPROVED if request.status in UNFINISHED else None


def _item(kind: str, request: Request) -> work.Waiting:
    return work.Waiting(
        kind=kind,
        cause_kind=CAUSE,
        cause_id=request.pk,
        audience=queries.audience(request),
        url=f"/requests/{request.pk}",
        params={
            "title": request.title,
            "type": request.type.name,
            "requester": request.requester.name,
            "priority": request.priority,
        },
    )


@unjournaled("a message repeats a journal line; it is none itself")
def tell_request(*, line_id: int, by: Actor) -> None:
    """Tell requester and assignee what became of a request, but not the one who did it."""
    line = JournalLine.objects.get(pk=line_id)
    request = queries.visible_to(actor=by).filter(pk=line.subject_id).first()
    if request is None:
        return
    params: dict[str, Any] = {"title": request.title, "by": line.by_name}
    if line.kind == "request.remarked":
        remark = RequestRemark.objects.get(pk=line.changes["remark"])
        if remark.is_internal:
            return
        params["remark"] = remark.text
    elif line.kind == "request.assigned":
        params["assignee"] = request.assigned_to.name if request.assigned_to else ""
    else:
        params["notes"] = line.changes.get("resolution_notes", [None, ""])[1]
    message = comms.Message(
        event=line.kind, url=f"/requests/{request.pk}", params=params, once=f"{line.kind}:{line.pk}"
    )
    people = {request.requester_id, request.assigned_to_id} - {None, line.by_person_id}
    comms.notify(messages={pk: message for pk in people if pk is not None}, by=by)
