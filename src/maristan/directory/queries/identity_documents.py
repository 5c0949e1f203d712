"""Reads of identity documents: for those who keep them, and for the one whose they are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from maristan.directory.models import IdentityDocument
from maristan.directory.queries import settings as institution
from maristan.directory.rules.identity_documents import IDENTITY_DOCUMENT, DocumentFacts
from maristan.directory.rules.people import DIGITS_13, document_number
from maristan.directory.rules.states import DocumentKind, DocumentStatus, Perm
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import StoredFile
from maristan.kernel.names import normal_identifier

CIVIC_NUMBER = "directory.civic_number"
FIELDS = (
    "id", "kind", "issue_date", "expiry_date", "issuing_authority", "verified_at", "version", "created_at",
    "updated_at",
)  # fmt: skip


def visible_to(*, actor: Actor) -> "QuerySet[IdentityDocument]":
    """The documents that the actor may see: everybody's, or their own."""
    reach = actor.demand(Perm.IDENTITY_VIEW)
    rows = IdentityDocument.objects.select_related("person", "verified_by")
    return rows if reach.everything else rows.filter(person_id=actor.person_id or 0)


def matching(found: "QuerySet[IdentityDocument]", text: str) -> "QuerySet[IdentityDocument]":
    """Those whose person's name or whose number contains the text, however the number is written."""
    wanted = text.strip()
    if not wanted:
        return found
    named = Q(person__name__icontains=wanted)
    number = normal_identifier(wanted)
    return found.filter(named | Q(number__contains=number) if number else named)


def with_status(found: "QuerySet[IdentityDocument]", status: DocumentStatus) -> "QuerySet[IdentityDocument]":
    """Those that are verified, or those that are not."""
    return found.filter(verified_at__isnull=status is DocumentStatus.UNVERIFIED)


def status_of(document: IdentityDocument) -> DocumentStatus:
    """Whether somebody has verified it."""
    return DocumentStatus.UNVERIFIED if document.verified_at is None else DocumentStatus.VERIFIED


def facts(document: IdentityDocument, *, today: date) -> DocumentFacts:
    """A document as the rules see it."""
    return DocumentFacts(status_of(document), today, document.expiry_date, document.file_id is not None)


def shown(documents: Sequence[IdentityDocument], *, actor: Actor) -> list[dict[str, Any]]:
    """Each document with its number as people write it and with its moves: two queries for any number."""
    shape, today, now = civic_shape(), institution.local_today(), clock.now()
    listed = []
    for each in documents:
        known = facts(each, today=today)
        parties = {role: getattr(each, role) for role in ("person", "verified_by")}
        listed.append(
            {
                **{field: getattr(each, field) for field in FIELDS},
                **{role: {"id": who.pk, "name": who.name} if who else None for role, who in parties.items()},
                "number": document_number(DocumentKind(each.kind), each.number, shape),
                "status": known.status,
                "file": f"/api/v1/directory/identity-documents/{each.pk}/file/" if each.file_id else None,
                "moves": [move.as_dict() for move in IDENTITY_DOCUMENT.moves(known, actor, now)],
            }
        )
    return listed


def file(document: IdentityDocument) -> StoredFile:
    """The copy of a document of `visible_to`; raises `NotFound` when none was attached."""
    if document.file is None:
        raise NotFound()
    return document.file


def timeline(document: IdentityDocument) -> "QuerySet[Any]":
    """What happened to a document of `visible_to`, newest first."""
    return journal.lines_of("identity_document", document.pk)


def civic_shape() -> str:
    """How civic numbers are written here, `#` for a digit."""
    return str(institution.setting(CIVIC_NUMBER) or DIGITS_13)
