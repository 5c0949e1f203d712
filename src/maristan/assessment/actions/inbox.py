"""What waits because of exams: marks to enter, results to verify and to publish; it closes when the state moves."""

from collections.abc import Collection
from datetime import timedelta
from zoneinfo import ZoneInfo

from maristan.assessment.queries import waiting
from maristan.assessment.queries.waiting import Standing
from maristan.comms.actions import notifications as comms
from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

FROM_HOUR, LAST_DAY = 8, 30
DUE = (
    ("exam_to_mark", "marks.due", "marks", waiting.people_marking),
    ("results_to_verify", "results.verification_due", "results", waiting.people_verifying),
    ("results_to_publish", "results.publication_due", "results", waiting.people_publishing),
)
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


@unjournaled("a message repeats what the tables say")
def remind(*, by: Actor) -> int:
    """From 08:00 local time on the day on which marks are due, tell once for whom the next step of an exam waits.

    Examiners of marks that are wanting, verifiers and publishers of results; gives how many were told now.
    """
    here, now = institution(), clock.now()
    local = now.astimezone(ZoneInfo(here.time_zone))
    if local.hour < FROM_HOUR:
        return 0
    oldest = (local.date() - timedelta(days=LAST_DAY)).isoformat()
    due = [each for each in waiting.marked(None) if oldest <= each.due <= local.date().isoformat()]
    told = 0
    for of in due:
        for kind, event, path, people in DUE:
            if of.counts[kind]:
                message = comms.Message(
                    event=event, once=f"{event}:{of.exam}", url=f"/assessment/exams/{of.exam}/{path}",
                    params={"title": of.title, "count": of.counts[kind], "date": of.due},
                )  # fmt: skip
                told += comms.notify(messages=dict.fromkeys(sorted(people(of)), message), by=by)
    return told


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
