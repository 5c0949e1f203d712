"""How accounts come to be: by invitation only, never by signing up."""

import logging
import secrets
from contextlib import suppress
from functools import partial
from typing import Any

from allauth.account import signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import user_logged_in, user_logged_out
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from maristan.config import devices
from maristan.directory.actions import sessions
from maristan.kernel import clock, lockout, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import NotFound
from maristan.operations.actions import account_telling, impersonation
from maristan.operations.rules.impersonation import KEY as IMPERSONATION
from maristan.operations.rules.impersonation import WHERE

log = logging.getLogger("maristan.accounts")
FACTORS = {
    mfa_signals.authenticator_added: "added",
    mfa_signals.authenticator_removed: "removed",
    mfa_signals.authenticator_reset: "renewed",
}


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the sign-up of allauth; an invitation creates the account instead."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer's address, or what a trusted proxy says of it."""
        from maristan.config.proxies import client_address

        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The framework's own counter lives in the cache; ours is around `authenticate`."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """As the framework's, within the limits of signing in; raises `TooMany` beyond them."""
        from maristan.config import signing_in

        attempt_id = signing_in.begin(request, signing_in.account_of(credentials))
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            lockout.was_right(attempt_id=attempt_id)
        else:
            signing_in.failed(request, attempt_id)
        return user

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """As the framework's; whoever signed in before is told of a browser that is new to the account."""
        is_first = user.last_login is None
        super().login(request, user)
        if devices.is_new(request, user.pk) and not is_first:
            _tell(request, user, account_telling.NEW_DEVICE, once=f"device:{secrets.token_hex(8)}")


def connect() -> None:
    """Hear from the framework of sign-ins and new passwords; called once when all apps are loaded."""
    signals.authentication_step_completed.connect(_note_proof, dispatch_uid="maristan.proof")
    signals.user_logged_in.connect(_forgive, dispatch_uid="maristan.forgive")
    user_logged_out.connect(_stop_acting, dispatch_uid="maristan.stop_acting")
    user_logged_in.connect(_note_begin, dispatch_uid="maristan.begun")
    signals.password_reset.connect(_unlock, dispatch_uid="maristan.unlock")
    for signal, what in FACTORS.items():
        signal.connect(partial(_tell_factor, what), weak=False, dispatch_uid=f"maristan.factor_{what}")
    for signal in (signals.password_changed, signals.password_reset, signals.password_set):
        signal.connect(_end_others, dispatch_uid="maristan.end_others")


def _tell(request: HttpRequest, user: AbstractBaseUser, event: str, once: str, **facts: str) -> None:
    from maristan.config.proxies import client_address

    account_telling.ask(
        user_id=user.pk, event=event, address=client_address(request), once=once, by=platform(None), **facts
    )


def _note_proof(request: HttpRequest, method: str, type: str = "", reauthenticated: bool = False, **_: Any) -> None:
    """Write down by which factor somebody proved who they are; a proof given again opens a session of a new key."""
    log.info("proved_again" if reauthenticated else "proved", extra={"code": type or method})
    if reauthenticated:
        request.session.cycle_key()


def _tell_factor(what: str, request: HttpRequest, user: AbstractBaseUser, authenticator: Any, **_: Any) -> None:
    """Codes that come and go along with another factor are told of with that factor; other sessions end."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES and what != "renewed":
        return
    sessions.end_others(user_id=user.pk, kept=request.session.session_key or "", by=platform(None))
    once = f"factor:{what}:{authenticator.pk}:{clock.now().timestamp()}"
    _tell(request, user, account_telling.FACTOR, once, what=what, factor=str(authenticator.type))


def _forgive(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    from maristan.config import signing_in

    signing_in.forgive(request, user)


def _note_begin(request: HttpRequest, **_: Any) -> None:
    request.session["begun"] = int(clock.now().timestamp())


def _stop_acting(request: HttpRequest, user: AbstractBaseUser | None, **_: Any) -> None:
    if user is None or IMPERSONATION not in request.session:
        return
    here = request.session[WHERE]
    with tenancy.acting_in(here), suppress(NotFound):
        impersonation.stop(pk=request.session[IMPERSONATION], by=Actor(user.pk, here, name=user.get_username()))


def _unlock(user: AbstractBaseUser, **_: Any) -> None:
    lockout.unlock(user_id=user.pk)


def _end_others(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    kept = request.session.session_key or ""
    sessions.end_others(user_id=user.pk, kept=kept, with_tokens=True, by=platform(None))
