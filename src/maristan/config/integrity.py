"""Every check of stored facts, app by app: what each one contributes, and who owns what others link to."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any

from maristan.academics.actions import obligation_following
from maristan.academics.queries import integrity as academics
from maristan.agenda import actions as agenda
from maristan.agenda import queries as agenda_queries
from maristan.assessment.actions import calendar as exam_calendar
from maristan.assessment.actions import integrity as results
from maristan.assessment.queries import integrity as assessment
from maristan.assessment.queries.exams import OWNER as EXAM
from maristan.attendance.actions import calendar as list_calendar
from maristan.attendance.queries import integrity as attendance
from maristan.config import calendar
from maristan.directory.queries import integrity as directory
from maristan.kernel import integrity as kernel
from maristan.kernel.access import Actor
from maristan.kernel.integrity import Owners, Unchecked
from maristan.operations.actions import announcing
from maristan.operations.queries import integrity as operations
from maristan.operations.rules.integrity import Check, Mended
from maristan.timetable.actions import showing
from maristan.timetable.queries import integrity as timetable
from maristan.timetable.queries.surroundings import SESSION_OWNER
from maristan.work import queries as work_queries

OWNERS: Owners = {
    **kernel.OWNERS, **directory.OWNERS, **academics.OWNERS, **timetable.OWNERS, **attendance.OWNERS,
    **assessment.OWNERS, **operations.OWNERS,
}  # fmt: skip
Wanted = Callable[..., Mapping[int, agenda.Shown | None]]
SHOWN: dict[str, Wanted] = {
    SESSION_OWNER: showing.shown,
    EXAM: partial(exam_calendar.shown, owner_kind=EXAM),
    exam_calendar.DUE: partial(exam_calendar.shown, owner_kind=exam_calendar.DUE),
    list_calendar.FREEZE: list_calendar.shown,
    obligation_following.DUE: obligation_following.shown,
    calendar.HOLIDAY: calendar.holidays_shown,
    calendar.PERIOD: calendar.periods_shown,
    calendar.INTAKE: calendar.intakes_shown,
    announcing.OWNER: announcing.shown,
}


def _linked(find: Callable[[Owners], Iterable[str]]) -> Callable[..., Iterable[str]]:
    return lambda *, by: find(OWNERS)


def entries_differing(*, by: Actor) -> list[str]:
    """Entries of the calendar that are not what their owners want shown, as `kind:id`.

    Raises `Unchecked` while lines wait to be handed to those who show them. What differs is looked at once more,
    because a line may have been handed over between two looks.
    """
    found = _differing(by)
    if found and not (waiting := kernel.waiting_deliveries()):
        found = sorted({*found} & {*_differing(by)})
        waiting = kernel.waiting_deliveries() if found else 0
    if found and waiting:
        raise Unchecked(f"{waiting} lines of the journal wait for their subscribers")
    return found


def _differing(by: Actor) -> list[str]:
    return [
        f"{kind}:{pk}" for kind, shown in SHOWN.items() for pk in agenda_queries.entries_differing(kind, shown(by=by))
    ]


def mend_entries(*, ids: Collection[int | str], by: Actor) -> Mended:
    """Show what the owners want shown; gives what differed of each entry."""
    by_kind: dict[str, set[int]] = {}
    for each in ids:
        kind, _, pk = str(each).rpartition(":")
        by_kind.setdefault(kind, set()).add(int(pk))
    changed: dict[str, dict[str, Any]] = {}
    for kind, wanted_ids in by_kind.items():
        wanted = {pk: each for pk, each in SHOWN[kind](by=by).items() if pk in wanted_ids}
        differing = agenda_queries.entries_differing(kind, wanted)
        entries = [shown for pk in differing if (shown := wanted[pk]) is not None]
        agenda.put(owner_kind=kind, entries=entries, by=by)
        agenda.withdraw(owner_kind=kind, owner_ids=[pk for pk in differing if wanted[pk] is None], by=by)
        changed |= {f"{kind}:{pk}": dict(each) for pk, each in differing.items()}
    return changed


CHECKS = (
    Check("kernel", "file_missing", "file", kernel.files_missing),
    Check("kernel", "file_altered", "file", kernel.files_altered),
    Check("kernel", "file_without_row", "stored bytes", kernel.files_unknown),
    Check("kernel", "job_without_subject", "job", kernel.jobs_without_subject),
    Check("kernel", "job_without_subject", "job", kernel.jobs_without_subject, is_platform=True),
    Check("kernel", "job_without_institution", "job", kernel.jobs_of_nobody, is_platform=True),
    Check("kernel", "journal_broken", "journal line", kernel.broken_chain),
    Check("kernel", "journal_broken", "journal line", kernel.broken_chain, is_platform=True),
    Check("agenda", "dangling_entry_owner", "calendar entry", _linked(agenda_queries.entries_without_owner)),
    Check("agenda", "dangling_booking_owner", "booking", _linked(agenda_queries.bookings_without_owner)),
    Check("agenda", "calendar_differs", "calendar entry", entries_differing, mend_entries),
    Check("work", "dangling_inbox_cause", "inbox item", _linked(work_queries.items_without_cause)),
    Check("timetable", "occurrence_without_plan", "session", timetable.without_plan),
    Check("attendance", "dangling_excuse_owner", "excuse", _linked(attendance.excuses_without_owner)),
    Check("attendance", "dangling_list_owner", "eligibility list", _linked(attendance.lists_without_owner)),
    Check("assessment", "result_differs", "result", results.drafts_differing, results.mend_drafts),
    Check("assessment", "signed_result_differs", "result", results.signed_differing),
    Check("assessment", "result_without_issuer", "result", assessment.results_without_issuer),
    Check("assessment", "document_without_issuer", "document", assessment.documents_without_issuer),
    Check("operations", "rows_lost", "table", operations.tables_that_lost_rows, is_platform=True),
)
