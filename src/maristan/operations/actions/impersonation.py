"""Acting as another member for some minutes: begun for a reason, ended by hand, by leaving or by time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from maristan.directory.queries import identity
from maristan.directory.queries import settings as institution
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import NotFound
from maristan.kernel.models import User
from maristan.operations.models import Impersonation
from maristan.operations.queries import impersonation as queries
from maristan.operations.rules import impersonation as rules
from maristan.operations.rules.states import Perm

SUBJECT = "impersonation"


@transaction.atomic
def start(*, user_id: int, reason: str, by: Actor) -> tuple[Impersonation, str]:
    """Begin; gives the row and the name of whom it is about.

    Raises `NotAllowed` (also `not_impersonable`, `impersonating`), `NotFound`, `Invalid` and `TooMany`.
    """
    said = rules.check_reason(reason)
    target = User.objects.filter(pk=user_id).first()
    found = identity.standing(user_id, institution.local_today()) if target and by.institution_id else None
    by.demand(Perm.PERSON_IMPERSONATE, within=found is not None)
    if target is None or found is None or by.user_id is None:
        raise NotFound()
    name, is_active, roles = found
    rules.check_target(
        is_self=user_id == by.user_id, is_active=is_active and target.is_active, is_operator=target.is_operator,
        roles=roles,
    )  # fmt: skip
    now = clock.now()
    _alone_at_a_time(by.user_id)
    mine = queries.acted(by.user_id, since=now - timedelta(hours=1))
    rules.check_alone([each.expires_at for each in mine if each.is_open], now)
    rules.check_often(sum(each.started_at > now - timedelta(hours=1) for each in mine))
    for institution_id in {each.institution_id for each in mine if each.is_open}:
        with tenancy.acting_in(institution_id):
            end_expired(by=platform(institution_id))
    row = Impersonation.objects.create(
        actor_id=by.user_id, target_id=user_id, reason=said, started_at=now,
        expires_at=now + timedelta(minutes=settings.IMPERSONATION_MINUTES),
    )  # fmt: skip
    changes = {"person": [None, name], "expires_at": [None, row.expires_at]}
    journal.record("impersonation.started", (SUBJECT, row.pk), by=by, changes=changes, reason=said)
    return row, name


@transaction.atomic
def stop(*, pk: int, by: Actor) -> Impersonation:
    """End what is open, from the session in which it was begun; raises `NotFound`."""
    row = Impersonation.objects.select_for_update().filter(pk=pk, ended_at__isnull=True).first()
    if row is None:
        raise NotFound()
    _end(row, min(clock.now(), row.expires_at), row.actor_id, by)
    return row


@transaction.atomic
def stop_elsewhere(*, by: Actor) -> Impersonation:
    """End what one's own account has open, in whichever session and institution it was begun; raises `NotFound`.

    Whoever closed the browser in which they acted, or left it on another desk, ends it from where they are.
    """
    if by.user_id is None:
        raise NotFound()
    _alone_at_a_time(by.user_id)
    for each in queries.acted(by.user_id, since=clock.now()):
        if each.is_open:
            there = each.institution_id
            with tenancy.acting_in(there):
                own = by if there == by.institution_id else Actor(by.user_id, there, name=by.name)
                return stop(pk=each.pk, by=own)
    raise NotFound()


def _alone_at_a_time(user_id: int) -> None:
    """Whoever begins or ends in one session waits for the same account in another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('operations.impersonation'), %s)", [user_id])


@transaction.atomic
def end_expired(*, by: Actor) -> None:
    """Write down, in the institution in context, that time ended what nobody did."""
    for row in Impersonation.objects.select_for_update().filter(ended_at__isnull=True, expires_at__lte=clock.now()):
        _end(row, row.expires_at, None, by)


def _end(row: Impersonation, at: datetime, ended_by: int | None, by: Actor) -> None:
    row.ended_at, row.ended_by = at, ended_by
    row.save(update_fields=["ended_at", "ended_by", "updated_at"])
    journal.record("impersonation.stopped", (SUBJECT, row.pk), by=by, changes={"ended_at": [None, at]})
