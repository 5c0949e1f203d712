"""What of a person's record may be handed in by the person, and the one shape of each value."""

from datetime import date
from typing import Any

from maristan.directory.queries import settings as institution
from maristan.directory.rules.contacts import contact_value
from maristan.directory.rules.people import person_faults
from maristan.directory.rules.states import ContactKind
from maristan.kernel.errors import Invalid
from maristan.kernel.names import normal_identifier, tidy

CONTACTS = {"phone": ContactKind.PHONE, "emergency_contact": ContactKind.EMERGENCY_CONTACT}
NAMES = ("father_name", "name_latin")
LENGTH = 255


def normal(field: str, value: str, pointer: str = "/value") -> str:
    """A value as it would be stored; raises `Invalid` at `pointer` for one that the record cannot take.

    `field` is one of `phone`, `emergency_contact` (E.164), `father_name`, `name_latin`, `date_of_birth` (ISO 8601) and
    `national_id`.
    """
    if field in CONTACTS:
        return contact_value(CONTACTS[field], value, institution.institution().country, pointer)
    if field == "date_of_birth":
        return _born(value, pointer)
    found = tidy(value) if field in NAMES else normal_identifier(value)
    if not found or len(found) > (LENGTH if field in NAMES else 40):
        raise Invalid.at(pointer, "bad_value", "Nothing that a record can take.")
    return found


def _born(value: str, pointer: str) -> str:
    try:
        born = date.fromisoformat(value.strip())
    except ValueError:
        raise Invalid.at(pointer, "bad_date", "A date is written as 2004-03-21.") from None
    faults = person_faults({"date_of_birth": born}, institution.local_today())
    if faults:
        raise Invalid.at(pointer, faults[0].code, faults[0].detail)
    return born.isoformat()


def read(field: str, value: str) -> Any:
    """The value as the record keeps it."""
    return date.fromisoformat(value) if field == "date_of_birth" else value
