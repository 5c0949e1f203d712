"""Sessions as attendance knows them: when, by whom, to whom, and how far a reach covers them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from maristan.kernel.access import Reach
from maristan.timetable.models import Session, SessionGroup, SessionTeacher
from maristan.timetable.rules.states import SessionStatus


def facts(prefix: str = "", *, session: str = "pk") -> dict[str, Any]:
    """Annotations of a row that refers to a session by `prefix` (`session__`) and the column `session`."""
    co_teachers = SessionTeacher.objects.filter(session=OuterRef(session)).order_by("id")
    attending = SessionGroup.objects.filter(session=OuterRef(session)).order_by("position", "id")
    names = (
        "starts_at", "ends_at", "faculty_id", "section_id", "course_id", "department_id", "academic_period_id",
        "attendance_recorded_at", "topic",
    )  # fmt: skip
    return {
        **{f"of_{name}": F(f"{prefix}{name}") for name in names},
        "of_status": F(f"{prefix}status"),
        "of_title": Coalesce(f"{prefix}course__name", f"{prefix}topic"),
        "of_program_id": F(f"{prefix}academic_period__program_id"),
        "of_period_batch_id": F(f"{prefix}academic_period__batch_id"),
        "of_co_teachers": ArraySubquery(co_teachers.values("person_id")),
        "of_groups": ArraySubquery(attending.values("group_id")),
        "of_batches": ArraySubquery(attending.values("group__batch_id")),
        "zone": F("institution__time_zone"),
    }


def is_cancelled(row: Any) -> bool:
    """Whether the session of a row with `facts` is cancelled."""
    return bool(row.of_status == SessionStatus.CANCELLED)


def teaches(row: Any, person: int | None) -> bool:
    """Whether a person teaches the session of a row with `facts`."""
    return person is not None and (person == row.of_faculty_id or person in row.of_co_teachers)


def covers(reach: Reach, row: Any, person: int | None) -> bool:
    """Whether a reach covers the session of a row with `facts`; one's own are those that one teaches."""
    batches = {row.of_period_batch_id, *row.of_batches} - {None}
    return reach.covers(
        program=row.of_program_id, departments=[row.of_department_id], own=teaches(row, person)
    ) or bool(reach.batches & batches)


def within(reach: Reach, person: int | None) -> Q:
    """The same as a filter of sessions."""
    if reach.everything:
        return Q()
    found = (
        Q(academic_period__program_id__in=reach.programs)
        | Q(department_id__in=reach.departments)
        | Q(academic_period__batch_id__in=reach.batches)
    )
    if reach.batches:
        groups = SessionGroup.objects.filter(session=OuterRef("pk"), group__batch_id__in=reach.batches)
        found |= Q(Exists(groups))
    if reach.own and person is not None:
        found |= Q(faculty_id=person) | Q(Exists(SessionTeacher.objects.filter(session=OuterRef("pk"), person=person)))
    return found


def sessions() -> "QuerySet[Session]":
    """Every published or direct session with `facts`; the caller narrows them to whom they are for."""
    return Session.objects.annotate(**facts())


def of_weeks(plans: Iterable[int]) -> "QuerySet[Session]":
    """Live sessions of week plans."""
    live = Session.objects.exclude(status=SessionStatus.CANCELLED)
    return live.filter(occurrence__week_plan_id__in=list(plans))


def to_come(*, groups: Iterable[int], sections: Iterable[int], after: datetime) -> "QuerySet[Session]":
    """Live sessions that start later and are for one of these groups or sections."""
    attends = SessionGroup.objects.filter(session=OuterRef("pk"), group_id__in=list(groups))
    taught = Q(section_id__in=list(sections)) | Q(section_id=None) & Q(Exists(attends))
    return Session.objects.exclude(status=SessionStatus.CANCELLED).filter(taught, starts_at__gt=after)
