"""Telling candidates and examiners what happens to their exams."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from maristan.assessment.models import Candidate, Exam, Examiner
from maristan.assessment.queries import exams as queries
from maristan.assessment.rules.exams import CHANGED
from maristan.assessment.rules.states import Admission
from maristan.comms.actions import notifications as comms
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled

REPEATS = "a message repeats a journal line; it is none itself"


@unjournaled(REPEATS)
def tell_exam(*, line_id: int, by: Actor) -> None:
    """Tell the candidates and examiners of an exam that it was announced, taken back or cancelled.

    An exam that is announced anew is said to have changed, and how. A draft that is cancelled was nobody's business.
    """
    line = JournalLine.objects.get(pk=line_id)
    exam = Exam.objects.select_related("course", "place").filter(pk=line.subject_id).first()
    if exam is None or (line.changes.get("status", [""])[0] == "draft" and line.kind == "exam.cancelled"):
        return
    before = _before(line) if line.kind == "exam.announced" else None
    kind = line.kind if before is None else CHANGED
    params = {**_params(exam), **_was(exam, before or {}), "reason": line.reason}
    message = comms.Message(
        event=kind, once=f"{line.kind}:{line.pk}", url=f"/assessment/exams/{exam.pk}", params=params
    )
    entered = Candidate.objects.filter(exam=exam).exclude(admission=Admission.WITHDRAWN)
    concerned = {*entered.values_list("person_id", flat=True)}
    concerned |= set(Examiner.objects.filter(exam=exam).values_list("person_id", flat=True))
    comms.notify(messages=dict.fromkeys(sorted(concerned), message), by=by)


@unjournaled(REPEATS)
def welcome(*, line_id: int, by: Actor) -> None:
    """Tell those who become candidates or examiners of an announced exam when and where it is."""
    line = JournalLine.objects.get(pk=line_id)
    exam = Exam.objects.select_related("course", "place").filter(pk=line.subject_id, status__in=queries.HELD).first()
    if exam is None:
        return
    joined = line.changes["persons"] if "persons" in line.changes else [line.changes["person"][1]]
    message = comms.Message(
        event="exam.announced", once=f"{line.kind}:{line.pk}", url=f"/assessment/exams/{exam.pk}",
        params=_params(exam),
    )  # fmt: skip
    comms.notify(messages=dict.fromkeys(joined, message), by=by)


def _before(line: JournalLine) -> dict[str, Any] | None:
    """What an exam said when it was announced before, as far as it was changed since; none of the first time."""
    of_exam = JournalLine.objects.filter(subject_kind="exam", subject_id=line.subject_id, id__lt=line.pk)
    last = of_exam.filter(kind="exam.announced").order_by("-id").first()
    if last is None:
        return None
    was: dict[str, Any] = {}
    for each in of_exam.filter(kind="exam.updated", id__gt=last.pk).order_by("id"):
        for field, (old, _) in each.changes.items():
            was.setdefault(field, old)
    return was


def _was(exam: Exam, before: Mapping[str, Any]) -> dict[str, str]:
    """Time and place of before, where they are others now."""
    found = {"was_date": "", "was_time": "", "was_place": ""}
    if "scheduled_at" in before and (old := datetime.fromisoformat(before["scheduled_at"])) != exam.scheduled_at:
        at = queries.local(old)
        found |= {"was_date": at.date().isoformat(), "was_time": at.strftime("%H:%M")}
    place = exam.place.name if exam.place is not None else None
    if before.get("place") and before["place"] != place:
        found["was_place"] = before["place"]
    return found


@unjournaled(REPEATS)
def tell_results(*, line_id: int, by: Actor) -> None:
    """Tell each learner once that a result is there; no marks are said."""
    line = JournalLine.objects.get(pk=line_id)
    exam = Exam.objects.select_related("course").get(pk=line.subject_id)
    message = comms.Message(
        event=line.kind, once=f"{line.kind}:{exam.pk}", url="/assessment/my-results",
        params={"title": exam.title, "course": exam.course.name if exam.course is not None else ""},
    )  # fmt: skip
    comms.notify(messages=dict.fromkeys(line.changes["persons"], message), by=by)


def _params(exam: Exam) -> dict[str, Any]:
    at = queries.local(exam.scheduled_at)
    return {
        "exam": exam.pk,
        "title": exam.title,
        "course": exam.course.name if exam.course is not None else "",
        "date": at.date().isoformat(),
        "time": at.strftime("%H:%M"),
        "place": exam.place.name if exam.place is not None else "",
    }
