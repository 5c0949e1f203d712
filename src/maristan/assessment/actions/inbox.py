"""What waits because of exams: marks to enter, results to verify and to publish; it closes when the state moves."""

from collections.abc import Collection

from maristan.assessment.queries import waiting
from maristan.assessment.queries.waiting import Standing
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

MIRROR = "an inbox item mirrors a cause whose own action writes the line"
CAUSE = "exam"


@unjournaled(MIRROR)
def follow_exam(*, line_id: int, by: Actor) -> None:
    """Open and close what a change of an exam or its results means."""
    line = JournalLine.objects.get(pk=line_id)
    _settle([int(line.subject_id)], by)


@unjournaled(MIRROR)
def settle(*, by: Actor) -> None:
    """Bring every item in line with how the exams stand."""
    _settle(None, by)


def _settle(ids: Collection[int] | None, by: Actor) -> None:
    standing = waiting.marked(ids)
    for kind, path, audience in (
        ("exam_to_mark", "marks", waiting.markers),
        ("results_to_verify", "results", waiting.verifiers),
        ("results_to_publish", "results", waiting.publishers),
    ):
        items = [
            _item(kind, path, each, keys)
            for each in standing
            if each.counts[kind] and (keys := audience(each))
        ]  # fmt: skip
        work.keep_only(kind=kind, cause_kind=CAUSE, items=items, among=ids, by=by)


def _item(kind: str, path: str, of: Standing, audience: tuple[str, ...]) -> work.Waiting:
    return work.Waiting(
        kind=kind, cause_kind=CAUSE, cause_id=of.exam, audience=audience, url=f"/assessment/exams/{of.exam}/{path}",
        params={"title": of.title, "count": of.counts[kind], "date": of.due},
    )  # fmt: skip
