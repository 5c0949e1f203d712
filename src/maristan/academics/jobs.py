"""Jobs of academics: what begins or waits because a day has passed."""

from datetime import time

from maristan.academics.actions import applying, inbox, materials, obligation_following, students
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic


@periodic("academics.purge_drafts", "5 1 * * *")
def purge_drafts() -> None:
    """Delete drafts nobody will go on with, shortly before the night's purge of files takes their papers."""
    applying.purge_drafts(by=platform(tenancy.current()))


@periodic("academics.settle_inbox", "11 * * * *")
def settle_inbox() -> None:
    """Open and close what waits; hourly, because midnight comes to each institution at its own time."""
    inbox.settle(by=platform(tenancy.current()))


@periodic("academics.settle_placements", "9 * * * *", tells=())
def settle_placements() -> None:
    """Let placements begin on their local day, before anybody is said to wait for one."""
    students.settle_placements(by=platform(tenancy.current()))


@periodic("academics.tell_materials", "* * * * *", tells=())
def tell_materials() -> None:
    """Tell audiences of published material whose time has begun."""
    materials.tell(by=platform(tenancy.current()))


@periodic("academics.settle_obligations", "*/30 * * * *", tells=(time(1, 30),))
def settle_obligations() -> None:
    """From 01:30 local time on: assign what is owed to whoever joined an audience, and remind of what is due."""
    obligation_following.settle(by=platform(tenancy.current()))
