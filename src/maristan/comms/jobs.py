"""Jobs of comms: mail follows notifications."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from maristan.comms import actions, queries
from maristan.directory.queries import people
from maristan.directory.queries.settings import institution
from maristan.kernel import jobs, tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import job, periodic
from maristan.kernel.languages import Language, language

SEND = "comms.send_mail"
PERMANENT = 500


@dataclass(slots=True)
class Outcome:
    """What became of a batch; what is in neither list waits for the next run."""

    settled: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


@job(SEND, queue="mail")
def send_mail() -> None:
    """Mail one batch of notifications and leave the rest to a further job, so that each batch is kept when sent.

    A mail server that fails in between keeps what it took: the others wait for `resend_mail`. People without an address
    have the notification in the application.
    """
    batch = list(queries.to_mail())
    if not batch:
        return
    outcome = _send(batch)
    actions.mark_mailed(ids=outcome.settled, refused=outcome.refused, by=platform(tenancy.current()))
    if len(batch) == queries.BATCH and (outcome.settled or outcome.refused):
        jobs.enqueue(SEND)


@periodic("comms.resend_mail", "*/5 * * * *", queue="mail")
def resend_mail() -> None:
    """Take up what a mail server did not take before."""
    if queries.to_mail(1).exists():
        jobs.enqueue(SEND)


def _send(notifications: Sequence[Any]) -> Outcome:
    persons = [each.person_id for each in notifications]
    addresses, chosen, locale = people.email_addresses(persons), people.languages(persons), institution().locale
    outcome = Outcome([each.pk for each in notifications if each.person_id not in addresses])
    connection = get_connection()
    try:
        connection.open()
        for each in notifications:
            if each.person_id in addresses:
                spoken = language(chosen.get(each.person_id, ""), locale, settings.LANGUAGE_CODE)
                _send_one(_mail(each, addresses[each.person_id], spoken), each.pk, connection, outcome)
    except (smtplib.SMTPException, OSError):  # the server is away: whoever is in neither list waits
        return outcome
    finally:
        connection.close()
    return outcome


def _send_one(mail: EmailMessage, pk: int, connection: Any, outcome: Outcome) -> None:
    mail.connection = connection
    try:
        mail.send()
        outcome.settled.append(pk)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(code >= PERMANENT for code in codes):
            outcome.refused[pk] = str(error)
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= PERMANENT:
            outcome.refused[pk] = str(error)
    except ValueError as error:  # an address or header that no mail can have
        outcome.refused[pk] = str(error)


def _mail(notification: Any, address: str, spoken: Language) -> EmailMessage:
    """The mail of a notification; its Message-ID is its own, so that a repeated mail is known as the same."""
    said = queries.said(notification, spoken)
    link = settings.SITE_URL + notification.url if notification.url else ""
    return EmailMessage(
        " ".join(said.title.split()),
        "\n\n".join(part for part in (said.body, link) if part),
        to=[address],
        headers={
            "Message-ID": f"<notification-{notification.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Content-Language": spoken.code,
        },
    )
