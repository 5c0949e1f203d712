"""Messages that follow from the directory and academics: leave, imports, placements, enrolments by staff."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from maristan.academics.queries import students
from maristan.assessment.queries import mark_files
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders, identity, leaves
from maristan.directory.queries.settings import local_today
from maristan.directory.rules.states import Perm
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.tables.outcomes import RowAction


def tell_leave(*, line_id: int, by: Actor) -> None:
    """Tell those who decide that leave was asked for, and those concerned what was decided."""
    line = JournalLine.objects.get(pk=line_id)
    leave = leaves.visible_to(actor=by, day=local_today()).filter(pk=line.subject_id).first()
    if leave is None:
        return
    params: dict[str, Any] = {"leave": leave.pk, "person": leave.person.name, "days": span(leave)}
    concerned: set[int | None] = {leave.person_id, leave.requested_by_id}
    if line.kind == "leave.requested":
        people: set[int | None] = {each for each in deciders(leave.person_id) if each not in concerned}
        params["reason"] = leave.reason
    else:
        people = concerned - {line.by_person_id}
        params |= {"by": line.by_name, "reason": line.reason}
    _tell(people, line, f"/directory/leave/{leave.pk}", params, by)


def scope_of(person: int) -> dict[str, Any]:
    """Where a person studies or works, as a scope of permissions."""
    found: dict[str, list[int]] = {}
    for key in identity.audience_keys(person, local_today()):
        kind, _, pk = key.partition(":")
        if pk.isdecimal():
            found.setdefault(kind, []).append(int(pk))
    return {
        "program": next(iter(found.get("program", ())), None),
        "batch": next(iter(found.get("batch", ())), None),
        "departments": found.get("department", ()),
    }


def deciders(person: int) -> set[int]:
    """Who decides the leave of a person."""
    return holders.people(Perm.LEAVE_DECIDE, day=local_today(), **scope_of(person))


def span(leave: Any) -> list[str | None]:
    """The first and the last day of a leave, as messages carry them; the last is null where none is set."""
    return [leave.start_date.isoformat(), leave.end_date.isoformat() if leave.end_date else None]


def tell_import(*, line_id: int, by: Actor) -> None:
    """Tell who imported a file how it ended."""
    line = JournalLine.objects.get(pk=line_id)
    counts = {action.value: line.changes.get(action.value, 0) for action in RowAction}
    params = {"import": line.changes["kind"], "run": int(line.subject_id), **counts}
    message = comms.Message(
        event=line.kind, url=import_page(line.changes["kind"], int(line.subject_id)), params=params,
        once=f"{line.kind}:{line.pk}", answers=True,
    )  # fmt: skip
    if line.by_person_id is not None:
        comms.notify(messages={line.by_person_id: message}, by=by)


def import_page(kind: str, pk: int) -> str:
    """Where the client shows an imported file: marks with their exam, others among the files."""
    exam = mark_files.exam_of(pk)
    url = f"/academics/imports/{kind}/{pk}"
    if exam is not None:
        url = f"/assessment/exams/{exam}/imports/{pk}"
    return url


def tell_placement(*, line_id: int, by: Actor) -> None:
    """Tell a student about the new batch or group, and of one to come from which day on."""
    line = JournalLine.objects.get(pk=line_id)
    student: Any = students.students(actor=by).filter(pk=line.subject_id).first()
    if student is None:
        return
    params: dict[str, Any] = {"student": student.pk, "reason": line.reason}
    from_date = date.fromisoformat(line.changes.get("from_date", [None, "0001-01-01"])[1])
    placed = students.placements(student).filter(from_date=from_date).first()
    if placed is None or from_date <= local_today():
        params |= {"batch": student.batch_name, "group": student.group_name}
        _tell([student.person_id], line, f"/academics/students/{student.pk}", params, by)
        return
    params |= {"from_date": from_date.isoformat(), "batch": placed.batch.name, "group": placed.group.name}
    _tell([student.person_id], line, f"/academics/students/{student.pk}", params, by, kind="student.to_be_placed")


def tell_enrolment(*, line_id: int, by: Actor) -> None:
    """Tell a student who was enrolled by somebody else."""
    line = JournalLine.objects.get(pk=line_id)
    seat = students.enrollments(actor=by).filter(pk=line.subject_id).first()
    if seat is None or seat.student.person_id == line.by_person_id:
        return
    params = {
        "enrollment": seat.pk,
        "course": seat.section.course.name,
        "section": seat.section.name,
        "by": line.by_name,
    }
    _tell([seat.student.person_id], line, f"/academics/students/{seat.student_id}", params, by)


def _tell(
    people: Iterable[int | None], line: JournalLine, url: str, params: dict[str, Any], by: Actor, *, kind: str = ""
) -> None:
    message = comms.Message(event=kind or line.kind, url=url, params=params, once=f"{line.kind}:{line.pk}")
    comms.notify(messages={person: message for person in people if person is not None}, by=by)
