"""Failed sign-ins, counted in the database: five from one address or twenty in all close an account for a while."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import connection, transaction

from maristan.kernel import clock, metering
from maristan.kernel.errors import TooMany
from maristan.kernel.models import SignInFailure
from maristan.kernel.unjournaled import unjournaled

LOCKED = "AUTH_ACCOUNT_LOCKED"
ANYWHERE = 20
OWNED = "user:"
LOOKED_BACK = timedelta(hours=1)  # for as long an alert counts the accounts that were locked


def of_user(user_id: int) -> str:
    """The key of an account."""
    return f"{OWNED}{user_id}"


def of_name(name: str) -> str:
    """The key of a name that belongs to nobody, which is locked like any other."""
    return "name:" + hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:40]


def span() -> timedelta:
    """Within what the failures that lock an account lie, and for how long they lock it."""
    return timedelta(minutes=settings.LOCKOUT_MINUTES)


def locked_until(failures: Sequence[datetime], limit: int, within: timedelta) -> datetime | None:
    """Until when the latest failures (newest first) lock: the last of `limit` within a span locks for as long."""
    if len(failures) < limit or failures[0] - failures[limit - 1] > within:
        return None
    return failures[0] + within


@unjournaled("a wrong password is not a change of anything; the person hears of a lock")
@transaction.atomic
def attempt(*, account: str, address: str) -> int:
    """Note a try before it is known to be right, so that many at once are no more than one after another; gives its id.

    Raises `TooMany` (`AUTH_ACCOUNT_LOCKED`) without noting it while the account is locked for this address.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.lockout'), hashtext(%s))", [account])
    until = _until(account, address, now)
    if until > now:
        metering.total("maristan_lockouts_total")
        wait = ceil((until - now).total_seconds())
        raise TooMany(LOCKED, "Too many failed attempts; wait, or ask for a new password.", retry_after=wait)
    SignInFailure.objects.filter(at__lt=now - span() - max(span(), LOOKED_BACK)).delete()
    return SignInFailure.objects.create(account=account, address=address, at=now).pk


def _until(account: str, address: str, now: datetime) -> datetime:
    """Until when an account is locked for an address; not after `now` when it is not."""
    held = SignInFailure.objects.filter(account=account, at__gt=now - 2 * span()).order_by("-at", "-id")
    failures = list(held.values_list("at", "address")[:1000])
    here = [at for at, where in failures if where == address]
    untils = [
        locked_until(here, settings.MAX_LOGIN_ATTEMPTS, span()),
        locked_until([at for at, _ in failures], ANYWHERE, span()),
    ]
    return max((each for each in untils if each is not None), default=now)


def locked_by(*, attempt_id: int) -> int | None:
    """The owner of the account that a failed try has locked; none while it is open, or belongs to nobody."""
    failure = SignInFailure.objects.filter(pk=attempt_id).first()
    if failure is None or not failure.account.startswith(OWNED):
        return None
    if SignInFailure.objects.filter(account=failure.account, pk__gt=attempt_id).exists():
        return None  # the last of several at once tells
    is_locked = _until(failure.account, failure.address, clock.now()) > clock.now()
    return int(failure.account.removeprefix(OWNED)) if is_locked else None


@unjournaled("it takes back what was noted before it was known to be right")
def was_right(*, attempt_id: int) -> None:
    """The try was no failure."""
    SignInFailure.objects.filter(pk=attempt_id).delete()


@unjournaled("whoever signs in is not counted; the journal has the reset that unlocks")
def unlock(*, user_id: int, address: str | None = None) -> None:
    """Forget the failures of an account, or those from one address."""
    held = SignInFailure.objects.filter(account=of_user(user_id))
    (held if address is None else held.filter(address=address)).delete()
