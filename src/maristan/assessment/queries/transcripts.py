"""What documents say: the results of a learner by period, or that somebody studies here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from maristan.academics.queries import learners
from maristan.assessment.models import Result
from maristan.assessment.queries.exams import SHOWN
from maristan.assessment.rules.documents import CertificateKind, DocumentLanguage, grade_point_average
from maristan.directory.queries import people
from maristan.directory.queries.settings import institution, local_today
from maristan.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Content:
    """What a document would say now, and the results that it rests on."""

    snapshot: dict[str, Any]
    student: int | None
    result_ids: list[int] = field(default_factory=list)


def content(kind: CertificateKind, person: int, language: DocumentLanguage, *, purpose: str = "") -> Content:
    """What a document about a learner says as things stand; raises `NotFound` for somebody who is none."""
    known = learners.of([person], day=local_today()).get(person)
    if known is None:
        raise NotFound("STUDENT_NOT_FOUND", "There is no such learner here.")
    here = institution()
    said: dict[str, Any] = {
        "kind": kind.value,
        "language": language.value,
        "institution": here.name,
        "name": known.name,
        "reg_no": known.reg_no,
        "program": known.program_label,
    }
    if kind is not CertificateKind.TRANSCRIPT:
        about = {"father_name": _father(person), "purpose": purpose, "studies": learners.studies(known.student)}
        return Content({**said, **about}, known.student)
    rows = _published(person)
    graded = [(row.point, row.course_credits) for row in rows if row.point is not None and row.course_credits]
    average = grade_point_average(graded)
    periods = {
        "periods": _by_period(rows),
        "average": None if average is None else str(average),
        "schemes": sorted({f"{row.scheme_name} {row.scheme_number}" for row in rows if row.scheme_name}),
    }
    return Content({**said, **periods}, known.student, [row.pk for row in rows])


def _father(person: int) -> str:
    return people.among([person]).values_list("father_name", flat=True).get()


def _published(person: int) -> list[Any]:
    """Current published results with what a transcript says of each, in the order of their periods and exams."""
    return list(
        Result.objects.filter(person=person, is_current=True, status__in=SHOWN)
        .annotate(
            exam_title=F("exam__title"),
            course_name=F("exam__course__name"),
            course_code=F("exam__course__code"),
            course_credits=F("exam__course__credits"),
            period=F("exam__academic_period"),
            period_name=F("exam__academic_period__name"),
            scheme_name=F("exam__grade_scheme__name"),
            scheme_number=F("exam__grade_scheme__number"),
        )
        .order_by(
            F("exam__academic_period__start_date").asc(nulls_last=True),
            F("exam__academic_period").asc(nulls_last=True), "exam__scheduled_at", "pk",
        )
    )  # fmt: skip


def _by_period(rows: Sequence[Any]) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        period = found.setdefault(row.period, {"name": row.period_name or "", "results": []})
        period["results"].append(
            {
                "result": row.pk, "revision": row.revision, "title": row.exam_title, "course": row.course_name or "",
                "code": row.course_code or "", 
                "credits": None if row.course_credits is None else str(row.course_credits),
                "obtained": str(row.total_obtained), "max": str(row.total_max),
                "percentage": None if row.percentage is None else str(row.percentage), "letter": row.letter,
                "point": None if row.point is None else str(row.point), "outcome": row.final_outcome,
            }
        )  # fmt: skip
    return list(found.values())
