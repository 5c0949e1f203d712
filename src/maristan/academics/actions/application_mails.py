"""Mails to applicants, who have no account: the way into an application, and what becomes of it."""

from collections.abc import Mapping
from typing import Any

from maristan.academics.actions import applying
from maristan.academics.queries import letters
from maristan.comms.actions import deliveries
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.mail import Mail, Wanted
from maristan.kernel.unjournaled import unjournaled

LETTER_MAIL = "academics.application_letter"
REPEATS = "a mail repeats a journal line; it is none itself"


@unjournaled(REPEATS)
def write(*, line_id: int, by: Actor) -> None:
    """Have an applicant written what a line says of the application; nobody for one that is gone."""
    letter = letters.about(line_id)
    if letter is not None:
        deliveries.mail(wanted=[Wanted(LETTER_MAIL, letter.to, {"line": line_id})], by=by)


@unjournaled(REPEATS)
def compose_letter(*, params: Mapping[str, Any], by: Actor) -> Mail | None:
    """What a line says of an application, as the applicant reads it; none for one that is gone."""
    letter = letters.about(params["line"])
    return None if letter is None else _mail(letter)


@unjournaled(REPEATS)
def compose_link(*, params: Mapping[str, Any], by: Actor) -> Mail | None:
    """The way into an application; its token exists in this mail alone, so a repeated one makes a new one."""
    try:
        way = applying.renew_link(pk=params["application"], email=params["email"], by=by)
    except NotFound:
        return None
    return _mail(letters.link(way.application, way.link, way.application.token_expires_at))


def _mail(letter: letters.Letter) -> Mail:
    return Mail(letter.subject, letter.body, letter.language)
