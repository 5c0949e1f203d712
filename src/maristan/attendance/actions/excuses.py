"""Excuses: filed and withdrawn by whoever knows why; the marks follow (A9)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from maristan.attendance.models import Attendance, Correction, Excuse, MarkChange
from maristan.attendance.queries import excuses as queries
from maristan.attendance.rules.excuses import Effect, days_of, effects
from maristan.attendance.rules.states import CorrectionStatus, Mark, Source
from maristan.directory.queries import leaves
from maristan.directory.queries.settings import institution, setting
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.queries import taught

LEAVE = "leave"
COUNTING = ("approved", "completed")
WRITTEN = ["status", "source", "marked_at", "marked_by", "version", "updated_at"]
BATCH = 1000
LOCKED_NOTE = "The register was locked when the excuse came or went."


@dataclass(frozen=True, slots=True)
class Owner:
    """What an excuse follows from, in the app that files it."""

    kind: str
    id: int
    url: str = ""


@transaction.atomic
def file(*, owner: Owner, person: int, starts_at: datetime, ends_at: datetime | None, reason: str, by: Actor) -> None:
    """Excuse somebody for a time, or change the time of an excuse; marks follow in both directions."""
    values = {"person_id": person, "starts_at": starts_at, "ends_at": ends_at, "reason": reason[:500], "url": owner.url}
    found, is_new = Excuse.objects.select_for_update().get_or_create(
        owner_kind=owner.kind, owner_id=owner.id, defaults=values
    )
    if not is_new:
        if all(getattr(found, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(found, name, value)
        found.save()
    changes = {"person": person, "starts_at": [None, starts_at], "ends_at": [None, ends_at]}
    journal.record(
        "excuse.filed", ("excuse", found.pk), by=by, changes={**changes, "lines": apply(persons=[person], by=by)}
    )


@transaction.atomic
def withdraw(*, owner: Owner, by: Actor) -> None:
    """Withdraw an excuse, if it was filed; the lines that it set return to their earlier mark."""
    found = Excuse.objects.select_for_update().filter(owner_kind=owner.kind, owner_id=owner.id).first()
    if found is None:
        return
    pk, person = found.pk, found.person_id
    found.delete()
    changes = {"person": person, "lines": apply(persons=[person], by=by)}
    journal.record("excuse.withdrawn", ("excuse", pk), by=by, changes=changes)


def follow_leave(*, line_id: int, by: Actor) -> None:
    """Approved leave of a kind that excuses is an excuse for its whole local days; any other is none (any more)."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    here = institution()
    leave = leaves.visible_to(actor=by, day=clock.today(here.time_zone)).filter(pk=pk).first()
    kinds = {each.strip() for each in setting("attendance.excusing_leave_kinds").split(",")}
    owner = Owner(LEAVE, pk, f"/directory/leave/{pk}")
    if leave is None or leave.status not in COUNTING or leave.kind not in kinds:
        withdraw(owner=owner, by=by)
        return
    starts_at, ends_at = days_of(leave.start_date, leave.end_date, here.time_zone)
    file(owner=owner, person=leave.person_id, starts_at=starts_at, ends_at=ends_at, reason=leave.kind, by=by)


@unjournaled("the excuse, or the roster that it meets, writes the line")
def apply(*, persons: Collection[int], sessions: Collection[int] | None = None, by: Actor) -> list[int]:
    """Let the lines of people, of these sessions or all, follow their excuses; gives the lines that changed."""
    spans = queries.spans_of(persons)
    if sessions is not None and not spans:
        return []
    rows = [
        row
        for row in queries.touched(persons=persons if sessions is None else list(spans), sessions=sessions)
        if not taught.is_cancelled(row)
    ]
    found: list[tuple[Any, Effect]] = []
    for row in rows:
        found += [(row, each) for each in effects([queries.line_of(row)], spans.get(row.person_id, ()))]
    _write([pair for pair in found if not pair[1].is_asked], by)
    _ask([pair for pair in found if pair[1].is_asked], by)
    return [row.pk for row, each in found if not each.is_asked]


def _write(found: Iterable[tuple[Any, Effect]], by: Actor) -> None:
    now = clock.now()
    rows, history = [], []
    for row, effect in found:
        before = row.status or ""
        # What a session will find excused when it begins is no mark yet that could have become another.
        if before == Mark.ABSENT or row.of_starts_at <= now:
            history.append(
                MarkChange(
                    line_id=row.pk, before=before, after=effect.mark or "", source=Source.EXCUSE, by=by.name, at=now
                )
            )
        row.status, row.source = (effect.mark.value, Source.EXCUSE.value) if effect.mark else (None, "")
        if effect.mark is not None and effect.mark is not Mark.EXCUSED:
            row.source = Source.LIVE.value
        row.marked_at, row.marked_by = (now, by.name) if effect.mark else (None, "")
        row.version, row.updated_at = row.version + 1, now
        rows.append(row)
    Attendance.objects.bulk_update(rows, WRITTEN, batch_size=BATCH)
    MarkChange.objects.bulk_create(history, batch_size=BATCH)


def _ask(found: Iterable[tuple[Any, Effect]], by: Actor) -> None:
    """Corrections for the coordinator where the register is locked, unless one is open."""
    pairs = list(found)
    pending = Correction.objects.filter(line__in=[row.pk for row, _ in pairs], status=CorrectionStatus.PENDING)
    there = set(pending.values_list("line_id", flat=True)) if pairs else set()
    made = Correction.objects.bulk_create(
        Correction(line_id=row.pk, wanted=effect.mark or Mark.ABSENT, reason=LOCKED_NOTE, requested_at=clock.now(),
                   requested_by_id=row.person_id)
        for row, effect in pairs
        if row.pk not in there
    )  # fmt: skip
    marks = {row.pk: row.status for row, _ in pairs}
    said = {each.pk: {"line": each.line_id, "wanted": [marks[each.line_id], each.wanted]} for each in made}
    if said:
        journal.record_each("mark_correction.requested", "mark_correction", said, by=by)
