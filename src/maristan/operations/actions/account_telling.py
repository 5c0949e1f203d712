"""What people are told of their accounts: somebody acts as them, a lock, a new device, another second factor."""

import logging
import smtplib
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage

from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders, identity
from maristan.directory.queries.settings import institution, local_today
from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.messages import compose
from maristan.kernel.models import JournalLine, User
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.models import Impersonation
from maristan.operations.rules.states import Perm

JOB = "operations.tell_account"
LOCKED, NEW_DEVICE, FACTOR = "account.locked", "account.used_anew", "account.factor_changed"
log = logging.getLogger("maristan.watching")


@unjournaled("a message repeats a journal line; it is none itself")
def tell_impersonation(*, line_id: int, by: Actor) -> None:
    """Tell the person and the administrators who began to act as whom, why, and until when."""
    line = JournalLine.objects.get(pk=line_id)
    row = Impersonation.objects.get(pk=line.subject_id)
    person = identity.person_of(row.target_id)
    zone = institution().time_zone
    params = {
        "by": line.by_name, "person": line.changes["person"][1], "reason": line.reason,
        "until": f"{row.expires_at.astimezone(ZoneInfo(zone)):%H:%M}", "zone": zone,
    }  # fmt: skip
    once = f"{line.kind}:{line.pk}"
    others = holders.people(Perm.PERSON_IMPERSONATE, day=local_today()) - {person}
    messages = {
        each: comms.Message(event=line.kind, url=f"/directory/people/{person}", params=params, once=once)
        for each in others
    }
    if person is not None:
        messages[person] = comms.Message(event=line.kind, url="/account", params=params, once=once)
    comms.notify(messages=messages, by=by)


@unjournaled("a message is no change; the journal has what it is about")
def ask(*, user_id: int, event: str, address: str, once: str, by: Actor, what: str = "", factor: str = "") -> None:
    """Tell the owner of an account by a job, wherever they belong."""
    jobs.enqueue_for_all(
        JOB, user_id=user_id, event=event, address=address, once=once, at=clock.now().isoformat(), what=what,
        factor=factor,
    )  # fmt: skip


@unjournaled("a message is no change; the journal has what it is about")
def tell(*, user_id: int, event: str, at: str, once: str, facts: dict[str, str], by: Actor) -> None:
    """Tell them in each of their institutions, by mail from the first; an operator, who belongs to none, by mail."""
    homes = identity.institution_ids_of(user_id)
    for place, home in enumerate(homes):
        with tenancy.acting_in(home):
            person = identity.person_of(user_id)
            message = comms.Message(
                event=event, url="/account", params=_params(at, facts, institution().time_zone), once=once,
                priority=comms.Priority.HIGH, mails=place == 0, answers=True,
            )  # fmt: skip
            comms.notify(messages={} if person is None else {person: message}, by=platform(home))
    if not homes:
        _write(user_id, event, _params(at, facts, settings.TIME_ZONE))


def _params(at: str, facts: dict[str, str], zone: str) -> dict[str, Any]:
    there = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    return {
        **facts,
        "day": date(there.year, there.month, there.day).isoformat(),
        "time": f"{there:%H:%M}",
        "zone": zone,
    }


def _write(user_id: int, event: str, params: dict[str, Any]) -> None:
    found = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if found is None:
        return
    language = found.language or settings.LANGUAGE_CODE
    said = compose(event, params, language)
    try:
        EmailMessage(said.title, said.body, to=[found.email], headers={"Content-Language": language}).send()
    except (smtplib.SMTPException, OSError, ValueError):
        log.exception("account_mail_failed")
