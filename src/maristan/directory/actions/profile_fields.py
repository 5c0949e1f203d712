"""What a person handed in for the own record, written once somebody has verified it."""

from django.db import transaction

from maristan.directory.actions.people import TAKEN
from maristan.directory.models import ContactInfo, Person
from maristan.directory.queries import profile_fields as queries
from maristan.directory.rules.states import ContactKind
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor


@transaction.atomic
def write(*, person: int, field: str, value: str, by: Actor) -> None:
    """Put a verified value on a person's record; the caller has asked for its own permission.

    `value` is as `queries.profile_fields.normal` gave it. Raises `NotNow` (`national_id_taken`).
    """
    found = Person.objects.select_for_update().get(pk=person)
    if field in queries.CONTACTS:
        _reached(found, queries.CONTACTS[field], value, by)
        return
    changes = rows.change(found, {field: queries.read(field, value)})
    if changes:
        with rows.refusing(**TAKEN):
            rows.save_changes(found, changes)
        journal.record("person.updated", ("person", person), by=by, changes=changes)


def _reached(person: Person, kind: ContactKind, value: str, by: Actor) -> None:
    """The verified contact becomes the primary one of its kind."""
    owned = person.contacts.filter(kind=kind)
    former = owned.filter(is_primary=True).values_list("value", flat=True).first()
    owned.filter(is_primary=True).exclude(value=value).update(is_primary=False)
    ContactInfo.objects.update_or_create(
        person=person, kind=kind, value=value, defaults={"is_primary": True, "is_verified": True}
    )
    journal.record("contact.verified", ("person", person.pk), by=by, changes={kind.value: [former, value]})
