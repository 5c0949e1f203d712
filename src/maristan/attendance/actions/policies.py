"""Policies: drafted, changed while a draft, and put in force by version (E3)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from maristan.academics.queries import planning, structure
from maristan.attendance.models import Policy
from maristan.attendance.queries import policies as queries
from maristan.attendance.rules.policies import EVERYWHERE, POLICY, is_scope
from maristan.attendance.rules.states import Perm, PolicyStatus
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow

SUBJECT = "attendance_policy"
TAKEN = NotNow("conflict", "Somebody else wrote a version at the same time; try again.")


@transaction.atomic
def draft(*, values: Mapping[str, Any], by: Actor) -> Policy:
    """Draft the next version of a scope; raises `NotAllowed`, `Invalid` (`unknown_scope`)."""
    by.demand(Perm.POLICY)
    scope = values["scope"]
    if not is_scope(scope) or not _exists(scope):
        raise Invalid.at("/scope", "unknown_scope", "The institution, or program:<id>, course:<id> of this place.")
    last = Policy.objects.filter(scope=scope).aggregate(last=Max("number"))["last"] or 0
    made = Policy(**values, number=last + 1)
    with rows.refusing(attendance_policy_number_once=TAKEN):
        made.save()
    changes = {name: [None, str(value)] for name, value in values.items()}
    journal.record("attendance_policy.drafted", (SUBJECT, made.pk), by=by, changes=changes)
    return made


def _exists(scope: str) -> bool:
    noun, _, pk = scope.partition(":")
    if noun != "course":
        return noun != "program" or int(pk) in structure.program_names([int(pk)])
    known = planning.known(periods=[], courses=[int(pk)], sections=[], groups=[], batch=None)
    return int(pk) in known.courses


@transaction.atomic
def change(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Policy:
    """Change a draft; raises `NotFound`, `NotAllowed`, `Stale`, `VersionRequired`, `NotNow` (`policy_active`)."""
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.POLICY)
    rows.must_match(row, version, (SUBJECT, pk))
    if row.status == PolicyStatus.ACTIVE:
        raise NotNow("policy_active", "A version in force never changes; draft the next one.")
    changes = rows.change(row, values)
    if changes:
        rows.save_changes(row, changes)
        journal.record("attendance_policy.changed", (SUBJECT, pk), by=by, changes=changes)
    return row


@transaction.atomic
def activate(*, pk: int, version: int | None = None, by: Actor) -> Policy:
    """Put a draft in force from its day on; raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` with what is missing."""
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.POLICY)
    rows.must_match(row, version, (SUBJECT, pk), required=False)
    transition, _ = POLICY.check(queries.facts(row), "activate", by, clock.now())
    changes = rows.change(row, {"status": PolicyStatus(transition.target)})
    with rows.refusing(attendance_policy_day_once=TAKEN):
        rows.save_changes(row, changes)
    journal.record("attendance_policy.activated", (SUBJECT, pk), by=by, changes=changes)
    return row


@transaction.atomic
def begin(*, by: Actor) -> None:
    """The first version of a new institution, with the threshold that the operator set."""
    terms = queries.default()
    made = Policy.objects.create(
        scope=EVERYWHERE, number=1, effective_from=local_today() - timedelta(days=1), threshold=terms.threshold,
        status=PolicyStatus.ACTIVE,
    )  # fmt: skip
    changes = {"scope": [None, EVERYWHERE], "threshold": [None, str(terms.threshold)]}
    journal.record("attendance_policy.activated", (SUBJECT, made.pk), by=by, changes=changes)
