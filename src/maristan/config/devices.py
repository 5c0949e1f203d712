"""Which browsers an account has been used from: each carries a sealed list of the accounts that signed in with it."""

import json
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from maristan.kernel import encryption

PURPOSE = "known device"
REMEMBERED = timedelta(days=400)  # browsers keep no cookie for longer
SHARED_BY = 20  # accounts that one browser remembers, the latest ones


def name() -> str:
    """The cookie's name, which only this host can set over https."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def known(request: HttpRequest) -> list[int]:
    """The accounts that signed in with this browser; none where its cookie is missing, altered or of another key."""
    try:
        return [int(each) for each in json.loads(encryption.decrypt(request.COOKIES[name()], purpose=PURPOSE))]
    except (KeyError, ValueError, TypeError, encryption.Unreadable):
        return []


def is_new(request: HttpRequest, user_id: int) -> bool:
    """True for an account that has not signed in with this browser before; the answer will remember that it has."""
    accounts = known(request)
    if user_id in accounts:
        return False
    request.device_accounts = [*accounts, user_id][-SHARED_BY:]  # type: ignore[attr-defined]
    return True


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the browser its list where it has changed."""
    accounts = getattr(request, "device_accounts", None)
    if accounts is not None:
        response.set_cookie(
            name(), encryption.encrypt(json.dumps(accounts), purpose=PURPOSE), max_age=REMEMBERED,
            secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
        )  # fmt: skip
