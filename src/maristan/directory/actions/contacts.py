"""Writes of contacts: one shape for each number and address, one primary of each kind (D1)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.directory.models import ContactInfo, Person
from maristan.directory.queries import contacts as queries
from maristan.directory.queries import people
from maristan.directory.queries import settings as institution
from maristan.directory.rules.contacts import contact_value
from maristan.directory.rules.states import ContactKind, Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow

TAKEN = {"directory_contactinfo_value_once": NotNow("contact_exists", "This person has that contact already.")}


def _may_edit(person: int, by: Actor, *, pointer: str = "") -> None:
    within = by.reach(Perm.CONTACT_EDIT).covers(own=person == by.person_id)
    by.demand(Perm.CONTACT_EDIT, within=within, pointer=pointer)


def _normal(kind: str, value: str) -> str:
    return contact_value(ContactKind(kind), value, institution.institution().country)


def _only_primary(contact: ContactInfo) -> None:
    """Make room for a primary contact; the person's row is locked, so two writers take turns."""
    others = ContactInfo.objects.filter(person=contact.person_id, kind=contact.kind, is_primary=True)
    others.exclude(pk=contact.pk).update(is_primary=False)


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> ContactInfo:
    """Enter a contact; the first of its kind is the primary one.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, `bad_phone`, `bad_email`), `NotNow` (`contact_exists`).
    """
    visible = people.visible_to(actor=by).select_for_update(of=("self",))
    person = rows.reference(visible, values["person"], "/person")
    assert isinstance(person, Person)
    _may_edit(person.pk, by, pointer="/person")
    contact = ContactInfo(**{**values, "person": person, "value": _normal(values["kind"], values["value"])})
    contact.is_primary = contact.is_primary or not person.contacts.filter(kind=contact.kind).exists()
    with rows.refusing(**TAKEN):
        if contact.is_primary:
            _only_primary(contact)
        contact.save()
    journal.record("contact.created", ("person", person.pk), by=by, changes={contact.kind: [None, contact.value]})
    return contact


@transaction.atomic
def update(*, pk: int, values: Mapping[str, Any], by: Actor) -> ContactInfo:
    """Change a contact; another value is no longer verified. Raises `NotFound`, `NotAllowed`, `Invalid`, `NotNow`."""
    contact = _locked(pk, by)
    wanted = dict(values)
    if "value" in wanted:
        wanted["value"] = _normal(contact.kind, wanted["value"])
        if wanted["value"] != contact.value:
            wanted["is_verified"] = False
    changes = rows.change(contact, wanted)
    if changes:
        with rows.refusing(**TAKEN):
            if contact.is_primary:
                _only_primary(contact)
            contact.save(update_fields=[*changes, "updated_at"])
        journal.record("contact.updated", ("person", contact.person_id), by=by, changes=_named(contact, changes))
    return contact


def _named(contact: ContactInfo, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {contact.kind if field == "value" else f"{contact.kind} {field}": each for field, each in changes.items()}


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a contact; the oldest other one of its kind becomes primary. Raises `NotFound`, `NotAllowed`."""
    contact = _locked(pk, by)
    contact.delete()
    if contact.is_primary:
        heir = ContactInfo.objects.filter(person=contact.person_id, kind=contact.kind).order_by("id").first()
        ContactInfo.objects.filter(pk=heir.pk if heir else 0).update(is_primary=True)
    journal.record(
        "contact.deleted", ("person", contact.person_id), by=by, changes={contact.kind: [contact.value, None]}
    )


@transaction.atomic
def verify(*, pk: int, by: Actor) -> ContactInfo:
    """Say that the person is reached there; another value clears it.

    Raises `NotFound`, `NotAllowed`, `NotNow` (`already_verified`).
    """
    contact = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.IDENTITY_VERIFY)
    if contact.is_verified:
        raise NotNow("already_verified", "Somebody has verified this contact.")
    contact.is_verified = True
    contact.save(update_fields=["is_verified", "updated_at"])
    changes = {f"{contact.kind} is_verified": [False, True]}
    journal.record("contact.verified", ("person", contact.person_id), by=by, changes=changes)
    return contact


def _locked(pk: int, by: Actor) -> ContactInfo:
    """The contact with its person's row locked, so that one primary remains."""
    contact = rows.one(queries.visible_to(actor=by), pk)
    _may_edit(contact.person_id, by)
    Person.objects.select_for_update().get(pk=contact.person_id)
    return rows.one(queries.visible_to(actor=by), pk, lock=True)
