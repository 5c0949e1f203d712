"""Contacts in one shape before anything is compared with them (D1)."""

from collections.abc import Mapping

from maristan.directory.rules.states import ContactKind
from maristan.kernel.errors import Fault, Invalid
from maristan.kernel.names import normal_email
from maristan.kernel.phones import is_country, normal_phone

PHONES = frozenset({ContactKind.PHONE, ContactKind.WHATSAPP, ContactKind.EMERGENCY_CONTACT})


def email_address(text: str, pointer: str = "/email") -> str:
    """The address in lower case; raises `Invalid` (`bad_email`) at `pointer`."""
    try:
        return normal_email(text)
    except ValueError as fault:
        raise Invalid.at(pointer, "bad_email", str(fault)) from None


def contact_value(kind: ContactKind, text: str, country: str, pointer: str = "/value") -> str:
    """What is stored: a number in E.164 or an address in lower case.

    Raises `Invalid` (`bad_phone`, `bad_email`) at `pointer`.
    """
    if kind not in PHONES:
        return email_address(text, pointer)
    try:
        return normal_phone(text, country)
    except ValueError as fault:
        raise Invalid.at(pointer, "bad_phone", str(fault)) from None


def address_faults(values: Mapping[str, object]) -> list[Fault]:
    """What is wrong with an address, where given: a country of no such code (ISO alpha-2)."""
    if values.get("country") and not is_country(str(values["country"])):
        return [Fault("/country", "unknown_country", "Name a country by two letters such as PK.")]
    return []
