"""What waits because of attendance, and who is told: registers to submit, corrections to decide and decided."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.attendance.actions.corrections import SUBJECT
from maristan.attendance.actions.rosters import REGISTER
from maristan.attendance.queries import corrections, registers
from maristan.attendance.rules.states import CorrectionStatus, Perm
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
    messages: dict[int, dict[str, comms.Message]] = {}
    for row in late:
        days = (today - local_day(row.of_starts_at, zone)).days
        people = set(_teachers(row)) | (_coordinators(row, today) if days >= SECOND_DAY else set())
        message = _message(row, SECOND_DAY if days >= SECOND_DAY else 1)
        for person in people:
            messages.setdefault(person, {})[message.once] = message
    _tell(messages, by)
    return len(late)


def _coordinators(row: Any, today: date) -> set[int]:
    return holders.nearest(Perm.REPAIR, day=today, program=row.of_program_id, batch=row.of_period_batch_id)


def _message(row: Any, day: int) -> comms.Message:
    url = f"/attendance/sessions/{row.session_id}"
    return comms.Message(event=LATE, url=url, params=_params(row), once=f"{LATE}:{row.pk}:{day}")


def _tell(messages: Mapping[int, Mapping[str, comms.Message]], by: Actor) -> None:
    """Tell each person each message once, in rounds of one for each person."""
    waiting = {person: list(each.values()) for person, each in messages.items()}
    while waiting:
        comms.notify(messages={person: each.pop() for person, each in waiting.items()}, by=by)
        waiting = {person: each for person, each in waiting.items() if each}


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
def follow_correction(*, line_id: int, by: Actor) -> None:
    """A correction waits for the teachers of the session and its coordinators, but not for who asked."""
    row = _correction(line_id, by)
    if row is None:
        return
    items = []
    if row.status == CorrectionStatus.PENDING:
        own = {f"person:{row.requested_by_id}"}
        keys = holders.keys(Perm.DECIDE, program=row.of_program_id, batch=row.of_period_batch_id)
        audience = {f"person:{each}" for each in _teachers(row)} | set(keys)
        params = _correction_params(row)
        items.append(
            work.Waiting(
                DECIDE, SUBJECT, row.pk, tuple(sorted(audience - own)), f"/attendance/corrections/{row.pk}",
                {name: params[name] for name in ("name", "title", "date", "wanted", "reason")},
            )
        )  # fmt: skip
    work.keep_only(kind=DECIDE, cause_kind=SUBJECT, items=items, among=[row.pk], by=by)


@unjournaled(REPEATS)
def tell_correction(*, line_id: int, by: Actor) -> None:
    """Tell the teachers that a correction was asked for, or who asked and whose mark it is what became of it."""
    row = _correction(line_id, by)
    if row is None:
        return
    line = JournalLine.objects.get(pk=line_id)
    people = {row.requested_by_id, row.person}
    if line.kind == "mark_correction.requested":
        people = set(_teachers(row)) - people
    params = {**_correction_params(row), "by": line.by_name}
    if line.kind != "mark_correction.requested":
        params["reason"] = line.reason
    message = comms.Message(
        event=line.kind, url=f"/attendance/corrections/{row.pk}", params=params, once=f"{line.kind}:{line.pk}"
    )
    comms.notify(messages=dict.fromkeys(people - {line.by_person_id}, message), by=by)


def _correction(line_id: int, by: Actor) -> Any:
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    return corrections.visible_to(actor=by).filter(pk=pk).first()


def _correction_params(row: Any) -> dict[str, Any]:
    day = local_day(row.of_starts_at, row.zone)
    return {
        "name": row.full_name, "title": row.of_title or "", "date": day.isoformat(), "wanted": row.wanted,
        "reason": row.reason,
    }  # fmt: skip
