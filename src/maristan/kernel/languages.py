"""The languages in which people are addressed: their days and months, their direction, and which one is asked for."""

import unicodedata
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

RIGHT_TO_LEFT = frozenset({"R", "AL"})
STRONG = RIGHT_TO_LEFT | {"L"}
LEFT_MARK, RIGHT_MARK = "\u200e", "\u200f"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
MARKS = dict.fromkeys(map(ord, (LEFT_MARK, RIGHT_MARK, ISOLATE, END_ISOLATE)))


@dataclass(frozen=True, slots=True)
class Language:
    """A language; `comma` and `then` join names and clauses."""

    code: str
    is_rtl: bool
    days: tuple[str, ...]
    months: tuple[str, ...]
    comma: str
    then: str

    def day(self, day: date) -> str:
        """Such as `9 March`."""
        return f"{day.day} {self.months[day.month - 1]}"

    def isolated(self, text: str) -> str:
        """Text of any script, kept from disturbing the sentence around it."""
        is_plain = not self.is_rtl and RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, text))
        return text if is_plain or not text else f"{ISOLATE}{text}{END_ISOLATE}"

    def directed(self, text: str) -> str:
        """A line that begins in the direction of the language, for readers that take it from the first letter."""
        if runs_right_to_left(text) in (None, self.is_rtl):
            return text
        return (RIGHT_MARK if self.is_rtl else LEFT_MARK) + text


ENGLISH = Language(
    code="en",
    is_rtl=False,
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    comma=", ",
    then="; ",
)  # fmt: skip
URDU = Language(
    code="ur",
    is_rtl=True,
    days=("پیر", "منگل", "بدھ", "جمعرات", "جمعہ", "ہفتہ", "اتوار"),
    months=(
        "جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر",
    ),
    comma="، ",
    then="؛ ",
)  # fmt: skip
LANGUAGES = {each.code: each for each in (ENGLISH, URDU)}
reading: ContextVar[Language] = ContextVar("reading", default=ENGLISH)  # what the reader of the answer asked for


def runs_right_to_left(text: str) -> bool | None:
    """Whether the first letter of a text is of a script that runs from right to left; none where it has no letter."""
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in STRONG), None)
    return None if first is None else first in RIGHT_TO_LEFT


def language(*wanted: str) -> Language:
    """The first that is spoken here of locales such as `ur` or `en-GB`; English where none is."""
    codes = (each.replace("_", "-").split("-")[0].strip().lower() for each in wanted)
    return next((LANGUAGES[code] for code in codes if code in LANGUAGES), ENGLISH)


def accepted(header: str) -> Language:
    """The language that an `Accept-Language` header such as `ur-PK,ur;q=0.9,en;q=0.5` likes best."""
    offers = [part.partition(";") for part in header.split(",")]
    ranked = sorted(((_quality(rest), tag) for tag, _, rest in offers), key=lambda each: -each[0])
    return language(*(tag for quality, tag in ranked if quality > 0))


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def unmarked(text: str) -> str:
    """Text without the marks of direction, as it is searched and ordered."""
    return text.translate(MARKS)
