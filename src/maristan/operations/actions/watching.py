"""What is looked at once a day, and what was seen."""

from urllib.parse import urlsplit

from django.conf import settings

from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.models import Sample
from maristan.operations.queries import certificates
from maristan.operations.queries.figures import BREAKS, CERTIFICATE
from maristan.operations.rules.figures import PLATFORM, minute_of

SEEN = "figures are no change of anything"


@unjournaled(SEEN)
def verify_journal(*, by: Actor) -> int:
    """Walk the chains of the platform and of every institution; gives how many breaks there are."""
    breaks = 0
    for institution_id in [None, *tenancy.institution_ids()]:
        with tenancy.acting_in(institution_id):
            breaks += sum(1 for _ in journal.verify(institution_id))
    _note(PLATFORM, BREAKS, breaks)
    return breaks


@unjournaled(SEEN)
def check_certificates(*, by: Actor) -> float | None:
    """For how many days the certificate of this site still holds; none where it is not served over TLS."""
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or not site.hostname:
        return None
    days = certificates.days_left(site.hostname, site.port or 443, clock.now())
    if days is not None:
        _note(site.hostname, CERTIFICATE, days)
    return days


def _note(host: str, name: str, value: float) -> None:
    minute = minute_of(clock.now())
    Sample.objects.bulk_create(
        [Sample(minute=minute, host=host, name=name, value=value)], update_conflicts=True,
        unique_fields=["minute", "host", "name"], update_fields=["value"],
    )  # fmt: skip
