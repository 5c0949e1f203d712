"""Writes of the institution itself, and the founding of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from maristan.directory.actions import invitations
from maristan.directory.models import ContactInfo, Institution, Membership, Person
from maristan.directory.queries import contributions
from maristan.directory.queries import settings as queries
from maristan.directory.rules.contacts import email_address
from maristan.directory.rules.institutions import WEEK_FIELDS, founding_faults, institution_faults
from maristan.directory.rules.memberships import ADMIN_ROLE
from maristan.directory.rules.states import ContactKind, InvitationPurpose, Perm
from maristan.kernel import clock, events, journal, rows, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import Invalid, NotAllowed, NotNow
from maristan.kernel.names import tidy


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Institution:
    """Change the institution. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`weeks_exist`)."""
    found = rows.one(queries.institutions(actor=by), pk, lock=True)
    by.demand(Perm.SETTING_MANAGE)
    rows.must_match(found, version, ("institution", pk))
    faults = institution_faults(values)
    if faults:
        raise Invalid(faults)
    changes = rows.change(found, values)
    if WEEK_FIELDS & changes.keys() and contributions.weeks_exist():
        raise NotNow("weeks_exist", "Weeks have been planned by this time zone and first weekday.")
    if changes:
        rows.save_changes(found, changes)
        journal.record("institution.updated", ("institution", pk), by=by, changes=changes)
    return found


@dataclass(frozen=True, slots=True)
class InstitutionFounded:
    """An institution begins; told within the transaction, in its own context. `by` is its platform."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Founded:
    """A new institution, and the one-time link of its first administrator."""

    institution_id: int
    link: str


@transaction.atomic
def found_institution(
    *, code: str, name: str, time_zone: str, country: str, admin_name: str, admin_email: str, by: Actor
) -> Founded:
    """Enter an institution, its first administrator and their invitation.

    Only for operators, whose login may write what no institution owns yet. Raises `NotAllowed`, `Invalid`,
    `NotNow` (`code_taken`).
    """
    if not by.is_operator:
        raise NotAllowed(detail="Only an operator founds institutions.")
    values = {"time_zone": time_zone, "country": country.upper()}
    faults = [*founding_faults(code, name, admin_name), *institution_faults(values)]
    if faults:
        raise Invalid(faults)
    email = email_address(admin_email, "/admin_email") if admin_email else ""
    with tenancy.acting_in(_next_id()):
        made = Institution(pk=tenancy.current(), code=code, name=tidy(name), **values)
        with rows.refusing(directory_institution_code_key=NotNow("code_taken", "An institution has that code.")):
            made.save(force_insert=True)
        admin = Person.objects.create(name=tidy(admin_name))
        if email:
            ContactInfo.objects.create(person=admin, kind=ContactKind.EMAIL, value=email, is_primary=True)
        Membership.objects.create(person=admin, role=ADMIN_ROLE, from_date=clock.today(time_zone), is_primary=True)
        operator = platform(made.pk, by.name)
        way = invitations.prepare(person=admin, purpose=InvitationPurpose.JOIN, email=email, by=operator)
        changes = {"code": [None, code], "admin": [None, admin.pk]}
        journal.record("institution.founded", ("institution", made.pk), by=operator, changes=changes)
        events.publish_within(InstitutionFounded(operator))
        return Founded(made.pk, invitations.renew(pk=way.pk, by=operator).link)


def _next_id() -> int:
    """The id of an institution to be: row-level security must know it before the row is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('directory_institution', 'id'))")
        return int(cursor.fetchone()[0])
