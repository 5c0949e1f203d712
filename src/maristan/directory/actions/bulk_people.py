"""People entered by the hundred, for imports; the caller writes the one journal line of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from maristan.directory.models import ContactInfo, Person
from maristan.directory.rules.states import ContactKind, Gender
from maristan.kernel import journal
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled

BATCH = 1000
ONE_LINE = "a bulk write is one line, written by its caller"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be entered: names tidied, `email` in lower case, `phone` in E.164, no account and no password."""

    name: str
    email: str | None = None
    phone: str | None = None
    proposed_username: str = ""
    father_name: str = ""
    gender: str = Gender.UNDISCLOSED
    date_of_birth: date | None = None
    national_id: str | None = None


@unjournaled(ONE_LINE)
@transaction.atomic
def enter(*, people: Sequence[NewPerson], by: Actor) -> list[int]:
    """Enter people with their primary contacts; gives their ids in the same order. Two statements per 1,000."""
    made = Person.objects.bulk_create(
        [
            Person(
                name=each.name,
                proposed_username=each.proposed_username,
                father_name=each.father_name,
                gender=each.gender,
                date_of_birth=each.date_of_birth,
                national_id=each.national_id,
            )
            for each in people
        ],
        batch_size=BATCH,
    )
    contacts = [
        ContactInfo(person_id=person.pk, kind=kind, value=value, is_primary=True)
        for person, each in zip(made, people, strict=True)
        for kind, value in ((ContactKind.EMAIL, each.email), (ContactKind.PHONE, each.phone))
        if value
    ]
    ContactInfo.objects.bulk_create(contacts, batch_size=BATCH)
    return [person.pk for person in made]


@transaction.atomic
def set_primary(*, kind: ContactKind, values: Mapping[int, str], by: Actor) -> int:
    """Make each value (person id → value, normalised) the person's primary contact of that kind.

    The primary one before it is replaced; each person changed has a line. Gives how many were changed.
    """
    stored = ContactInfo.objects.filter(person_id__in=list(values), kind=kind).order_by("pk")
    owned: dict[int, list[ContactInfo]] = {}
    for contact in stored:
        owned.setdefault(contact.person_id, []).append(contact)
    changes = _Changes()
    for person, value in values.items():
        changes.replace(person, kind, value, owned.get(person, []))
    ContactInfo.objects.filter(pk__in=changes.dropped).delete()
    ContactInfo.objects.bulk_update(changes.kept, ["value", "is_primary", "is_verified"], batch_size=BATCH)
    ContactInfo.objects.bulk_create(changes.new, batch_size=BATCH)
    journal.record_each("contact.updated", "person", changes.lines, by=by)
    return len(changes.lines)


class _Changes:
    """Contacts to be deleted, changed and entered."""

    def __init__(self) -> None:
        self.dropped: list[int] = []
        self.kept: list[ContactInfo] = []
        self.new: list[ContactInfo] = []
        self.lines: dict[int, dict[str, list[str | None]]] = {}

    def replace(self, person: int, kind: ContactKind, value: str, owned: list[ContactInfo]) -> None:
        """Note what must happen for `value` to be the primary one of what the person has."""
        primary = next((each for each in owned if each.is_primary), None)
        same = next((each for each in owned if each.value == value), None)
        if same is not None and same is primary:
            return
        self.lines[person] = {str(kind): [primary.value if primary else None, value]}
        if primary is not None and same is not None:
            self.dropped.append(primary.pk)
        if same is not None:
            same.is_primary = True
            self.kept.append(same)
        elif primary is not None:
            primary.value, primary.is_verified = value, False
            self.kept.append(primary)
        else:
            self.new.append(ContactInfo(person_id=person, kind=kind, value=value, is_primary=True))
