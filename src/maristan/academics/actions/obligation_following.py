"""What follows from obligations: who is asked and reminded, what waits for whom, and the calendar."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.academics.actions import obligations as actions
from maristan.academics.models import Obligation, Requirement, Student
from maristan.academics.queries import obligations as queries
from maristan.academics.rules import obligations as rules
from maristan.academics.rules.states import ObligationStatus, Perm
from maristan.agenda import actions as agenda
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders
from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

OWED, VERIFY, CAUSE, DUE = "obligation_to_meet", "obligation_to_verify", "obligation", "academics.obligation"
ASSIGNED, REMINDED, LOCKED = "obligation.assigned", "obligation.due", "obligation.locked"
HOUR, MINUTE = 1, 30
MIRROR = "an inbox item mirrors a cause whose own action writes the line"
REPEATS = "a message repeats what the tables say"
LOCKED_LATELY = timedelta(days=2)


@unjournaled("the action it calls writes the line")
def assign(*, line_id: int, by: Actor) -> None:
    """What is owed is asked of its audience as soon as it is said, and everybody's calendar follows its term."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    _ask(pk, by)
    known = Obligation.objects.filter(requirement=pk, status__in=list(rules.OPEN)).select_related("requirement")
    _show(list(known), by)


def _ask(requirement: int, by: Actor) -> None:
    made = actions.assign(requirement=requirement, by=by)
    _show(made, by)
    zone = institution().time_zone
    comms.notify_each(messages=[(each.person_id, _message(ASSIGNED, each, "assigned", zone)) for each in made], by=by)


@unjournaled("the actions it calls write the lines")
def settle(*, by: Actor) -> None:
    """In the hour from 01:30 local time on: ask whoever joined an audience, and remind of what is due or closed."""
    now = clock.now()
    local = now.astimezone(ZoneInfo(institution().time_zone))
    start = local.replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0)
    if not timedelta() <= local - start < timedelta(hours=1):
        return
    for pk in Requirement.objects.filter(is_active=True).values_list("pk", flat=True):
        _ask(pk, by)
    comms.notify_each(messages=list(_reminders(now)), by=by)


def _reminders(now: datetime) -> Iterable[tuple[int, comms.Message]]:
    zone = institution().time_zone
    today = clock.today(zone)
    ahead = timedelta(days=max(rules.REMIND_DAYS) + 1) + timedelta(hours=rules.LEAD_AT_MOST)
    for each in queries.open_ones(since=now - LOCKED_LATELY, until=now + ahead):
        asked = each.requirement
        days = (rules.due_day(each.due_at, zone) - today).days
        if days in rules.REMIND_DAYS:
            yield each.person_id, _message(REMINDED, each, f"due:{days}", zone)
        since = rules.locked_since(ObligationStatus(each.status), each.due_at, asked.lock_lead_hours, now)
        if since is not None and asked.locks and since > now - LOCKED_LATELY:
            yield each.person_id, _message(LOCKED, each, "locked", zone)


def _message(event: str, row: Any, once: str, zone: str) -> comms.Message:
    return comms.Message(
        event=event,
        url=f"/obligations/{row.pk}",
        params={**_params(row, zone), "locks": row.requirement.locks},
        once=f"obligation:{row.pk}:{once}:{row.due_at:%Y-%m-%d}" if row.due_at else f"obligation:{row.pk}:{once}",
    )


def _params(row: Any, zone: str) -> dict[str, Any]:
    due = rules.due_day(row.due_at, zone).isoformat() if row.due_at else ""
    return {"title": row.requirement.title, "due": due}


def _show(found: Sequence[Any], by: Actor) -> None:
    """What is owed waits for whoever owes it, and its due day stands in that person's calendar."""
    zone = institution().time_zone
    wanted = {each.pk: _entry(each, zone) for each in found}
    entries = [each for each in wanted.values() if each is not None]
    if entries:
        agenda.put(owner_kind=DUE, entries=entries, by=by)
    undated = [pk for pk, each in wanted.items() if each is None]
    if undated:
        agenda.withdraw(owner_kind=DUE, owner_ids=undated, by=by)
    work.keep_only(
        kind=OWED, cause_kind=CAUSE, items=[_owed(each, zone) for each in found if each.status in rules.OPEN],
        among=[each.pk for each in found], by=by,
    )  # fmt: skip


@unjournaled("it only says what ought to be shown")
def shown(*, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each obligation."""
    zone = institution().time_zone
    return {row.pk: _entry(row, zone) for row in Obligation.objects.select_related("requirement")}


def _entry(row: Any, zone: str) -> agenda.Shown | None:
    if row.due_at is None or row.status not in rules.OPEN:
        return None
    return agenda.Shown(
        owner_id=row.pk, title=row.requirement.title, starts_at=_local(row.due_at, zone) - timedelta(days=1),
        ends_at=row.due_at, audience=(f"person:{row.person_id}",), is_all_day=True,
        url=f"/obligations/{row.pk}", sequence=row.version,
    )  # fmt: skip


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _owed(row: Any, zone: str) -> work.Waiting:
    audience = (f"person:{row.person_id}",)
    return work.Waiting(OWED, CAUSE, row.pk, audience, f"/obligations/{row.pk}", _params(row, zone))


@unjournaled(MIRROR)
def follow(*, line_id: int, by: Actor) -> None:
    """What was handed in waits for its verifiers, but not for who owes it; what is met waits for nobody."""
    row = _row(line_id, by)
    _show([row], by)
    if row.status not in rules.OPEN:
        agenda.withdraw(owner_kind=DUE, owner_ids=[row.pk], by=by)
    items = []
    if row.status == ObligationStatus.SUBMITTED:
        program, batch = _scope(row)
        params = {"title": row.requirement.title, "name": row.full_name}
        keys = holders.keys(Perm.OBLIGATION_VERIFY, program=program, batch=batch)
        items.append(work.Waiting(VERIFY, CAUSE, row.pk, keys, f"/obligations/{row.pk}", params))
    work.keep_only(kind=VERIFY, cause_kind=CAUSE, items=items, among=[row.pk], by=by)


@unjournaled(REPEATS)
def tell(*, line_id: int, by: Actor) -> None:
    """Tell verifiers that something was handed in, or who owes it what became of it."""
    line, row = JournalLine.objects.get(pk=line_id), _row(line_id, by)
    params = {"title": row.requirement.title, "name": row.full_name, "by": line.by_name}
    people = {row.person_id}
    if line.kind == "obligation.submitted":
        (program, batch), today = _scope(row), clock.today(institution().time_zone)
        people = holders.nearest(Perm.OBLIGATION_VERIFY, day=today, program=program, batch=batch) - people
    if line.kind == "obligation.rejected":
        params["reason"] = line.reason
    message = comms.Message(event=line.kind, url=f"/obligations/{row.pk}", params=params, once=f"{line.kind}:{line.pk}")
    comms.notify(messages=dict.fromkeys(people, message), by=by)


def _scope(row: Any) -> tuple[int | None, int | None]:
    """Program and batch of who owes it."""
    student = Student.objects.filter(person=row.person_id).first()
    return (student.program_id, student.batch_id) if student else (None, None)


def _row(line_id: int, by: Actor) -> Any:
    return queries.visible_to(actor=by).get(pk=int(JournalLine.objects.get(pk=line_id).subject_id))
