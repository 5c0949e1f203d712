"""Writes of identity documents: entered, corrected, copied, and verified by whoever may (D2)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from maristan.directory.models import IdentityDocument
from maristan.directory.queries import identity_documents as queries
from maristan.directory.queries import people
from maristan.directory.queries import settings as institution
from maristan.directory.rules.identity_documents import CLEARING, IDENTITY_DOCUMENT, date_faults
from maristan.directory.rules.people import document_faults
from maristan.directory.rules.states import DocumentKind, Perm
from maristan.kernel import clock, files, journal, papers, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.names import normal_identifier

ONCE = "directory_identitydocument_once"
TAKEN = NotNow("overlap", "A document of this kind and number is on record already.")
FIELDS = ("person_id", "kind", "number", "issue_date", "expiry_date", "issuing_authority")
KINDS = {"verify": "identity_document.verified", "unverify": "identity_document.unverified"}


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> IdentityDocument:
    """Enter a document of a person.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, `bad_number`, `required`, `out_of_range`), `NotNow` (`overlap`
    naming the other document).
    """
    by.demand(Perm.IDENTITY_EDIT)
    person = rows.reference(people.visible_to(actor=by), values["person"], "/person")
    document = IdentityDocument(**{**values, "person": person})
    _refuse_faults(document, values["number"])
    with _naming_the_other(document):
        document.save()
    entered = {field: [None, getattr(document, field)] for field in FIELDS}
    journal.record("identity_document.created", ("identity_document", document.pk), by=by, changes=entered)
    return document


@transaction.atomic
def update(*, pk: int, values: Mapping[str, Any], version: int | None, by: Actor) -> IdentityDocument:
    """Change a document; another number is no longer verified.

    Raises `NotFound`, `NotAllowed`, `VersionRequired`, `Stale`, `Invalid`, `NotNow` (`overlap`).
    """
    document = _editable(pk, version, by)
    wanted = dict(values)
    if "number" in wanted:
        wanted["number"] = normal_identifier(wanted["number"])
    changes = rows.change(document, wanted)
    _refuse_faults(document, values.get("number", document.number))
    return _save(document, changes, by)


@transaction.atomic
def put_file(*, pk: int, content: bytes, version: int | None, by: Actor) -> IdentityDocument:
    """Attach a copy, a PDF, JPEG or PNG; the document is no longer verified.

    Raises `NotFound`, `NotAllowed`, `Stale`, `TooLarge`, `Invalid` (`file_type`).
    """
    document = _editable(pk, version, by, required=False)
    paper = papers.document(content, stem="document")
    return _save(document, rows.change(document, {"file_id": paper.keep(by=by).pk}), by)


@transaction.atomic
def remove_file(*, pk: int, version: int | None, by: Actor) -> IdentityDocument:
    """Take the copy away; the document is no longer verified. Raises `NotFound`, `NotAllowed`, `Stale`."""
    document = _editable(pk, version, by, required=False)
    return _save(document, rows.change(document, {"file_id": None}), by)


@transaction.atomic
def move(*, pk: int, name: str, reason: str | None, version: int | None, by: Actor) -> IdentityDocument:
    """Verify a document, or take its verification back with a reason.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow` (`wrong_status`).
    """
    document = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(IDENTITY_DOCUMENT.transition(name).permission)
    rows.must_match(document, version, ("identity_document", pk), required=False)
    now = clock.now()
    known = queries.facts(document, today=institution.local_today())
    IDENTITY_DOCUMENT.check(known, name, by, now, reason=reason)
    stamps = {"verified_at": now, "verified_by_id": by.person_id} if name == "verify" else _UNVERIFIED
    changes = rows.change(document, stamps)
    rows.save_changes(document, changes)
    journal.record(KINDS[name], ("identity_document", pk), by=by, changes=changes, reason=(reason or "").strip())
    return document


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a document. Raises `NotFound`, `NotAllowed`."""
    document = _editable(pk, None, by, required=False)
    document.delete()
    files.drop_id(document.file_id)
    gone = {field: [getattr(document, field), None] for field in FIELDS}
    journal.record("identity_document.deleted", ("identity_document", pk), by=by, changes=gone)


_UNVERIFIED = {"verified_at": None, "verified_by_id": None}


def _editable(pk: int, version: int | None, by: Actor, *, required: bool = True) -> IdentityDocument:
    document = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.IDENTITY_EDIT)
    rows.must_match(document, version, ("identity_document", pk), required=required)
    return document


def _refuse_faults(document: IdentityDocument, typed: str) -> None:
    """Judge number and dates together, and store the number without what people write between its digits."""
    faults = document_faults(DocumentKind(document.kind), typed, queries.civic_shape())
    faults += date_faults(document.issue_date, document.expiry_date)
    if faults:
        raise Invalid(faults)
    document.number = normal_identifier(typed)


def _save(document: IdentityDocument, changes: dict[str, list[Any]], by: Actor) -> IdentityDocument:
    if changes:
        if CLEARING & set(changes):
            changes |= rows.change(document, _UNVERIFIED)
        with _naming_the_other(document):
            rows.save_changes(document, changes)
        files.drop_id(changes.get("file_id", [None])[0])
        subject = ("identity_document", document.pk)
        journal.record("identity_document.updated", subject, by=by, changes=changes)
    return document


@contextmanager
def _naming_the_other(document: IdentityDocument) -> Iterator[None]:
    """Answer a number taken with the document that has it."""
    try:
        with rows.refusing(**{ONCE: TAKEN}):
            yield
    except NotNow as refusal:
        same = IdentityDocument.objects.filter(kind=document.kind, number=document.number).exclude(pk=document.pk)
        other = same.select_related("person").first()
        named = other and {"id": other.pk, "person": {"id": other.person_id, "name": other.person.name}}
        raise NotNow(refusal.code, refusal.detail, other=named) from refusal
