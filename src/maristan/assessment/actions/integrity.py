"""Stored numbers of results held against what follows from their entries."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from maristan.assessment.actions.computing import NUMBERS, Judging
from maristan.assessment.models import Exam, Result, ResultEntry
from maristan.assessment.rules.states import ResultStatus
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled

ONLY_READS = "it only reads"
OPEN = (ResultStatus.DRAFT,)
SIGNED = (ResultStatus.VERIFIED, ResultStatus.PUBLISHED, ResultStatus.FROZEN)


@unjournaled(ONLY_READS)
def drafts_differing(*, by: Actor) -> list[int]:
    """Drafts whose numbers do not follow from their entries."""
    return sorted(row.pk for row, _ in _differing(OPEN))


@unjournaled(ONLY_READS)
def signed_differing(*, by: Actor) -> list[int]:
    """Results that somebody verified or published and whose numbers do not follow from their entries."""
    return sorted(row.pk for row, _ in _differing(SIGNED))


@unjournaled("whoever mends writes the line")
def mend_drafts(*, ids: Collection[int | str], by: Actor) -> dict[str, Mapping[str, Any]]:
    """Let the numbers of drafts follow from their entries again; gives what changed of each."""
    wanted = {int(each) for each in ids}
    found = [(row, changes) for row, changes in _differing(OPEN) if row.pk in wanted]
    for row, _ in found:
        row.version += 1
    Result.objects.bulk_update([row for row, _ in found], [*NUMBERS, "version", "updated_at"])
    return {f"result:{row.pk}": changes for row, changes in found}


def _differing(statuses: Collection[str]) -> Iterator[tuple[Result, dict[str, list[Any]]]]:
    """Current results that differ, with the numbers that follow set on them: few statements for each exam."""
    rows = Result.objects.filter(is_current=True, status__in=statuses)
    exams = Exam.objects.filter(pk__in=rows.values("exam"))
    for exam in exams.order_by("pk"):
        judged = Judging(exam)
        results = list(rows.filter(exam=exam).order_by("pk"))
        entries: dict[int, list[ResultEntry]] = {}
        for each in ResultEntry.objects.filter(result__in=results):
            entries.setdefault(each.result_id, []).append(each)
        for result in results:
            changes = judged(result, entries.get(result.pk, []))
            if changes:
                yield result, changes
