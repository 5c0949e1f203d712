"""Jobs of comms: mail follows notifications."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from maristan.comms import actions, queries
from maristan.directory.queries import people
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import job


@job("comms.send_mail", queue="mail")
def send_mail() -> None:
    """Mail every notification that has not been mailed; people without an address keep it in the application."""
    while batch := list(queries.to_mail()):
        addresses = people.email_addresses([each.person_id for each in batch])
        mails = [
            EmailMessage(
                each.title,
                "\n\n".join(part for part in (each.body, settings.SITE_URL + each.url if each.url else "") if part),
                to=[addresses[each.person_id]],
            )
            for each in batch
            if each.person_id in addresses
        ]
        if mails:
            get_connection().send_messages(mails)
        actions.mark_mailed(ids=[each.pk for each in batch], by=platform(tenancy.current()))
