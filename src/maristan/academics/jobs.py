"""Jobs of academics: what applicants are sent by mail, and what begins or waits because a day has passed."""

from django.core.mail import EmailMessage

from maristan.academics.actions import applying, inbox, students
from maristan.academics.queries import letters
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotFound
from maristan.kernel.jobs import job, periodic


@job(applying.LINK_JOB, queue="mail")
def send_application_link(application_id: int) -> None:
    """Mail the link of an application; its token exists in this message alone, so a repeated run makes a new one."""
    try:
        way = applying.renew_link(pk=application_id, by=platform(tenancy.current()))
    except NotFound:
        return
    _send(letters.link(way.application, way.link, way.application.token_expires_at))


def _send(letter: letters.Letter) -> None:
    EmailMessage(letter.subject, letter.body, to=[letter.to], headers={"Content-Language": letter.language}).send()


@job(letters.LETTER_JOB, queue="mail")
def write_to_applicant(line_id: int) -> None:
    """Mail an applicant what a line says of the application."""
    letter = letters.about(line_id)
    if letter is not None:
        _send(letter)


@periodic("academics.purge_drafts", "5 1 * * *")
def purge_drafts() -> None:
    """Delete drafts nobody will go on with, shortly before the night's purge of files takes their papers."""
    applying.purge_drafts(by=platform(tenancy.current()))


@periodic("academics.settle_inbox", "11 * * * *")
def settle_inbox() -> None:
    """Open and close what waits; hourly, because midnight comes to each institution at its own time."""
    inbox.settle(by=platform(tenancy.current()))


@periodic("academics.settle_placements", "9 * * * *")
def settle_placements() -> None:
    """Let placements begin on their local day, before anybody is said to wait for one."""
    students.settle_placements(by=platform(tenancy.current()))
