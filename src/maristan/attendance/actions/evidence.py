"""What follows a frozen list and a condonation: who is told, and what waits for a decision."""

from typing import Any

from maristan.attendance.actions.condonations import SUBJECT
from maristan.attendance.queries import condonations, deciders, eligibility_lists
from maristan.attendance.rules.states import CondonationStatus, Perm
from maristan.comms.actions import notifications as comms
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

DECIDE = "condonation_to_decide"
MINE = "/attendance/mine"


@unjournaled("a message repeats a journal line; it is none itself")
def tell_frozen(*, line_id: int, by: Actor) -> None:
    """Tell everybody on a list whether they may sit."""
    line = JournalLine.objects.get(pk=line_id)
    row = eligibility_lists.visible_to(actor=by).filter(pk=line.subject_id).first()
    if row is None:
        return
    found: Any = eligibility_lists.lines(row)
    messages = {
        each.person_id: comms.Message(
            event=line.kind, url=MINE, once=f"{line.kind}:{row.pk}",
            params={"title": row.title, "percentage": str(each.percentage), "code": each.code},
        )
        for each in found
    }  # fmt: skip
    comms.notify(messages=messages, by=by)


@unjournaled("an inbox item mirrors a cause whose own action writes the line")
def follow_condonation(*, line_id: int, by: Actor) -> None:
    """A condonation waits for those who condone, but not for who asked."""
    row = _condonation(line_id, by)
    if row is None:
        return
    items = []
    if row.status == CondonationStatus.REQUESTED:
        audience = deciders.keys(Perm.CONDONE, but=row.requested_by_id)
        params = {
            "name": row.full_name, "title": row.list_title, "shortfall": str(row.shortfall), "reason": row.reason,
        }  # fmt: skip
        items.append(work.Waiting(DECIDE, SUBJECT, row.pk, audience, f"/attendance/condonations/{row.pk}", params))
    work.keep_only(kind=DECIDE, cause_kind=SUBJECT, items=items, among=[row.pk], by=by)


@unjournaled("a message repeats a journal line; it is none itself")
def tell_condonation(*, line_id: int, by: Actor) -> None:
    """Tell the learner and who asked what was decided."""
    row = _condonation(line_id, by)
    if row is None:
        return
    line = JournalLine.objects.get(pk=line_id)
    params = {"name": row.full_name, "title": row.list_title, "by": line.by_name, "reason": line.reason}
    once = f"{line.kind}:{line.pk}"
    asked = comms.Message(event=line.kind, url=f"/attendance/condonations/{row.pk}", params=params, once=once)
    own = comms.Message(event=line.kind, url=MINE, params=params, once=once)
    comms.notify(messages={row.requested_by_id: asked, row.person: own}, by=by)


def _condonation(line_id: int, by: Actor) -> Any:
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    return condonations.visible_to(actor=by).filter(pk=pk).first()
