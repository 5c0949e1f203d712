"""What a password may be, beyond what the framework's own validators say."""

import re
import unicodedata
from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from maristan.directory.queries import identity

LONGEST = 128
# What anybody would try first here: the product, its lines of work, roles, and what every institution of its kind is.
WORDS = (
    "maristan", "academics", "residency", "office", "premises", "operations", "admin", "administrator", "operator",
    "registrar", "coordinator", "faculty", "teacher", "student", "resident", "supervisor", "director", "auditor",
    "university", "college", "hospital", "school", "institute", "medical", "medicine", "health", "department",
)  # fmt: skip
SHORTEST_WORD = 3
LEFT_AT_LEAST = 5  # letters of a password's own, when the words of the house are taken out


class NotTooLong:
    """At most 128 characters, so that nobody makes the server hash a book."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise `ValidationError` (`password_too_long`)."""
        if len(password) > LONGEST:
            raise ValidationError(f"At most {LONGEST} characters.", code="password_too_long")

    def get_help_text(self) -> str:
        """For the framework's forms."""
        return f"At most {LONGEST} characters."


class NotOfTheHouse:
    """More than words that everybody here knows: those of the product, and names and codes of the institutions."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise `ValidationError` (`password_of_the_house`)."""
        if is_of_the_house(password, [*WORDS, *_parts(identity.names_around(user.pk if user else None))]):
            raise ValidationError("Choose something that nobody here would guess.", code="password_of_the_house")

    def get_help_text(self) -> str:
        """For the framework's forms."""
        return "Not made of the names of this institution and this product."


def is_of_the_house(password: str, words: Iterable[str]) -> bool:
    """True where a password holds such a word and, but for such words, fewer than five letters."""
    letters = re.sub(r"[\W\d_]+", "", unicodedata.normalize("NFKC", password).casefold())
    left = letters
    for word in sorted({each.casefold() for each in words}, key=len, reverse=True):
        left = left.replace(word, "")
    return left != letters and len(left) < LEFT_AT_LEAST


def _parts(names: Iterable[str]) -> list[str]:
    """The words of names."""
    return [each for name in names for each in re.split(r"[\W\d_]+", name) if len(each) >= SHORTEST_WORD]
