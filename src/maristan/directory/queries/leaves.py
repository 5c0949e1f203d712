"""Reads of leave: whose the actor may see, and which moves are open on each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from maristan.directory.models import Leave
from maristan.directory.queries import contributions, scoped_people
from maristan.directory.rules.leaves import LEAVE, LeaveFacts
from maristan.directory.rules.states import LeaveStatus, Perm
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import StoredFile

MOVES = ("approve", "reject", "cancel", "end")


def visible_to(*, actor: Actor, day: date) -> "QuerySet[Leave]":
    """The leaves that the actor may see: their own, those of their staff or students, or all."""
    reach = actor.demand(Perm.LEAVE_VIEW)
    rows = Leave.objects.select_related("person", "requested_by", "decided_by")
    return rows.filter(scoped_people.within(reach, actor=actor, day=day))


def covering(rows: "QuerySet[Leave]", day: date) -> "QuerySet[Leave]":
    """Those of `rows` that cover a day."""
    return rows.filter(Q(end_date=None) | Q(end_date__gte=day), start_date__lte=day)


def facts(leave: Leave, *, actor: Actor, today: date, may_decide: bool) -> LeaveFacts:
    """A leave as the rules see it."""
    return LeaveFacts(
        status=LeaveStatus(leave.status),
        start_date=leave.start_date,
        end_date=leave.end_date,
        today=today,
        is_own=leave.person_id == actor.person_id,
        is_requester=leave.requested_by_id is not None and leave.requested_by_id == actor.person_id,
        may_decide=may_decide,
    )


def decidable(leaves: Sequence[Leave], *, actor: Actor, day: date) -> frozenset[int]:
    """People among those of `leaves` whose leave the actor's role decides."""
    people = [leave.person_id for leave in leaves]
    return scoped_people.covered(actor.reach(Perm.LEAVE_DECIDE), people, actor=actor, day=day)


def permits(leave: Leave, *, actor: Actor, may_decide: bool) -> dict[str, bool]:
    """Which permissions of the workflow the actor holds over this very leave."""
    is_party = actor.person_id in (leave.person_id, leave.requested_by_id)
    return {
        Perm.LEAVE_DECIDE: may_decide,
        Perm.LEAVE_REQUEST: actor.may(Perm.LEAVE_REQUEST) and (may_decide or is_party),
    }


def shown(leaves: Sequence[Leave], *, actor: Actor, today: date) -> list[dict[str, Any]]:
    """Each leave with its moves: one query for any number."""
    deciding = decidable(leaves, actor=actor, day=today)
    now = clock.now()
    listed = []
    for leave in leaves:
        may_decide = leave.person_id in deciding
        permitted = permits(leave, actor=actor, may_decide=may_decide)
        known = facts(leave, actor=actor, today=today, may_decide=may_decide)
        moves = LEAVE.moves(known, actor, now, may=lambda name, held=permitted: held[name])  # type: ignore[misc]
        listed.append({**_fields(leave), "moves": [each.as_dict() for each in moves if each.name in MOVES]})
    return listed


def timeline(leave: Leave) -> "QuerySet[Any]":
    """What happened to a leave of `visible_to`, newest first."""
    return journal.lines_of("leave", leave.pk)


FIELDS = (
    "id", "kind", "start_date", "end_date", "reason", "status", "counts_toward_graduation", "suspends_study",
    "decided_at", "decision_note", "version", "created_at", "updated_at",
)  # fmt: skip


def _fields(leave: Leave) -> dict[str, Any]:
    parties = {role: getattr(leave, role) for role in ("person", "requested_by", "decided_by")}
    named = {role: {"id": who.pk, "name": who.name} if who else None for role, who in parties.items()}
    attachment = f"/api/v1/directory/leaves/{leave.pk}/attachment/" if leave.attachment_id else None
    return {**{field: getattr(leave, field) for field in FIELDS}, **named, "attachment": attachment}


def attachment(leave: Leave) -> StoredFile:
    """What was attached to a leave of `visible_to`; raises `NotFound`."""
    if leave.attachment is None:
        raise NotFound()
    return leave.attachment


def sessions_affected(leave: Leave) -> int | None:
    """How many live sessions of the person fall into the leave, as far as anybody plans sessions."""
    return contributions.sessions_within(leave.person_id, leave.start_date, leave.end_date)
