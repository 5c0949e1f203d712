"""What people and things are called: tidy names, keys to match them by, logins made from them, e-mail addresses."""

import difflib
import re
import unicodedata
from collections.abc import Iterable

TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "engr"})
STEM_LENGTH = 60
EMAIL_LENGTH = 254

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\s@<>()\[\],;:\"\\.]+\.)+[^\s@<>()\[\],;:\"\\.]{2,}")


def tidy(text: str) -> str:
    """The name in Unicode NFC, without blanks around it and with single blanks inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def match_key(text: str) -> str:
    """What two spellings of one name have in common: equal but for case and blanks."""
    return tidy(text).casefold()


def ascii_letters(text: str) -> str:
    """The letters a-z that remain after Unicode decomposition: `José` gives `jose`, `علی` gives nothing."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    return "".join(char for char in decomposed if "a" <= char <= "z")


def without_titles(name: str) -> str:
    """The tidy name without leading titles (`Dr.`, `Prof`, ...); a name of nothing but titles stays."""
    parts = tidy(name).split(" ")
    kept = list(parts)
    while kept and kept[0].rstrip(".").lower() in TITLES:
        kept.pop(0)
    return " ".join(kept or parts)


def login_parts(name: str) -> tuple[str, str]:
    """First and last name as ASCII letters, titles removed; either may be empty, the last of a single name is."""
    parts = without_titles(name).split(" ")
    return ascii_letters(parts[0]), ascii_letters(parts[-1]) if len(parts) > 1 else ""


def login_stem(identifier: str) -> str:
    """The identifier in lower case, all but a-z and 0-9 as `-`: `2026/MBBS 7` gives `2026-mbbs-7`."""
    return re.sub(r"[^a-z0-9]", "-", identifier.strip().lower())


class TakenNames:
    """Logins or addresses in use, compared without case; gives the first free one, numbered from 2."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {each.casefold() for each in taken}
        self._next: dict[tuple[str, str], int] = {}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._taken

    def claim(self, stem: str, ending: str = "") -> str:
        """`stem + ending`, or `stem2 + ending` and so on; taken from now on. The stem is cut at 60 characters."""
        stem = stem[:STEM_LENGTH]
        return self._claim(stem, ending, stem + ending)

    def claim_numbered(self, stem: str) -> str:
        """`stem1`, or `stem2` and so on; taken from now on."""
        return self._claim(stem, "", f"{stem}1")

    def _claim(self, stem: str, ending: str, plain: str) -> str:
        name, number = plain, self._next.get((stem, ending), 2)
        while name in self:
            name, number = f"{stem}{number}{ending}", number + 1
        self._next[stem, ending] = number
        self._taken.add(name.casefold())
        return name


def nearest(
    name: str, known: Iterable[str], otherwise: Iterable[str] = (), *, most: int = 3, alike: float = 0.6
) -> str:
    """The known names most like one that there is not, best first, with commas; `otherwise` where none is like it.

    `alike` is the least share of letters in common, of both lengths, as `difflib` counts it.
    """
    return ", ".join(difflib.get_close_matches(name, sorted({*known}), n=most, cutoff=alike) or otherwise)


def normal_email(text: str) -> str:
    """The address trimmed and in lower case; raises `ValueError` unless it is one plain address with a domain."""
    address = unicodedata.normalize("NFC", text).strip().lower()
    local, _, domain = address.partition("@")
    dotted = local.startswith(".") or local.endswith(".") or ".." in address
    hyphened = any(label.startswith("-") or label.endswith("-") for label in domain.split("."))
    if len(address) > EMAIL_LENGTH or dotted or hyphened or not _EMAIL.fullmatch(address):
        raise ValueError("This is not an e-mail address.")
    return address


def normal_identifier(text: str) -> str:
    """A document's number for comparison: digits and letters only, upper case, digits of any script as 0-9."""
    kept = (char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
    return "".join(str(unicodedata.decimal(char, char)) for char in kept).upper()
