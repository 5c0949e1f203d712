"""Corrections of results: who sees which, what each would change, and what may be done with it now."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from maristan.assessment.models import ResultCorrection
from maristan.assessment.queries import exams, results
from maristan.assessment.queries.candidates import reg_nos
from maristan.assessment.rules.corrections import CORRECTION, CorrectionFacts
from maristan.assessment.rules.states import CorrectionStatus, Perm
from maristan.kernel.access import Actor

ORDERINGS = ("created_at", "full_name", "exam_title", "status", "id")
NAMES: dict[str, Any] = {
    "exam": F("result__exam_id"),
    "exam_title": F("result__exam__title"),
    "course_code": F("result__exam__course__code"),
    "person": F("result__person_id"),
    "full_name": F("result__person__name"),
    "revision": F("result__revision"),
    "is_current": F("result__is_current"),
    "requested_by_name": F("requested_by__name"),
    "decided_by_name": F("decided_by__name"),
    "program_id": F("result__exam__academic_period__program_id"),
    "batch_id": F("result__exam__academic_period__batch_id"),
    "department_id": F("result__exam__department_id"),
    "course_department_id": F("result__exam__course__department_id"),
}


def visible_to(*, actor: Actor) -> "QuerySet[Any]":
    """Corrections of published results that the actor sees by office; with what lists show."""
    reach = actor.demand(Perm.RESULT_VIEW_DECIDED)
    found = ResultCorrection.objects.annotate(**NAMES)
    if reach.everything:
        return found
    within = exams.within(reach, "result__exam__")
    return found.filter(within | exams.examined_by(actor, "result__exam__") if reach.own else within)


def matching(found: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """Those whose learner or exam contains the text."""
    wanted = " ".join(text.split())
    return found.filter(Q(full_name__icontains=wanted) | Q(exam_title__icontains=wanted)) if wanted else found


def may(row: Any, *, actor: Actor) -> Callable[[str], bool]:
    """Which permissions the actor holds over a correction of `visible_to`; only who proposed it withdraws it."""
    departments = (row.department_id, row.course_department_id)

    def permitted(name: str) -> bool:
        if name == Perm.RESULT_PROPOSE:
            return bool(row.requested_by_id == actor.person_id)
        return actor.reach(name).covers(program=row.program_id, batch=row.batch_id, departments=departments)

    return permitted


def facts(row: Any, *, actor: Actor) -> CorrectionFacts:
    """A correction as its workflow sees it."""
    return CorrectionFacts(
        status=CorrectionStatus(row.status),
        is_requester=row.requested_by_id == actor.person_id,
        is_current=row.is_current,
    )


FIELDS = (
    "exam", "exam_title", "person", "full_name", "revision", "reason", "status", "requested_by_name", "created_at",
    "decided_by_name", "decided_at", "answer", "version",
)  # fmt: skip


def shown(found: Iterable[Any], *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Corrections with what they change and their moves: two queries for any number."""
    listed = list(found)
    numbers = reg_nos({row.person for row in listed}) if listed else {}
    entries = results.entries_of({row.result_id for row in listed}) if listed else {}
    return [
        {
            "id": row.pk,
            "result": row.result_id,
            **{name: getattr(row, name) for name in FIELDS},
            "course_code": row.course_code or "",
            "reg_no": numbers.get(row.person, ""),
            "entries": changed(row, entries[row.result_id]),
            "moves": [
                each.as_dict()
                for each in CORRECTION.moves(facts(row, actor=actor), actor, now, may=may(row, actor=actor))
            ],
        }
        for row in listed
    ]


def changed(row: Any, entries: Iterable[Any]) -> list[dict[str, Any]]:
    """The cells that a correction changes, as they are and as they shall be."""
    return [
        {
            "component": each.component_id,
            "name": each.name,
            "before": {"state": each.state, "marks": each.marks},
            "after": row.entries[str(each.component_id)],
        }
        for each in entries
        if str(each.component_id) in row.entries
    ]
