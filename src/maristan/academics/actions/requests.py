"""Writes of requests: handed in, mended, assigned, decided, served, taken back; and what is said about them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.actions import request_papers
from maristan.academics.models import Request, RequestRemark, RequestType, Student
from maristan.academics.queries import requests as queries
from maristan.academics.queries.holding import hold
from maristan.academics.rules.refusals import refusing_as
from maristan.academics.rules.requests import REQUEST, RequestFacts, Submission, check_submission
from maristan.academics.rules.states import Perm, RequestStatus
from maristan.directory.queries import people
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotAllowed, NotNow
from maristan.kernel.workflow import REASON_LENGTH

KINDS = {
    "assign": "request.assigned",
    "approve": "request.approved",
    "reject": "request.rejected",
    "complete": "request.completed",
    "cancel": "request.cancelled",
}
NOT_APPROVED = "NOT_APPROVED"


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Request:
    """Hand in a request of one's own, with the papers uploaded for it before.

    `student` is whom it concerns, one's own record unless named. Raises `NotAllowed`, `Invalid`
    (`unknown_reference`), `NotNow` with the first unmet condition's code: `type_inactive`, `attachment_missing`, then
    contributed ones.
    """
    by.demand(Perm.REQUEST_CREATE)
    if by.person_id is None:
        raise Invalid.at("/requester", "required", "Only a person of the institution makes requests.")
    kind = rows.reference(queries.request_types(actor=by), values["type"], "/type")
    assert kind is not None
    student = queries.concerned(values.get("student"), actor=by)
    stored = request_papers.uploaded(ids=values.get("attachments", ()), by=by)
    _refuse_unready(kind, student, len(stored), by)
    fields = {name: values[name] for name in ("title", "description", "data", "priority") if name in values}
    made = Request.objects.create(
        type=kind, requester_id=by.person_id, student=student, submitted_at=clock.now(), **fields
    )
    request_papers.attach(request=made, stored=stored, by=by)
    entered = {"type_id": kind.pk, "student_id": student and student.pk, "title": made.title, "priority": made.priority}
    changes: dict[str, Any] = {field: [None, value] for field, value in entered.items()}
    if stored:
        changes["attachments"] = [[], [file.name for file in stored]]
    journal.record("request.submitted", ("request", made.pk), by=by, changes=changes)
    return rows.one(queries.visible_to(actor=by), made.pk)


def _refuse_unready(kind: RequestType, student: Student | None, papers: int, by: Actor) -> None:
    """Judge by the type as it is now; nobody changes it until the request is there."""
    is_active, requires_attachment = hold(RequestType, [kind.pk], "is_active", "requires_attachment")[kind.pk]
    found = queries.unmet(kind.code, student, actor=by)
    check_submission(Submission(is_active, requires_attachment, papers), found)


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Request:
    """Mend one's own request while it is pending.

    Raises `NotFound`, `NotAllowed`, `VersionRequired`, `Stale`, `NotNow` (`not_yours`, `wrong_status`).
    """
    request = request_papers.own(pk=pk, by=by)
    rows.must_match(request, version, ("request", pk))
    request_papers.must_be_pending(request=request, by=by)
    changes = rows.change(request, values)
    if changes:
        rows.save_changes(request, changes)
        journal.record("request.updated", ("request", pk), by=by, changes=changes)
    return request


@transaction.atomic
def move(
    *,
    pk: int,
    name: str,
    version: int | None,
    notes: str | None,
    by: Actor,
    assigned_to: int | None = None,
) -> Request:
    """Assign, approve, reject, complete or cancel a request; `notes` are its resolution, and why it is rejected.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`unknown_reference`, `not_a_handler`, `REASON_REQUIRED`),
    `NotNow` with what is missing (`wrong_status`, `own_request`, `not_yours`; its code is NOT_APPROVED where only
    approval is lacking to complete).
    """
    request = rows.one(queries.visible_to(actor=by), pk, lock=True)
    permission = REQUEST.transition(name).permission
    by.demand(permission, within=_permitted(request, permission, by))
    rows.must_match(request, version, ("request", pk), required=False)
    values = {"assigned_to_id": _assignee(request, assigned_to, by)} if name == "assign" else {}
    with refusing_as(NOT_APPROVED):
        REQUEST.check(queries.facts(request, actor=by), name, by, clock.now(), reason=notes)
    return _moved(request, name, values, notes, by)


def _permitted(request: Request, permission: str, by: Actor) -> bool:
    if permission == Perm.REQUEST_HANDLE:
        return queries.handles(request, actor=by)
    return by.reach(permission).covers(own=queries.is_own(request, actor=by))


def _assignee(request: Request, person: int | None, by: Actor) -> int:
    found = rows.reference(people.visible_to(actor=by), person, "/assigned_to")
    if found is None:
        raise Invalid.at("/assigned_to", "required", "Say to whom the request is given.")
    if found.pk not in queries.handlers(request):
        raise Invalid.at("/assigned_to", "not_a_handler", "This person cannot serve the request.")
    return found.pk


def _moved(request: Request, name: str, values: Mapping[str, Any], notes: str | None, by: Actor) -> Request:
    said = (notes or "").strip()
    written = {"status": REQUEST.transition(name).target, **values}
    if said and name != "assign":
        written["resolution_notes"] = said
    if name in ("approve", "reject", "cancel"):
        written["resolved_at"] = clock.now()
    changes = rows.change(request, written)
    rows.save_changes(request, changes)
    reason = said if name in ("reject", "cancel") else ""
    journal.record(KINDS[name], ("request", request.pk), by=by, changes=changes, reason=reason[: REASON_LENGTH[-1]])
    return request


@transaction.atomic
def serve(*, pk: int, notes: str, by: Actor) -> Request:
    """Complete an approved request that an upper app has served; that app has asked whether `by` may.

    Raises `NotFound`, `NotNow` (NOT_APPROVED).
    """
    request = rows.one(Request.objects.all(), pk, lock=True)
    with refusing_as(NOT_APPROVED):
        REQUEST.check(RequestFacts(RequestStatus(request.status)), "complete", by, clock.now(), may=lambda _name: True)
    return _moved(request, "complete", {}, notes, by)


@transaction.atomic
def remark(*, pk: int, text: str, is_internal: bool, by: Actor) -> RequestRemark:
    """Say something about a request; what is internal is for its handlers alone and never for the requester.

    The journal keeps that it was said, not what. Raises `NotFound`, `NotAllowed`, `NotNow` (`own_request`).
    """
    request = rows.one(queries.visible_to(actor=by), pk)
    own, handled = queries.is_own(request, actor=by), queries.handles(request, actor=by)
    if is_internal:
        by.demand(Perm.REQUEST_HANDLE, within=handled)
        if own:
            raise NotNow("own_request", "Nobody keeps a remark from oneself.")
    elif not own and not handled:
        raise NotAllowed.without(Perm.REQUEST_HANDLE)
    made = RequestRemark.objects.create(
        request=request, author_id=by.person_id, author_name=by.name, text=text, is_internal=is_internal
    )
    changes: dict[str, Any] = {"remark": made.pk, **(queries.UNSEEN if is_internal else {})}
    journal.record("request.remarked", ("request", pk), by=by, changes=changes)
    return made
