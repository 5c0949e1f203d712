"""Transcripts for everybody of an audience: each learner on their own, so that a stopped batch goes on where it was."""

import tempfile
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from maristan.academics.queries import learners
from maristan.assessment.actions import documents
from maristan.assessment.models import Document, DocumentBatch, DocumentBatchLine
from maristan.assessment.queries import documents as queries
from maristan.assessment.rules.documents import CertificateKind, DocumentLanguage
from maristan.assessment.rules.states import Perm
from maristan.directory.queries import audiences
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, files, jobs, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, Refusal
from maristan.kernel.models import Job
from maristan.kernel.unjournaled import unjournaled

BATCH, NOUN = "batch_generate_transcripts", "transcript_batch"
KEPT = timedelta(days=30)


@transaction.atomic
def start(*, values: Mapping[str, Any], by: Actor) -> DocumentBatch:
    """Ask for the transcripts of everybody who belongs to an audience today.

    Raises `NotAllowed`, `Invalid` (`audience_empty`, `unknown_audience_key`).
    """
    by.demand_at_large(Perm.DOCUMENT_ISSUE, within=by.reach(Perm.DOCUMENT_ISSUE).everything)
    audience = audiences.must_be_known(values["audience"])
    people = audiences.people(audience, local_today())
    found = sorted(learners.of(people, day=local_today()))
    if not found:
        raise Invalid.at("/audience", "audience_empty", "No learner belongs to this audience.")
    job = jobs.start(BATCH, by=by, total=len(found))
    made = DocumentBatch.objects.create(
        job=job, audience=audiences.written(audience), language=values.get("language") or DocumentLanguage.ENGLISH,
        sends_email=values["email"], asked_by_name=by.name, asked_by_user=by.user_id,
    )  # fmt: skip
    DocumentBatchLine.objects.bulk_create(
        (DocumentBatchLine(batch=made, person_id=person) for person in found), batch_size=1000
    )
    changes = {"audience": made.audience, "people": len(found), "email": made.sends_email}
    journal.record("transcript_batch.started", (NOUN, made.pk), by=by, changes=changes)
    jobs.enqueue(BATCH, batch=made.pk, job_id=job.pk, user_id=by.user_id)
    return made


@unjournaled("what it calls writes the line of each document")
@transaction.atomic
def advance(*, batch: int, by: Actor) -> bool:
    """Issue and draw the transcript of the next learner, or note why there is none; false when all are done."""
    lines = DocumentBatchLine.objects.select_for_update(skip_locked=True, of=("self",))
    line = lines.select_related("batch").filter(batch=batch, is_done=False).order_by("pk").first()
    if line is None:
        return False
    try:
        with transaction.atomic():
            line.document = _made(line, by)
    except Refusal as refused:
        missing = refused.extra.get("missing") or [{"code": refused.code, "detail": refused.detail}]
        line.code, line.detail = missing[0]["code"], str(missing[0]["detail"])[:300]
    line.is_done = True
    line.save(update_fields=["document", "code", "detail", "is_done", "updated_at"])
    Job.objects.filter(pk=line.batch.job_id or 0).update(status=Job.Status.RUNNING, done=F("done") + 1)
    return True


def _made(line: Any, by: Actor) -> Document:
    made = documents.issue_one(
        kind=CertificateKind.TRANSCRIPT, person=line.person_id, language=DocumentLanguage(line.batch.language),
        renew=False, by=by,
    )  # fmt: skip
    own = queries.own_addresses(line.person_id) if line.batch.sends_email else []
    if own:
        documents.finish_and_mail(document=made.pk, email=own[0], by=by)
    else:
        documents.finish(document=made.pk, by=by)
    return made


@transaction.atomic
def close(*, batch: int, by: Actor) -> None:
    """Put the documents of a batch into one archive, kept for thirty days; done again it finds it there."""
    row = DocumentBatch.objects.select_for_update().get(pk=batch)
    if row.finished_at is not None:
        return
    made = Document.objects.filter(pk__in=row.lines.filter(document__isnull=False).values("document"))
    with tempfile.TemporaryFile() as handle:
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_STORED) as archive:  # PDFs are compressed already
            for each in made.select_related("file").order_by("pk").iterator(chunk_size=100):
                assert each.file is not None
                with archive.open(f"{each.number}.pdf", "w") as entry:
                    for piece in files.pieces(each.file):
                        entry.write(piece)
        row.file = files.store_handle(
            handle, name=f"transcripts-{row.pk}.zip", content_type="application/zip", by=by, keep_for=KEPT
        )
    row.finished_at = clock.now()
    row.save(update_fields=["file", "finished_at", "updated_at"])
    counts = queries.batch_counts(batch)
    journal.record("transcript_batch.finished", (NOUN, batch), by=by, changes=counts)
    if row.job_id is not None:
        jobs.finish(row.job_id, result={"batch": batch, **counts})
