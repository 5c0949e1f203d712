"""Writes of what is attached to a leave, such as a medical certificate."""

from django.db import transaction

from maristan.directory.models import Leave
from maristan.directory.queries import leaves as queries
from maristan.directory.queries import settings as institution
from maristan.directory.rules.states import LeaveStatus, Perm
from maristan.kernel import files, journal, papers, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow

DECIDED = "The leave has been decided."


@transaction.atomic
def put(*, pk: int, content: bytes, by: Actor) -> Leave:
    """Attach a PDF, JPEG or PNG to a leave that is not yet decided.

    Raises `NotFound`, `NotAllowed`, `TooLarge`, `Invalid` (`file_type`), `NotNow` (`wrong_status`).
    """
    leave = _editable(pk, by)
    paper = papers.document(content, stem="attachment")
    if leave.status != LeaveStatus.PENDING:
        raise NotNow("wrong_status", DECIDED)
    return _set(leave, paper.keep(by=by).pk, by)


@transaction.atomic
def remove(*, pk: int, by: Actor) -> Leave:
    """Take the attachment of an undecided leave away. Raises `NotFound`, `NotAllowed`, `NotNow` (`wrong_status`)."""
    leave = _editable(pk, by)
    if leave.status != LeaveStatus.PENDING:
        raise NotNow("wrong_status", DECIDED)
    return _set(leave, None, by)


def _editable(pk: int, by: Actor) -> Leave:
    day = institution.local_today()
    leave = rows.one(queries.visible_to(actor=by, day=day), pk, lock=True)
    may_decide = leave.person_id in queries.decidable([leave], actor=by, day=day)
    permitted = queries.permits(leave, actor=by, may_decide=may_decide)[Perm.LEAVE_REQUEST]
    by.demand(Perm.LEAVE_REQUEST, within=permitted)
    return leave


def _set(leave: Leave, attachment: int | None, by: Actor) -> Leave:
    changes = rows.change(leave, {"attachment_id": attachment})
    if changes:
        rows.save_changes(leave, changes)
        files.drop_id(changes["attachment_id"][0])
        journal.record("leave.updated", ("leave", leave.pk), by=by, changes=changes)
    return leave
