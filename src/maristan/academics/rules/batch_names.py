"""What the names of programs and batches tell: length of study, year of graduation, a code (I3)."""

import re

from maristan.kernel.names import TakenNames, ascii_letters, tidy

CODE_LENGTH = 16
NAMELESS_CODE = "PROG"
DEFAULT_STUDY_YEARS = 5
STUDY_YEARS = {
    **dict.fromkeys(("mbbs", "bds", "md"), 5),
    **dict.fromkeys(("bsc", "bachelor", "bachelors", "phd"), 4),
    **dict.fromkeys(("master", "masters"), 2),
}
SMALL_WORDS = frozenset({"of", "and", "in", "the", "for", "with"})

_CENTURY_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_SHORT_YEAR = re.compile(r"(?<![0-9])[0-9]{2}(?![0-9])")
_YEAR_OF_STUDY = re.compile(r"\byear\s*([1-9])(?![0-9])", re.IGNORECASE)


def study_years(program_name: str) -> int:
    """How many years a program lasts by its name: 5 for MBBS, BDS, MD, 4 for BSc, Bachelor, PhD, 2 for Master, else 5.

    The professional degrees come first: `Bachelor of Surgery (MBBS)` lasts 5.
    """
    words = set(re.findall(r"[a-z]+", program_name.replace(".", "").replace("'", "").lower()))
    return next((years for word, years in STUDY_YEARS.items() if word in words), DEFAULT_STUDY_YEARS)


def graduation_year(batch_name: str, duration: int, this_year: int) -> int | None:
    """The year a batch's name means: the first `20dd`, else two digits, else `Year N` of a study of `duration` years.

    None when the name tells none of them.
    """
    if found := _CENTURY_YEAR.search(batch_name):
        return int(found[0])
    if found := _SHORT_YEAR.search(batch_name):
        return 2000 + int(found[0])
    if (found := _YEAR_OF_STUDY.search(batch_name)) and int(found[1]) <= duration:
        return this_year + duration - int(found[1])
    return None


def program_code(name: str, taken: TakenNames) -> str:
    """A free code in capitals: the initials (`Doctor of Physical Therapy` gives DPT), or the only word itself."""
    words = [word for word in re.split(r"[\s\-/&,()]+", tidy(name)) if ascii_letters(word)]
    large = [word for word in words if word.lower() not in SMALL_WORDS]
    if len(large) == 1:
        stem = ascii_letters(large[0])
    else:
        stem = "".join(ascii_letters(word)[0] for word in large)
    # Four characters stay free for the number that tells equal codes apart.
    return taken.claim((stem.upper() or NAMELESS_CODE)[: CODE_LENGTH - 4])
