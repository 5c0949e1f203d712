"""Second factors: kept encrypted, good once, and demanded of roles that could do the most harm."""

import time
from collections.abc import Iterator
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Q

from maristan.kernel import encryption
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotAllowed

PURPOSE = "second factor"
PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
TO_SPARE = 5  # seconds that a program needs from a code to its answer


class Encrypted(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticators readable with SECRET_KEY only."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, purpose=PURPOSE)


def _apps() -> Iterator[list[str]]:
    for data in Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("data", flat=True):
        yield [data["secret"]]


def _recovery_codes() -> Iterator[list[str]]:
    for data in Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).values_list("data", flat=True):
        yield data.get("migrated_codes") or [data["seed"]]


KEPT = (
    encryption.Kept(
        "second factors (codes of an app)", PURPOSE,
        "each owner sets one up again after: maristan unlock NAME --lost-factor", _apps,
    ),
    encryption.Kept(
        "lists of recovery codes", PURPOSE,
        "each owner makes another after: maristan unlock NAME --lost-factor", _recovery_codes,
    ),
)  # fmt: skip


def code_of(secret: str) -> str:
    """The code of an app for whoever sends it at once; waits for the next rather than give one that is about to end."""
    left = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if left < TO_SPARE:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time() // app_settings.TOTP_PERIOD))))


def connect() -> None:
    """Judge codes of an app by the database, where the framework asks a cache; called once when all apps are loaded."""
    TOTP.validate_code = _is_taken  # every form and view of the framework asks here
    authenticator_added.connect(_spend_what_set_it_up, dispatch_uid="maristan.set_up")


def _is_taken(app: TOTP, code: str) -> bool:
    """True for whoever gives a code first: it is good once over all processes (RFC 6238, 5.2)."""
    secret = decrypt(app.instance.data["secret"])
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return _spend(app.instance, step)
    return False


def _spend(app: Authenticator, step: int) -> bool:
    """Note that the codes up to a step are used up; false where they were: of two at once, one is late."""
    data = {**app.data, "last_step": step}
    unspent = Q(data__last_step__isnull=True) | Q(data__last_step__lt=step)
    if not Authenticator.objects.filter(unspent, pk=app.pk).update(data=data):
        return False
    app.data = data
    return True


def _spend_what_set_it_up(authenticator: Authenticator, **_: Any) -> None:
    """The code that proved a new app is used, too; it was none of a later step."""
    if authenticator.type == Authenticator.Type.TOTP:
        _spend(authenticator, max(yield_hotp_counters_from_time()))


def is_missing(actor: Actor) -> bool:
    """True for somebody with a role that needs a second factor who has set none up.

    Who has one was asked for it at sign-in: without it there is no session.
    """
    if not set(settings.MFA_REQUIRED_ROLES) & set(actor.roles):
        return False
    return not Authenticator.objects.filter(user_id=actor.user_id, type__in=PROOFS).exists()


def must_be_there(actor: Actor) -> None:
    """Raise `NotAllowed` (`second_factor_required`) where one is missing."""
    if is_missing(actor):
        raise NotAllowed("second_factor_required", "Your role needs a second factor: set it up in your account first.")
