"""Jobs of the timetable: packs for print, reminders, groups added later, and what waits for somebody."""

from dataclasses import replace
from datetime import date
from typing import Any

from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import Report, long_job, periodic
from maristan.timetable.actions import inbox, printing, propagation, reminders
from maristan.timetable.queries.documents.packs import JOB, Subject


@long_job(JOB, queue="documents")
def print_pack(
    report: Report, subject: str, ids: list[int], first: str, last: str, user_id: int | None
) -> dict[str, Any]:
    """Typeset a pack and keep it as a private file."""
    return printing.produce(
        subject=Subject(subject), ids=ids, first=date.fromisoformat(first), last=date.fromisoformat(last),
        progress=report, by=replace(platform(tenancy.current()), user_id=user_id),
    )  # fmt: skip


@periodic("timetable.settle_inbox", "17 * * * *")
def settle_inbox() -> None:
    """Open and close what waits because a day has passed."""
    inbox.settle(by=platform(tenancy.current()))


@periodic("timetable.join_groups", "23 * * * *", tells=())
def join_groups() -> None:
    """Take up groups that could not join their sessions before."""
    propagation.join_groups(by=platform(tenancy.current()))


@periodic("timetable.remind_of_weeks", "*/15 * * * *", tells=())
def remind_of_weeks() -> None:
    """Remind coordinators from 10:00 local time on the institution's weekday; each person once."""
    reminders.remind(by=platform(tenancy.current()))
