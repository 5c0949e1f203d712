"""Who hears of an alert: operators by mail, in their language, the addresses and the machine that settings name."""

import logging
import smtplib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.core.mail import EmailMessage

from maristan.comms.actions import webhook_calls
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.messages import compose
from maristan.kernel.models import User
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.models import Alert
from maristan.operations.queries import aftermath, servers
from maristan.operations.queries import alerts as queries
from maristan.operations.rules.aftermath import FAULTS
from maristan.operations.rules.alerts import must_be_told
from maristan.operations.rules.sets import Busy
from maristan.operations.rules.states import AlertSeverity, AlertStatus

JOB = "operations.tell_alerts"
TELLING = "the alert's own line says what happened"
log = logging.getLogger("maristan.watching")
UNFORESEEN = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


@unjournaled(TELLING)
def tell_due(*, by: Actor) -> int:
    """Tell what has to be told now, each alert by one process and once; gives how many were."""
    return sum(_is_told(pk, before, by) for pk, before in _due())


def _is_told(pk: int, before: datetime | None, by: Actor) -> bool:
    """Tell one, unless another tells it or did; whatever stops it, it stays due, and what is wrong with it stops no
    other. The lock goes with a process that is killed, and the alert is told by the next."""
    try:
        with servers.alone(f"telling {pk}"):
            begun = clock.now()  # before it is read: an end that comes meanwhile is told apart
            row = Alert.objects.get(pk=pk)
            is_told = row.told_at == before and _tell(row, by)
            if is_told:
                Alert.objects.filter(pk=pk).update(told_at=begun)
            return is_told
    except Busy:
        return False
    except UNFORESEEN:
        log.exception("alert_not_told")
        return False


def _due() -> list[tuple[int, datetime | None]]:
    now = clock.now()
    with tenancy.acting_in(None):
        return [
            (each.pk, each.told_at)
            for each in queries.to_be_heard(now)
            if must_be_told(
                AlertStatus(each.status), AlertSeverity(each.severity), each.told_at, each.resolved_at, now
            )
        ]  # fmt: skip


def _tell(row: Alert, by: Actor) -> bool:
    """Send it every way; false when no mail left although there was somebody to write to."""
    failed = [_is_lost(address, language, row) for address, language in _readers()]
    if settings.ALERT_WEBHOOK_URL:
        outcome = webhook_calls.post(url=settings.ALERT_WEBHOOK_URL, body=orjson.dumps(_for_machines(row)), by=by)
        if not outcome.succeeded:
            log.warning("alert_webhook_failed", extra={"code": outcome.error_code, "status": outcome.status_code})
    return not failed or not all(failed)


def _readers() -> Iterator[tuple[str, str]]:
    """Every address once, with the language in which it is written to."""
    seen = set()
    operators = User.objects.filter(is_operator=True, is_active=True).exclude(email="").order_by("pk")
    named = [(email, language) for email, language in operators.values_list("email", "language")]
    for address, language in (*named, *((each, "") for each in settings.ALERT_EMAILS)):
        if address.lower() not in seen:
            seen.add(address.lower())
            yield address, language or settings.LANGUAGE_CODE


def _is_lost(address: str, language: str, row: Alert) -> bool:
    said = compose(queries.kind_of(row), queries.params(row), language)
    command = _way_back(row)
    body = f"{said.body}\n\n    {command}" if command else said.body
    try:
        EmailMessage(said.title, body, to=[address], headers={"Content-Language": language}).send()
    except (smtplib.SMTPException, OSError, ValueError):
        log.exception("alert_mail_failed")
        return True
    return False


def _for_machines(row: Alert) -> Mapping[str, Any]:
    said = {"type": queries.kind_of(row), "id": row.pk, "first_at": row.first_at, "status": row.status}
    return {**said, **queries.params(row), "command": _way_back(row)}


def _way_back(row: Alert) -> str:
    """The command that takes a release back, where faults fired in the hour after it; else empty."""
    if row.rule != FAULTS or row.status == AlertStatus.RESOLVED:
        return ""
    lately = aftermath.newest()
    was_before = lately is None or lately.finished_at is None or row.first_at < lately.finished_at
    return "" if lately is None or was_before else aftermath.way_back_from(lately)
