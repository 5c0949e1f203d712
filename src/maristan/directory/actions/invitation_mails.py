"""The mail of an invitation: its link is made when the mail is handed over, and is kept nowhere."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from maristan.directory.actions import invitations
from maristan.directory.queries import people
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor
from maristan.kernel.errors import Gone, NotFound
from maristan.kernel.languages import language
from maristan.kernel.mail import Mail
from maristan.kernel.unjournaled import unjournaled

# Subject and text by language.
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


@unjournaled("the line of an invitation says that it was mailed")
def compose(*, params: Mapping[str, Any], by: Actor) -> Mail | None:
    """The mail in the language of its reader, else the institution's; none for one used or replaced meanwhile.

    Its token exists in this mail alone, so a repeated one makes a new one.
    """
    try:
        way = invitations.renew(pk=params["invitation"], by=by)
    except (Gone, NotFound):
        return None
    here, person = institution(), way.invitation.person_id
    spoken = language(people.languages([person]).get(person, ""), here.locale, settings.LANGUAGE_CODE)
    last = way.invitation.expires_at.astimezone(ZoneInfo(here.time_zone)).date()
    values = {"name": spoken.isolated(here.name), "expires": f"{spoken.day(last)} {last.year}", "link": way.link}
    subject, body = (spoken.directed(each.format(**values)) for each in INVITATION[spoken.code])
    return Mail(subject, body, spoken.code)
