"""What people are told of documents, and the mail that carries one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing

from maristan.assessment.models import Document
from maristan.assessment.queries import documents as queries
from maristan.assessment.rules.document_words import MAIL, kind_in
from maristan.assessment.rules.documents import DocumentStatus
from maristan.assessment.rules.states import Perm
from maristan.comms.actions import deliveries
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders, people
from maristan.directory.queries.settings import institution, local_today
from maristan.kernel import clock, files, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.mail import Attachment, Mail, Wanted
from maristan.kernel.unjournaled import unjournaled

DOCUMENT_MAIL = "assessment.document"
ATTACHED_AT_MOST = 10 * 2**20
LINK_DAYS = timedelta(days=7)
REPEATS = "a message repeats what the tables say"


@unjournaled(REPEATS)
def send(*, document: Document, email: str, by: Actor) -> None:
    """Put the mail into the outbox and tell the learner; also where it went, if that is not the learner's address."""
    person = document.person_id
    params = {"number": document.number, "kind": document.kind}
    if email:
        deliveries.mail(wanted=[Wanted(DOCUMENT_MAIL, email, {"document": document.pk}, person)], by=by)
    issued = comms.Message(
        event="document.issued", once=f"document:{document.pk}:issued", url=f"/documents/{document.pk}", params=params,
        mails=False, answers=True,
    )  # fmt: skip
    messages = [(person, issued)]
    if email and email not in queries.own_addresses(person):
        again = f"document:{document.pk}:elsewhere:{clock.now():%Y%m%d%H%M%S}"
        elsewhere = comms.Message(
            event="document.sent_elsewhere", once=again, url=f"/documents/{document.pk}",
            params={**params, "address": email, "by": by.name},
        )  # fmt: skip
        messages.append((person, elsewhere))
    comms.notify_each(messages=messages, by=by)


@unjournaled(REPEATS)
def tell_revoked(*, document: Document, by: Actor) -> None:
    """Tell the learner that a document does not hold any more."""
    message = comms.Message(
        event="document.revoked", once=f"document:{document.pk}:revoked", url=f"/documents/{document.pk}",
        params={"number": document.number, "kind": document.kind, "reason": document.reason},
    )  # fmt: skip
    comms.notify(messages={document.person_id: message}, by=by)


@unjournaled(REPEATS)
def tell_failed(*, person: int, code: str, job: int, by: Actor) -> None:
    """Tell the learner, whoever asked and the registrars that a document could not be made."""
    message = comms.Message(
        event="document.failed", once=f"document:{job}:failed", url="/documents", answers=True,
        params={"name": people.names_of([person]).get(person, ""), "code": code},
    )  # fmt: skip
    told = {person, by.person_id or by.caused_by, *holders.people(Perm.DOCUMENT_REVOKE, day=local_today())} - {None}
    comms.notify(messages={each: message for each in told if each is not None}, by=by)


@unjournaled(REPEATS)
def compose(*, params: Mapping[str, Any], by: Actor) -> Mail | None:
    """The mail that carries a document, or the way to it where it is too large; none for one that was revoked."""
    row = Document.objects.select_related("file").filter(pk=params["document"]).first()
    if row is None or row.file is None or row.status == DocumentStatus.REVOKED:
        return None
    spoken = queries.spoken_by(row.person_id)
    is_attached = row.file.size <= ATTACHED_AT_MOST
    said = MAIL.say(
        {
            "institution": institution().name, "number": row.number, "kind": kind_in(row.kind, spoken.code),
            "name": row.snapshot["name"], "verify": queries.verify_url(row.code),
            "link": "" if is_attached else link(document=row, by=by),
        },
        spoken,
    )  # fmt: skip
    attached = Attachment(f"{row.number}.pdf", files.content(row.file), "application/pdf") if is_attached else None
    return Mail(said.title, f"{said.body}\n", spoken.code, (attached,) if attached else ())


@unjournaled("it signs an address")
def link(*, document: Document, by: Actor) -> str:
    """An address at which a document can be had for seven days."""
    until = (clock.now() + LINK_DAYS).isoformat()
    token = signing.dumps([tenancy.current(), document.pk, until], salt=queries.SALT)
    return f"{settings.SITE_URL.rstrip('/')}/api/v1/transcripts/signed/?token={token}"
