"""What the calendar shows of exams, and the places they hold."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from maristan.agenda import actions as agenda
from maristan.assessment.models import Candidate, Exam, Examiner
from maristan.assessment.queries import exams as queries
from maristan.assessment.queries.exams import HELD, OWNER
from maristan.assessment.rules.exams import ends_at
from maristan.assessment.rules.states import Admission, ExamStatus
from maristan.directory.queries.settings import institution, setting
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.rows import refusing
from maristan.kernel.unjournaled import unjournaled
from maristan.kernel.workflow import Requirement

DUE = "assessment.marks_due"
OWNERS_LINE = "the action of the exam writes the line"
TAKEN = NotNow(
    "not_now", "The place is free", missing=[Requirement("place_free", "The place is free").as_dict()]
)  # fmt: skip


@unjournaled(OWNERS_LINE)
def show(*, exam: Exam, by: Actor) -> None:
    """Put an announced exam into the calendar of its candidates, examiners and department, and hold its place.

    Raises `NotNow` (`place_free`) when somebody else took the place in between.
    """
    entry, due = _entries(exam)
    agenda.put(owner_kind=OWNER, entries=[entry], by=by)
    if due is not None:
        agenda.put(owner_kind=DUE, entries=[due], by=by)
    else:
        agenda.withdraw(owner_kind=DUE, owner_ids=[exam.pk], by=by)
    if exam.place_id is not None:
        hold = agenda.Hold(exam.place_id, exam.pk, exam.title, entry.starts_at, entry.ends_at)
        with refusing(agenda_booking_no_overlap=TAKEN):
            agenda.hold(owner_kind=OWNER, holds=[hold], release=[exam.pk], by=by)


def _entries(exam: Exam) -> tuple[agenda.Shown, agenda.Shown | None]:
    """The exam itself, and the day by which its examiners enter marks."""
    starts, ends = exam.scheduled_at, ends_at(exam.scheduled_at, exam.duration_minutes)
    examiners = [f"person:{each}" for each in sorted(_examiners(exam))]
    entered = Candidate.objects.filter(exam=exam).exclude(admission=Admission.WITHDRAWN)
    candidates = [f"person:{each}" for each in entered.order_by("person_id").values_list("person_id", flat=True)]
    department = [f"department:{exam.department_id}"] if exam.department_id else []
    place = exam.place.name if exam.place is not None else ""
    url = f"/assessment/exams/{exam.pk}"
    entry = agenda.Shown(
        exam.pk, exam.title[:255], starts, ends, tuple({**dict.fromkeys(candidates + examiners + department)}),
        place=place, url=url, sequence=exam.version,
    )  # fmt: skip
    if not examiners:
        return entry, None
    first, last = _due(exam)
    return entry, agenda.Shown(
        exam.pk, exam.title[:255], first, last, tuple(examiners), url=url, is_all_day=True, sequence=exam.version
    )


@unjournaled("it only says what ought to be shown")
def shown(*, owner_kind: str, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each exam, as itself or as marks that are due; a past exam stays in sight."""
    seen = HELD if owner_kind == DUE else (*HELD, ExamStatus.COMPLETED)
    exams = Exam.objects.select_related("place")
    return {each.pk: _entries(each)[owner_kind == DUE] if each.status in seen else None for each in exams}


@unjournaled(OWNERS_LINE)
def follow(*, exam: Exam, by: Actor) -> None:
    """Show an announced exam to those who are its candidates and examiners now."""
    if exam.status in HELD:
        show(exam=exam, by=by)


@unjournaled(OWNERS_LINE)
def withdraw(*, exam: Exam, by: Actor) -> None:
    """Take an exam out of every calendar and free its place."""
    for kind in (OWNER, DUE):
        agenda.withdraw(owner_kind=kind, owner_ids=[exam.pk], by=by)
    agenda.release(owner_kind=OWNER, owner_ids=[exam.pk], by=by)


@unjournaled(OWNERS_LINE)
def finish(*, exam: Exam, by: Actor) -> None:
    """Free the place of an exam whose results are complete, and let its marks be due no longer."""
    agenda.withdraw(owner_kind=DUE, owner_ids=[exam.pk], by=by)
    agenda.release(owner_kind=OWNER, owner_ids=[exam.pk], by=by)


def _examiners(exam: Exam) -> set[int]:
    return set(Examiner.objects.filter(exam=exam).values_list("person_id", flat=True))


def _due(exam: Exam) -> tuple[datetime, datetime]:
    day = queries.local(exam.scheduled_at).date() + timedelta(days=setting("assessment.marks_due_days"))
    start = datetime.combine(day, time.min, ZoneInfo(institution().time_zone))
    return start, start + timedelta(days=1)
