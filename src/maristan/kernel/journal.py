"""One append-only line for every write, in the writer's transaction; sealed afterwards into a hash chain."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

import orjson
from django.db import connection
from django.db.models import QuerySet

from maristan.kernel import clock, events, logs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine, JournalSeal

GENESIS = "0" * 64
BATCH = 1000
DIFFERING_AT_MOST = 200
SEALED_WITHIN = timedelta(minutes=15)  # the job seals each minute; a worker may be restarted meanwhile


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be written; `subject` and `changes` as for `record`."""

    kind: str
    subject: tuple[str, Any]
    changes: Mapping[str, Any]
    reason: str = ""


def record(
    kind: str,
    subject: tuple[str, Any],
    *,
    by: Actor,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> JournalLine:
    """Write one line and enqueue a delivery job for each subscriber of `kind`.

    `subject` is (kind of object, its id); `changes` maps field → [old, new], or holds counts of a bulk write.
    Raises `KeyError` for a kind that no app declares in its `EVENTS`.
    """
    return record_all([Entry(kind, subject, changes or {}, reason)], by=by)[0]


def person_of(line_id: int) -> int | None:
    """The person who wrote a line; none for the platform."""
    return JournalLine.objects.filter(pk=line_id).values_list("by_person_id", flat=True).first()


def record_each(
    kind: str, subject_kind: str, changes: Mapping[Any, Mapping[str, Any]], *, by: Actor, reason: str = ""
) -> list[JournalLine]:
    """Write one line for each id of `changes` (id → what changed), with their deliveries, in batches of 1,000.

    Raises `KeyError` for a kind that no app declares in its `EVENTS`.
    """
    return record_all([Entry(kind, (subject_kind, pk), each, reason) for pk, each in changes.items()], by=by)


def record_all(entries: Iterable[Entry], *, by: Actor) -> list[JournalLine]:
    """Write lines of any kinds in their order, with their deliveries: one write leaves all of its lines at once.

    Two statements for each 1,000 lines. Raises `KeyError` for a kind that no app declares in its `EVENTS`.
    """
    made = [_line(each, by) for each in entries]
    for kind in {line.kind for line in made}:
        events.must_be_declared(kind)
    lines = JournalLine.objects.bulk_create(made, batch_size=BATCH)
    for start in range(0, len(lines), BATCH):
        events.deliver(lines[start : start + BATCH])
    return lines


def _line(entry: Entry, by: Actor) -> JournalLine:
    subject_kind, subject_id = entry.subject
    return JournalLine(
        institution_id=by.institution_id,
        kind=entry.kind,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        at=clock.now(),
        by_user_id=by.user_id,
        by_person_id=by.person_id,
        by_name=by.name,
        changes=orjson.loads(orjson.dumps(dict(entry.changes), default=str, option=orjson.OPT_NON_STR_KEYS)),
        reason=entry.reason,
        request_id=logs.request_id.get(),
    )


def digest(before: str, line: Mapping[str, Any]) -> str:
    """SHA-256 over the digest before and the canonical JSON of a line."""
    body = orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z, default=str)
    return hashlib.sha256(before.encode() + body).hexdigest()


FIELDS = (
    "id", "institution_id", "kind", "subject_kind", "subject_id", "at", "by_user_id", "by_person_id", "by_name",
    "changes", "reason", "request_id",
)  # fmt: skip


def seal(limit: int = 5000) -> int:
    """Extend the chain of the institution in context by its unsealed lines, oldest first; gives how many.

    The lock makes two sealers take turns; a line committed late is sealed after later ones, never left out.
    """
    institution_id = tenancy.current()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.journal.seal'), %s)", [institution_id or 0])
    position, before = head(institution_id)
    seals = []
    for line in _unsealed(institution_id).order_by("id").values(*FIELDS)[:limit]:
        position += 1
        before = digest(before, line)
        seals.append(JournalSeal(institution_id=institution_id, position=position, line_id=line["id"], digest=before))
    JournalSeal.objects.bulk_create(seals, batch_size=1000)
    return len(seals)


def seal_all() -> int:
    """Seal what waits in every chain, also in that of no institution; gives how many lines."""
    count = 0
    for institution_id in [None, *tenancy.institution_ids()]:
        with tenancy.acting_in(institution_id):
            while sealed := seal():
                count += sealed
    return count


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold."""

    position: int
    line_id: int
    detail: str


def verify(institution_id: int | None) -> Iterator[Break]:
    """Walk the chain of the institution in context and yield every break: altered, missing, unlinked, unsealed lines.

    A chain whose last lines were deleted together with their seals still holds: compare `head` with one noted before.
    """
    before, expected = GENESIS, 0
    seals = JournalSeal.objects.filter(institution_id=institution_id).order_by("position")
    walk = seals.iterator(chunk_size=BATCH)
    while links := list(islice(walk, BATCH)):
        found = JournalLine.objects.filter(pk__in=[link.line_id for link in links]).values(*FIELDS)
        lines = {line["id"]: line for line in found}
        for link in links:
            expected += 1
            line = lines.get(link.line_id)
            if link.position != expected:
                yield Break(link.position, link.line_id, f"position {expected} is missing")
                expected = link.position
            if line is None:
                yield Break(link.position, link.line_id, "the line is missing")
            elif digest(before, line) != link.digest:
                yield Break(link.position, link.line_id, "the line or a line before it was altered")
            before = link.digest
    late = _unsealed(institution_id).filter(at__lt=clock.now() - SEALED_WITHIN)
    for pk in late.order_by("id").values_list("pk", flat=True).iterator(chunk_size=BATCH):
        yield Break(0, pk, "the line is not sealed: no worker runs, or its seal was removed")


def head(institution_id: int | None) -> tuple[int, str]:
    """Position and digest of the last seal; an operator who notes them elsewhere sees later that the end was cut."""
    last = JournalSeal.objects.filter(institution_id=institution_id).order_by("-position").first()
    return (last.position, last.digest) if last else (0, GENESIS)


def _unsealed(institution_id: int | None) -> "QuerySet[JournalLine]":
    return JournalLine.objects.filter(institution_id=institution_id).extra(
        where=["NOT EXISTS (SELECT 1 FROM kernel_journalseal s WHERE s.line_id = kernel_journalline.id)"]
    )


def changed_since(subject: tuple[str, Any], version: int) -> list[dict[str, Any]]:
    """What was changed after a version was seen: `{field, by, at}` of each field, newest first, at most 200.

    A change that lists parts of the object (`[{field, old, new, ...}]`) counts part by part, with what places them.
    """
    lines = JournalLine.objects.filter(
        institution_id=tenancy.current(), subject_kind=subject[0], subject_id=str(subject[1]),
        changes__version__1__gt=version,
    ).order_by("-id")[:50]  # fmt: skip
    found = (
        {**place, "by": line.by_name, "at": line.at.isoformat()} for line in lines for place in _places(line.changes)
    )
    return list(islice(found, DIFFERING_AT_MOST))


def _places(changes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for field, value in changes.items():
        is_listed = isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
        if is_listed:
            placed = (each for each in value if "field" in each)
            yield from ({key: part for key, part in each.items() if key not in ("old", "new")} for each in placed)
        elif field != "version" and isinstance(value, str | list):
            yield {"field": field}


def lines_of(subject_kind: str, subject_id: Any) -> "QuerySet[JournalLine]":
    """The timeline of one object, newest first."""
    return JournalLine.objects.filter(
        institution_id=tenancy.current(), subject_kind=subject_kind, subject_id=str(subject_id)
    ).order_by("-id")


def lines_of_many(subject_kind: str, subject_ids: Collection[Any]) -> "QuerySet[JournalLine]":
    """The lines of several objects of one kind, newest first."""
    wanted = [str(pk) for pk in subject_ids]
    return JournalLine.objects.filter(
        institution_id=tenancy.current(), subject_kind=subject_kind, subject_id__in=wanted
    ).order_by("-id")
