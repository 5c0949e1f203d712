"""Who holds the audience keys of academics on a day, for the registry of the directory."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from maristan.academics.models import (
    AcademicPeriod,
    Batch,
    Course,
    Enrollment,
    Group,
    Placement,
    Program,
    Section,
    Student,
)
from maristan.academics.queries.audience import sections_taught_by
from maristan.academics.queries.roster import ATTENDING, placed_on
from maristan.academics.rules.states import EnrollmentStatus, StudentStatus
from maristan.directory.queries.audiences import KeySource, ids_of
from maristan.kernel.access import Actor, Reach

Keys = Collection[str]
Rows = list["QuerySet[Any]"]
TABLES: dict[str, Any] = {
    "program": Program, "batch": Batch, "group": Group, "section": Section, "course": Course, "period": AcademicPeriod,
    "student": Student,
}  # fmt: skip
PLACED = {
    "program": "student__program_id", "batch": "batch_id", "group": "group_id", "graduation": "batch__graduation_year",
    "student": "student_id",
}  # fmt: skip
SEATED = {"section": "section_id", "course": "section__course_id", "period": "section__academic_period_id"}
# What stands between a key and the program and batch by which a reach covers it.
OWNERS = {
    "batch": ("program_id", "pk"),
    "group": ("batch__program_id", "batch_id"),
    "section": ("academic_period__program_id", "academic_period__batch_id"),
    "period": ("program_id", "batch_id"),
    "student": ("program_id", "batch_id"),
}


def persons(keys: Keys, day: date) -> Rows:
    """Persons who hold any of these keys on a day, as `audience.audience_of` gives the keys of one."""
    return [rows.values("student__person_id") for rows in (*_placements(keys, day), *_seats(keys))]


def _placements(keys: Keys, day: date) -> Rows:
    placed = Placement.objects.filter(placed_on(day))
    attending = placed.filter(student__status__in=ATTENDING)
    found: Rows = [
        (attending if noun == "group" else placed).filter(**{f"{column}__in": list(ids_of(keys, noun))})
        for noun, column in PLACED.items()
        if ids_of(keys, noun)
    ]
    statuses = [value for noun, _, value in (key.partition(":") for key in keys) if noun == "status"]
    if statuses:
        found.append(placed.filter(student__status__in=statuses))
    return found


def _seats(keys: Keys) -> Rows:
    seated = Enrollment.objects.filter(status=EnrollmentStatus.ACTIVE)
    return [
        seated.filter(**{f"{column}__in": list(ids_of(keys, noun))})
        for noun, column in SEATED.items()
        if ids_of(keys, noun)
    ]


def known(keys: Keys) -> set[str]:
    """Keys that name something here; a year of graduation when a batch has it. One query for each noun."""
    found = {key for key in keys if key.partition(":")[0] == "status" and key.partition(":")[2] in set(StudentStatus)}
    for noun, table in TABLES.items():
        named = ids_of(keys, noun)
        if named:
            found |= {named[pk] for pk in table.objects.filter(pk__in=named).values_list("pk", flat=True)}
    years = ids_of(keys, "graduation")
    if years:
        present = Batch.objects.filter(graduation_year__in=years).values_list("graduation_year", flat=True)
        found |= {years[year] for year in present}
    return found


def within(keys: Keys, actor: Actor, reach: Reach) -> set[str]:
    """Keys of the programs and batches of a reach, and of sections that the actor teaches: one query for each noun."""
    found = {key for pk, key in ids_of(keys, "program").items() if pk in reach.programs}
    for noun, (program, batch) in OWNERS.items():
        named = ids_of(keys, noun)
        if named:
            covered = Q(**{f"{program}__in": reach.programs}) | Q(**{f"{batch}__in": reach.batches})
            rows = TABLES[noun].objects.filter(covered, pk__in=named)
            found |= {named[pk] for pk in rows.values_list("pk", flat=True)}
    sections = ids_of(keys, "section")
    if reach.own and sections:
        found |= {sections[pk] for pk in sections_taught_by(actor.person_id) if pk in sections}
    return found


SOURCE = KeySource(persons, known, within)
PREFIXES = (*TABLES, "status", "graduation")
