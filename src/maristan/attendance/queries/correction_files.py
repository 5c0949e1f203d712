"""The file that stands behind a correction: for who asked and who decides, by an address that soon ends."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from maristan.attendance.queries import corrections
from maristan.attendance.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Gone, NotAllowed, NotFound

LINK_SECONDS = 300
SALT = "attendance.correction"


def readable(pk: int, *, actor: Actor) -> Any:
    """A correction with a file that is the actor's to read; raises `NotFound`, `NotAllowed`."""
    found = rows.one(corrections.visible_to(actor=actor), pk)
    if not corrections.may_open(found, actor=actor):
        raise NotAllowed.without(Perm.DECIDE)
    if found.file_id is None:
        raise NotFound()
    return found


def link(pk: int, *, actor: Actor, now: datetime) -> tuple[str, datetime]:
    """A path to the file for this actor alone, and the instant at which it ends; raises as `readable`."""
    readable(pk, actor=actor)
    until = now.replace(microsecond=0) + timedelta(seconds=LINK_SECONDS)
    token = signing.dumps([pk, actor.user_id, until.isoformat()], salt=SALT)
    return f"/api/v1/attendance/corrections/{pk}/file/?token={token}", until


def by_link(pk: int, token: str, *, actor: Actor, now: datetime) -> Any:
    """The file that a link opens for this actor; raises `NotFound`, `NotAllowed`, `Gone` (`link_expired`)."""
    found = readable(pk, actor=actor)
    try:
        named, user, until = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound() from None
    if [named, user] != [pk, actor.user_id]:
        raise NotFound()
    if now > datetime.fromisoformat(until):
        raise Gone("link_expired", "The link has ended; open the file again.")
    return found.file
