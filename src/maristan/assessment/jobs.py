"""Jobs of assessment: exams that begin, results whose time has come, and documents."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from maristan.assessment.actions import document_batches, documents, exam_moves, inbox, result_moves
from maristan.kernel import tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import Refusal
from maristan.kernel.imports import actor_of
from maristan.kernel.jobs import END_OF_DAY, job, periodic, stepwise

Step = Callable[[], AbstractContextManager[None]]


@periodic("assessment.start_marking", "* * * * *")
def start_marking() -> None:
    """Let the exams that have begun be marked."""
    exam_moves.start_due(by=platform(tenancy.current()))


@periodic("assessment.publish_due", "* * * * *", tells=())
def publish_due() -> None:
    """Publish what is verified where its time has come."""
    result_moves.publish_due(by=platform(tenancy.current()))


@periodic("assessment.remind_marks", "*/30 * * * *", tells=(END_OF_DAY,))
def remind_marks() -> None:
    """Tell examiners, verifiers and publishers of exams whose marks are due, at 08:00 local time."""
    inbox.remind(by=platform(tenancy.current()))


@periodic("assessment.settle_inbox", "27 * * * *")
def settle_inbox() -> None:
    """Bring what waits because of exams in line with how they stand."""
    inbox.settle(by=platform(tenancy.current()))


@stepwise(documents.ISSUE)
def generate_and_email_transcript(
    step: Step, job_id: int, user_id: int, person: int, email: str, language: str, renew: bool
) -> None:
    """Issue a transcript, then draw and mail it: each step is kept, and not repeated if the job starts again."""
    try:
        with step():
            by = actor_of(user_id)
            made = documents.issue(job_id=job_id, person=person, language=language, renew=renew, by=by)
        if made is not None:
            with step():
                documents.finish(document=made.pk, email=email, job_id=job_id, by=by)
    except Refusal as refused:
        missing = refused.extra.get("missing") or [{"code": refused.code}]
        _failed(step, job_id, person, missing[0]["code"])
    except Exception:
        _failed(step, job_id, person, "internal_error")
        raise


def _failed(step: Step, job_id: int, person: int, code: str) -> None:
    with step():
        documents.fail(job_id=job_id, person=person, code=code, by=platform(tenancy.current()))


@job(documents.FINISH)
def finish_document(document: int, email: str) -> None:
    """Draw and mail a document that was issued already."""
    documents.finish(document=document, email=email, by=platform(tenancy.current()))


@stepwise(document_batches.BATCH)
def batch_generate_transcripts(step: Step, batch: int, job_id: int, user_id: int) -> None:
    """Make the transcripts of an audience one by one, each kept when it is done, then one archive of them."""

    def by() -> Actor:
        return actor_of(user_id)

    goes_on = True
    while goes_on:
        with step():
            goes_on = document_batches.advance(batch=batch, by=by())
    with step():
        document_batches.close(batch=batch, by=by())
