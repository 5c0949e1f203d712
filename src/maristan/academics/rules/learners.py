"""How learners are named in files: registration numbers and addresses, compared without what nobody sees."""

import unicodedata
from dataclasses import dataclass

# Joiners, direction marks, isolates, the byte order mark: they come along when a number is copied from a document.
INVISIBLE = frozenset(map(chr, (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060,
                                *range(0x2066, 0x206A), 0x061C, 0xFEFF, 0x00AD)))  # fmt: skip


def match_key(text: str) -> str:
    """What two writings of a registration number or an address have in common: NFKC, without marks, blanks or case."""
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if char not in INVISIBLE)
    return visible.strip().casefold()


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who learns, as a student or by what an app above knows.

    `scope_keys` (`program:7`) name what policies may be made for; `student` and `account` are none where there is none.
    """

    person: int
    name: str
    reg_no: str
    student: int | None = None
    account: int | None = None
    program_label: str = ""
    scope_keys: tuple[str, ...] = ()
