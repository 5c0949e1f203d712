"""Reads of programs, tracks, batches, groups and the tree of periods."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from maristan.academics.models import AcademicPeriod, Batch, Group, Program, Student, Track
from maristan.academics.queries import contributions
from maristan.academics.queries.roster import ATTENDING
from maristan.academics.rules import periods as period_rules
from maristan.academics.rules import programs as program_rules
from maristan.academics.rules.states import PeriodStatus, Perm, ProgramStatus, ProgramStructure
from maristan.directory.queries.settings import setting
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JournalLine
from maristan.kernel.search import Hit
from maristan.kernel.workflow import Move, Mover, Requirement, Workflow

DEFAULT_PERIOD = "default_academic_year_id"
PROMOTED_WITH = "batch"  # what the line of a student who is raised says of the others raised


def counted(rows: "QuerySet[Any]", by: str) -> Coalesce:
    """How many of `rows` refer to the outer row by the column `by`, as a subquery."""
    grouped = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


def programs(*, actor: Actor) -> "QuerySet[Program]":
    """The programs that the actor may see; a student sees no draft but the own program."""
    actor.demand(Perm.PROGRAM_VIEW)
    rows = Program.objects.annotate(batch_count=counted(Batch.objects.all(), "program"))
    return rows.filter(of_visible_programs(actor))


def of_visible_programs(actor: Actor, path: str = "") -> Q:
    """Rows whose program, at the end of `path` (`batch__program__`), the actor may see: drafts are not for all."""
    reach = actor.reach(Perm.PROGRAM_VIEW)
    if reach.everything:
        return Q()
    own = Student.objects.filter(person=actor.person_id).values("program_id")
    published = ~Q(**{f"{path}status": ProgramStatus.DRAFT})
    return published | Q(**{f"{path}pk__in": own}) | Q(**{f"{path}pk__in": reach.programs})


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
    """The tracks of the programs that the actor may see."""
    actor.demand(Perm.PERIOD_VIEW)
    return Track.objects.select_related("program").filter(of_visible_programs(actor, "program__"))


def batches(*, actor: Actor) -> "QuerySet[Batch]":
    """The batches of the programs that the actor may see, with the numbers of their groups and students."""
    actor.demand(Perm.BATCH_VIEW)
    found = Batch.objects.select_related("program").filter(of_visible_programs(actor, "program__"))
    return found.annotate(
        group_count=counted(Group.objects.all(), "batch"), student_count=counted(Student.objects.all(), "batch")
    )


def was_promoted(batch: int, to_year: int) -> bool:
    """True when students of a batch were raised to a year of study before, as the journal has it."""
    raised = {PROMOTED_WITH: batch}
    lines = JournalLine.objects.filter(
        institution_id=tenancy.current(), kind="student.promoted", changes__contains=raised
    )
    return lines.filter(changes__current_year__1=to_year).exists()


def groups(*, actor: Actor) -> "QuerySet[Group]":
    """The groups of the programs that the actor may see, with the number of their students."""
    actor.demand(Perm.BATCH_VIEW)
    found = Group.objects.select_related("batch__program").filter(of_visible_programs(actor, "batch__program__"))
    return found.annotate(student_count=counted(Student.objects.filter(status__in=ATTENDING), "group"))


def periods(*, actor: Actor) -> "QuerySet[AcademicPeriod]":
    """The nodes of the period trees of the programs that the actor may see."""
    actor.demand(Perm.PERIOD_VIEW)
    found = AcademicPeriod.objects.filter(of_visible_programs(actor, "program__"))
    return found.select_related("program", "batch", "parent", "track", "primary_department", "sub_department")


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


def find_batches(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Batches for the search box: only those of programs that the actor may see."""
    if not actor.may(Perm.BATCH_VIEW):
        return []
    found = matching(batches(actor=actor), text, "name", "program__name").order_by("-graduation_year", "name", "pk")
    return [Hit("batch", row.name, row.program.name, f"/academics/batches/{row.pk}") for row in found[:limit]]


def dates_of(period: int) -> tuple[date, date] | None:
    """First and last day of a dated period, none for any other."""
    found = AcademicPeriod.objects.filter(pk=period, start_date__isnull=False, end_date__isnull=False)
    days: tuple[Any, Any] | None = found.values_list("start_date", "end_date").first()
    return days


def dates_around(person: int, day: date) -> tuple[date, date] | None:
    """First and last day of the semester, else of the topmost period, of a student's batch that contains a day."""
    student = Student.objects.filter(person_id=person).values_list("program_id", "batch_id").first()
    if student is None:
        return None
    of_student = Q(batch_id=student[1]) | Q(batch=None, program_id=student[0])
    rows = AcademicPeriod.objects.filter(of_student, start_date__lte=day, end_date__gte=day)
    found = list(rows.values_list("kind", "parent_id", "start_date", "end_date", "pk"))
    best = min(found, key=lambda each: (each[0] != "semester", each[1] is not None, each[4]), default=None)
    return None if best is None or best[2] is None or best[3] is None else (best[2], best[3])
