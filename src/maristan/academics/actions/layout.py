"""Generating a program's period tree, and laying it out in dates for a batch."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from maristan.academics.actions.periods import REFUSED
from maristan.academics.models import AcademicPeriod, Program
from maristan.academics.queries import structure as queries
from maristan.academics.rules import layout as rules
from maristan.academics.rules.periods import DateSpan
from maristan.academics.rules.programs import is_finalized
from maristan.academics.rules.states import Perm, ProgramStatus
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow

COPIED = (
    "kind", "name", "position", "level_no", "offset_days", "length_days", "track_id", "primary_department_id",
    "sub_department_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What was created for a batch (or would be, in a preview), parents first."""

    created_count: int
    existing_count: int
    is_preview: bool
    periods: tuple[dict[str, Any], ...]


def _finalized(pk: int, by: Actor) -> Program:
    """The program, locked so that two people pressing at once create each period once."""
    program = rows.one(queries.programs(actor=by), pk, lock=True)
    by.demand(Perm.PERIOD_MANAGE, within=by.reach(Perm.PERIOD_MANAGE).covers(program=pk))
    if not is_finalized(ProgramStatus(program.status)):
        raise NotNow("not_finalized", "Finalize the program first.")
    return program


@transaction.atomic
def generate_periods(*, pk: int, by: Actor) -> dict[str, int]:
    """Create the template roots that are missing (A4); nothing is renamed or deleted.

    Raises `NotFound`, `NotAllowed`, `NotNow` (`not_finalized`).
    """
    program = _finalized(pk, by)
    wanted = rules.root_periods(queries.structure_of(program))
    there = AcademicPeriod.objects.filter(program=program, batch=None, parent=None).values_list("name", "position")
    missing = rules.missing_roots(wanted, {name for name, _ in there}, {position for _, position in there})
    AcademicPeriod.objects.bulk_create(
        AcademicPeriod(program=program, kind=root.kind, name=root.name, position=root.position, level_no=root.level_no)
        for root in missing
    )
    if missing:
        changes = {"created": [root.name for root in missing]}
        journal.record("period.generated", ("program", pk), by=by, changes=changes)
    return {"created_count": len(missing), "existing_count": len(wanted) - len(missing)}


@transaction.atomic
def lay_out(*, pk: int, batch: int, start_date: date, preview: bool, by: Actor) -> LaidOut:
    """Copy the template tree for a batch with dates (A5), adding only what is missing; `preview` writes nothing.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`unknown_reference`, `outside_parent`), `NotNow` (`not_finalized`).
    """
    program = _finalized(pk, by)
    rows.reference(queries.batches(actor=by).filter(program=program), batch, "/batch")
    template = list(AcademicPeriod.objects.filter(program=program, batch=None, start_date=None))
    copies = list(AcademicPeriod.objects.filter(batch_id=batch, template__isnull=False))
    nodes = [
        rules.TemplateNode(node.pk, node.parent_id, node.position, node.name, node.offset_days, node.length_days)
        for node in template
    ]
    existing = {copy.template_id: _span(copy) for copy in copies if copy.template_id is not None}
    found = rules.lay_out(nodes, queries.structure_of(program), start_date, existing)
    if found.faults:
        raise Invalid(found.faults)
    by_id = {node.pk: node for node in template}
    if found.missing and not preview:
        made = {copy.template_id: copy.pk for copy in copies}
        with rows.refusing(**REFUSED):
            _copy(found.missing, by_id, made, program, batch)
        changes = {"batch": batch, "start_date": start_date, "created": len(found.missing)}
        journal.record("period.laid_out", ("program", pk), by=by, changes=changes)
    shown = tuple(_shown(node, by_id[node.template]) for node in found.missing)
    return LaidOut(len(found.missing), len(copies), preview, shown)


def _span(period: AcademicPeriod) -> DateSpan | None:
    if period.start_date is None or period.end_date is None:
        return None
    return DateSpan(period.start_date, period.end_date)


def _copy(
    missing: tuple[rules.DatedNode, ...],
    template: dict[int, AcademicPeriod],
    made: dict[int | None, int],
    program: Program,
    batch: int,
) -> None:
    """One statement for each level of the tree, since children need the ids of their parents."""
    waiting = list(missing)
    while waiting:
        level = [node for node in waiting if node.parent_template is None or node.parent_template in made]
        waiting = [node for node in waiting if node not in level]
        copies = AcademicPeriod.objects.bulk_create(
            AcademicPeriod(
                **{field: getattr(template[node.template], field) for field in COPIED},
                program=program,
                batch_id=batch,
                template_id=node.template,
                parent_id=made.get(node.parent_template),
                start_date=node.dates.start if node.dates else None,
                end_date=node.dates.end if node.dates else None,
            )
            for node in level
        )
        made.update((copy.template_id, copy.pk) for copy in copies)


def _shown(node: rules.DatedNode, template: AcademicPeriod) -> dict[str, Any]:
    return {
        "template": node.template,
        "parent_template": node.parent_template,
        "kind": template.kind,
        "name": template.name,
        "start_date": node.dates.start if node.dates else None,
        "end_date": node.dates.end if node.dates else None,
    }
