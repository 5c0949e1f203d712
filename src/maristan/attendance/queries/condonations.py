"""Condonations: who sees which, and what may be done with each now."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from maristan.attendance.models import Condonation
from maristan.attendance.queries import contributions
from maristan.attendance.rules.eligibility import CONDONATION, CondonationFacts, LineFacts
from maristan.attendance.rules.percentages import Code
from maristan.attendance.rules.states import CondonationStatus, ListStatus, Perm
from maristan.kernel import clock
from maristan.kernel.access import Actor

ORDERINGS = ("requested_at", "status", "id")


def visible_to(*, actor: Actor) -> "QuerySet[Any]":
    """Condonations of lists in reach, and those of one's own lines, with what lists show."""
    reach = actor.demand(Perm.VIEW)
    rows: QuerySet[Any] = Condonation.objects.annotate(
        full_name=F("line__person__name"), reg_no=F("line__student__reg_no"), person=F("line__person_id"),
        list_id=F("line__of_list_id"), list_title=F("line__of_list__title"), programs=F("line__of_list__programs"),
        owner_kind=F("line__of_list__owner_kind"), owner_id=F("line__of_list__owner_id"),
        percentage=F("line__percentage"), threshold=F("line__threshold"),
        requested_by_name=F("requested_by__name"), decided_by_name=F("decided_by__name"),
    )  # fmt: skip
    if reach.everything:
        return rows
    in_scope = Q(line__of_list__programs__contained_by=sorted(reach.programs)) & ~Q(line__of_list__programs=[])
    return rows.filter(in_scope | Q(line__person_id=actor.person_id or 0))


def facts(rows: Iterable[Any], *, actor: Actor, lock: bool = False) -> dict[int, CondonationFacts]:
    """Condonations as the rules see them, by id; with `lock` nobody enters marks meanwhile."""
    listed = list(rows)
    marked = contributions.marked(((row.owner_kind, row.owner_id) for row in listed), lock=lock)
    return {
        row.pk: CondonationFacts(
            status=CondonationStatus(row.status),
            is_requester=row.requested_by_id == actor.person_id,
            has_marks=(row.owner_kind, row.owner_id, row.person) in marked,
        )
        for row in listed
    }


def line_facts(line: Any) -> LineFacts:
    """A line for which a condonation is asked; grants count that were given for lists of the same days."""
    of = line.of_list
    held = Condonation.objects.filter(line__person_id=line.person_id)
    same_period = held.filter(line__of_list__first_day=of.first_day, line__of_list__last_day=of.last_day)
    return LineFacts(
        list_status=ListStatus(of.status),
        code=Code(line.code),
        percentage=line.percentage,
        threshold=line.threshold,
        max_points=line.max_points,
        grants_per_period=line.grants_per_period,
        grants=same_period.filter(status=CondonationStatus.GRANTED).count(),
        has_open=held.filter(line=line, status=CondonationStatus.REQUESTED).exists(),
    )


def shown(rows: Iterable[Any], *, actor: Actor) -> list[dict[str, Any]]:
    """Condonations with their moves."""
    listed = list(rows)
    found = facts(listed, actor=actor)
    return [_shown(row, found[row.pk], actor) for row in listed]


def _shown(row: Any, found: CondonationFacts, actor: Actor) -> dict[str, Any]:
    moves = CONDONATION.moves(found, actor, clock.now(), may=actor.may)
    names = (
        "line_id", "list_id", "list_title", "person", "full_name", "percentage", "threshold", "shortfall", "reason",
        "status", "requested_at", "requested_by_name", "decided_at", "decided_by_name", "answer", "version",
    )  # fmt: skip
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "reg_no": row.reg_no or "",
        "moves": [each.as_dict() for each in moves],
    }


def matching(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """Those of `rows` of somebody whose name or registration number contains the text."""
    wanted = " ".join(text.split())
    if not wanted:
        return rows
    return rows.filter(Q(line__person__name__icontains=wanted) | Q(line__student__reg_no__icontains=wanted))
