"""What follows from corrections of results: what waits for a decision, and who is told."""

from typing import Any

from maristan.assessment.actions.corrections import SUBJECT
from maristan.assessment.queries import corrections as queries
from maristan.assessment.rules.states import CorrectionStatus, Perm
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders
from maristan.directory.queries.settings import local_today
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

DECIDE = "result_correction_to_decide"
MINE = "/assessment/my-results"
REPEATS = "a message repeats a journal line; it is none itself"


@unjournaled("an inbox item mirrors a cause whose own action writes the line")
def follow_correction(*, line_id: int, by: Actor) -> None:
    """A correction waits for those who approve, but not for who proposed it."""
    row = _correction(line_id, by)
    items = []
    if row.status == CorrectionStatus.PROPOSED:
        audience = tuple(f"person:{each}" for each in sorted(_approvers(row)))
        params = {"name": row.full_name, "title": row.exam_title, "reason": row.reason}
        items = (
            [work.Waiting(DECIDE, SUBJECT, row.pk, audience, f"/assessment/corrections/{row.pk}", params)]
            if audience
            else []
        )
    work.keep_only(kind=DECIDE, cause_kind=SUBJECT, items=items, among=[row.pk], by=by)


@unjournaled(REPEATS)
def tell_proposed(*, line_id: int, by: Actor) -> None:
    """Tell those who approve that a correction was proposed."""
    row, line = _correction(line_id, by), JournalLine.objects.get(pk=line_id)
    params = {"name": row.full_name, "title": row.exam_title, "by": line.by_name}
    message = comms.Message(
        event=line.kind, url=f"/assessment/corrections/{row.pk}", params=params, once=f"{line.kind}:{row.pk}"
    )
    comms.notify(messages=dict.fromkeys(sorted(_approvers(row)), message), by=by)


@unjournaled(REPEATS)
def tell_decided(*, line_id: int, by: Actor) -> None:
    """Tell who proposed a correction what became of it, and the learner of a corrected result; no marks are said."""
    row, line = _correction(line_id, by), JournalLine.objects.get(pk=line_id)
    once = f"{line.kind}:{row.pk}"
    params = {"name": row.full_name, "title": row.exam_title, "by": line.by_name, "reason": row.answer}
    kind = "result_correction.approved" if line.kind == "result.corrected" else line.kind
    messages = {
        row.requested_by_id: comms.Message(
            event=kind, url=f"/assessment/corrections/{row.pk}", params=params, once=once
        )
    }
    if line.kind == "result.corrected" and row.person != row.requested_by_id:
        said = {"title": row.exam_title}
        messages[row.person] = comms.Message(event=line.kind, url=MINE, params=said, once=once)
    comms.notify(messages=messages, by=by)


def _correction(line_id: int, by: Actor) -> Any:
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    return queries.visible_to(actor=by).get(pk=pk)


def _departments(row: Any) -> frozenset[int]:
    return frozenset(pk for pk in (row.department_id, row.course_department_id) if pk is not None)


def _approvers(row: Any) -> set[int]:
    """Those who approve, except for who proposed it."""
    found = holders.people(
        Perm.RESULT_APPROVE, day=local_today(), program=row.program_id, batch=row.batch_id,
        departments=_departments(row),
    )  # fmt: skip
    return found - {row.requested_by_id}
