"""How what identifies a person is brought into one shape before it is compared (D1)."""

import re
from collections.abc import Mapping
from datetime import date

from maristan.directory.rules.states import DocumentKind
from maristan.kernel.errors import Fault
from maristan.kernel.names import normal_identifier

DIGITS_13 = "#####-#######-#"
EARLIEST_BIRTH = date(1900, 1, 1)
CIVIC_KINDS = frozenset({DocumentKind.CNIC, DocumentKind.BIRTH_FORM})


def document_faults(kind: DocumentKind, number: str, shape: str = DIGITS_13) -> list[Fault]:
    """What is wrong with a document's number as typed; `shape` shows a country's civic number with `#` for a digit.

    Civic documents (CNIC, BIRTH_FORM) carry exactly the digits of the shape once `-` and blanks are removed.
    """
    bare = re.sub(r"[\s-]", "", number)
    if not normal_identifier(bare):
        return [Fault("/number", "required", "Give the number of the document.")]
    wanted = shape.count("#")
    if kind in CIVIC_KINDS and not (bare.isdecimal() and len(bare) == wanted):
        return [Fault("/number", "bad_number", f"Exactly {wanted} digits are wanted, as in {shape}.")]
    return []


def document_number(kind: DocumentKind, number: str, shape: str = DIGITS_13) -> str:
    """A document's number as people read it: civic ones in their shape, others as they are stored."""
    return shown_number(number, shape) if kind in CIVIC_KINDS else number


def shown_number(number: str, shape: str = DIGITS_13) -> str:
    """A civic number as people read it, `35202-1234567-1`; a number of another length as it is."""
    digits = normal_identifier(number)
    if len(digits) != shape.count("#"):
        return number
    rest = iter(digits)
    return "".join(next(rest) if char == "#" else char for char in shape)


def login_root(username: str) -> str:
    """What usernames that differ in number and batch alone have in common: `Ali2.b31` and `ali` give `ali`.

    The database finds usernames in use by the same expression (`directory_usernames_taken`).
    """
    return re.sub(r"[0-9]*(\.b[0-9]{2})?$", "", username.lower(), count=1)


def person_faults(values: Mapping[str, object], today: date) -> list[Fault]:
    """What is wrong with a person's record, where given: a blank name, a birth before 1900 or in the future."""
    faults = []
    if "name" in values and not values["name"]:
        faults.append(Fault("/name", "required", "Everybody has a name."))
    born = values.get("date_of_birth")
    if isinstance(born, date) and not EARLIEST_BIRTH <= born <= today:
        faults.append(Fault("/date_of_birth", "out_of_range", "A birth lies between 1900 and today."))
    return faults
