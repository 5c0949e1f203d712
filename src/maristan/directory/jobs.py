"""Jobs of the directory: invitations by mail, leave that begins and ends."""

from django.core.mail import EmailMessage

from maristan.directory.actions import invitations, leaves
from maristan.directory.queries.settings import institution
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import Gone, NotFound
from maristan.kernel.jobs import enqueue, job, periodic

MAIL = """{name} invites you to your account.

Open this link once, before {expires:%d %B %Y}:

{link}

If you did not expect this, ignore it: nothing happens unless the link is opened.
"""


@job(invitations.MAIL_JOB, queue="mail")
def send_invitation(invitation_id: int) -> None:
    """Mail the link of an invitation; its token exists in this message alone, so a repeated run makes a new one."""
    try:
        way = invitations.renew(pk=invitation_id, by=platform(tenancy.current()))
    except (Gone, NotFound):  # used, or replaced by a newer one, in the meantime
        return
    here = institution()
    body = MAIL.format(name=here.name, expires=way.invitation.expires_at, link=way.link)
    EmailMessage(f"{here.name}: your account", body, to=[way.email]).send()


@job("directory.send_invitations")
def send_invitations(invitation_ids: list[int]) -> None:
    """Enqueue the mail of each invitation: one that cannot be sent is tried again alone."""
    for pk in invitation_ids:
        enqueue(invitations.MAIL_JOB, invitation_id=pk)


@periodic("directory.settle_leaves", "7 * * * *")
def settle_leaves() -> None:
    """Begin and end leave on its local day; hourly, because midnight comes to each institution at its own time."""
    leaves.settle(by=platform(tenancy.current()))
