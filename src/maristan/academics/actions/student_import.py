"""The bulk file of students: people with contacts and role, students, placements, and missing places (I1 to I6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from maristan.academics.models import Batch, Group, Placement, Program, Student
from maristan.academics.queries import student_import as queries
from maristan.academics.queries.students import placement_facts
from maristan.academics.rules import imports as rules
from maristan.academics.rules.programs import Structure, with_default_periods
from maristan.academics.rules.states import Perm, ProgramStructure, StudentStatus
from maristan.academics.rules.students import is_to_be_placed, plan_placement, username_stem
from maristan.directory.actions import bulk_people, records
from maristan.directory.actions.bulk_people import NewPerson
from maristan.directory.actions.records import PersonRecord
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.imports import Importer, Outcomes, Report
from maristan.kernel.names import match_key, normal_identifier, tidy
from maristan.kernel.tables.cells import Row
from maristan.kernel.tables.outcomes import ImportMode, RowAction, RowOutcome

KIND = "students"
ROLE = "student"
BATCH = 1000
Names = tuple[str, ...]


class PlannedRows(tuple[RowOutcome[rules.StudentValues], ...]):
    """The outcomes, with what the commit creates before them."""

    plan: rules.StudentImport


@dataclass(frozen=True, slots=True)
class Places:
    """Ids of what the commit has created, by the names as `match_key` has them."""

    programs: Mapping[Names, int]
    batches: Mapping[Names, int]
    groups: Mapping[Names, int]

    def of(self, row: rules.StudentValues) -> tuple[int, int, int]:
        """Program, batch and group of a row."""
        names = _keys(row.program_name, row.batch_name, row.group_name)
        return (
            row.program_id or self.programs[names[:1]],
            row.batch_id or self.batches[names[:2]],
            row.group_id or self.groups[names],
        )


def _keys(*names: str) -> Names:
    return tuple(match_key(name) for name in names)


def _preview(rows: Sequence[Row], mode: ImportMode, options: Mapping[str, Any], by: Actor) -> Outcomes:
    wanted = queries.options(mode=mode, asked=options, actor=by)
    known = queries.known(
        reg_nos={tidy(row.cell("reg_no").text).lower() for row in rows},
        national_ids={normal_identifier(row.cell("national_id").text) for row in rows} - {""},
        stems={username_stem(row.cell("name").text, row.cell("reg_no").text) for row in rows},
        email_domain=wanted.email_domain,
        today=wanted.today,
        actor=by,
    )
    plan = rules.plan_students(rows, known, wanted)
    outcomes = PlannedRows(plan.outcomes)
    outcomes.plan = plan
    return outcomes


def _commit(outcomes: Outcomes, options: Mapping[str, Any], by: Actor, report: Report) -> dict[str, Any]:
    """Create what is missing, then students in batches of 1,000, then change the others; no password is set."""
    assert isinstance(outcomes, PlannedRows)
    places = _create_places(outcomes.plan, by)
    new, changed = _values(outcomes, RowAction.CREATE), _values(outcomes, RowAction.UPDATE)
    today, done = local_today(), 0
    entered: list[int] = []
    for part in _batches(new):
        entered += _create(part, places, today, by)
        done += len(part)
        report(done, len(outcomes), "writing")
    moved = 0
    for part in _batches(changed):
        moved += _change(part, places, today, by)
        done += len(part)
        report(done, len(outcomes), "writing")
    report(len(outcomes), len(outcomes), "written")
    return {
        "students_created": len(new),
        "students_changed": len(changed),
        "students_placed": moved,
        "programs_created": len(outcomes.plan.programs),
        "batches_created": len(outcomes.plan.batches),
        "groups_created": len(outcomes.plan.groups),
        "entered": entered,
    }


def _values(outcomes: PlannedRows, action: RowAction) -> list[rules.StudentValues]:
    return [each.values for each in outcomes if each.action is action and each.values is not None]


def _batches(rows: Sequence[rules.StudentValues]) -> Iterable[Sequence[rules.StudentValues]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _create_places(plan: rules.StudentImport, by: Actor) -> Places:
    """Programs (YEARLY, DRAFT), then batches, then groups: one statement and one set of lines for each kind."""
    usual = with_default_periods(Structure(ProgramStructure.YEARLY)).total_periods or 1
    programs = Program.objects.bulk_create(
        [Program(name=each.name, code=each.code, total_periods=usual) for each in plan.programs]
    )
    program_ids = {_keys(each.name): each.pk for each in programs}
    there = _existing_programs(plan, program_ids)
    batches = Batch.objects.bulk_create(
        [
            Batch(
                program_id=there[_keys(each.program_name)], name=each.name, intake_year=each.intake_year,
                graduation_year=each.graduation_year,
            )
            for each in plan.batches
        ]
    )  # fmt: skip
    batch_ids = {_keys(new.program_name, new.name): made.pk for new, made in zip(plan.batches, batches, strict=True)}
    known = _existing_batches(plan, batch_ids)
    positions = _last_positions(known.values())
    groups = []
    for new in plan.groups:
        batch = known[_keys(new.program_name, new.batch_name)]
        positions[batch] = positions.get(batch, 0) + 1
        groups.append(Group(batch_id=batch, name=new.name, position=positions[batch]))
    made_groups = Group.objects.bulk_create(groups)
    group_ids = {
        _keys(new.program_name, new.batch_name, new.name): made.pk
        for new, made in zip(plan.groups, made_groups, strict=True)
    }
    for noun, made in (("program", programs), ("batch", batches), ("group", made_groups)):
        lines = {row.pk: {"name": [None, row.name]} for row in made}
        journal.record_each(f"{noun}.created", noun, lines, by=by)
    return Places(program_ids, batch_ids, group_ids)


def _existing_programs(plan: rules.StudentImport, made: Mapping[Names, int]) -> dict[Names, int]:
    """Programs by name: those just made, and those to which new batches are added."""
    if not plan.batches:
        return dict(made)
    return {**{_keys(name): pk for pk, name in Program.objects.values_list("pk", "name")}, **made}


def _existing_batches(plan: rules.StudentImport, made: Mapping[Names, int]) -> dict[Names, int]:
    """Batches by program and name: those just made, and those to which new groups are added."""
    if not plan.groups:
        return dict(made)
    there = Batch.objects.values_list("pk", "program__name", "name")
    return {**{_keys(program, name): pk for pk, program, name in there}, **made}


def _last_positions(batches: Iterable[int]) -> dict[int, int]:
    found = Group.objects.filter(batch_id__in=list(batches)).order_by("position").values_list("batch_id", "position")
    return dict(found)


def _create(part: Sequence[rules.StudentValues], places: Places, today: date, by: Actor) -> list[int]:
    people = bulk_people.enter(people=[_person(row) for row in part], by=by)
    records.hold_role(people=people, role=ROLE, from_date=today, by=by)
    students = []
    for person, row in zip(people, part, strict=True):
        program, batch, group = places.of(row)
        students.append(
            Student(
                person_id=person, reg_no=row.reg_no, program_id=program, batch_id=batch, group_id=group,
                status=row.status or "active", enrollment_year=row.enrollment_year,
                expected_graduation_year=row.graduation_year,
            )
        )  # fmt: skip
    made = Student.objects.bulk_create(students)
    Placement.objects.bulk_create(
        Placement(student=each, batch_id=each.batch_id, group_id=each.group_id, from_date=today) for each in made
    )
    lines = {each.pk: {"reg_no": [None, each.reg_no], "group": [None, each.group_id]} for each in made}
    journal.record_each("student.created", "student", lines, by=by)
    return list(lines)


def _person(row: rules.StudentValues) -> NewPerson:
    return NewPerson(
        name=row.name,
        email=row.email or row.proposed_email,
        phone=row.phone,
        proposed_username=row.username or "",
        father_name=row.father_name or "",
        gender=row.gender or "undisclosed",
        date_of_birth=row.date_of_birth,
        national_id=row.national_id,
    )


def _change(part: Sequence[rules.StudentValues], places: Places, today: date, by: Actor) -> int:
    """Change people and students of the file, placing those who stand elsewhere; gives how many were placed."""
    by_id = {row.student_id: row for row in part if row.student_id is not None}
    students = list(Student.objects.select_for_update(of=("self",)).filter(pk__in=by_id).order_by("pk"))
    records.update_many(records={each.person_id: _record(by_id[each.pk]) for each in students}, by=by)
    placed = _place(students, {each.pk: places.of(by_id[each.pk]) for each in students}, today)
    lines: dict[str, dict[int, dict[str, list[Any]]]] = {"student.placed": {}, "student.updated": {}}
    now = clock.now()
    for student in students:
        changes = _set(student, by_id[student.pk], places)
        if not changes and student.pk not in placed:
            continue
        changes["version"] = [student.version, student.version + 1]
        student.version, student.updated_at = student.version + 1, now
        lines["student.placed" if student.pk in placed else "student.updated"][student.pk] = changes
    touched = [each for each in students if any(each.pk in changes_of for changes_of in lines.values())]
    Student.objects.bulk_update(touched, ["program", "batch", "group", "enrollment_year", "version", "updated_at"])
    for kind, changes_of in lines.items():
        journal.record_each(kind, "student", changes_of, by=by)
    return len(placed)


def _set(student: Student, row: rules.StudentValues, places: Places) -> dict[str, list[Any]]:
    wanted: dict[str, Any] = dict(zip(("program_id", "batch_id", "group_id"), places.of(row), strict=True))
    if row.enrollment_year is not None:
        wanted["enrollment_year"] = row.enrollment_year
    changes = {field: [getattr(student, field), value] for field, value in wanted.items()}
    for field, value in wanted.items():
        setattr(student, field, value)
    return {field: pair for field, pair in changes.items() if pair[0] != pair[1]}


def _record(row: rules.StudentValues) -> PersonRecord:
    return PersonRecord(row.name, row.father_name, row.date_of_birth, row.gender, row.national_id, row.email, row.phone)


def _place(students: Sequence[Student], targets: Mapping[int, tuple[int, int, int]], today: date) -> set[int]:
    """Place those who stand elsewhere today, or study and stand nowhere; gives their ids.

    The open placement of each ends the day before, and the next one begins; the same day replaces (A9).
    """
    history: dict[int, list[Placement]] = {}
    for placement in Placement.objects.select_for_update().filter(student__in=students).order_by("from_date", "pk"):
        history.setdefault(placement.student_id, []).append(placement)
    changed, opened, placed = [], [], set()
    for student in students:
        _, batch, group = targets[student.pk]
        own = {each.pk: each for each in history.get(student.pk, [])}
        facts = [placement_facts(each) for each in own.values()]
        if not is_to_be_placed(StudentStatus(student.status), facts, student.group_id, group, today):
            continue
        placed.add(student.pk)
        plan = plan_placement(facts, batch=batch, group=group, from_date=today)
        if plan.replace is not None:
            own[plan.replace].batch_id, own[plan.replace].group_id = batch, group
            changed.append(own[plan.replace])
            continue
        if plan.close is not None:
            own[plan.close].to_date = plan.close_on
            changed.append(own[plan.close])
        opened.append(Placement(student=student, batch_id=batch, group_id=group, from_date=today))
    Placement.objects.bulk_update(changed, ["batch", "group", "to_date"], batch_size=BATCH)
    Placement.objects.bulk_create(opened, batch_size=BATCH)
    return placed


def _template(by: Actor) -> list[tuple[str, ...]]:
    """Two students of a group that is here; where none is yet, of one that the file brings."""
    group = queries.some_group(actor=by)
    names = (queries.some_program(actor=by) or "MBBS", "2031 Batch", "Group A")
    if group is not None:
        names = (group.batch.program.name, group.batch.name, group.name)
    blank = ("",) * 2
    return [
        ("2026-TEMPLATE-001", "Ayesha Siddiqui", *names, "active", "ayesha.siddiqui@example.edu", "+92 300 1234567",
         "2005-03-14", "Tariq Siddiqui", "female", "", "2026"),
        ("2026-TEMPLATE-002", "Omar Farooq", *names, "active", "", "", "", *blank, "", ""),
    ]  # fmt: skip


IMPORTER = Importer(
    kind=KIND,
    permission=Perm.STUDENT_IMPORT,
    required=rules.REQUIRED,
    known=rules.COLUMNS,
    preview=_preview,
    commit=_commit,
    template=_template,
    settled=queries.settled,
)
