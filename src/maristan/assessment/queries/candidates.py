"""Candidates as lists show them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from maristan.academics.queries import learners
from maristan.assessment.models import Candidate
from maristan.assessment.queries import exams
from maristan.directory.queries.settings import local_today
from maristan.kernel import rows
from maristan.kernel.access import Actor

ORDERINGS = ("reg_no", "full_name", "seat_no", "admission", "id")


def of_exam(pk: int, *, actor: Actor) -> "QuerySet[Candidate]":
    """The candidates of an exam with the numbers of those who are students; raises `NotFound`."""
    return exams.candidates(pk, actor=actor).annotate(reg_no=F("student__reg_no"))


def matching(found: "QuerySet[Candidate]", text: str) -> "QuerySet[Candidate]":
    """Those whose name, number or seat contains the text."""
    wanted = Q(full_name__icontains=text) | Q(reg_no__icontains=text) | Q(seat_no__icontains=text)
    return found.filter(wanted) if text.strip() else found


def reg_nos(persons: Iterable[int]) -> dict[int, str]:
    """Registration numbers of learners by person, whoever keeps them."""
    return {person: each.reg_no for person, each in learners.of(list(persons), day=local_today()).items()}


def shown(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Candidates of `of_exam` as a list shows them."""
    listed = list(found)
    numbers = reg_nos(each.person_id for each in listed)
    return [
        {
            "id": row.pk, "person": row.person_id, "student": row.student_id, "full_name": row.full_name,
            "reg_no": row.reg_no or numbers.get(row.person_id, ""), "seat_no": row.seat_no or "",
            "admission": row.admission, "code": row.code, "version": row.version,
        }
        for row in listed
    ]  # fmt: skip


def one(exam_id: int, pk: int, *, actor: Actor) -> dict[str, Any]:
    """One candidate; raises `NotFound`."""
    return shown([rows.one(of_exam(exam_id, actor=actor), pk)])[0]
