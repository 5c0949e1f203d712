"""Writes of the syllabus: items entered, changed, put in order."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from maristan.academics.models import SyllabusItem
from maristan.academics.queries import courses, structure
from maristan.academics.queries import syllabus as queries
from maristan.academics.rules.states import Perm
from maristan.academics.rules.syllabus import Placed, item_faults, order_faults
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid

REFERENCES = ("academic_period", "course")


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> SyllabusItem:
    """Enter an item, after the last of its period and course unless an order is given.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, `required`, `course_not_in_program`).
    """
    by.demand(Perm.SYLLABUS_MANAGE)
    item = SyllabusItem(**{field: value for field, value in values.items() if field not in REFERENCES})
    _refer(item, values, by)
    _judge(item, by)
    if values.get("order_no") is None:
        item.order_no = queries.last_order(item.academic_period_id, item.course_id) + 1
    item.save()
    entered = {
        field: [None, getattr(item, field)] for field in ("academic_period_id", "course_id", "title", "order_no")
    }
    journal.record("syllabus_item.created", ("syllabus_item", item.pk), by=by, changes=entered)
    return item


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> SyllabusItem:
    """Change an item. Raises `NotFound`, `NotAllowed`, `VersionRequired`, `Stale`, `Invalid`."""
    item = _kept(pk, by)
    rows.must_match(item, version, ("syllabus_item", pk))
    before = {f"{field}_id": getattr(item, f"{field}_id") for field in REFERENCES}
    changes = rows.change(item, {field: value for field, value in values.items() if field not in REFERENCES})
    _refer(item, values, by)
    _judge(item, by)
    changes |= {field: [old, getattr(item, field)] for field, old in before.items() if old != getattr(item, field)}
    if changes:
        rows.save_changes(item, changes)
        journal.record("syllabus_item.updated", ("syllabus_item", pk), by=by, changes=changes)
    return item


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete an item that nothing refers to. Raises `NotFound`, `NotAllowed`, `NotNow` (`PROTECTED_DELETE`)."""
    item = _kept(pk, by)
    rows.delete(item)
    journal.record("syllabus_item.deleted", ("syllabus_item", pk), by=by, changes={"title": [item.title, None]})


@transaction.atomic
def reorder(*, items: Sequence[tuple[int, int]], by: Actor) -> int:
    """Give items (id, order) their place, all or none; gives how many moved. Three statements for any number.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, `duplicate`) naming each fault.
    """
    reach = by.demand(Perm.SYLLABUS_MANAGE)
    ids = [pk for pk, _ in items]
    kept = queries.items(actor=by).filter(queries.kept_within(reach), pk__in=ids).select_for_update(of=("self",))
    found = {item.pk: item for item in kept.order_by("pk")}
    faults = order_faults(ids, found.keys())
    if faults:
        raise Invalid(faults)
    changes, now = {}, clock.now()
    for pk, order_no in items:
        item = found[pk]
        if item.order_no != order_no:
            changes[pk] = {"order_no": [item.order_no, order_no], "version": [item.version, item.version + 1]}
            item.order_no, item.version, item.updated_at = order_no, item.version + 1, now
    SyllabusItem.objects.bulk_update([found[pk] for pk in changes], ["order_no", "version", "updated_at"])
    journal.record_each("syllabus_item.reordered", "syllabus_item", changes, by=by)
    return len(changes)


def _kept(pk: int, by: Actor) -> SyllabusItem:
    item = rows.one(queries.items(actor=by), pk, lock=True)
    by.demand(Perm.SYLLABUS_MANAGE, within=queries.may_keep(item, by.reach(Perm.SYLLABUS_MANAGE)))
    return item


def _refer(item: SyllabusItem, values: Mapping[str, Any], by: Actor) -> None:
    """Set the period and course that a body names; raises `Invalid` (`unknown_reference`)."""
    if "academic_period" in values:
        item.academic_period = rows.reference(
            structure.periods(actor=by), values["academic_period"], "/academic_period"
        )
    if "course" in values:
        item.course = rows.reference(courses.courses(actor=by), values["course"], "/course")


def _judge(item: SyllabusItem, by: Actor) -> None:
    """An item belongs together, and to what the actor keeps."""
    program = item.academic_period.program_id if item.academic_period else None
    given = queries.programs_of(item.course_id) if item.course_id else None
    faults = item_faults(Placed(program, given))
    if faults:
        raise Invalid(faults)
    reach = by.reach(Perm.SYLLABUS_MANAGE)
    pointer = "/academic_period" if item.academic_period_id else "/course"
    by.demand(Perm.SYLLABUS_MANAGE, within=queries.may_keep(item, reach), pointer=pointer)
