"""Students who stand nowhere today, no placement of theirs lasting until then, and those who stand elsewhere by now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from maristan.academics.models import Placement, Student
from maristan.academics.queries.roster import ATTENDING, placed_on


@dataclass(frozen=True, slots=True)
class Unplaced:
    """How many students of a batch stand without an open placement."""

    batch: int
    name: str
    program: int
    program_name: str
    count: int


def narrowed(found: "QuerySet[Student]", wanted: bool, *, day: date) -> "QuerySet[Student]":
    """Those of `found` who stand without an open placement on a day, or the others."""
    return found.filter(_without(day)) if wanted else found.exclude(_without(day))


def _without(day: date) -> Q:
    """ACTIVE or ON_LEAVE, with no placement whose last day is open or still to come."""
    lasting = Placement.objects.filter(Q(to_date=None) | Q(to_date__gte=day), student=OuterRef("pk"))
    return Q(~Exists(lasting), status__in=ATTENDING)


def by_batch(*, day: date, among: Collection[int] | None = None) -> list[Unplaced]:
    """The batches, of those in `among` or of all, that have students without an open placement: one query."""
    rows = Student.objects.filter(_without(day))
    rows = rows if among is None else rows.filter(batch_id__in=list(among))
    named = rows.values_list("batch_id", "batch__name", "batch__program_id", "batch__program__name")
    return [Unplaced(*row) for row in named.annotate(count=Count("pk")).order_by("batch_id")]


def batches_of(students: Iterable[int]) -> set[int]:
    """The batches to which these students belong now."""
    return set(Student.objects.filter(pk__in=list(students)).values_list("batch_id", flat=True))


def begun(*, day: date) -> dict[int, Placement]:
    """The placement in force on a day of each student who is not yet of its batch and group: one query."""
    rows = Placement.objects.filter(placed_on(day)).exclude(group_id=F("student__group_id")).select_related("batch")
    return {row.student_id: row for row in rows}
