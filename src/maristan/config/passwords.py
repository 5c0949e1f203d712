"""What a password may be, beyond what the framework's own validators say."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

LONGEST = 128


class NotTooLong:
    """At most 128 characters, so that nobody makes the server hash a book."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise `ValidationError` (`password_too_long`)."""
        if len(password) > LONGEST:
            raise ValidationError(f"At most {LONGEST} characters.", code="password_too_long")

    def get_help_text(self) -> str:
        """For the framework's forms."""
        return f"At most {LONGEST} characters."
