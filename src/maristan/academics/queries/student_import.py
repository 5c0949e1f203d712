"""What a student import is compared with: a constant number of queries for a file of any length."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from maristan.academics.models import Batch, Group, Placement, Program, Student
from maristan.academics.queries.students import placement_facts
from maristan.academics.rules.import_matching import KnownBatch, KnownPlaces, KnownProgram
from maristan.academics.rules.imports import KnownAcademics, KnownStudent, StudentImportOptions
from maristan.academics.rules.states import Perm, StudentStatus
from maristan.academics.rules.students import PlacementFacts
from maristan.directory.queries import records, usernames
from maristan.directory.queries.settings import institution, settings_of
from maristan.kernel import clock
from maristan.kernel.access import Actor, Reach
from maristan.kernel.dates import DateOrder
from maristan.kernel.tables.outcomes import ImportMode

DATE_ORDER, EMAIL_DOMAIN = "academics.date_order", "academics.student_email_domain"


def settled(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a run with what the institution sets, as it stands when the file arrives.

    A setting that changes between preview and commit must not turn 3 April into 4 March.
    """
    settings = settings_of(DATE_ORDER, EMAIL_DOMAIN)
    order = str(asked.get("date_order") or settings[DATE_ORDER]).lower()
    return {"email_domain": settings[EMAIL_DOMAIN] or "", **asked, "date_order": order}


def options(*, mode: ImportMode, asked: Mapping[str, Any], actor: Actor) -> StudentImportOptions:
    """How the file is read. Where no group is yet, nothing could be matched: the file brings the places it names."""
    here, chosen = institution(), settled(asked)
    return StudentImportOptions(
        today=clock.today(here.time_zone),
        mode=mode,
        auto_create=bool(chosen.get("auto_create")) or some_group(actor=actor) is None,
        date_order=DateOrder(chosen["date_order"]),
        email_domain=chosen["email_domain"],
        country=here.country,
    )


def known(
    *, reg_nos: Collection[str], national_ids: Collection[str], stems: Collection[str], email_domain: str, today: date,
    actor: Actor,
) -> KnownAcademics:  # fmt: skip
    """Programs, batches and groups, and what is there of the file's registration numbers (lower case), ids and
    stems of usernames.
    """
    reach = actor.reach(Perm.STUDENT_IMPORT)
    holders = records.holders(national_ids)
    by_person = dict(Student.objects.filter(person_id__in=holders.values()).values_list("person_id", "reg_no"))
    return KnownAcademics(
        places=_places(reach, may_create_programs=actor.reach(Perm.PROGRAM_MANAGE).everything),
        students=_students(reg_nos, reach, today),
        usernames=usernames.in_use(stems),
        emails=records.emails_in(email_domain) if email_domain else (),
        national_ids={number: by_person.get(person, "") for number, person in holders.items()},
        genders=records.GENDERS,
    )


def _places(reach: Reach, *, may_create_programs: bool) -> KnownPlaces:
    programs = Program.objects.values_list("pk", "name", "code")
    batches = Batch.objects.values_list("pk", "program_id", "name", "graduation_year")
    return KnownPlaces(
        programs={name: KnownProgram(pk, code, reach.covers(program=pk)) for pk, name, code in programs},
        batches={(program, name): KnownBatch(pk, year) for pk, program, name, year in batches},
        groups={(batch, name): pk for pk, batch, name in Group.objects.values_list("pk", "batch_id", "name")},
        may_create_programs=may_create_programs,
    )


def _students(reg_nos: Iterable[str], reach: Reach, today: date) -> dict[str, KnownStudent]:
    rows = Student.objects.annotate(key=Lower("reg_no")).filter(key__in=list(reg_nos))
    columns = ("pk", "reg_no", "status", "program_id", "batch_id", "actual_graduation_year", "group_id")
    found = list(rows.values_list(*columns))
    placed = _placements([pk for pk, *_ in found], today)
    return {
        reg_no: KnownStudent(
            pk, StudentStatus(status), reach.covers(program=program, batch=batch), graduated, group,
            tuple(placed.get(pk, ())),
        )
        for pk, reg_no, status, program, batch, graduated, group in found
    }  # fmt: skip


def _placements(students: Collection[int], today: date) -> dict[int, list[PlacementFacts]]:
    """Placements of students that last until today or begin later."""
    lasting = Placement.objects.filter(Q(to_date=None) | Q(to_date__gte=today), student_id__in=students)
    found: dict[int, list[PlacementFacts]] = {}
    for placement in lasting.order_by("from_date") if students else ():
        found.setdefault(placement.student_id, []).append(placement_facts(placement))
    return found


def some_program(*, actor: Actor) -> str | None:
    """The name of a program to show in a template, within the importer's: the first one entered."""
    reach = actor.reach(Perm.STUDENT_IMPORT)
    found = Program.objects.all() if reach.everything else Program.objects.filter(pk__in=reach.programs)
    return found.order_by("pk").values_list("name", flat=True).first()


def some_group(*, actor: Actor) -> Group | None:
    """A group to show in a template, within the importer's programs: the first of the batch that graduates last."""
    reach = actor.reach(Perm.STUDENT_IMPORT)
    groups = Group.objects.select_related("batch__program").filter(batch__is_active=True)
    if not reach.everything:
        groups = groups.filter(batch__program_id__in=reach.programs)
    ordering = ("-batch__graduation_year", "batch_id", "position", "pk")
    return groups.order_by(*ordering).first()
