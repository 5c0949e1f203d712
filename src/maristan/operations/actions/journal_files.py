"""Files of the journal too long for one answer: written by a job, kept a week for the one who asked."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from maristan.kernel import exports, files, jobs
from maristan.kernel.access import Actor
from maristan.kernel.models import Job
from maristan.kernel.timelines import LINE_COLUMNS
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.queries import journal as queries
from maristan.operations.rules.states import Perm

JOB = "operations.export_journal"
KEPT = timedelta(days=7)
AT_ONCE = 5000
UNCHANGED = "a file of lines is no change"
COLUMNS: Mapping[str, Callable[[Any], Any]] = {
    "id": lambda line: line.pk,
    **LINE_COLUMNS,
    "subject": lambda line: f"{line.subject_kind}:{line.subject_id}",
    "request_id": lambda line: line.request_id,
}


@unjournaled(UNCHANGED)
@transaction.atomic
def start(*, wanted: queries.Wanted, kind: str, by: Actor) -> Job:
    """Enqueue the writing of a `csv` or `xlsx` file; gives its progress."""
    by.demand(Perm.JOURNAL_EXPORT)
    job = jobs.start(JOB, by=by, total=queries.lines(wanted, actor=by, needed=Perm.JOURNAL_EXPORT).count())
    job.result = {"wanted": wanted.plain()}  # what somebody looks for is no argument of a job, which others may read
    job.save(update_fields=["result"])
    jobs.enqueue(JOB, job_id=job.pk, kind=kind, user_id=by.user_id)
    return job


@unjournaled(UNCHANGED)
@transaction.atomic
def produce(*, job_id: int, kind: str, report: Callable[[int, int, str], None], by: Actor) -> dict[str, Any]:
    """Write the file, with the rights that the asker has now; gives its id, name and how many lines it has."""
    by.demand(Perm.JOURNAL_EXPORT)
    wanted = queries.Wanted.read((Job.objects.get(pk=job_id).result or {})["wanted"])
    found = queries.lines(wanted, actor=by, needed=Perm.JOURNAL_EXPORT)
    total = found.count()

    def values() -> Iterator[list[Any]]:
        for done, line in enumerate(found.iterator(chunk_size=1000)):
            if done % AT_ONCE == 0:
                report(done, total, "writing")
            yield [value(line) for value in COLUMNS.values()]

    with tempfile.TemporaryFile() as handle:
        for piece in exports.stream(kind, list(COLUMNS), values()):
            handle.write(piece)
        name = f"journal.{kind}"
        stored = files.store_handle(handle, name=name, content_type=exports.CONTENT_TYPES[kind], by=by, keep_for=KEPT)
    return {"file": stored.pk, "filename": name, "rows": total}
