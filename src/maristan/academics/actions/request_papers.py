"""Papers of requests: uploaded before the request that hands them in, or added and taken away while it is pending."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from maristan.academics.models import Request, RequestAttachment
from maristan.academics.queries import requests as queries
from maristan.academics.rules.requests import MOST_ATTACHMENTS, attachment_stem
from maristan.academics.rules.states import Perm, RequestStatus
from maristan.kernel import files, journal, papers, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.models import StoredFile
from maristan.kernel.unjournaled import unjournaled

WAITS_FOR = timedelta(days=1)  # an upload that no request took by then is purged
NAME_LENGTH = 120
Upload = tuple[str, bytes]  # a file's name and its content


@unjournaled("an upload waits for the request whose line tells of it, or is purged")
@transaction.atomic
def upload(*, uploads: Sequence[Upload], by: Actor) -> list[StoredFile]:
    """Keep papers for a request that is still being written. Raises `NotAllowed`, `TooLarge`, `Invalid` (`file_type`).

    `create` of requests takes them by id; each belongs to the one who uploaded it.
    """
    by.demand(Perm.REQUEST_CREATE)
    return _stored(uploads, by, keep_for=WAITS_FOR)


def _stored(uploads: Sequence[Upload], by: Actor, keep_for: timedelta | None = None) -> list[StoredFile]:
    if len(uploads) > MOST_ATTACHMENTS:
        raise Invalid.at("/file", "too_many", f"At most {MOST_ATTACHMENTS} papers.")
    judged = [papers.document(content, stem=attachment_stem(name)) for name, content in uploads]
    return [each.keep(by=by, keep_for=keep_for) for each in judged]


@unjournaled("its caller writes the line")
def uploaded(*, ids: Iterable[int], by: Actor) -> list[StoredFile]:
    """The papers that the actor uploaded, locked; raises `Invalid` (`unknown_reference`) for one that is not there."""
    wanted = list(dict.fromkeys(ids))
    there = files.waiting(wanted, by=by) if wanted else {}
    for position, pk in enumerate(wanted):
        if pk not in there:
            raise Invalid.unknown(f"/attachments/{position}")
    return [there[pk] for pk in wanted]


@unjournaled("its caller writes the line")
def attach(*, request: Request, stored: Sequence[StoredFile], by: Actor) -> None:
    """Hang papers on a request and keep them for good."""
    if stored:
        files.keep(stored)
    RequestAttachment.objects.bulk_create(
        RequestAttachment(request=request, name=each.name[-NAME_LENGTH:], file=each, added_by=by.name)
        for each in stored
    )


@transaction.atomic
def add(*, pk: int, uploads: Sequence[Upload], by: Actor) -> Request:
    """Attach papers to one's own pending request.

    Raises `NotFound`, `NotAllowed`, `TooLarge`, `Invalid` (`file_type`, `too_many`), `NotNow` (`not_yours`,
    `wrong_status`).
    """
    request = own(pk=pk, by=by)
    before = [each.name for each in queries.attachments(request)]
    if len(before) + len(uploads) > MOST_ATTACHMENTS:
        raise Invalid.at("/file", "too_many", f"At most {MOST_ATTACHMENTS} papers.")
    stored = _stored(uploads, by)
    must_be_pending(request=request, by=by)
    attach(request=request, stored=stored, by=by)
    _note(request, before, by)
    return request


@transaction.atomic
def remove(*, pk: int, attachment: int, by: Actor) -> Request:
    """Take a paper of one's own pending request away; where the type demands one, the last stays.

    Raises `NotFound`, `NotAllowed`, `NotNow` (`not_yours`, `wrong_status`, `attachment_missing`).
    """
    request = own(pk=pk, by=by)
    gone = queries.attachment(request, attachment)
    must_be_pending(request=request, by=by)
    before = [each.name for each in queries.attachments(request)]
    if request.type.requires_attachment and len(before) == 1:
        raise NotNow("attachment_missing", "A request of this type has a paper.")
    gone.delete()
    files.drop(gone.file)
    _note(request, before, by)
    return request


def _note(request: Request, before: list[str], by: Actor) -> None:
    after = [each.name for each in queries.attachments(request)]
    version: dict[str, Any] = {}
    rows.save_changes(request, version)
    changes = {"attachments": [before, after], **version}
    journal.record("request.updated", ("request", request.pk), by=by, changes=changes)


@unjournaled("its caller writes the line")
def own(*, pk: int, by: Actor) -> Request:
    """A request, locked, for the one who made it; raises `NotFound`, `NotAllowed`."""
    request = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.REQUEST_CREATE, within=by.reach(Perm.REQUEST_CREATE).covers(own=queries.is_own(request, actor=by)))
    return request


@unjournaled("its caller writes the line")
def must_be_pending(*, request: Request, by: Actor) -> None:
    """Raise `NotNow` (`not_yours`, `wrong_status`) unless it is the actor's own request and still pending."""
    if not queries.is_own(request, actor=by):
        raise NotNow("not_yours", "Only the one who made the request changes it.")
    if request.status != RequestStatus.PENDING:
        raise NotNow("wrong_status", "The request is no longer pending.")
