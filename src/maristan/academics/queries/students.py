"""Reads of students: who may see whom, their placements, enrolments and timeline."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from maristan.academics.models import AcademicPeriod, Enrollment, Placement, Student
from maristan.academics.queries import audience, contributions, unplaced
from maristan.academics.rules.enrolments import COMPLETE, ENROLLMENT, EnrollmentFacts
from maristan.academics.rules.states import EnrollmentStatus, Perm, StudentStatus
from maristan.academics.rules.students import STUDENT, PlacementFacts, StudentFacts
from maristan.directory.queries.people import primary_contact
from maristan.directory.queries.person_pages import JOURNAL_VIEW
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, imports, journal, rows
from maristan.kernel.access import Actor, Reach
from maristan.kernel.errors import NotFound
from maristan.kernel.names import match_key
from maristan.kernel.search import Hit
from maristan.kernel.workflow import Move

FEWEST_DIGITS = 4
NAMES: dict[str, Any] = {
    "person_name": F("person__name"),
    "photo_id": F("person__photo_id"),
    "program_name": F("program__name"),
    "batch_name": F("batch__name"),
    "graduation_year": F("batch__graduation_year"),
    "group_name": F("group__name"),
}
PRIVATE: dict[str, Any] = {
    "email": primary_contact("email", person="person_id"),
    "phone": primary_contact("phone", person="person_id"),
    "father_name": F("person__father_name"),
    "date_of_birth": F("person__date_of_birth"),
    "gender": F("person__gender"),
    "has_account": ExpressionWrapper(Q(person__user__isnull=False), output_field=BooleanField()),
}
SEAT: dict[str, Any] = {
    "student_name": F("student__person__name"),
    "reg_no": F("student__reg_no"),
    "section_name": F("section__name"),
    "course_id": F("section__course_id"),
    "course_code": F("section__course__code"),
    "course_name": F("section__course__name"),
    "academic_period_id": F("section__academic_period_id"),
    "academic_period_name": F("section__academic_period__name"),
    "program_id": F("section__academic_period__program_id"),
    "batch_id": F("section__academic_period__batch_id"),
}
ORDERINGS = ("reg_no", "person__name", "status", "current_year", "program", "batch", "group", "created_at", "id")


def students(*, actor: Actor) -> "QuerySet[Student]":
    """The students that the actor may see, with what lists show of their person and place, in one statement.

    A coordinator sees those of own programs and batches, a head those taught in the department, a teacher those of own
    sections and groups, a student itself.
    `shows_contacts` is false where the actor is only their teacher: then name, photo and registration number are all.
    """
    reach = actor.demand(Perm.STUDENT_VIEW)
    if reach.everything:
        return Student.objects.annotate(shows_contacts=Value(True), **NAMES, **PRIVATE)
    covered = _covered(reach, actor, "")
    shown = Case(When(covered, then=Value(True)), default=Value(False), output_field=BooleanField())
    private = {name: Case(When(covered, then=value)) for name, value in PRIVATE.items()}
    found = Student.objects.filter(covered | _taught(reach, actor, ""))
    return found.annotate(shows_contacts=shown, **NAMES, **private)


def _covered(reach: Reach, actor: Actor, prefix: str) -> Q:
    """Students of the actor's programs, batches and departments, and the actor; `prefix` leads to them."""
    found = Q(**{f"{prefix}program_id__in": reach.programs}) | Q(**{f"{prefix}batch_id__in": reach.batches})
    if reach.departments:
        found |= Q(**{f"{prefix}pk__in": audience.taught_in(reach.departments)})
    return found | Q(**{f"{prefix}person_id": actor.person_id}) if reach.own and actor.person_id else found


def _taught(reach: Reach, actor: Actor, prefix: str) -> Q:
    """Students enrolled in the actor's sections, or of a group that the actor teaches."""
    if not reach.own or actor.person_id is None:
        return Q(pk__in=[])
    sections = audience.sections_taught_by(actor.person_id)
    groups = contributions.groups_taught(actor.person_id)
    seated = Enrollment.objects.filter(section_id__in=sections, status=EnrollmentStatus.ACTIVE)
    return Q(**{f"{prefix}pk__in": seated.values("student_id")}) | Q(**{f"{prefix}group_id__in": groups})


def matching(found: "QuerySet[Student]", text: str) -> "QuerySet[Student]":
    """Students whose name in any script, registration number, or visible phone or address contains the text."""
    wanted = unicodedata.normalize("NFC", " ".join(text.split()))
    if not wanted:
        return found
    named = Q(person__name__icontains=wanted) | Q(person__name_latin__icontains=wanted) | Q(reg_no__icontains=wanted)
    reached = Q(person__contacts__value__icontains=wanted)
    digits = re.sub(r"\D", "", wanted).lstrip("0")
    if len(digits) >= FEWEST_DIGITS:
        reached |= Q(person__contacts__value__contains=digits)
    return found.filter(named | Q(shows_contacts=True, pk__in=Student.objects.filter(reached).values("pk")))


def without_placement(found: "QuerySet[Student]", wanted: bool) -> "QuerySet[Student]":
    """Those of `found` who study and stand without an open placement today, or the others."""
    return unplaced.narrowed(found, wanted, day=local_today())


def with_account(found: "QuerySet[Student]", wanted: bool) -> "QuerySet[Student]":
    """Those of `found` who have an account, or have none, as far as the actor may know."""
    return found.filter(Q(shows_contacts=True, has_account=wanted))


def entered_by(found: "QuerySet[Student]", run: int, *, actor: Actor) -> "QuerySet[Student]":
    """Those of `found` whom a committed file entered; nobody for a run that the actor may not see."""
    if not actor.may(Perm.STUDENT_IMPORT):
        return found.none()
    committed = imports.visible_to("students", actor=actor).filter(pk=run, committed_at__isnull=False).first()
    if committed is None:
        return found.none()
    return found.filter(pk__in=imports.entered_by(committed.pk))


def by_reg_no(found: "QuerySet[Student]", reg_nos: Iterable[str]) -> dict[str, Student]:
    """Those of `found` with one of these registration numbers, whatever their case, by `match_key`: one query."""
    keys = [match_key(each) for each in reg_nos]
    if not keys:
        return {}
    keyed = found.annotate(key=Lower("reg_no")).filter(key__in={*keys, *(each.lower() for each in reg_nos)})
    return {match_key(each.reg_no): each for each in keyed}


def of_period(period: AcademicPeriod, *, actor: Actor) -> "QuerySet[Student]":
    """The students whom a period is for: those of its batch, else of its program and, for a level, year of study."""
    found = students(actor=actor).filter(program=period.program_id)
    if period.batch_id is not None:
        return found.filter(batch=period.batch_id)
    return found.filter(current_year=period.level_no) if period.kind == "year" and period.level_no else found


def enrolled_in(found: "QuerySet[Student]", section: int) -> "QuerySet[Student]":
    """Those of `found` with an ACTIVE enrolment in a section."""
    seats = Enrollment.objects.filter(section=section, status=EnrollmentStatus.ACTIVE)
    return found.filter(pk__in=seats.values("student_id"))


def get(pk: int, *, actor: Actor, lock: bool = False) -> Student:
    """One student; raises `NotFound` when the actor may not see them."""
    return rows.one(students(actor=actor), pk, lock=lock)


def own(*, actor: Actor) -> Student:
    """The student that the actor is; raises `NotFound`."""
    found = students(actor=actor).filter(person_id=actor.person_id).first() if actor.person_id else None
    if found is None:
        raise NotFound("no_student", "You are not a student here.")
    return found


def facts(student: Student) -> StudentFacts:
    """What the moves of a student depend on."""
    return StudentFacts(StudentStatus(student.status))


def moves(student: Student, *, actor: Actor) -> list[Move]:
    """What may be done with the student now, and what is missing."""

    def may(name: str) -> bool:
        return actor.reach(name).covers(program=student.program_id, batch=student.batch_id)

    return STUDENT.moves(facts(student), actor, clock.now(), may=may)


def placements(student: Student) -> "QuerySet[Placement]":
    """Where a student has belonged, latest first."""
    return Placement.objects.filter(student=student).select_related("batch__program", "group")


def placement_facts(placement: Placement) -> PlacementFacts:
    """A placement as the rules see it."""
    return PlacementFacts(placement.pk, placement.batch_id, placement.group_id, placement.from_date, placement.to_date)


def enrollments(*, actor: Actor) -> "QuerySet[Enrollment]":
    """The enrolments that the actor may see, with what lists show of them: of students in reach, or of own sections."""
    reach = actor.demand(Perm.ENROLLMENT_VIEW)
    found = Enrollment.objects.annotate(**SEAT)
    if reach.everything:
        return found
    taught = Q(section_id__in=audience.sections_taught_by(actor.person_id)) if reach.own else Q(pk__in=[])
    return found.filter(_covered(reach, actor, "student__") | taught)


def matching_enrollments(found: "QuerySet[Enrollment]", text: str) -> "QuerySet[Enrollment]":
    """Enrolments whose student's name or registration number, or whose course, contains the text."""
    wanted = " ".join(text.split())
    by_student = Q(student__person__name__icontains=wanted) | Q(student__reg_no__icontains=wanted)
    by_course = Q(section__course__code__icontains=wanted) | Q(section__course__name__icontains=wanted)
    return found.filter(by_student | by_course) if wanted else found


def may_with(enrollment: Any, *, actor: Actor) -> Callable[[str], bool]:
    """Which permissions the actor holds over an enrolment of `enrollments`, by the period of its section."""
    return lambda name: actor.reach(name).covers(program=enrollment.program_id, batch=enrollment.batch_id)


def enrollment_moves(enrollment: Enrollment, *, actor: Actor) -> list[Move]:
    """What may be done with the enrolment now, and what is missing."""
    facts, may = EnrollmentFacts(EnrollmentStatus(enrollment.status)), may_with(enrollment, actor=actor)
    return [each for each in ENROLLMENT.moves(facts, actor, clock.now(), may=may) if each.name != COMPLETE.name]


def timeline(student: Student, *, actor: Actor) -> "QuerySet[Any]":
    """What happened to a student of `students` and to their enrolments, newest first.

    The lines of the person, which name birth and national id, are for auditors and for the student. Raises `NotAllowed`
    for a teacher who sees the student only through own sections: reasons are not for them.
    """
    is_covered: bool = student.shows_contacts  # type: ignore[attr-defined]
    if not is_covered:
        actor.demand(JOURNAL_VIEW)
    seats = Enrollment.objects.filter(student=student).values_list("pk", flat=True)
    found = journal.lines_of("student", student.pk) | journal.lines_of_many("enrollment", seats)
    if student.person_id == actor.person_id or actor.may(JOURNAL_VIEW):
        found |= journal.lines_of("person", student.person_id)
    return found


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Students for the search box: only those whom the actor may see."""
    if not actor.may(Perm.STUDENT_VIEW):
        return []
    found: Iterable[Any] = matching(students(actor=actor), text).order_by("reg_no", "pk")[:limit]
    return [
        Hit("student", row.person_name, f"{row.reg_no} · {row.batch_name}", f"/academics/students/{row.pk}")
        for row in found
    ]


def person_of(pk: int) -> int | None:
    """The person behind a student's record, for apps that judge themselves who may ask; none for no such student."""
    return Student.objects.filter(pk=pk).values_list("person_id", flat=True).first()
