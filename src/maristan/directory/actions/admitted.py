"""What becomes known of a person who is admitted: contacts, address, identity document, photo (A13)."""

from dataclasses import dataclass

from django.db import transaction

from maristan.directory.models import Address, ContactInfo, IdentityDocument, Person
from maristan.directory.queries import settings as institution
from maristan.directory.rules.people import CIVIC_KINDS
from maristan.directory.rules.states import AddressKind, ContactKind, DocumentKind
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow

TAKEN = {"directory_identitydocument_once": NotNow("overlap", "A document of this number belongs to somebody else.")}


@dataclass(frozen=True, slots=True)
class Known:
    """What an application says of a person: phones in E.164, ids of stored files as `paper` and `photo`.

    `is_email_proved` says that a letter to the address was answered.
    """

    email: str = ""
    phone: str = ""
    is_email_proved: bool = False
    emergency_phone: str = ""
    emergency_name: str = ""
    address: str = ""
    civic_number: str = ""
    paper: int | None = None
    photo: int | None = None


@transaction.atomic
def complete(*, person: int, known: Known, by: Actor) -> None:
    """Add what is known and not yet on record to a person; what is on record stays as it is.

    The caller has asked for its own permission. Raises `NotNow` (`overlap`) when the identity document belongs to
    somebody else.
    """
    found = Person.objects.select_for_update().get(pk=person)
    _reached(found, ContactKind.EMAIL, known.email, "", by)
    _reached(found, ContactKind.PHONE, known.phone, "", by)
    _reached(found, ContactKind.EMERGENCY_CONTACT, known.emergency_phone, known.emergency_name, by)
    if known.is_email_proved:
        _proved(found, known.email, by)
    _lives(found, known.address, by)
    _identified(found, known, by)
    if known.photo and found.photo_id is None:
        changes = rows.change(found, {"photo_id": known.photo})
        rows.save_changes(found, changes)
        journal.record("person.updated", ("person", found.pk), by=by, changes=changes)


def _reached(person: Person, kind: ContactKind, value: str, label: str, by: Actor) -> None:
    owned = person.contacts.filter(kind=kind)
    if not value or owned.filter(value=value).exists():
        return
    ContactInfo.objects.create(
        person=person, kind=kind, value=value, label=label[:60], is_primary=not owned.filter(is_primary=True).exists()
    )
    journal.record("contact.created", ("person", person.pk), by=by, changes={kind.value: [None, value]})


def _proved(person: Person, email: str, by: Actor) -> None:
    unproved = person.contacts.filter(kind=ContactKind.EMAIL, value=email, is_verified=False)
    if unproved.update(is_verified=True):
        changes = {f"{ContactKind.EMAIL.value} is_verified": [False, True]}
        journal.record("contact.verified", ("person", person.pk), by=by, changes=changes)


def _lives(person: Person, street: str, by: Actor) -> None:
    owned = person.addresses.filter(kind=AddressKind.MAILING)
    if not street or owned.exists():
        return
    country = institution.institution().country
    Address.objects.create(
        person=person, kind=AddressKind.MAILING, street=street[:255], country=country, is_primary=True
    )
    entered = {"kind": [None, AddressKind.MAILING.value], "street": [None, street[:255]], "country": [None, country]}
    journal.record("address.created", ("person", person.pk), by=by, changes=entered)


def _identified(person: Person, known: Known, by: Actor) -> None:
    owned = IdentityDocument.objects.filter(person=person, kind__in=CIVIC_KINDS, number=known.civic_number)
    if not known.civic_number or owned.exists():
        return
    document = IdentityDocument(person=person, kind=DocumentKind.CNIC, number=known.civic_number, file_id=known.paper)
    with rows.refusing(**TAKEN):
        document.save()
    entered = {"person_id": [None, person.pk], "kind": [None, document.kind], "number": [None, document.number]}
    journal.record("identity_document.created", ("identity_document", document.pk), by=by, changes=entered)
