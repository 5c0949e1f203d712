"""Jobs of comms: mail and events that are due, announcements whose time has come, and what is forgotten."""

import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from maristan.comms.actions import (
    announcements,
    deliveries,
    notifications,
    webhook_calls,
    webhook_deliveries,
    webhooks,
)
from maristan.comms.queries import webhooks as webhook_queries
from maristan.comms.queries.deliveries import Handed, due
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.jobs import job, periodic, stepwise

PERMANENT = 500
SUNDAY, FORGET_HOUR = 6, 3
# A receiver that takes its time gives others their turn: then the rest is a job of its own, behind all else.
CALLS_AT_ONCE = 20
BEHIND_ALL_ELSE = -10
Step = Callable[[], AbstractContextManager[None]]
# A connection that broke off serves no further mail.
BROKEN = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError)


def _by() -> Actor:
    return platform(tenancy.current())


@stepwise(deliveries.SEND, queue="mail")
def send_mail(step: Step) -> None:
    """Send everything that is due, each claimed and settled in a transaction of its own."""
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:  # the server is away, for all of them
        with step():
            deliveries.postpone(error=f"{type(error).__name__}: {error}", by=_by())
        return
    try:
        while _send_next(connection, step):
            pass
    finally:
        connection.close()


def _send_next(connection: Any, step: Step) -> bool:
    """Send one mail; false when nothing is due or the connection is gone."""
    with step():
        group = deliveries.claim(by=_by())
    if not group:
        return False
    with step():
        handed = deliveries.compose(group=group, by=_by())
    if handed is None:
        return True
    error, is_final, goes_on = _hand_over(handed, connection)
    with step():
        deliveries.settle(group=group, error=error, is_final=is_final, by=_by())
    return goes_on


def _hand_over(handed: Handed, connection: Any) -> tuple[str, bool, bool]:
    """What went wrong, whether for good, and whether the connection serves the next one."""
    mail = _message(handed)
    mail.connection = connection
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return str(error), all(code >= PERMANENT for code in codes), True
    except smtplib.SMTPResponseException as error:
        return str(error), error.smtp_code >= PERMANENT, not isinstance(error, BROKEN)
    except ValueError as error:  # an address or header that no mail can have
        return str(error) or "not_a_mail", True, True
    except (smtplib.SMTPException, OSError) as error:
        return f"{type(error).__name__}: {error}", False, not isinstance(error, BROKEN)
    return "", False, True


def _message(handed: Handed) -> EmailMessage:
    """The mail as it leaves; its Message-ID is its own, so that a repeated mail is known as the same."""
    mail = EmailMessage(
        handed.mail.subject,
        handed.mail.body,
        to=[handed.address],
        headers={
            "Message-ID": f"<{handed.identity}@{urlsplit(settings.SITE_URL).hostname}>",
            "Content-Language": handed.mail.language,
        },
    )
    for each in handed.mail.attachments:
        mail.attach(each.name, each.content, each.content_type)
    return mail


@periodic("comms.send_due", "* * * * *", queue="mail")
def send_due() -> None:
    """Give up what a dead worker left, and send what has become due."""
    deliveries.give_up(by=_by())
    if due(clock.now()).exists():
        jobs.enqueue(deliveries.SEND)


@periodic("comms.publish_announcements", "* * * * *", tells=())
def publish_announcements() -> None:
    """Send the announcements whose time has come."""
    announcements.send_due(by=_by())


@job(announcements.FAN_OUT)
def fan_out(announcement_id: int, after: int) -> None:
    """Tell the next part of an announcement's audience, those whose id follows `after`."""
    announcements.fan_out(pk=announcement_id, after=after, by=_by())


@periodic("comms.cleanup_old_notifications", "0 * * * *")
def cleanup_old_notifications() -> None:
    """Forget old notifications on Sunday at three; hourly, because three comes to each institution at its own time."""
    local = clock.local(institution().time_zone)
    if (local.weekday(), local.hour) == (SUNDAY, FORGET_HOUR):
        notifications.forget(by=_by())


@stepwise(webhook_deliveries.SEND, queue="webhooks", priority=BEHIND_ALL_ELSE)
def send_webhooks(step: Step, endpoint_id: int) -> None:
    """Send an endpoint what is due, one after the other, each claimed and settled in a transaction of its own."""
    for _ in range(CALLS_AT_ONCE):
        with step():
            handed = webhook_deliveries.claim(endpoint=endpoint_id, by=_by())
        if handed is None:
            return
        outcome = webhook_calls.call(handed=handed, by=_by())
        with step():
            webhook_deliveries.settle(handed=handed, outcome=outcome, by=_by())
    with step():
        jobs.enqueue(webhook_deliveries.SEND, endpoint_id=endpoint_id)


@periodic("comms.send_due_webhooks", "* * * * *")
def send_due_webhooks() -> None:
    """Send what is due and what dead workers left; erase secrets whose grace is over."""
    webhooks.erase_former_secrets(by=_by())
    for endpoint in webhook_queries.waiting(clock.now()):
        jobs.enqueue(webhook_deliveries.SEND, endpoint_id=endpoint)


@periodic("comms.forget_webhooks", "40 1 * * *")
def forget_webhooks() -> None:
    """Erase what events said after a month, and that they were sent after half a year."""
    webhook_deliveries.forget(by=_by())
    webhooks.renew_secrets(by=_by())
