"""Telephone numbers in one shape, so that two spellings of one number compare equal."""

import re

import phonenumbers

# What a number is written with; a letter or an `@` says that something else was meant.
_WRITTEN = re.compile(r"[\d\s()+./\-‐-―]*")


def normal_phone(text: str, country: str) -> str:
    """The number in E.164, read as somebody in `country` (ISO alpha-2) writes it: `0300-1234567` → `+923001234567`.

    Raises `ValueError`, its text made for the reader, for what cannot be a number there.
    """
    wanted = " ".join(text.split())
    try:
        number = phonenumbers.parse(wanted if _WRITTEN.fullmatch(wanted) else "", country)
    except phonenumbers.NumberParseException:
        raise ValueError("This is not a telephone number.") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("This telephone number is too short or too long.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_country(code: str) -> bool:
    """True for the ISO alpha-2 code, in capitals, of a country with telephone numbers."""
    return code in phonenumbers.SUPPORTED_REGIONS
