"""Writes of the period tree: entering, changing, opening and closing."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from maristan.academics.models import AcademicPeriod
from maristan.academics.queries import structure as queries
from maristan.academics.rules import periods as rules
from maristan.academics.rules.refusals import refusing_as
from maristan.academics.rules.states import PeriodKind, PeriodStatus, Perm
from maristan.directory.queries import places
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, NotNow
from maristan.kernel.names import tidy
from maristan.kernel.workflow import refuse

ON_TRACK = "academics_academicperiod_track_no_overlap"
REFUSED = {
    "academics_academicperiod_name_once": NotNow("name_taken", "A period of that name stands here already."),
    "academics_academicperiod_position_once": NotNow("position_taken", "A period of that position stands here."),
    "academics_academicperiod_cycle": Invalid.at("/parent", "cycle", "It would become its own ancestor."),
    ON_TRACK: NotNow("overlap", "Another block stands on the track on some of these days."),
}
DONE = {"open": "period.opened", "close": "period.closed"}
REFERENCES = ("parent", "track", "primary_department", "sub_department")


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> AcademicPeriod:
    """Enter a node of the tree, last among its siblings unless a position is given.

    Raises `NotAllowed`, `Invalid` (A1 to A3), `NotNow` (`name_taken`, `position_taken`, `overlap`).
    """
    reach = by.demand(Perm.PERIOD_MANAGE)
    found = dict(values)
    program, batch = found.pop("program"), found.pop("batch", None)
    rows.reference(queries.programs(actor=by), program, "/program")
    rows.reference(queries.batches(actor=by).filter(program_id=program), batch, "/batch")
    by.demand(Perm.PERIOD_MANAGE, within=reach.covers(program=program, batch=batch), pointer="/program")
    period = AcademicPeriod(program_id=program, batch_id=batch)
    for field, value in _fields(found, program, batch, by).items():
        setattr(period, field, value)
    if period.position is None:
        period.position = _next_position(period)
    _must_fit(period)
    _save(period)
    journal.record("period.created", ("period", period.pk), by=by, changes={"name": [None, period.name]})
    return period


def _next_position(period: AcademicPeriod) -> int:
    siblings = AcademicPeriod.objects.filter(program=period.program_id, batch=period.batch_id, parent=period.parent_id)
    return (siblings.aggregate(last=Max("position"))["last"] or 0) + 1


def _fields(values: Mapping[str, Any], program: int, batch: int | None, by: Actor) -> dict[str, Any]:
    """Wire names to columns; raises `Invalid` (`unknown_reference`) for what is not of this tree."""
    found = dict(values)
    if "name" in found:
        found["name"] = tidy(found["name"])
    same_tree = AcademicPeriod.objects.filter(program=program, batch=batch)
    rows.reference(same_tree, found.get("parent"), "/parent")
    rows.reference(queries.tracks(actor=by).filter(program_id=program), found.get("track"), "/track")
    for field in ("primary_department", "sub_department"):
        rows.reference(places.departments(actor=by), found.get(field), f"/{field}")
    return {f"{key}_id" if key in REFERENCES else key: value for key, value in found.items()}


def _must_fit(period: AcademicPeriod) -> None:
    """Raise `Invalid` with everything wrong with the node where it stands (A1, A2, A3)."""
    parent = AcademicPeriod.objects.filter(pk=period.parent_id).first() if period.parent_id else None
    below = AcademicPeriod.objects.filter(parent_id=period.pk, start_date__isnull=False) if period.pk else []
    sub_department = period.sub_department if period.sub_department_id else None
    is_template = period.batch_id is None and (period.offset_days is not None or period.length_days is not None)
    faults = rules.period_faults(
        rules.PeriodNode(
            kind=PeriodKind(period.kind),
            parent_kind=PeriodKind(parent.kind) if parent else None,
            primary_department=period.primary_department_id,
            sub_department=period.sub_department_id,
            sub_department_parent=sub_department.parent_id if sub_department else None,
            has_track=period.track_id is not None,
            is_template=is_template,
            start_date=period.start_date,
            end_date=period.end_date,
            parent_dates=_span(parent) if parent else None,
            children_dates=tuple(span for span in map(_span, below) if span),
        )
    )
    if faults:
        raise Invalid(faults)


def _span(period: AcademicPeriod) -> rules.DateSpan | None:
    if period.start_date is None or period.end_date is None:
        return None
    return rules.DateSpan(period.start_date, period.end_date)


def _save(period: AcademicPeriod, changes: dict[str, list[Any]] | None = None) -> None:
    """Save, naming the other block where the track is taken on some of the days."""
    try:
        with rows.refusing(**REFUSED):
            period.save() if changes is None else rows.save_changes(period, changes)
    except NotNow as refusal:
        if refusal.code == "overlap":
            raise _overlap(period, refusal) from refusal
        raise


def _overlap(period: AcademicPeriod, refusal: NotNow) -> NotNow:
    other = AcademicPeriod.objects.filter(
        track=period.track_id, batch=period.batch_id,
        start_date__lte=period.end_date, end_date__gte=period.start_date,
    ).exclude(pk=period.pk).order_by("start_date", "pk").first()  # fmt: skip
    named = other and {
        "id": other.pk, "name": other.name, "start_date": other.start_date, "end_date": other.end_date,
    }  # fmt: skip
    said = other and f"{other.name} stands on the track from {other.start_date} to {other.end_date}."
    return NotNow(refusal.code, said or refusal.detail, other=named)


def _period(pk: int, permission: str, by: Actor) -> AcademicPeriod:
    period = rows.one(queries.periods(actor=by), pk, lock=True)
    reach = by.reach(permission)
    by.demand(permission, within=reach.covers(program=period.program_id, batch=period.batch_id))
    return period


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> AcademicPeriod:
    """Change a node; `is_enrollment_open` only while the period is OPEN.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`period_not_open`, `period_not_dated` ...).
    """
    period = _period(pk, Perm.PERIOD_MANAGE, by)
    rows.must_match(period, version, ("period", pk))
    changes = rows.change(period, _fields(values, period.program_id, period.batch_id, by))
    if "is_enrollment_open" in changes:
        unmet = [each for each in rules.accepts_enrolment_switch(PeriodStatus(period.status)) if not each.met]
        refuse(unmet, code="period_not_open")
    refuse([each for each in rules.stays_dated(queries.period_facts(period)) if not each.met], code="period_not_dated")
    if changes:
        _must_fit(period)
        _save(period, changes)
        journal.record("period.updated", ("period", pk), by=by, changes=changes)
    return period


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a node that nothing refers to. Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`)."""
    period = _period(pk, Perm.PERIOD_MANAGE, by)
    rows.must_match(period, version, ("period", pk), required=False)
    rows.delete(period)
    journal.record("period.deleted", ("period", pk), by=by, changes={"name": [period.name, None]})


@transaction.atomic
def move(*, pk: int, name: str, version: int | None, reason: str | None, by: Actor) -> AcademicPeriod:
    """Open or close a period, and enrolment with it; opening a closed one again needs a reason.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`ALREADY_OPEN`, `ALREADY_CLOSED` as its own code).
    """
    if name not in DONE:
        raise NotFound()
    period = _period(pk, Perm.PERIOD_OPEN, by)
    rows.must_match(period, version, ("period", pk), required=False)

    def may(permission: str) -> bool:
        return by.reach(permission).covers(program=period.program_id, batch=period.batch_id)

    facts = queries.period_facts(period)
    with refusing_as("ALREADY_OPEN", "ALREADY_CLOSED"):
        transition, _ = queries.period_flow(period).check(facts, name, by, clock.now(), reason=reason, may=may)
    is_open = transition.target == PeriodStatus.OPEN
    changes = rows.change(period, {"status": transition.target, "is_enrollment_open": is_open})
    rows.save_changes(period, changes)
    journal.record(DONE[name], ("period", pk), by=by, changes=changes, reason=(reason or "").strip())
    return period
