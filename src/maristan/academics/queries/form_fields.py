"""What is written into an application, in one shape before it is stored or compared (D1)."""

from collections.abc import Mapping
from typing import Any

from maristan.academics.models import Application
from maristan.academics.rules.admissions import mdcat_number, value_faults
from maristan.directory.queries import identity_documents, settings
from maristan.kernel.errors import Fault, Invalid
from maristan.kernel.names import normal_email, normal_identifier, tidy
from maristan.kernel.phones import normal_phone

SHAPES = {
    **dict.fromkeys(("full_name", "father_name", "guardian_name", "institute_name", "board_or_university"), tidy),
    "cnic_or_bform": normal_identifier,
    "mdcat_roll_number": mdcat_number,
}
TOO_LONG = "Written in full it is too long."
PHONES = ("mobile", "phone", "guardian_phone_whatsapp")


def normal(values: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields in their one shape (D1); raises `Invalid` naming every fault at once."""
    here = settings.institution()
    faults = value_faults(values, settings.local_today(here), identity_documents.civic_shape())
    found = dict(values)

    def phone(text: str) -> str:
        return normal_phone(text, here.country) if text else ""

    for field in found.keys() & set(PHONES):
        found[field] = _read(faults, field, "bad_phone", phone, found[field])
    if "email" in found:
        found["email"] = _read(faults, "email", "bad_email", normal_email, found["email"])
    shaped = {field: SHAPES[field](value) if field in SHAPES else value for field, value in found.items()}
    faults += [
        Fault(f"/{field}", "too_long", TOO_LONG) for field, value in shaped.items() if _is_too_long(field, value)
    ]
    if faults:
        raise Invalid(faults)
    return shaped


def _is_too_long(field: str, value: Any) -> bool:
    """True for what fits as it is typed and not in its one shape: some characters stand for many."""
    limit = getattr(Application._meta.get_field(field), "max_length", None)
    return limit is not None and isinstance(value, str) and len(value) > limit


def _read(faults: list[Fault], field: str, code: str, shape: Any, text: str) -> str:
    try:
        return str(shape(text))
    except ValueError as fault:
        faults.append(Fault(f"/{field}", code, str(fault)))
        return text
