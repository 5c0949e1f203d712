"""What waits because of attendance, and who is told: registers to submit, corrections to decide and decided."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.attendance.actions import absences
from maristan.attendance.actions.corrections import SUBJECT
from maristan.attendance.actions.rosters import REGISTER
from maristan.attendance.queries import corrections, deciders, registers
from maristan.attendance.rules.states import CorrectionStatus, Perm, RegisterStatus
from maristan.attendance.rules.windows import local_day
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders
from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

SUBMIT, DECIDE = "register_to_submit", "correction_to_decide"
LATE = "register.not_submitted"
FROM_HOUR, SECOND_DAY, LAST_DAY = 8, 3, 30
MIRROR = "an inbox item mirrors a cause whose own action writes the line"
REPEATS = "a message repeats what the tables say"


def _teachers(row: Any) -> list[int]:
    return [each for each in (row.of_faculty_id, *row.of_co_teachers) if each is not None]


@unjournaled(REPEATS)
def chase(*, by: Actor) -> int:
    """From 08:00 local time on, registers of days before wait for their teachers, who are told then and on the third
    day again, with the coordinators; gives how many are late."""
    zone, now = institution().time_zone, clock.now()
    if now.astimezone(ZoneInfo(zone)).hour < FROM_HOUR:
        return 0
    today = local_day(now, zone)
    late = list(registers.unsubmitted(today - timedelta(days=LAST_DAY), today, zone))
    work.keep_only(kind=SUBMIT, cause_kind=REGISTER, items=[_item(row) for row in late], by=by)
    comms.notify_each(messages=_reminders(late, today, zone), by=by)
    absences.tell(sessions=[row.session_id for row in late], by=by)
    return len(late)


def _reminders(late: Sequence[Any], today: date, zone: str) -> Iterator[tuple[int, comms.Message]]:
    """The teachers of each register, and from the third day on its coordinators: asked once for each program."""
    coordinating: dict[tuple[int | None, int | None], set[int]] = {}
    for row in late:
        is_late = (today - local_day(row.of_starts_at, zone)).days >= SECOND_DAY
        people = set(_teachers(row))
        if is_late:
            scope = (row.of_program_id, row.of_period_batch_id)
            if scope not in coordinating:
                program, batch = scope
                coordinating[scope] = holders.nearest(Perm.REPAIR, day=today, program=program, batch=batch)
            people |= coordinating[scope]
        message = _message(row, SECOND_DAY if is_late else 1)
        yield from ((person, message) for person in sorted(people))


def _message(row: Any, day: int) -> comms.Message:
    url = f"/attendance/sessions/{row.session_id}"
    return comms.Message(event=LATE, url=url, params=_params(row), once=f"{LATE}:{row.pk}:{day}")


def _params(row: Any) -> dict[str, Any]:
    day = local_day(row.of_starts_at, row.zone)
    return {"title": row.of_title or "", "date": day.isoformat(), "count": row.unmarked}


def _item(row: Any) -> work.Waiting:
    return work.Waiting(
        kind=SUBMIT,
        cause_kind=REGISTER,
        cause_id=row.pk,
        audience=tuple(f"person:{each}" for each in _teachers(row)),
        url=f"/attendance/sessions/{row.session_id}",
        params=_params(row),
    )


@unjournaled(MIRROR)
def follow_register(*, line_id: int, by: Actor) -> None:
    """A register that is submitted or was not held waits for nobody."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    work.close_items(kind=SUBMIT, cause_kind=REGISTER, cause_ids=[pk], by=by)


@unjournaled(MIRROR)
def follow_cancelled(*, line_id: int, by: Actor) -> None:
    """The register of a session that is cancelled waits for nobody."""
    row = registers.of_session(int(JournalLine.objects.get(pk=line_id).subject_id))
    if row is not None:
        work.close_items(kind=SUBMIT, cause_kind=REGISTER, cause_ids=[row.pk], by=by)


@unjournaled(MIRROR)
def follow_correction(*, line_id: int, by: Actor) -> None:
    """A correction waits for the teachers of the session and its coordinators, but not for who asked."""
    row = _correction(line_id, by)
    if row is None:
        return
    items = []
    if row.status == CorrectionStatus.PENDING:
        audience = deciders.keys(
            Perm.REPAIR if row.register_status == RegisterStatus.LOCKED else Perm.DECIDE,
            but=row.requested_by_id,
            people=_deciding_teachers(row),
            program=row.of_program_id,
            batch=row.of_period_batch_id,
        )
        params = _correction_params(row)
        items.append(
            work.Waiting(
                DECIDE, SUBJECT, row.pk, audience, f"/attendance/corrections/{row.pk}",
                {name: params[name] for name in ("name", "title", "date", "wanted", "reason")},
            )
        )  # fmt: skip
    work.keep_only(kind=DECIDE, cause_kind=SUBJECT, items=items, among=[row.pk], by=by)


def _deciding_teachers(row: Any) -> list[int]:
    """Those who taught, unless the register is locked: then only who repairs decides."""
    return [] if row.register_status == RegisterStatus.LOCKED else _teachers(row)


@unjournaled(REPEATS)
def tell_correction(*, line_id: int, by: Actor) -> None:
    """Tell who decides that a correction was asked for, or who asked and whose mark it is what became of it."""
    row = _correction(line_id, by)
    if row is None:
        return
    line = JournalLine.objects.get(pk=line_id)
    people = {row.requested_by_id, row.person}
    if line.kind == "mark_correction.requested":
        people = _deciders(row)
    params = {**_correction_params(row), "by": line.by_name}
    if line.kind != "mark_correction.requested":
        params["reason"] = line.reason
    message = comms.Message(
        event=line.kind, url=f"/attendance/corrections/{row.pk}", params=params, once=f"{line.kind}:{line.pk}"
    )
    comms.notify(messages=dict.fromkeys(people - {line.by_person_id}, message), by=by)


def _deciders(row: Any) -> set[int]:
    """The teachers, but for who asked; without any left, those whose program it is."""
    asking = row.requested_by_id
    found = set(_deciding_teachers(row)) - {asking}
    return found or deciders.nearest(Perm.REPAIR, but=asking, program=row.of_program_id, batch=row.of_period_batch_id)


def _correction(line_id: int, by: Actor) -> Any:
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    return corrections.visible_to(actor=by).filter(pk=pk).first()


def _correction_params(row: Any) -> dict[str, Any]:
    day = local_day(row.of_starts_at, row.zone)
    return {
        "name": row.full_name, "title": row.of_title or "", "date": day.isoformat(), "wanted": row.wanted,
        "reason": row.reason,
    }  # fmt: skip
