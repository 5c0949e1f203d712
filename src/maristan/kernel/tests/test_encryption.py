"""Secrets at rest: read again by the key and the purpose that they were made for, and counted where they cannot be."""

from typing import Any

import pytest

from maristan.kernel import encryption
from maristan.kernel.encryption import Kept, Unreadable, decrypt, encrypt, renewed, unreadable

FORMER, PRESENT = "f" * 50, "p" * 50


@pytest.fixture(autouse=True)
def _present(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = PRESENT, []
    monkeypatch.setattr(encryption, "_kept", {})


def by_former(settings: Any, text: str) -> str:
    """A token of the key that was set before."""
    settings.SECRET_KEY = FORMER
    token = encrypt(text, purpose="factors")
    settings.SECRET_KEY = PRESENT
    return token


def test_a_secret_is_read_again_for_its_purpose_alone() -> None:
    token = encrypt("کلید", purpose="factors")
    assert ("کلید" in token, decrypt(token, purpose="factors")) == (False, "کلید")
    for wrong, purpose in ((token, "webhooks"), (f"{token[:-2]}AA", "factors"), ("", "factors")):
        with pytest.raises(Unreadable, match=f"^{purpose}$"):
            decrypt(wrong, purpose=purpose)
        with pytest.raises(Unreadable, match=f"^{purpose}$"):
            renewed(wrong, purpose=purpose)


def test_a_key_that_is_no_fallback_opens_nothing_and_a_renewed_secret_needs_none(settings: Any) -> None:
    token = by_former(settings, "secret")
    with pytest.raises(Unreadable):
        decrypt(token, purpose="factors")
    settings.SECRET_KEY_FALLBACKS = [FORMER]
    assert decrypt(token, purpose="factors") == "secret"
    fresh = renewed(token, purpose="factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert decrypt(fresh, purpose="factors") == "secret"


def test_rows_with_a_secret_that_does_not_open_are_counted_by_kind(settings: Any) -> None:
    good, bad = encrypt("a", purpose="factors"), by_former(settings, "b")
    encryption.keep(Kept("factors", "factors", "set up again", lambda: [[good], [good, bad], [bad], []]))
    encryption.keep(Kept("endpoints", "factors", "make new ones", lambda: [[good], [good]]))
    assert unreadable() == {"factors": (2, "set up again")}
    settings.SECRET_KEY_FALLBACKS = [FORMER]
    assert unreadable() == {}
