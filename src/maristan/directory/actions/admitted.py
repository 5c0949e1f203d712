"""What becomes known of a person who is admitted: further contacts, address, identity document, photo (A13)."""

from dataclasses import dataclass

from django.db import transaction

from maristan.directory.models import Address, ContactInfo, IdentityDocument, Person
from maristan.directory.queries import settings as institution
from maristan.directory.rules.states import AddressKind, ContactKind, DocumentKind
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow

TAKEN = {"directory_identitydocument_once": NotNow("overlap", "A document of this number belongs to somebody else.")}


@dataclass(frozen=True, slots=True)
class Known:
    """What an application says of a person: a phone in E.164, ids of stored files as `paper` and `photo`."""

    emergency_phone: str = ""
    emergency_name: str = ""
    address: str = ""
    civic_number: str = ""
    paper: int | None = None
    photo: int | None = None


@transaction.atomic
def complete(*, person: int, known: Known, by: Actor) -> None:
    """Add what is known to a person who was just entered; the caller has asked for its own permission.

    Raises `NotNow` (`overlap`) when the identity document belongs to somebody else.
    """
    if known.emergency_phone:
        ContactInfo.objects.create(
            person_id=person,
            kind=ContactKind.EMERGENCY_CONTACT,
            value=known.emergency_phone,
            label=known.emergency_name[:60],
            is_primary=True,
        )
    if known.address:
        Address.objects.create(
            person_id=person,
            kind=AddressKind.MAILING,
            street=known.address[:255],
            country=institution.institution().country,
            is_primary=True,
        )
    if known.photo:
        Person.objects.filter(pk=person).update(photo_id=known.photo)
    if known.civic_number:
        document = IdentityDocument(
            person_id=person, kind=DocumentKind.CNIC, number=known.civic_number, file_id=known.paper
        )
        with rows.refusing(**TAKEN):
            document.save()
        entered = {"person_id": [None, person], "kind": [None, document.kind], "number": [None, document.number]}
        journal.record("identity_document.created", ("identity_document", document.pk), by=by, changes=entered)
