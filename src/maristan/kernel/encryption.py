"""Secrets that must be read again: encrypted by a key made from SECRET_KEY, one for each purpose."""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """It was encrypted by a key that is known no more, or altered."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of secret at rest: `tokens` gives those of each row, in every institution, to whoever is bound by none.

    `remedy` says what brings back one that cannot be read any more.
    """

    what: str
    purpose: str
    remedy: str
    tokens: Callable[[], Iterable[Sequence[str]]]


_kept: dict[str, Kept] = {}


def keep(kept: Kept) -> None:
    """Name a kind of secret that is kept."""
    _kept[kept.what] = kept


def unreadable() -> dict[str, tuple[int, str]]:
    """By kind, how many rows hold a secret that neither SECRET_KEY nor a fallback opens, and what to do; no kind whose
    secrets can all be read."""
    found = {}
    for kept in _kept.values():
        count = sum(not _opens(each, kept.purpose) for each in kept.tokens())
        if count:
            found[kept.what] = (count, kept.remedy)
    return found


def _opens(tokens: Iterable[str], purpose: str) -> bool:
    try:
        for each in tokens:
            decrypt(each, purpose=purpose)
    except Unreadable:
        return False
    return True


def encrypt(text: str, *, purpose: str) -> str:
    """The text, readable only with SECRET_KEY, for this purpose and no other."""
    return _keys(purpose).encrypt(text.encode()).decode()


def decrypt(token: str, *, purpose: str) -> str:
    """The text of `encrypt`, made with SECRET_KEY or one of its fallbacks; raises `Unreadable`."""
    try:
        return _keys(purpose).decrypt(token.encode()).decode()
    except InvalidToken:
        raise Unreadable(purpose) from None


def renewed(token: str, *, purpose: str) -> str:
    """The same text under the present key, so that a fallback can be dropped; raises `Unreadable`."""
    try:
        return _keys(purpose).rotate(token.encode()).decode()
    except InvalidToken:
        raise Unreadable(purpose) from None


def _keys(purpose: str) -> MultiFernet:
    return MultiFernet([_key(each, purpose) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"maristan {purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(made))
