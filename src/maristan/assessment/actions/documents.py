"""Documents: asked for, issued under a number, drawn and mailed, superseded by a correction, revoked (T1-T5)."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.assessment.actions import document_mails as mails
from maristan.assessment.models import Document, DocumentCounter
from maristan.assessment.queries import document_pages, transcripts
from maristan.assessment.queries import documents as queries
from maristan.assessment.rules.documents import (
    ALPHABET,
    CODE_LENGTH,
    DOCUMENT,
    CertificateKind,
    DocumentFacts,
    DocumentLanguage,
    DocumentStatus,
    content_hash,
    must_be_certificate,
    number,
)
from maristan.assessment.rules.states import Perm
from maristan.kernel import clock, files, jobs, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotAllowed
from maristan.kernel.models import Job
from maristan.kernel.names import normal_email
from maristan.kernel.unjournaled import unjournaled
from maristan.kernel.workflow import Requirement, refuse

ISSUE, FINISH = "generate_and_email_transcript", "assessment.finish_document"
NOUN, PDF = "transcript", "application/pdf"
STEPS = 2


@unjournaled("the job writes the line of what it issues")
@transaction.atomic
def ask(*, wanted: Mapping[str, Any], by: Actor) -> tuple[Job, int]:
    """Have a learner's transcript issued and mailed in the background; gives the job's row and the person.

    Raises `NotFound` (STUDENT_NOT_FOUND), `NotAllowed` (`address_not_own`), `Invalid` (`invalid_email`), `NotNow` with
    what is missing.
    """
    person = queries.learner(student=wanted.get("student_id"), person=wanted.get("person_id"), actor=by)
    address = _address(person, wanted.get("email") or "", by)
    kind = CertificateKind.TRANSCRIPT
    refuse([each for each in queries.unmet(kind, [person], by=by)[person] if each.blocks])
    job = jobs.start(ISSUE, by=by, total=STEPS)
    jobs.enqueue(
        ISSUE, job_id=job.pk, user_id=by.user_id, person=person, email=address,
        language=wanted.get("language") or DocumentLanguage.ENGLISH, renew=bool(wanted.get("new")),
    )  # fmt: skip
    return job, person


@transaction.atomic
def certify(*, wanted: Mapping[str, Any], by: Actor) -> Document:
    """Issue a certificate about a learner; the one that says the same and still holds is sent again (T4).

    Raises `NotAllowed` (also `address_not_own`), `NotFound` (STUDENT_NOT_FOUND), `Invalid` (`not_a_certificate`,
    `required`, `invalid_email`), `NotNow` with what is missing.
    """
    by.demand_at_large(Perm.DOCUMENT_ISSUE, within=by.reach(Perm.DOCUMENT_ISSUE).everything)
    kind, purpose = CertificateKind(wanted["kind"]), (wanted.get("purpose") or "").strip()
    must_be_certificate(kind, purpose)
    person = queries.learner(student=wanted.get("student_id"), person=wanted.get("person_id"), actor=by)
    address = _address(person, wanted.get("email") or "", by)
    made = issue_one(
        kind=kind, person=person, language=DocumentLanguage(wanted["language"]), renew=bool(wanted.get("new")),
        purpose=purpose, by=by,
    )  # fmt: skip
    if made.file_id is None:
        jobs.enqueue(FINISH, document=made.pk, email=address)
    else:
        mails.send(document=made, email=address, by=by)
    return made


def _address(person: int, typed: str, by: Actor) -> str:
    """Where the document goes: the registered address unless another one may be named; empty for nowhere."""
    own = queries.own_addresses(person)
    if not typed:
        return own[0] if own else ""
    try:
        address = normal_email(typed)
    except ValueError:
        raise Invalid.at("/email", "invalid_email", "Not one e-mail address.") from None
    if address not in own and not by.may(Perm.DOCUMENT_SEND_ELSEWHERE):
        raise NotAllowed("address_not_own", "A document goes to a registered address of the learner.")
    return address


@transaction.atomic
def issue(*, job_id: int, person: int, language: str, renew: bool, by: Actor) -> Document | None:
    """The first step of a job: the document under its number, or the one that says the same and still holds (T4).

    Done again after a fault it finds what it did; none when the job is over. Raises `NotNow` with what is missing.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.finished_at is not None:
        return None
    if job.result is not None:
        return Document.objects.get(pk=job.result["document"])
    by.demand(Perm.DOCUMENT_ISSUE)
    made = issue_one(
        kind=CertificateKind.TRANSCRIPT, person=person, language=DocumentLanguage(language), renew=renew, by=by
    )
    job.status, job.done, job.result = Job.Status.RUNNING, 1, {"document": made.pk, "number": made.number}
    job.save(update_fields=["status", "done", "result"])
    return made


@transaction.atomic
def issue_one(
    *,
    kind: CertificateKind,
    person: int,
    language: DocumentLanguage,
    renew: bool,
    by: Actor,
    purpose: str = "",
    request: int | None = None,
    is_due: bool = False,
) -> Document:
    """Issue a document, or find the one that says the same; with `renew` always a new one.

    With `is_due` nothing is asked of the learner: the institution owes it. Raises `NotFound`, `NotNow`.
    """
    if not is_due:
        refuse([each for each in queries.unmet(kind, [person], by=by)[person] if each.blocks])
    year = queries.local_year()
    counter = _counter(kind, year)
    found = transcripts.content(kind, person, language, purpose=purpose)
    digest = content_hash(found.snapshot)
    same = None if renew else queries.latest(kind, person, digest)
    if same is not None:
        journal.record("transcript.sent", (NOUN, same.pk), by=by, changes={"number": same.number})
        return same
    counter.last += 1
    counter.save(update_fields=["last", "updated_at"])
    made = Document.objects.create(
        kind=kind, number=number(kind, year, counter.last), person_id=person, student_id=found.student,
        request_id=request, language=language, snapshot=found.snapshot, result_ids=found.result_ids,
        content_hash=digest, code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        issued_at=clock.now(), issued_by=by.name,
    )  # fmt: skip
    changes = {"number": [None, made.number], "kind": [None, made.kind], "person": person}
    journal.record("transcript.issued", (NOUN, made.pk), by=by, changes=changes)
    return made


def _counter(kind: CertificateKind, year: int) -> DocumentCounter:
    """The row that gives numbers, locked: they have no gap and nobody takes one twice (T2)."""
    DocumentCounter.objects.bulk_create([DocumentCounter(kind=kind, year=year)], ignore_conflicts=True)
    return DocumentCounter.objects.select_for_update().get(kind=kind, year=year)


@unjournaled("the line was written when it was issued")
@transaction.atomic
def finish(*, document: int, email: str = "", job_id: int | None = None, by: Actor) -> None:
    """Draw a document once, and mail it; the second step of a job. Done again it mails nothing twice."""
    row = Document.objects.select_for_update().get(pk=document)
    job = None if job_id is None else Job.objects.select_for_update().get(pk=job_id)
    if job is not None and job.finished_at is not None:
        return
    if row.file_id is None or job is not None:
        finish_and_mail(document=document, email=email, by=by)
    if job is not None:
        jobs.finish(job.pk, result={**(job.result or {}), "mailed": bool(email)})


@unjournaled("the line was written when it was issued")
def finish_and_mail(*, document: int, email: str, by: Actor) -> None:
    """Draw a document if that was not done, and mail it, in the caller's transaction."""
    row: Any = Document.objects.select_for_update().get(pk=document)
    if row.file_id is None:
        draw(document=row, by=by)
    mails.send(document=row, email=email, by=by)


@unjournaled("the line was written when it was issued")
def draw(*, document: Document, by: Actor) -> None:
    """Fill in the file of a locked document."""
    stored = files.store(document_pages.pdf(document), name=f"{document.number}.pdf", content_type=PDF, by=by)
    document.file, document.file_sha256 = stored, stored.sha256
    document.save(update_fields=["file", "file_sha256", "updated_at"])


@transaction.atomic
def fail(*, job_id: int, person: int, code: str, by: Actor) -> None:
    """Close a job that could not issue or draw its document, and tell those who wait for it."""
    jobs.finish(job_id, error=code)
    journal.record("transcript.failed", ("person", person), by=by, changes={"job": job_id, "code": code})
    mails.tell_failed(person=person, code=code, job=job_id, by=by)


@transaction.atomic
def revoke(*, pk: int, reason: str | None, version: int | None = None, by: Actor) -> tuple[Requirement, ...]:
    """Declare a document void for ever.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow` (`wrong_status`).
    """
    row: Any = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.DOCUMENT_REVOKE)
    rows.must_match(row, version, (NOUN, pk), required=False)
    facts, said = DocumentFacts(DocumentStatus(row.status)), (reason or "").strip()
    _, warnings = DOCUMENT.check(facts, "revoke", by, clock.now(), reason=reason)
    values = {
        "status": DocumentStatus.REVOKED, "revoked_at": clock.now(), "revoked_by_id": by.person_id,
        "reason": said[:500],
    }  # fmt: skip
    changes = rows.change(row, values)
    rows.save_changes(row, changes)
    journal.record("transcript.revoked", (NOUN, pk), by=by, changes=changes, reason=said)
    mails.tell_revoked(document=row, by=by)
    return warnings


@transaction.atomic
def supersede(*, result: int, person: int, by: Actor) -> Document | None:
    """A corrected result ends every transcript that shows it; one new transcript takes their place (R4).

    None when no transcript that holds shows it.
    """
    _counter(CertificateKind.TRANSCRIPT, queries.local_year())
    rows_of = Document.objects.filter(
        person=person, kind=CertificateKind.TRANSCRIPT, status=DocumentStatus.ISSUED, result_ids__contains=[result]
    )
    former = list(rows_of.select_for_update().order_by("pk"))
    if not former:
        return None
    language = DocumentLanguage(former[-1].language)
    made = issue_one(kind=CertificateKind.TRANSCRIPT, person=person, language=language, renew=True, by=by, is_due=True)
    for row in former:
        changes = rows.change(row, {"status": DocumentStatus.SUPERSEDED, "superseded_by_id": made.pk})
        rows.save_changes(row, changes)
        journal.record("transcript.superseded", (NOUN, row.pk), by=by, changes=changes)
    own = queries.own_addresses(person)
    jobs.enqueue(FINISH, document=made.pk, email=own[0] if own else "")
    return made
