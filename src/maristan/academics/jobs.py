"""Jobs of academics: what waits because a day has passed."""

from maristan.academics.actions import inbox
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic


@periodic("academics.settle_inbox", "11 * * * *")
def settle_inbox() -> None:
    """Open and close what waits; hourly, because midnight comes to each institution at its own time."""
    inbox.settle(by=platform(tenancy.current()))
