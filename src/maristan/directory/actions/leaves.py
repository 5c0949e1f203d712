"""Writes of leave: asked for, decided, cancelled, ended; and the days on which it begins and ends."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from maristan.directory.models import Leave
from maristan.directory.queries import leaves as queries
from maristan.directory.queries import people, scoped_people
from maristan.directory.queries import settings as institution
from maristan.directory.rules.leaves import (
    LEAVE,
    LeaveFacts,
    SuspendingLeave,
    counts_toward_graduation,
    end_faults,
    study_switches,
    suspends_study_by_default,
)
from maristan.directory.rules.states import LeaveKind, LeaveStatus, Perm
from maristan.kernel import clock, events, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow

NO_OVERLAP = "directory_leave_no_overlap"
KINDS = {
    "approve": "leave.approved",
    "reject": "leave.rejected",
    "cancel": "leave.cancelled",
    "end": "leave.ended",
    "complete": "leave.ended",
}


@dataclass(frozen=True, slots=True)
class StudySwitched:
    """Leave takes people out of study, or gives them back (D6); told within the transaction.

    Each person is named once for the first day of a leave and once after its last, so that a status changed by hand
    in between stays. `by` is who decided, or the platform when the day came.
    """

    begin: frozenset[int]
    finish: frozenset[int]
    day: date
    by: Actor


@transaction.atomic
def request(*, values: Mapping[str, Any], by: Actor) -> Leave:
    """Ask for leave for oneself, or for somebody whose leave one's role keeps.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, `out_of_range`), `NotNow` (`person_inactive`, `overlap` naming
    the other one).
    """
    reach = by.demand(Perm.LEAVE_REQUEST)
    visible = people.visible_to(actor=by)
    person = rows.reference(visible, values.get("person") or by.person_id, "/person")
    if person is None:
        raise Invalid.at("/person", "required", "Say whose leave it is.")
    day = institution.local_today()
    within = bool(scoped_people.covered(reach, [person.pk], actor=by, day=day))
    by.demand(Perm.LEAVE_REQUEST, within=within, pointer="/person")
    if not person.is_active:
        raise NotNow("person_inactive", "This person is no longer active here.")
    kind = LeaveKind(values["kind"])
    suspends = values.get("suspends_study")
    leave = Leave(
        person=person,
        kind=kind,
        start_date=values["start_date"],
        end_date=values.get("end_date"),
        reason=values.get("reason", ""),
        counts_toward_graduation=counts_toward_graduation(kind, values.get("counts_toward_graduation", True)),
        suspends_study=suspends_study_by_default(kind) if suspends is None else suspends,
        requested_by_id=by.person_id,
    )
    if leave.end_date is not None and leave.end_date < leave.start_date:
        raise Invalid.at("/end_date", "out_of_range", "It would end before it begins.")
    with _naming_the_other(leave):
        leave.save()
    changes = {field: [None, getattr(leave, field)] for field in ("person_id", "kind", "start_date", "end_date")}
    journal.record("leave.requested", ("leave", leave.pk), by=by, changes=changes)
    return leave


@contextmanager
def _naming_the_other(leave: Leave) -> Iterator[None]:
    """Answer an overlap with the leave that is in the way."""
    try:
        with rows.refusing(**{NO_OVERLAP: NotNow("overlap", "The person has asked for leave in that time already.")}):
            yield
    except NotNow as refusal:
        live = Leave.objects.filter(
            Q(end_date=None) | Q(end_date__gte=leave.start_date),
            person=leave.person_id, status__in=(LeaveStatus.PENDING, LeaveStatus.APPROVED),
            start_date__lte=leave.end_date or date.max,
        )  # fmt: skip
        other = live.exclude(pk=leave.pk).first()
        named = other and {
            "id": other.pk, "start_date": other.start_date, "end_date": other.end_date, "status": other.status,
        }  # fmt: skip
        raise NotNow(refusal.code, refusal.detail, other=named) from refusal


@transaction.atomic
def move(
    *, pk: int, name: str, reason: str | None, by: Actor, last_day: date | None = None, version: int | None = None
) -> Leave:
    """Approve, reject, cancel or end a leave; `end` names its last day.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`, `required`, `out_of_range`), `NotNow` with
    what is missing (`own_leave`, `wrong_status`, `leave_started`, ...).
    """
    today = institution.local_today()
    leave = rows.one(queries.visible_to(actor=by, day=today), pk, lock=True)
    may_decide = leave.person_id in queries.decidable([leave], actor=by, day=today)
    facts = queries.facts(leave, actor=by, today=today, may_decide=may_decide)
    permitted = queries.permits(leave, actor=by, may_decide=may_decide)
    permission = LEAVE.transition(name).permission
    by.demand(permission, within=permitted[permission])
    rows.must_match(leave, version, ("leave", pk), required=False)
    transition, _ = LEAVE.check(facts, name, by, clock.now(), reason=reason, may=lambda each: permitted[each])
    values: dict[str, Any] = {"status": transition.target}
    if name in ("approve", "reject"):
        decided_at = clock.now() if by.person_id else None  # the platform's own decision stands in the journal alone
        values |= {"decided_by_id": by.person_id, "decided_at": decided_at, "decision_note": (reason or "").strip()}
    if name == "end":
        values |= _ended(facts, last_day, today)
    changes = rows.change(leave, values)
    with _naming_the_other(leave):  # a later last day may run into the next leave
        rows.save_changes(leave, changes)
    _switch_study([leave.person_id], today, by)
    journal.record(KINDS[name], ("leave", pk), by=by, changes=changes, reason=(reason or "").strip())
    return leave


def _ended(facts: LeaveFacts, last_day: date | None, today: date) -> dict[str, Any]:
    """The new last day; a leave that is over with it is completed at once."""
    if last_day is None:
        raise Invalid.at("/date", "required", "Name the last day of the leave.")
    faults = end_faults(facts, last_day)
    if faults:
        raise Invalid(faults)
    over = {"status": LeaveStatus.COMPLETED} if last_day < today else {}
    return {"end_date": last_day, **over}


def _switch_study(people_ids: Sequence[int], today: date, by: Actor) -> None:
    """Tell listeners whose study pauses or goes on (D6), and remember it."""
    concerned = Q(status=LeaveStatus.APPROVED, start_date__lte=today) | Q(is_pausing_study=True)
    stored = Leave.objects.filter(concerned, person_id__in=people_ids, suspends_study=True).order_by("pk")
    known = [
        SuspendingLeave(
            row.pk, row.person_id, LeaveStatus(row.status), row.start_date, row.end_date, row.is_pausing_study
        )
        for row in stored.select_for_update(of=("self",))
    ]
    found = study_switches(known, today=today)
    before = {leave.id for leave in known if leave.is_pausing}
    Leave.objects.filter(pk__in=found.pausing - before).update(is_pausing_study=True)
    Leave.objects.filter(pk__in=before - found.pausing).update(is_pausing_study=False)
    if found.begin or found.finish:
        events.publish_within(StudySwitched(found.begin, found.finish, today, by))


@transaction.atomic
def settle(*, by: Actor) -> int:
    """Complete the leaves whose last day has passed and switch study as of today; gives how many were completed."""
    today = institution.local_today()
    over = Leave.objects.filter(status=LeaveStatus.APPROVED, end_date__lt=today)
    completed = list(over.select_for_update(of=("self",)).order_by("pk"))
    for leave in completed:
        changes = rows.change(leave, {"status": LeaveStatus.COMPLETED})
        rows.save_changes(leave, changes)
        journal.record(KINDS["complete"], ("leave", leave.pk), by=by, changes=changes)
    due = Leave.objects.filter(
        Q(is_pausing_study=True) | Q(status=LeaveStatus.APPROVED, start_date__lte=today), suspends_study=True
    )
    _switch_study(sorted(set(due.values_list("person_id", flat=True))), today, by)
    return len(completed)
