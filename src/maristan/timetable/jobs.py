"""Jobs of the timetable: packs for print, reminders, groups added later, and what waits for somebody."""

from collections.abc import Callable
from datetime import date
from typing import Any

from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import Report, long_job
from maristan.timetable.actions import messages, printing
from maristan.timetable.queries.documents.packs import JOB, Subject


@long_job(JOB, queue="documents")
def print_pack(
    report: Report, subject: str, ids: list[int], first: str, last: str, user_id: int | None
) -> dict[str, Any]:
    """Typeset a pack and keep it as a private file."""
    return printing.produce(
        subject=Subject(subject), ids=ids, first=date.fromisoformat(first), last=date.fromisoformat(last),
        user_id=user_id, progress=report,
    )  # fmt: skip


def subscriber(tell: Callable[..., None]) -> Callable[[int], None]:
    """An action that follows a journal line, as a subscriber: the platform carries it out."""

    def deliver(line_id: int) -> None:
        tell(line_id=line_id, by=platform(tenancy.current()))

    return deliver


# Name → (what is done, after which kinds of line); `config.wiring` subscribes them.
SUBSCRIBERS: dict[str, tuple[Callable[[int], None], tuple[str, ...]]] = {
    "timetable.tell_published": (subscriber(messages.tell_published), ("week_plan.published",)),
    "timetable.tell_amended": (subscriber(messages.tell_amended), ("week_plan.amended",)),
    "timetable.tell_reverted": (subscriber(messages.tell_reverted), ("week_plan.reverted",)),
    "timetable.tell_verified": (subscriber(messages.tell_verified), ("week_plan.verified",)),
    "timetable.tell_returned": (subscriber(messages.tell_returned), ("week_plan.returned",)),
    "timetable.tell_session": (
        subscriber(messages.tell_session), ("session_occurrence.changed", "session_occurrence.cancelled"),
    ),
    "timetable.tell_holiday": (subscriber(messages.tell_holiday), ("holiday.sessions_cancelled",)),
}  # fmt: skip
