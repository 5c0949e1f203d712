"""Corrections: who sees and decides which, and what may be done with each now."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from maristan.attendance.models import Correction, Register
from maristan.attendance.rules.corrections import CORRECTION, CorrectionFacts
from maristan.attendance.rules.states import CorrectionStatus, Perm, RegisterStatus
from maristan.kernel.access import Actor
from maristan.timetable.queries import taught

REGISTER = Register.objects.filter(session=OuterRef("line__session_id"))
ORDERINGS = ("requested_at", "status", "id")


def visible_to(*, actor: Actor) -> "QuerySet[Any]":
    """Corrections of sessions in reach, of one's own lines, and those that one asked for; with what lists show."""
    reach = actor.demand(Perm.VIEW)
    rows: QuerySet[Any] = Correction.objects.annotate(
        **taught.facts("line__session__", session="line__session_id"),
        register_status=Subquery(REGISTER.values("status")[:1]),
        person=F("line__person_id"),
        full_name=F("line__person__name"),
        reg_no=F("line__student__reg_no"),
        present_status=F("line__status"),
        session=F("line__session_id"),
        requested_by_name=F("requested_by__name"),
        decided_by_name=F("decided_by__name"),
        filename=Coalesce("file__name", Value("")),
    )
    if reach.everything:
        return rows
    sessions = taught.sessions().filter(taught.within(reach, actor.person_id), pk=OuterRef("line__session_id"))
    own = actor.person_id or 0
    return rows.filter(Q(Exists(sessions)) | Q(line__person_id=own) | Q(requested_by_id=own))


def may(row: Any, *, actor: Actor) -> Callable[[str], bool]:
    """Which permissions the actor holds over a correction; only who asked withdraws it."""

    def permitted(name: str) -> bool:
        if name == Perm.CORRECT:
            return bool(row.requested_by_id == actor.person_id)
        return taught.covers(actor.reach(name), row, actor.person_id)

    return permitted


def may_open(row: Any, *, actor: Actor) -> bool:
    """Whether the file of a correction is the actor's to read: for who asked and who decides."""
    return bool(row.requested_by_id == actor.person_id) or may(row, actor=actor)(Perm.DECIDE)


def facts(row: Any, *, actor: Actor) -> CorrectionFacts:
    """A correction as the rules see it."""
    return CorrectionFacts(
        status=CorrectionStatus(row.status),
        is_requester=row.requested_by_id == actor.person_id,
        register_locked=row.register_status == RegisterStatus.LOCKED,
        may_repair=may(row, actor=actor)(Perm.REPAIR),
    )


def shown(row: Any, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A correction with its moves."""
    moves = CORRECTION.moves(facts(row, actor=actor), actor, now, may=may(row, actor=actor))
    names = (
        "line_id", "person", "full_name", "session", "present_status", "wanted", "reason", "status", "requested_at",
        "requested_by_name", "decided_at", "decided_by_name", "answer", "version",
    )  # fmt: skip
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "reg_no": row.reg_no or "",
        "title": row.of_title or "",
        "starts_at": row.of_starts_at,
        "filename": row.filename,
        "may_open": bool(row.filename) and may_open(row, actor=actor),
        "may_attach": row.status == CorrectionStatus.PENDING and row.requested_by_id == actor.person_id,
        "moves": [each.as_dict() for each in moves],
    }


def open_beside(lines: Collection[int]) -> Mapping[int, dict[str, Any]]:
    """The open correction of each line: one query."""
    rows = Correction.objects.filter(line__in=list(lines), status=CorrectionStatus.PENDING)
    return {row.line_id: {"id": row.pk, "wanted": row.wanted, "reason": row.reason} for row in rows}


def matching(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """Those of `rows` of somebody whose name or registration number contains the text."""
    wanted = " ".join(text.split())
    if not wanted:
        return rows
    return rows.filter(Q(line__person__name__icontains=wanted) | Q(line__student__reg_no__icontains=wanted))
