"""Condonations: asked for those just below the threshold, granted by somebody else (E5)."""

from typing import Any

from django.db import transaction

from maristan.attendance.models import Condonation, EligibilityLine
from maristan.attendance.queries import condonations as queries
from maristan.attendance.queries import eligibility_lists as lists
from maristan.attendance.rules.eligibility import CONDONATION, KINDS, condonation_requirements, shortfall
from maristan.attendance.rules.percentages import Code
from maristan.attendance.rules.states import CondonationStatus, Perm
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, NotNow
from maristan.kernel.workflow import Requirement, refuse

SUBJECT = "condonation"
OPEN = NotNow("no_open_condonation", "Another request is open.")


@transaction.atomic
def request(*, line: int, reason: str, by: Actor) -> Condonation:
    """Ask that somebody just below the threshold may sit all the same.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`), `NotNow` (`list_frozen`, `below_threshold`,
    `shortfall_within_limit`, `grants_left`, `no_open_condonation`).
    """
    by.demand(Perm.CONDONE_REQUEST)
    found: Any = (
        EligibilityLine.objects.select_for_update(of=("self",)).select_related("of_list").filter(pk=line).first()
    )
    if found is None or not lists.within(found.of_list, Perm.CONDONE_REQUEST, actor=by):
        raise Invalid.unknown("/line")
    facts = queries.line_facts(found)
    refuse([each for each in condonation_requirements(facts) if not each.met])
    made = Condonation(
        line=found, shortfall=shortfall(facts), reason=reason, requested_by_id=by.person_id or 0,
        requested_at=clock.now(),
    )  # fmt: skip
    with rows.refusing(attendance_condonation_one_open=OPEN):
        made.save()
    changes = {"line": line, "person": found.person_id, "shortfall": [None, str(made.shortfall)]}
    journal.record("condonation.requested", (SUBJECT, made.pk), by=by, changes=changes, reason=reason[:500])
    return made


@transaction.atomic
def move(*, pk: int, name: str, reason: str | None, version: int | None = None, by: Actor) -> tuple[Requirement, ...]:
    """Grant, refuse or revoke a condonation; the line's percentage stays, only whether its person may sit changes.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow` with what is missing.
    """
    if name not in KINDS:
        raise NotFound()
    row: Any = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.CONDONE)
    rows.must_match(row, version, (SUBJECT, pk), required=False)
    facts = queries.facts([row], actor=by, lock=True)[pk]
    transition, warnings = CONDONATION.check(facts, name, by, clock.now(), reason=reason)
    line = EligibilityLine.objects.select_for_update(of=("self",)).get(pk=row.line_id)
    said = (reason or "").strip()
    values: dict[str, Any] = {"status": CondonationStatus(transition.target), "answer": said[:500]}
    if name != "revoke":
        values |= {"decided_by_id": by.person_id, "decided_at": clock.now()}
    changes = rows.change(row, values)
    rows.save_changes(row, changes)
    if name != "refuse":
        line.eligible = name == "grant"
        line.code = Code.CONDONED.value if name == "grant" else Code.BELOW_THRESHOLD.value
        line.save(update_fields=["eligible", "code", "updated_at"])
    changes["line"] = row.line_id
    journal.record(KINDS[name], (SUBJECT, pk), by=by, changes=changes, reason=said)
    return warnings
