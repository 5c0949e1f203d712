"""Reads of programs, tracks, batches, groups and the tree of periods."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from maristan.academics.models import AcademicPeriod, Batch, Group, Program, Student, Track
from maristan.academics.queries import contributions
from maristan.academics.rules import periods as period_rules
from maristan.academics.rules import programs as program_rules
from maristan.academics.rules.states import PeriodStatus, Perm, ProgramStatus, ProgramStructure
from maristan.directory.queries.settings import setting
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.workflow import Move, Mover, Requirement, Workflow

DEFAULT_PERIOD = "default_academic_year_id"


def counted(rows: "QuerySet[Any]", by: str) -> Coalesce:
    """How many of `rows` refer to the outer row by the column `by`, as a subquery."""
    grouped = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


def programs(*, actor: Actor) -> "QuerySet[Program]":
    """The programs that the actor may see; a student sees no draft but the own program."""
    reach = actor.demand(Perm.PROGRAM_VIEW)
    rows = Program.objects.annotate(batch_count=counted(Batch.objects.all(), "program"))
    if reach.everything:
        return rows
    own = Student.objects.filter(person=actor.person_id).values("program_id")
    return rows.filter(~Q(status=ProgramStatus.DRAFT) | Q(pk__in=own) | Q(pk__in=reach.programs))


def structure_of(program: Program) -> program_rules.Structure:
    """The program's structure as the rules read it."""
    kind = ProgramStructure(program.structure_type)
    return program_rules.Structure(kind, program.period_length_months, program.total_periods)


def program_facts(program: Program) -> program_rules.ProgramFacts:
    """What the moves of a program depend on: one query."""
    active = Batch.objects.filter(program=program, is_active=True).count()
    return program_rules.ProgramFacts(ProgramStatus(program.status), structure_of(program), active)


def program_moves(program: Program, *, actor: Actor) -> list[Move]:
    """What may be done with the program now, and what is missing."""
    flow, facts = program_rules.PROGRAM, program_facts(program)
    return flow.moves(facts, actor, clock.now(), may=lambda name: actor.reach(name).covers(program=program.pk))


def tracks(*, actor: Actor) -> "QuerySet[Track]":
    """All tracks."""
    actor.demand(Perm.PERIOD_VIEW)
    return Track.objects.select_related("program")


def batches(*, actor: Actor) -> "QuerySet[Batch]":
    """All batches, with the numbers of their groups and students."""
    actor.demand(Perm.BATCH_VIEW)
    return Batch.objects.select_related("program").annotate(
        group_count=counted(Group.objects.all(), "batch"), student_count=counted(Student.objects.all(), "batch")
    )


def batches_for(programs: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The batches of programs: id → {name, program, program_name}; one query."""
    rows = Batch.objects.filter(program_id__in=list(programs))
    return {
        pk: {"name": name, "program": program, "program_name": program_name}
        for pk, name, program, program_name in rows.values_list("pk", "name", "program_id", "program__name")
    }


def groups(*, actor: Actor) -> "QuerySet[Group]":
    """All groups, with the number of their students."""
    actor.demand(Perm.BATCH_VIEW)
    return Group.objects.select_related("batch__program").annotate(
        student_count=counted(Student.objects.filter(status__in=("active", "on_leave")), "group")
    )


def periods(*, actor: Actor) -> "QuerySet[AcademicPeriod]":
    """All nodes of the period trees."""
    actor.demand(Perm.PERIOD_VIEW)
    return AcademicPeriod.objects.select_related(
        "program", "batch", "parent", "track", "primary_department", "sub_department"
    )


def default_period(*, actor: Actor) -> AcademicPeriod:
    """The period that screens and generation preselect; raises `NotFound` (`no_default_period`) while none is set."""
    found = periods(actor=actor).filter(pk=setting(DEFAULT_PERIOD) or 0).first()
    if found is None:
        raise NotFound("no_default_period", "The institution has set no default period.")
    return found


def templates(found: "QuerySet[AcademicPeriod]", wanted: bool) -> "QuerySet[AcademicPeriod]":
    """Those of `found` that are template nodes, or those that are not."""
    undated = Q(batch__isnull=True, start_date__isnull=True)
    return found.filter(undated) if wanted else found.exclude(undated)


def period_facts(period: AcademicPeriod) -> period_rules.PeriodFacts:
    """What the moves of a period depend on."""
    return period_rules.PeriodFacts(PeriodStatus(period.status), period.start_date is not None)


def period_flow(period: AcademicPeriod) -> Workflow[period_rules.PeriodFacts]:
    """The workflow of this period: closing it also asks what upper apps contributed."""
    flow = period_rules.period_workflow(period_facts(period))

    def contributed(facts: period_rules.PeriodFacts, actor: Mover, now: datetime, /) -> Iterator[Requirement]:
        yield from contributions.close_requirements([period.pk])[period.pk]

    widened = (
        replace(each, requirements=(*each.requirements, contributed)) if each.name == "close" else each
        for each in flow.transitions
    )
    return replace(flow, transitions=tuple(widened))


def period_moves(period: AcademicPeriod, *, actor: Actor) -> list[Move]:
    """What may be done with the period now, and what is missing."""

    def may(name: str) -> bool:
        return actor.reach(name).covers(program=period.program_id, batch=period.batch_id)

    return period_flow(period).moves(period_facts(period), actor, clock.now(), may=may)


def program_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of the programs that exist here, of those asked for: one query."""
    return dict(Program.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def batch_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of the batches that exist here, of those asked for: one query."""
    return dict(Batch.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def matching(found: "QuerySet[Any]", text: str, *fields: str) -> "QuerySet[Any]":
    """Rows one of whose fields (name and code unless named) contains the text."""
    if not text.strip():
        return found
    contains = Q(pk__in=[])
    for field in fields or ("name", "code"):
        contains |= Q(**{f"{field}__icontains": text.strip()})
    return found.filter(contains)
