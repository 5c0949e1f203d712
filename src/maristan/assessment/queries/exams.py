"""Exams: who may see them, one by id, and what their workflow looks at."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from maristan.academics.queries import audience as academics
from maristan.agenda import queries as agenda
from maristan.assessment.models import Candidate, Exam, ExamComponent, Examiner, Result
from maristan.assessment.queries import admission
from maristan.assessment.rules.exams import EXAM, ExamFacts, ends_at
from maristan.assessment.rules.passing import Component, PassingRule
from maristan.assessment.rules.states import Admission, ExamStatus, PassingMode, Perm, ResultStatus
from maristan.directory.queries.settings import institution
from maristan.kernel import rows
from maristan.kernel.access import Actor, Reach
from maristan.kernel.search import Hit
from maristan.kernel.workflow import Move

OWNER = "assessment.exam"
HELD = (ExamStatus.SCHEDULED, ExamStatus.MARKING)
SHOWN = (ResultStatus.PUBLISHED, ResultStatus.FROZEN)
LONGEST = timedelta(days=8)
ORDERINGS = ("scheduled_at", "title", "status", "exam_type", "id")


def visible_to(*, actor: Actor) -> "QuerySet[Exam]":
    """Exams within the actor's reach, those they teach or examine, and announced ones they are candidates of."""
    reach = actor.demand(Perm.EXAM_VIEW)
    if reach.everything:
        return Exam.objects.all()
    mine = Candidate.objects.filter(exam=OuterRef("pk"), person_id=actor.person_id or 0)
    own = Q(Exists(mine)) & ~Q(status=ExamStatus.DRAFT) | examined_by(actor)
    return Exam.objects.filter(within(reach) | own if reach.own else within(reach))


def within(reach: Reach, path: str = "") -> Q:
    """Exams, at the end of `path` (`exam__`), of the programs, batches and departments of a reach."""
    return (
        Q(**{f"{path}academic_period__program_id__in": reach.programs})
        | Q(**{f"{path}academic_period__batch_id__in": reach.batches})
        | Q(**{f"{path}department_id__in": reach.departments})
        | Q(**{f"{path}course__department_id__in": reach.departments})
    )


def examined_by(actor: Actor, path: str = "") -> Q:
    """Exams, at the end of `path`, that the actor examines or whose section they teach."""
    person = actor.person_id or 0
    examining = Examiner.objects.filter(exam=OuterRef(f"{path}pk"), person_id=person)
    return taught_by(actor, path) | Q(Exists(examining))


def taught_by(actor: Actor, path: str = "") -> Q:
    """Exams, at the end of `path`, of sections that the actor teaches."""
    return Q(**{f"{path}section_id__in": academics.sections_of(actor.person_id)})


def _counted(found: "QuerySet[Any]") -> Coalesce:
    grouped = found.filter(exam=OuterRef("pk")).order_by().values("exam")
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


CURRENT = Result.objects.filter(is_current=True)
ENTERED = Candidate.objects.exclude(admission=Admission.WITHDRAWN)
NAMES: dict[str, Any] = {
    "program_id": F("academic_period__program_id"),
    "batch_id": F("academic_period__batch_id"),
    "course_department_id": F("course__department_id"),
    "academic_period_name": F("academic_period__name"),
    "department_name": F("department__name"),
    "course_code": F("course__code"),
    "course_name": F("course__name"),
    "section_name": F("section__name"),
    "place_name": F("place__name"),
    "grade_scheme_name": F("grade_scheme__name"),
    "publish_by_name": F("publish_by__name"),
    "candidate_count": _counted(ENTERED),
    **{f"{status.value}_count": _counted(CURRENT.filter(status=status)) for status in ResultStatus},
}


def with_names(found: "QuerySet[Exam]") -> "QuerySet[Exam]":
    """Exams with what lists, scopes and moves read of what they point to, in the same statement."""
    return found.annotate(**NAMES)


def matching(found: "QuerySet[Exam]", text: str) -> "QuerySet[Exam]":
    """Those whose title or course contains the text."""
    wanted = Q(title__icontains=text) | Q(course__code__icontains=text) | Q(course__name__icontains=text)
    return found.filter(wanted) if text.strip() else found


def between(found: "QuerySet[Exam]", first: date | None, last: date | None) -> "QuerySet[Exam]":
    """Those that begin on a local day from `first` to `last`."""
    if first is None and last is None:
        return found
    zone = ZoneInfo(institution().time_zone)
    if first is not None:
        found = found.filter(scheduled_at__gte=datetime.combine(first, time.min, zone))
    if last is not None:
        found = found.filter(scheduled_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    return found


def get(pk: int, *, actor: Actor, lock: bool = False) -> Exam:
    """One exam with its names, locked if asked; raises `NotFound`."""
    person = actor.person_id or 0
    examining = Examiner.objects.filter(exam=OuterRef("pk"), person_id=person)
    taught = academics.sections_of(actor.person_id).filter(pk=OuterRef("section_id"))
    found = with_names(visible_to(actor=actor)).annotate(is_examined=Exists(examining), is_taught=Exists(taught))
    return rows.one(found, pk, lock=lock)


def covers(reach: Reach, exam: Any, actor: Actor) -> bool:
    """Whether a reach takes in an exam of `with_names`; own are those that the actor teaches or examines."""
    departments = (exam.department_id, exam.course_department_id)
    if reach.covers(program=exam.program_id, batch=exam.batch_id, departments=departments):
        return True
    return reach.own and examines(exam, actor)


def examines(exam: Any, actor: Actor) -> bool:
    """Whether the actor examines an exam or teaches its section; `get` has asked it already."""
    if hasattr(exam, "is_examined"):
        return bool(exam.is_examined or exam.is_taught)
    if actor.person_id is None:
        return False
    named = Examiner.objects.filter(exam_id=exam.pk, person_id=actor.person_id).exists()
    return named or actor.person_id in academics.teachers_of(exam.section_id)


def may_in(exam: Exam, actor: Actor) -> Callable[[str], bool]:
    """Whether the actor's permission reaches this exam."""
    return lambda permission: covers(actor.reach(permission), exam, actor)


def rule_of(exam: Exam) -> PassingRule:
    """When the exam is passed."""
    return PassingRule(
        PassingMode(exam.passing_mode), exam.pass_total_marks, exam.pass_total_percent, exam.fail_if_any_component_fail
    )


def component_of(row: ExamComponent) -> Component:
    """A component as the rules see it."""
    return Component(
        row.pk, row.max_marks, row.pass_marks, row.pass_percent, row.is_mandatory_to_pass, row.min_marks, row.name
    )


def components_of(exam_id: int) -> list[ExamComponent]:
    """The components of an exam in their order."""
    return list(ExamComponent.objects.filter(exam_id=exam_id))


def local(moment: datetime) -> datetime:
    """A moment as the institution's clocks show it."""
    return moment.astimezone(ZoneInfo(institution().time_zone))


def facts_of(exam: Any) -> ExamFacts:
    """What the moves of an exam of `with_names` look at."""
    period, status = exam.academic_period, ExamStatus(exam.status)
    is_draft, is_scheduled, is_marking = (status is each for each in (ExamStatus.DRAFT, *HELD))
    results = CURRENT.filter(exam_id=exam.pk)
    admitted = Candidate.objects.filter(exam_id=exam.pk, admission=Admission.ADMITTED).values("person_id")
    unfrozen = results.filter(person_id__in=admitted).exclude(status=ResultStatus.FROZEN)
    return ExamFacts(
        status=status,
        rule=rule_of(exam),
        scheduled_at=exam.scheduled_at,
        day=local(exam.scheduled_at).date(),
        components=ExamComponent.objects.filter(exam_id=exam.pk).count() if is_draft else 0,
        period_first=period.start_date if period else None,
        period_last=period.end_date if period else None,
        candidates=exam.candidate_count,
        taken_by=taken_by(exam) if is_draft else "",
        clashes=clashes(exam) if is_draft else (),
        eligibility_known=not is_scheduled or admission.is_known(exam),
        unfrozen=unfrozen.count() if is_marking else 0,
        published=results.filter(status__in=SHOWN).count() if is_marking else 0,
    )


def taken_by(exam: Exam) -> str:
    """What stands in the place of an exam at its time; nothing when it is free."""
    if exam.place_id is None:
        return ""
    ends = ends_at(exam.scheduled_at, exam.duration_minutes)
    found = agenda.bookings(starts_at=exam.scheduled_at, ends_at=ends, places=[exam.place_id])
    first = found.exclude(owner_kind=OWNER, owner_id=exam.pk).first()
    return first.label if first is not None else ""


def clashes(exam: Exam) -> tuple[str, ...]:
    """Names of candidates who sit another announced exam at the time of this one."""
    ends = ends_at(exam.scheduled_at, exam.duration_minutes)
    near = Exam.objects.filter(
        status__in=HELD, scheduled_at__lt=ends, scheduled_at__gt=exam.scheduled_at - LONGEST
    ).exclude(pk=exam.pk)
    at_once = [
        each.pk for each in near if ends_at(each.scheduled_at, each.duration_minutes) > exam.scheduled_at
    ]  # fmt: skip
    elsewhere = ENTERED.filter(exam_id__in=at_once).values("person_id")
    found = ENTERED.filter(exam=exam, person_id__in=elsewhere).order_by("person__name", "pk")
    return tuple(found.values_list("person__name", flat=True))


def moves_of(exam: Exam, *, actor: Actor, now: datetime) -> list[Move]:
    """What may be done with an exam now."""
    return EXAM.moves(facts_of(exam), actor, now, may=may_in(exam, actor))


FIELDS = (
    "id", "title", "exam_type", "scheduled_at", "duration_minutes", "academic_period_name", "department_name",
    "course_code", "course_name", "section_name", "place_name", "passing_mode", "pass_total_marks",
    "pass_total_percent", "fail_if_any_component_fail", "requires_eligibility", "grade_scheme_name", "status",
    "publish_at", "show_statistics", "cancel_reason", "candidate_count", "version", "created_at", "updated_at",
)  # fmt: skip
REFERENCES = ("academic_period", "department", "course", "section", "place", "grade_scheme")


def shown(exam: Any) -> dict[str, Any]:
    """An exam of `with_names` as a list shows it."""
    found = {name: getattr(exam, name) for name in FIELDS}
    found |= {name: found[name] or "" for name in found if name.endswith(("_name", "_code"))}
    found |= {name: getattr(exam, f"{name}_id") for name in REFERENCES}
    funnel = {status.value: getattr(exam, f"{status.value}_count") for status in ResultStatus}
    return {**found, "publish_by_name": exam.publish_by_name or "", "funnel": funnel, "ends_at": ends_at(
        exam.scheduled_at, exam.duration_minutes)}  # fmt: skip


def page(pk: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One exam with its moves, for whoever may announce it; raises `NotFound`."""
    exam = get(pk, actor=actor)
    may = may_in(exam, actor)
    moves = [each.as_dict() for each in moves_of(exam, actor=actor, now=now)] if may(Perm.EXAM_ANNOUNCE) else []
    staff = may(Perm.EXAM_EDIT) or may(Perm.EXAM_ANNOUNCE) or examines(exam, actor)
    return {
        **shown(exam),
        "audience": exam.audience if staff else [],
        "moves": moves,
        "may_edit": may(Perm.EXAM_EDIT) and exam.status == ExamStatus.DRAFT,
        "may_set_rules": may(Perm.EXAM_SET_RULES),
        "may_amend": may(Perm.EXAM_AMEND) and exam.status == ExamStatus.MARKING,
    }


def components(pk: int, *, actor: Actor) -> "QuerySet[ExamComponent]":
    """The components of an exam that the actor may see; raises `NotFound`."""
    get(pk, actor=actor)
    return ExamComponent.objects.filter(exam_id=pk).annotate(department_name=F("department__name"))


def examiners(pk: int, *, actor: Actor) -> "QuerySet[Examiner]":
    """The examiners of an exam that the actor may see; raises `NotFound`."""
    get(pk, actor=actor)
    return Examiner.objects.filter(exam_id=pk).annotate(
        person_name=F("person__name"), component_name=F("component__name")
    )


def candidates(pk: int, *, actor: Actor) -> "QuerySet[Candidate]":
    """The candidates of an exam: all for its staff, the own line for a candidate; raises `NotFound`."""
    exam = get(pk, actor=actor)
    found = Candidate.objects.filter(exam_id=pk).annotate(full_name=F("person__name"))
    reach = actor.demand(Perm.EXAM_VIEW)
    return found if covers(reach, exam, actor) else found.filter(person_id=actor.person_id or 0)


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Announced exams for the search box; drafts never appear."""
    if not actor.may(Perm.EXAM_VIEW):
        return []
    found = matching(visible_to(actor=actor).exclude(status=ExamStatus.DRAFT), text).order_by("-scheduled_at", "pk")
    return [Hit("exam", row.title, local(row.scheduled_at).date().isoformat(), f"/assessment/exams/{row.pk}")
            for row in found[:limit]]  # fmt: skip
