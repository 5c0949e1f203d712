"""Jobs of the directory: invitations by mail, leave that begins and ends."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage

from maristan.directory.actions import invitations, leaves
from maristan.directory.queries import people
from maristan.directory.queries.settings import institution
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import Gone, NotFound
from maristan.kernel.jobs import enqueue, job, periodic
from maristan.kernel.languages import language

# Subject and text of an invitation by language.
INVITATION = {
    "en": (
        "{name}: your account",
        """{name} invites you to your account.

Open this link once, before {expires}:

{link}

If you did not expect this, ignore it: nothing happens unless the link is opened.
""",
    ),
    "ur": (
        "{name}: آپ کا اکاؤنٹ",
        """{name} آپ کو اپنا اکاؤنٹ کھولنے کی دعوت دیتا ہے۔

{expires} سے پہلے یہ لنک ایک بار کھولیں:

{link}

اگر آپ کو اس کی توقع نہ تھی تو اسے نظر انداز کریں: لنک کھولے بغیر کچھ نہیں ہوتا۔
""",
    ),
}


@job(invitations.MAIL_JOB, queue="mail")
def send_invitation(invitation_id: int) -> None:
    """Mail the link of an invitation; its token exists in this message alone, so a repeated run makes a new one."""
    try:
        way = invitations.renew(pk=invitation_id, by=platform(tenancy.current()))
    except (Gone, NotFound):  # used, or replaced by a newer one, in the meantime
        return
    _invitation(way).send()


def _invitation(way: invitations.Way) -> EmailMessage:
    """The mail of an invitation in the language of its reader, else the institution's."""
    here, person = institution(), way.invitation.person_id
    spoken = language(people.languages([person]).get(person, ""), here.locale, settings.LANGUAGE_CODE)
    last = way.invitation.expires_at.astimezone(ZoneInfo(here.time_zone)).date()
    values = {"name": spoken.isolated(here.name), "expires": f"{spoken.day(last)} {last.year}", "link": way.link}
    subject, body = (spoken.directed(each.format(**values)) for each in INVITATION[spoken.code])
    return EmailMessage(subject, body, to=[way.email], headers={"Content-Language": spoken.code})


@job("directory.send_invitations")
def send_invitations(invitation_ids: list[int]) -> None:
    """Enqueue the mail of each invitation: one that cannot be sent is tried again alone."""
    for pk in invitation_ids:
        enqueue(invitations.MAIL_JOB, invitation_id=pk)


@periodic("directory.settle_leaves", "10,25,40,55 * * * *")
def settle_leaves() -> None:
    """Begin and end leave on its local day: in every zone one of these minutes is ten past midnight."""
    leaves.settle(by=platform(tenancy.current()))


@periodic("directory.expire_invitations", "*/15 * * * *")
def expire_invitations() -> None:
    """Close invitations whose time is over."""
    invitations.expire(by=platform(tenancy.current()))
