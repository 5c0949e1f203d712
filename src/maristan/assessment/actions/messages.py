"""Telling candidates and examiners what happens to their exams."""

from typing import Any

from maristan.assessment.models import Candidate, Exam, Examiner
from maristan.assessment.queries import exams as queries
from maristan.assessment.rules.states import Admission
from maristan.comms.actions import notifications as comms
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled

REPEATS = "a message repeats a journal line; it is none itself"


@unjournaled(REPEATS)
def tell_exam(*, line_id: int, by: Actor) -> None:
    """Tell the candidates and examiners of an exam that it was announced, taken back or cancelled.

    A draft that is cancelled was nobody's business.
    """
    line = JournalLine.objects.get(pk=line_id)
    exam = Exam.objects.select_related("course", "place").filter(pk=line.subject_id).first()
    if exam is None or (line.changes.get("status", [""])[0] == "draft" and line.kind == "exam.cancelled"):
        return
    message = comms.Message(
        event=line.kind, once=f"{line.kind}:{line.pk}", url=f"/assessment/exams/{exam.pk}",
        params={**_params(exam), "reason": line.reason},
    )  # fmt: skip
    entered = Candidate.objects.filter(exam=exam).exclude(admission=Admission.WITHDRAWN)
    concerned = {*entered.values_list("person_id", flat=True)}
    concerned |= set(Examiner.objects.filter(exam=exam).values_list("person_id", flat=True))
    comms.notify(messages=dict.fromkeys(sorted(concerned), message), by=by)


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
