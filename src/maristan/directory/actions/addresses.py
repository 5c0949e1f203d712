"""Writes of addresses: one primary of each kind, in the institution's country unless another is named."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.directory.models import Address, Person
from maristan.directory.queries import addresses as queries
from maristan.directory.queries import people
from maristan.directory.queries import settings as institution
from maristan.directory.rules.contacts import address_faults
from maristan.directory.rules.states import Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid

FIELDS = ("kind", "street", "city", "state", "postal_code", "country", "is_primary")


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Address:
    """Enter an address; the first of its kind is the primary one.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`unknown_reference`, `required`, `unknown_country`).
    """
    visible = people.visible_to(actor=by).select_for_update(of=("self",))
    person = rows.reference(visible, values["person"], "/person")
    assert isinstance(person, Person)
    _may_edit(person.pk, by)
    _refuse_faults(values)
    address = Address(**{**values, "person": person})
    address.country = address.country or institution.institution().country
    address.is_primary = address.is_primary or not person.addresses.filter(kind=address.kind).exists()
    if address.is_primary:
        _only_primary(address)
    address.save()
    entered = {field: [None, getattr(address, field)] for field in FIELDS}
    journal.record("address.created", ("person", person.pk), by=by, changes=entered)
    return address


@transaction.atomic
def update(*, pk: int, values: Mapping[str, Any], by: Actor) -> Address:
    """Change an address. Raises `NotFound`, `NotAllowed`, `Invalid`."""
    address = _locked(pk, by)
    _refuse_faults(values)
    changes = rows.change(address, values)
    if changes:
        if address.is_primary:
            _only_primary(address)
        address.save(update_fields=[*changes, "updated_at"])
        journal.record("address.updated", ("person", address.person_id), by=by, changes=changes)
    return address


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete an address; the oldest other one of its kind becomes primary. Raises `NotFound`, `NotAllowed`."""
    address = _locked(pk, by)
    address.delete()
    if address.is_primary:
        heir = Address.objects.filter(person=address.person_id, kind=address.kind).order_by("id").first()
        Address.objects.filter(pk=heir.pk if heir else 0).update(is_primary=True)
    gone = {field: [getattr(address, field), None] for field in FIELDS}
    journal.record("address.deleted", ("person", address.person_id), by=by, changes=gone)


def _may_edit(person: int, by: Actor) -> None:
    by.demand(Perm.CONTACT_EDIT, within=by.reach(Perm.CONTACT_EDIT).covers(own=person == by.person_id))


def _refuse_faults(values: Mapping[str, Any]) -> None:
    faults = address_faults(values)
    if faults:
        raise Invalid(faults)


def _only_primary(address: Address) -> None:
    """Make room for a primary address; the person's row is locked, so two writers take turns."""
    others = Address.objects.filter(person=address.person_id, kind=address.kind, is_primary=True)
    others.exclude(pk=address.pk).update(is_primary=False)


def _locked(pk: int, by: Actor) -> Address:
    """The address with its person's row locked, so that one primary remains."""
    address = rows.one(queries.visible_to(actor=by), pk)
    _may_edit(address.person_id, by)
    Person.objects.select_for_update().get(pk=address.person_id)
    return rows.one(queries.visible_to(actor=by), pk, lock=True)
