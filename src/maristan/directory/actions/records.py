"""Writes of many people at once besides entering them: the role they hold, what is known of them, their contacts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from maristan.directory.actions import bulk_people
from maristan.directory.actions.people import TAKEN
from maristan.directory.models import Membership, Person
from maristan.directory.rules.states import ContactKind, Gender, ScopeKind
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.names import normal_identifier, tidy
from maristan.kernel.unjournaled import unjournaled

BATCH = 1000
HELD = {"directory_membership_no_overlap": NotNow("overlap", "Somebody holds the role for a time already.")}


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is known of somebody; None says nothing. E-mail in lower case, phone in E.164."""

    name: str | None = None
    father_name: str | None = None
    date_of_birth: date | None = None
    gender: str | None = None
    national_id: str | None = None
    email: str | None = None
    phone: str | None = None

    def fields(self) -> dict[str, Any]:
        """The columns of the person that are known."""
        found = {
            "name": self.name and tidy(self.name),
            "father_name": self.father_name and tidy(self.father_name),
            "date_of_birth": self.date_of_birth,
            "gender": self.gender and Gender(self.gender).value,
            "national_id": self.national_id and normal_identifier(self.national_id),
        }
        return {field: value for field, value in found.items() if value is not None}


@unjournaled("the caller writes a line for what the people become")
@transaction.atomic
def hold_role(*, people: Collection[int], role: str, from_date: date, by: Actor) -> None:
    """Give people a role in the whole institution from a day on; whoever holds it for good already keeps it.

    The caller has asked for its own permission. Raises `NotNow` (`overlap`) for one who holds it for a time only.
    """
    for_good = Membership.objects.filter(
        person_id__in=people, role=role, scope_kind=ScopeKind.INSTITUTION, from_date__lte=from_date, to_date=None
    )
    holding = set(for_good.values_list("person_id", flat=True))
    given = [
        Membership(person_id=pk, role=role, scope_kind=ScopeKind.INSTITUTION, from_date=from_date)
        for pk in people
        if pk not in holding
    ]
    with rows.refusing(**HELD):
        Membership.objects.bulk_create(given, batch_size=BATCH)


@transaction.atomic
def update_many(*, records: Mapping[int, PersonRecord], by: Actor) -> int:
    """Change people by id where something is known and differs; a new contact replaces the primary one of its kind.

    The caller has asked for its own permission; each person whose record or contacts changed has a line for it. Gives
    how many records and contacts changed. Raises `NotNow` (`national_id_taken`). Constant queries for each 1,000.
    """
    people = list(Person.objects.select_for_update().filter(pk__in=records).order_by("pk"))
    changes = {person.pk: rows.change(person, records[person.pk].fields()) for person in people}
    changed = [person for person in people if changes[person.pk]]
    columns = {"version", "updated_at"}.union(*(changes[person.pk] for person in changed))
    now = clock.now()
    for person in changed:
        changes[person.pk]["version"] = [person.version, person.version + 1]
        person.version, person.updated_at = person.version + 1, now
    with rows.refusing(**TAKEN):
        Person.objects.bulk_update(changed, sorted(columns), batch_size=BATCH)
    journal.record_each("person.updated", "person", {each.pk: changes[each.pk] for each in changed}, by=by)
    emails = {pk: record.email for pk, record in records.items() if record.email}
    phones = {pk: record.phone for pk, record in records.items() if record.phone}
    mailed = bulk_people.set_primary(kind=ContactKind.EMAIL, values=emails, by=by) if emails else 0
    phoned = bulk_people.set_primary(kind=ContactKind.PHONE, values=phones, by=by) if phones else 0
    return len(changed) + mailed + phoned
