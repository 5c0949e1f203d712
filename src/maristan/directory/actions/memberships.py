"""Writes of memberships: roles given, described and ended (D3)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from maristan.directory.models import Membership, Person
from maristan.directory.queries import identity, people, scopes
from maristan.directory.queries import settings as institution
from maristan.directory.rules.memberships import (
    ADMIN_ROLE,
    MembershipFacts,
    last_day_faults,
    refuse_last_admin,
    refuse_own_role,
    scope_faults,
)
from maristan.directory.rules.states import Perm, ScopeKind
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.unjournaled import unjournaled

NO_OVERLAP = "directory_membership_no_overlap"
DAY = timedelta(days=1)


@transaction.atomic
def grant(*, values: Mapping[str, Any], by: Actor) -> Membership:
    """Give a person a role, from today unless said otherwise.

    Raises `NotAllowed` (`own_role`), `Invalid` (`unknown_reference`, `not_wanted`, `out_of_range`), `NotNow`
    (`person_inactive`, `overlap` naming the other one).
    """
    by.demand(Perm.MEMBERSHIP_GRANT)
    person = rows.reference(people.visible_to(actor=by).select_for_update(of=("self",)), values["person"], "/person")
    assert person is not None
    refuse_own_role(by_person=by.person_id, person=person.pk)
    if not person.is_active:
        raise NotNow("person_inactive", "This person is no longer active here.")
    faults = scope_faults(values["role"], values["scope_kind"])
    if faults:
        raise Invalid(faults)
    found = {**values, "person": person, "from_date": values.get("from_date") or institution.local_today()}
    _check_scope(found["scope_kind"], found.get("scope_id"))
    membership = Membership(**found)
    if membership.to_date is not None and membership.to_date < membership.from_date:
        raise Invalid.at("/to_date", "out_of_range", "It would end before it begins.")
    with _naming_the_other(membership):
        membership.save()
    changes = {"person": [None, person.pk], "role": [None, membership.role], "scope": [None, _scope(membership)]}
    journal.record("membership.granted", ("membership", membership.pk), by=by, changes=changes)
    return membership


def _check_scope(kind: str, scope_id: int | None) -> None:
    """Raise `Invalid` unless the scope exists; the whole institution has no id."""
    if kind == ScopeKind.INSTITUTION:
        if scope_id is not None:
            raise Invalid.at("/scope_id", "not_wanted", "The whole institution has no scope id.")
    elif scope_id is None:
        raise Invalid.at("/scope_id", "required", f"Name the {kind}.")
    elif not scopes.is_here(kind, scope_id):
        raise Invalid.at("/scope_id", "unknown_reference", f"There is no {kind} of that id here.")


def _scope(membership: Membership) -> str:
    return f"{membership.scope_kind}:{membership.scope_id}" if membership.scope_id else membership.scope_kind


@contextmanager
def _naming_the_other(membership: Membership) -> Iterator[None]:
    """Answer an overlap with the membership that is in the way."""
    try:
        with rows.refusing(**{NO_OVERLAP: NotNow("overlap", "The person holds this role there in that time.")}):
            yield
    except NotNow as refusal:
        same = Membership.objects.filter(
            Q(to_date=None) | Q(to_date__gte=membership.from_date),
            person_id=membership.person_id, role=membership.role, scope_kind=membership.scope_kind,
            scope_id=membership.scope_id,
        ).exclude(pk=membership.pk)  # fmt: skip
        other = same.filter(from_date__lte=membership.to_date or date.max).first()
        named = other and {"id": other.pk, "from_date": other.from_date, "to_date": other.to_date}
        raise NotNow(refusal.code, refusal.detail, other=named) from refusal


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Membership:
    """Change how a membership is described; role, scope and dates stay. Raises `NotFound`, `NotAllowed`, `Stale`."""
    membership = rows.one(people.memberships(actor=by), pk, lock=True)
    by.demand(Perm.MEMBERSHIP_GRANT)
    rows.must_match(membership, version, ("membership", pk))
    changes = rows.change(membership, values)
    if changes:
        rows.save_changes(membership, changes)
        journal.record("membership.updated", ("membership", pk), by=by, changes=changes)
    return membership


@transaction.atomic
def end(*, pk: int, version: int | None, to_date: date | None, reason: str, by: Actor) -> Membership:
    """End a membership with `to_date` as its last day, by default at once (yesterday is the last day held).

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`out_of_range`), `NotNow` (`already_ended`, `last_admin`).
    """
    _take_turns(by)
    membership = rows.one(people.memberships(actor=by), pk, lock=True)
    by.demand(Perm.MEMBERSHIP_GRANT)
    rows.must_match(membership, version, ("membership", pk), required=False)
    today = institution.local_today()
    if membership.to_date is not None and membership.to_date < today:
        raise NotNow("already_ended", "It has ended already.")
    last_day = to_date or max(today, membership.from_date) - DAY
    faults = last_day_faults(last_day, first=membership.from_date, present=membership.to_date, today=today)
    if faults:
        raise Invalid(faults)
    refuse_last_admin(_facts(membership, gone_from=last_day + DAY, today=today))
    changes = rows.change(membership, {"to_date": last_day})
    if changes:
        rows.save_changes(membership, changes)
        journal.record("membership.revoked", ("membership", pk), by=by, changes=changes, reason=reason)
    return membership


def _take_turns(by: Actor) -> None:
    """Let one membership end at a time: two administrators who end each other's must not both find another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directory.memberships.end'), %s)", [by.institution_id])


def _facts(membership: Membership, *, gone_from: date, today: date) -> MembershipFacts:
    """What the rule of the last administrator asks."""
    day = max(gone_from, today)
    others = Membership.objects.filter(
        identity.active_on(day), role=ADMIN_ROLE, scope_kind=ScopeKind.INSTITUTION, person__is_active=True
    )
    return MembershipFacts(
        role=membership.role,
        is_active=membership.from_date <= today,
        other_active_admins=others.exclude(person_id=membership.person_id).values("person_id").distinct().count(),
    )


@unjournaled("its caller writes the line that says why")
@transaction.atomic
def end_all(*, person: Person, by: Actor) -> int:
    """End every membership of a person at once; gives how many. Raises `NotNow` (`last_admin`)."""
    _take_turns(by)
    today = institution.local_today()
    ended = 0
    current = Membership.objects.filter(Q(to_date=None) | Q(to_date__gte=today), person=person)
    for membership in current.order_by("pk").select_for_update(of=("self",)):
        if membership.from_date <= today:
            refuse_last_admin(_facts(membership, gone_from=today, today=today))
        changes = rows.change(membership, {"to_date": max(today, membership.from_date) - DAY})
        rows.save_changes(membership, changes)
        ended += 1
    return ended
