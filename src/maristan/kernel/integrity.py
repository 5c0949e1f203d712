"""What must hold of stored facts, as each app says it; operations asks, and nothing here writes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, models

from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.models import ImportRun, JournalSeal, RemovedFile, StoredFile

Present = Callable[[Collection[int]], set[int]]
Owners = Mapping[str, Present]
UPLOADING = timedelta(hours=1)  # bytes are written before the row that names them is committed

PENDING = """
SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'kernel.deliver_line'
  AND args ->> 'institution_id' = %s
"""
# A delivery without its line, or work without its row of progress: whoever runs it finds nothing to work on.
WITHOUT_SUBJECT = """
SELECT id FROM procrastinate_jobs AS job WHERE status IN ('todo', 'doing')
  AND coalesce(args ->> 'institution_id', '') = %s AND (
    args ? 'line_id' AND NOT EXISTS (SELECT FROM kernel_journalline WHERE id = (job.args ->> 'line_id')::bigint)
    OR args ? 'job_id' AND NOT EXISTS (SELECT FROM kernel_job WHERE id = (job.args ->> 'job_id')::bigint))
ORDER BY id
"""
OF_NOBODY = """
SELECT id FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND args ->> 'institution_id' IS NOT NULL
  AND (args ->> 'institution_id')::bigint NOT IN (SELECT kernel_institution_ids()) ORDER BY id
"""


class Unchecked(Exception):
    """A check that says nothing now, and why."""


def present(model: type[models.Model]) -> Present:
    """Which of some ids a table holds."""
    return lambda ids: set(model._default_manager.filter(pk__in=list(ids)).values_list("pk", flat=True))


OWNERS: Owners = {"import_run": present(ImportRun)}


def without_owner(links: Iterable[tuple[str, int]], owners: Owners) -> list[str]:
    """Links (kind, id) to what is not there, as `kind:id`; a kind that nobody owns has no target at all."""
    by_kind: dict[str, set[int]] = {}
    for kind, pk in links:
        by_kind.setdefault(kind, set()).add(pk)
    found = []
    for kind, ids in sorted(by_kind.items()):
        there = owners[kind](ids) if kind in owners else set()
        found += [f"{kind}:{pk}" for pk in sorted(ids - there)]
    return found


def waiting_deliveries() -> int:
    """How many journal lines of the institution in context were not handed to their subscribers yet."""
    return int(_column(PENDING)[0])


def files_missing(*, by: Actor) -> list[int]:
    """Files whose bytes are not in storage."""
    return [pk for pk, key, _ in _stored() if not default_storage.exists(key)]


def files_altered(*, by: Actor) -> list[int]:
    """Files of another size than when they were stored."""
    return [pk for pk, key, size in _stored() if default_storage.exists(key) and default_storage.size(key) != size]


def _stored() -> Iterator[tuple[int, str, int]]:
    return StoredFile.objects.order_by("pk").values_list("pk", "key", "size").iterator(chunk_size=1000)


def files_unknown(*, by: Actor) -> list[str]:
    """Bytes in storage that no row names, and that are neither being uploaded nor kept for backups."""
    folder = str(tenancy.current())
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    known = {key for _, key, _ in _stored()} | set(RemovedFile.objects.values_list("key", flat=True))
    strange = sorted(f"{folder}/{name}" for name in names if f"{folder}/{name}" not in known)
    since = clock.now() - UPLOADING
    return [key for key in strange if _written_at(key) < since]


def _written_at(key: str) -> datetime:
    found = default_storage.get_modified_time(key)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def jobs_without_subject(*, by: Actor) -> list[int]:
    """Waiting jobs of the institution in context, or of the platform, whose subject is gone."""
    return _column(WITHOUT_SUBJECT)


def jobs_of_nobody(*, by: Actor) -> list[int]:
    """Waiting jobs of institutions that are not there."""
    with connection.cursor() as cursor:
        cursor.execute(OF_NOBODY)
        return [pk for (pk,) in cursor.fetchall()]


def _column(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(tenancy.current() or "")])
        return [row[0] for row in cursor.fetchall()]


def broken_chain(*, by: Actor) -> list[int]:
    """Lines at which the chain of the institution in context does not hold; its last ones may wait to be sealed."""
    newest = JournalSeal.objects.filter(institution_id=tenancy.current()).order_by("-line_id").first()
    sealed_to = newest.line_id if newest else 0
    return [each.line_id for each in journal.verify(tenancy.current()) if each.position or each.line_id <= sealed_to]
