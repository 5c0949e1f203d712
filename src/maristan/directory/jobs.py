"""Jobs of the directory: invitations whose time is over, leave that begins and ends."""

from maristan.directory.actions import invitations, leaves
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic


@periodic("directory.settle_leaves", "10,25,40,55 * * * *")
def settle_leaves() -> None:
    """Begin and end leave on its local day: in every zone one of these minutes is ten past midnight."""
    leaves.settle(by=platform(tenancy.current()))


@periodic("directory.expire_invitations", "*/15 * * * *")
def expire_invitations() -> None:
    """Close invitations whose time is over."""
    invitations.expire(by=platform(tenancy.current()))
