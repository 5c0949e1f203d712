"""Reads of grade schemes."""

from django.db.models import QuerySet

from maristan.assessment.models import Exam, GradeBand, GradeScheme
from maristan.assessment.rules.grading import Band
from maristan.assessment.rules.states import Perm, SchemeStatus
from maristan.kernel.access import Actor


def visible_to(*, actor: Actor) -> "QuerySet[GradeScheme]":
    """All schemes with their bands, for whoever sees exams."""
    actor.demand(Perm.EXAM_VIEW)
    return GradeScheme.objects.prefetch_related("bands")


def bands_of(scheme_id: int | None) -> tuple[Band, ...]:
    """The bands of a scheme, highest first."""
    found = GradeBand.objects.filter(scheme_id=scheme_id or 0)
    return tuple(Band(each.min_percent, each.letter, each.point, each.is_fail) for each in found)


def to_pin(exam: Exam) -> GradeScheme | None:
    """The newest active version of the scheme that an exam names; else of the nearest one for its course or program."""
    active = GradeScheme.objects.filter(status=SchemeStatus.ACTIVE)
    chosen = exam.grade_scheme
    if chosen is not None:
        same = active.filter(scope_key=chosen.scope_key, name__iexact=chosen.name)
        return same.order_by("-number").first()
    program = exam.academic_period.program_id if exam.academic_period is not None else None
    keys = [f"course:{exam.course_id}", f"program:{program}", "institution"]
    found = sorted(active.filter(scope_key__in=keys), key=lambda each: (keys.index(each.scope_key), each.pk))
    if not found:
        return None
    versions = [each for each in found if (each.scope_key, each.name) == (found[0].scope_key, found[0].name)]
    return max(versions, key=lambda each: each.number)
