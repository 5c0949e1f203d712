"""Passwords as they are compared: the same however a keyboard composes its letters."""

import unicodedata
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Normalized(PBKDF2PasswordHasher):
    """PBKDF2 over the compatibility form (NFKC) of a password, as NIST SP 800-63B, 5.1.1.2, has it."""

    def encode(self, password: str, *args: Any, **kwargs: Any) -> str:
        """The hash that is kept."""
        return super().encode(unicodedata.normalize("NFKC", password), *args, **kwargs)
