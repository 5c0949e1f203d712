"""People added to or taken from the register of one session by hand (A1, A2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from maristan.academics.queries import learners
from maristan.attendance.actions import rosters
from maristan.attendance.models import Attendance
from maristan.attendance.queries import registers
from maristan.attendance.rules.registers import marking_refusal
from maristan.attendance.rules.states import Perm
from maristan.attendance.rules.windows import local_day
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults
from maristan.kernel.workflow import require_reason

ADDED, UNKNOWN, SEVERAL = "person", "unknown_person", "person_ambiguous"


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who is added: by registration number or as a person."""

    reg_no: str = ""
    person: int | None = None


@transaction.atomic
def change(
    *, session: int, add: Sequence[Somebody], remove: Sequence[int], expected: bool, reason: str | None, by: Actor
) -> None:
    """Add people to a register, expected or as visitors, and expect lines no more; nothing is deleted.

    Whoever marks notes visitors; who is expected is settled by holders of attendance.repair, with a reason.
    Raises `NotFound`, `NotAllowed`, `Invalid` (`unknown_person`, `person_ambiguous`, `unknown_reference`,
    `REASON_REQUIRED`), `NotNow` as marking does.
    """
    by.demand(Perm.MARK)
    rosters.ensure(session=session, by=by)
    register = registers.get(session, actor=by, permission=Perm.MARK, lock=True)
    settles = expected or bool(remove)
    if settles:
        by.demand(Perm.REPAIR, within=registers.may(register, actor=by)(Perm.REPAIR))
    said = require_reason(reason) if settles else (reason or "").strip()
    there = {row.person_id: row for row in registers.lines(session).select_for_update(of=("self",))}
    people = _people(add, register)
    gone = _gone(remove, list(there.values()))
    moment = max(clock.now(), register.of_starts_at) if settles else clock.now()
    refusal = marking_refusal(registers.facts(register, actor=by), moment)
    if refusal is not None:
        raise refusal
    _write(register, there, people, gone, expected, said, by)


def _people(add: Sequence[Somebody], register: Any) -> dict[int, int | None]:
    """Person → student of everybody to be added; raises `Invalid` with pointers."""
    day = local_day(register.of_starts_at, register.zone)
    by_number = learners.by_reg_no([each.reg_no for each in add if each.reg_no])
    faults, wanted = Faults(), list[int]()
    for at, each in enumerate(add):
        found = sorted(by_number.get(learners.match_key(each.reg_no), ())) if each.reg_no else [each.person or 0]
        if len(found) > 1:
            faults.add(f"/add/{at}", SEVERAL, "Two people bear this number.")
        wanted.append(found[0] if len(found) == 1 else 0)
    faults.stop()
    known = learners.of(wanted, day=day)
    for at, person in enumerate(wanted):
        if person not in known:
            faults.add(f"/add/{at}", UNKNOWN, "Nobody of that name learns here.")
    faults.stop()
    return {person: known[person].student for person in wanted}


def _gone(remove: Sequence[int], there: Sequence[Any]) -> list[Any]:
    by_id = {row.pk: row for row in there}
    faults = Faults()
    for at, pk in enumerate(remove):
        if pk not in by_id:
            faults.unknown(f"/remove/{at}")
    faults.stop()
    return [by_id[pk] for pk in dict.fromkeys(remove) if by_id[pk].expected]


def _write(
    register: Any, there: dict[int, Any], people: dict[int, int | None], gone: list[Any], expected: bool, reason: str,
    by: Actor,
) -> None:  # fmt: skip
    new = [person for person in people if person not in there]
    turned = [there[person] for person in people if person in there and expected and not there[person].expected]
    noted = [there[person] for person in people if person in there and not expected and not there[person].by_hand]
    if not (new or turned or gone or noted):
        return
    now = clock.now()
    Attendance.objects.bulk_create(
        Attendance(session_id=register.session_id, person_id=person, student_id=people[person], expected=expected,
                   by_hand=True)
        for person in new
    )  # fmt: skip
    for row, is_expected in (*((row, True) for row in turned), *((row, False) for row in gone)):
        row.expected = is_expected
    for row in (*turned, *gone, *noted):
        row.by_hand, row.version, row.updated_at = True, row.version + 1, now
    Attendance.objects.bulk_update([*turned, *gone, *noted], ["expected", "by_hand", "version", "updated_at"])
    changes = rows.change(register, {"roster_version": register.roster_version + 1})
    rows.save_changes(register, changes)
    said = {"added": [*new, *(row.person_id for row in turned)], "removed": [row.person_id for row in gone]}
    journal.record(rosters.CHANGED, (rosters.REGISTER, register.pk), by=by, changes={**changes, **said}, reason=reason)
