"""Packs too big for one answer: typeset by a job into a private file."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from maristan.kernel import clock, files, jobs
from maristan.kernel.access import Actor
from maristan.kernel.models import Job
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.queries.documents import packs
from maristan.timetable.queries.documents.packs import JOB, Progress, Subject

KEPT = timedelta(days=7)
UNCHANGED = "a print changes no record"


@unjournaled(UNCHANGED)
@transaction.atomic
def start(*, subject: Subject, ids: Sequence[int], first: date, last: date, by: Actor) -> Job:
    """Enqueue the typesetting of a pack and give its progress; raises as `packs.check` does."""
    pack = packs.check(by=subject, ids=ids, first=first, last=last, actor=by)
    job = jobs.start(JOB, by=by, total=pack.pages)
    jobs.enqueue(
        JOB, job_id=job.pk, subject=subject.value, ids=list(pack.names), first=first.isoformat(), last=last.isoformat(),
        user_id=by.user_id,
    )  # fmt: skip
    return job


@unjournaled(UNCHANGED)
@transaction.atomic
def produce(
    *, subject: Subject, ids: Sequence[int], first: date, last: date, progress: Progress, by: Actor
) -> dict[str, Any]:
    """Typeset a pack that `start` allowed, and keep it a week for the one who asked; gives the file's id and name."""
    pack = packs.check(by=subject, ids=ids, first=first, last=last, actor=by)
    made = packs.document(pack, actor=by, now=clock.now(), progress=progress)
    stored = files.store(made.content, name=made.filename, content_type=made.content_type, by=by, keep_for=KEPT)
    return {"file": stored.pk, "filename": made.filename, "pages": pack.pages}
