"""How far the exams are that are being marked, and for whom the next step waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q

from maristan.academics.queries import audience as academics
from maristan.assessment.models import Candidate, Exam, Examiner, Result
from maristan.assessment.queries import exams
from maristan.assessment.rules.states import Admission, ExamStatus, Outcome, Perm, ResultStatus
from maristan.directory.queries import holders
from maristan.directory.queries.settings import local_today, setting


@dataclass(frozen=True, slots=True)
class Standing:
    """An exam that is being marked; `counts` say how many results wait for each kind of step."""

    exam: int
    title: str
    due: str
    section: int | None
    program: int | None
    batch: int | None
    departments: frozenset[int]
    counts: dict[str, int]


def marked(ids: Collection[int] | None) -> list[Standing]:
    """The exams being marked, of these or of all: five queries."""
    found: Any = Exam.objects.filter(status=ExamStatus.MARKING).annotate(
        program_id=F("academic_period__program_id"), batch_id=F("academic_period__batch_id"),
        course_department_id=F("course__department_id"),
    )  # fmt: skip
    listed = list(found if ids is None else found.filter(pk__in=ids))
    if not listed:
        return []
    counts = _counts([each.pk for each in listed])
    days = setting("assessment.marks_due_days")
    return [
        Standing(
            each.pk, each.title, (exams.local(each.scheduled_at).date() + timedelta(days=days)).isoformat(),
            each.section_id, each.program_id, each.batch_id,
            frozenset(pk for pk in (each.department_id, each.course_department_id) if pk is not None),
            counts.get(each.pk, dict.fromkeys(KINDS, 0)),
        )
        for each in listed
    ]  # fmt: skip


KINDS = ("exam_to_mark", "results_to_verify", "results_to_publish")


def _counts(pks: Collection[int]) -> dict[int, dict[str, int]]:
    """Results of admitted candidates whose marks are wanting, that can be verified, and that can be published."""
    admitted = Candidate.objects.filter(exam_id__in=pks, admission=Admission.ADMITTED)
    wanted = set(admitted.values_list("exam_id", "person_id"))
    draft = Q(status=ResultStatus.DRAFT)
    rows = Result.objects.filter(exam_id__in=pks, is_current=True, status__in=("draft", "verified")).annotate(
        is_open=Count("pk", filter=draft & Q(final_outcome=Outcome.PENDING)),
        is_ready=Count("pk", filter=draft & ~Q(final_outcome=Outcome.PENDING)),
        is_verified=Count("pk", filter=Q(status=ResultStatus.VERIFIED)),
    )
    found: dict[int, dict[str, int]] = {}
    for exam, person, *flags in rows.values_list("exam_id", "person_id", "is_open", "is_ready", "is_verified"):
        if (exam, person) in wanted:
            counts = found.setdefault(exam, dict.fromkeys(KINDS, 0))
            for kind, flag in zip(KINDS, flags, strict=True):
                counts[kind] += flag
    return found


def markers(of: Standing) -> tuple[str, ...]:
    """Keys of the examiners of an exam and the teachers of its section."""
    return tuple(f"person:{pk}" for pk in sorted(people_marking(of)))


def people_marking(of: Standing) -> set[int]:
    """The examiners of an exam and the teachers of its section."""
    named = set(Examiner.objects.filter(exam_id=of.exam).values_list("person_id", flat=True))
    return named | academics.teachers_of(of.section)


def people_verifying(of: Standing) -> set[int]:
    """Whoever may verify its results today."""
    return _people(Perm.RESULT_VERIFY, of)


def people_publishing(of: Standing) -> set[int]:
    """Whoever may publish its results today."""
    return _people(Perm.RESULT_PUBLISH, of)


def _people(permission: Perm, of: Standing) -> set[int]:
    return holders.people(permission, day=local_today(), program=of.program, batch=of.batch, departments=of.departments)


def verifiers(of: Standing) -> tuple[str, ...]:
    """Keys of whoever may verify its results."""
    return holders.keys(Perm.RESULT_VERIFY, program=of.program, batch=of.batch, departments=of.departments)


def publishers(of: Standing) -> tuple[str, ...]:
    """Keys of whoever may publish its results."""
    return holders.keys(Perm.RESULT_PUBLISH, program=of.program, batch=of.batch, departments=of.departments)
