"""Writes of people."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.directory.actions import memberships, sessions
from maristan.directory.models import ContactInfo, Person
from maristan.directory.queries import people as queries
from maristan.directory.queries import settings as institution
from maristan.directory.rules.contacts import contact_value
from maristan.directory.rules.people import person_faults
from maristan.directory.rules.states import ContactKind, Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Fault, Invalid, NotNow
from maristan.kernel.names import normal_identifier, tidy

TAKEN = {
    "directory_person_national_id_once": NotNow("national_id_taken", "Somebody of that national id is here already."),
    "directory_person_proposed_username_once": NotNow("username_taken", "That username is proposed to somebody."),
}
NAMES = ("name", "given_name", "middle_name", "family_name", "name_latin", "father_name")


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Names tidied, the national id in its one shape; raises `Invalid`."""
    found = {field: tidy(value) if field in NAMES else value for field, value in values.items()}
    if "national_id" in found:
        found["national_id"] = normal_identifier(found["national_id"] or "") or None
    faults = person_faults(found, institution.local_today())
    if faults:
        raise Invalid(faults)
    return found


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Person:
    """Enter a person, with their first phone and e-mail when given. Raises `NotAllowed`, `Invalid`, `NotNow`."""
    by.demand_at_large(Perm.PERSON_EDIT, within=by.reach(Perm.PERSON_EDIT).everything)
    contacts = _first_contacts(values)
    person = Person(**_fields({field: value for field, value in values.items() if field not in contacts}))
    with rows.refusing(**TAKEN):
        person.save()
    ContactInfo.objects.bulk_create(
        ContactInfo(person=person, kind=kind, value=value, is_primary=True) for kind, value in contacts.items() if value
    )
    journal.record("person.created", ("person", person.pk), by=by, changes={"name": [None, person.name]})
    return person


def _first_contacts(values: Mapping[str, Any]) -> dict[str, str]:
    country = institution.institution().country
    kinds = (ContactKind.PHONE, ContactKind.EMAIL)
    return {
        kind.value: contact_value(kind, values[kind], country, f"/{kind}") if values[kind] else ""
        for kind in kinds
        if kind in values
    }


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Person:
    """Change a person's record. Who may edit only their own record may change none of it here: contacts and photo
    have their own places.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`read_only_field`), `NotNow` (`national_id_taken`).
    """
    person = queries.get(pk, actor=by, lock=True)
    reach = by.reach(Perm.PERSON_EDIT)
    by.demand(Perm.PERSON_EDIT, within=reach.covers(own=pk == by.person_id))
    if not reach.everything:
        raise Invalid(
            [Fault(f"/{field}", "read_only_field", "The registrar keeps this.") for field in values],
            code="read_only_field",
        )
    rows.must_match(person, version, ("person", pk))
    changes = rows.change(person, _fields(values))
    if changes:
        with rows.refusing(**TAKEN):
            rows.save_changes(person, changes)
        journal.record("person.updated", ("person", pk), by=by, changes=changes)
    return person


@transaction.atomic
def deactivate(*, pk: int, version: int | None, reason: str, by: Actor) -> Person:
    """End a person's memberships and sessions at once (D5).

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`already_inactive`, `last_admin`).
    """
    person = queries.get(pk, actor=by, lock=True)
    by.demand(Perm.PERSON_DEACTIVATE)
    rows.must_match(person, version, ("person", pk), required=False)
    if not person.is_active:
        raise NotNow("already_inactive", "This person is inactive already.")
    ended = memberships.end_all(person=person, by=by)
    changes = rows.change(person, {"is_active": False})
    rows.save_changes(person, changes)
    signed_out = sessions.end_all(user_id=person.user_id, by=by) if person.user_id else 0
    counts = {"memberships_ended": ended, "sessions_ended": signed_out}
    journal.record("person.deactivated", ("person", pk), by=by, changes={**changes, **counts}, reason=reason)
    return person


@transaction.atomic
def reactivate(*, pk: int, version: int | None, reason: str, by: Actor) -> Person:
    """Take a deactivated person in again, without a role. Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow`."""
    person = queries.get(pk, actor=by, lock=True)
    by.demand(Perm.PERSON_DEACTIVATE)
    rows.must_match(person, version, ("person", pk), required=False)
    if person.is_active:
        raise NotNow("already_active", "This person is active already.")
    changes = rows.change(person, {"is_active": True})
    rows.save_changes(person, changes)
    journal.record("person.reactivated", ("person", pk), by=by, changes=changes, reason=reason)
    return person
