"""Writes of students: entering, changing, placing, and the moves of their status."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from maristan.academics.models import Batch, Group, Placement, Student
from maristan.academics.queries import structure, unplaced
from maristan.academics.queries import students as queries
from maristan.academics.rules import students as rules
from maristan.academics.rules.programs import batch_code
from maristan.academics.rules.states import Perm, StudentStatus
from maristan.directory.actions import bulk_people, people, records
from maristan.directory.actions.bulk_people import NewPerson
from maristan.directory.actions.records import PersonRecord
from maristan.directory.queries import settings as institution
from maristan.directory.queries import usernames
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, NotNow
from maristan.kernel.names import TakenNames, normal_email, normal_identifier, tidy
from maristan.kernel.phones import normal_phone
from maristan.kernel.unjournaled import unjournaled

ROLE = "student"
ATTEMPTS = 5
MOVES = ("suspend", "reinstate", "deactivate", "graduate")
TAKEN = {
    "academics_student_reg_no_once": NotNow("reg_no_taken", "A student of that registration number exists."),
    "academics_student_person_id_key": NotNow("already_student", "This person is a student already."),
}
YEARS = ("current_year", "enrollment_year", "expected_graduation_year")
OF_PERSON = ("name", "father_name", "date_of_birth", "gender", "national_id")
REACHED = ("email", "phone")


def _placed(
    values: Mapping[str, Any], by: Actor, *, batch: str = "/batch", group: str = "/group"
) -> tuple[Batch, Group]:
    """The batch and group that a body names; raises `Invalid` (`unknown_reference`, `group_not_in_batch`)."""
    found_batch = rows.reference(structure.batches(actor=by), values["batch"], batch)
    found_group = rows.reference(structure.groups(actor=by), values["group"], group)
    if found_batch is None or found_group is None or found_group.batch_id != found_batch.pk:
        raise Invalid.at(group, "group_not_in_batch", "The group belongs to another batch.")
    return found_batch, found_group


def _described(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a body says of the person, names tidied and the national id in its one shape."""
    found = {field: values[field] for field in OF_PERSON if values.get(field)}
    for field in {"name", "father_name"} & found.keys():
        found[field] = tidy(found[field])
    if "national_id" in found:
        found["national_id"] = normal_identifier(found["national_id"]) or None
    return found


def _contacts(values: Mapping[str, Any]) -> dict[str, Any]:
    """The given contacts in their one shape (D1); raises `Invalid` (`bad_email`, `bad_phone`)."""
    found: dict[str, Any] = {}
    country = institution.institution().country
    for kind, shape in (("email", normal_email), ("phone", lambda text: normal_phone(text, country))):
        if values.get(kind):
            try:
                found[kind] = shape(values[kind])
            except ValueError as fault:
                raise Invalid.at(f"/{kind}", f"bad_{kind}", str(fault)) from None
    return found


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Student:
    """Enter a student: the person with contacts and role, the student, and the first placement from today.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, `group_not_in_batch`, `bad_email`, `bad_phone`), `NotNow`
    (`reg_no_taken`, `national_id_taken`).
    """
    reach = by.demand(Perm.STUDENT_EDIT)
    batch, group = _placed(values, by)
    by.demand(Perm.STUDENT_EDIT, within=reach.covers(program=batch.program_id, batch=batch.pk), pointer="/batch")
    reg_no = tidy(values["reg_no"])
    person = enter_person(
        person=NewPerson(**_described(values), **_contacts(values)), reg_no=reg_no, batch=batch, by=by
    )
    years = {field: values.get(field) for field in YEARS}
    student = enter(person=person, reg_no=reg_no, group=group, years=years, by=by)
    return queries.get(student.pk, actor=by)


@transaction.atomic
def enter(*, person: int, reg_no: str, group: Group, years: Mapping[str, int | None], by: Actor) -> Student:
    """Make a person a student of a group from today; the caller has asked for its own permission.

    Raises `NotNow` (`reg_no_taken`, `already_student`).
    """
    today, batch = institution.local_today(), group.batch
    records.hold_role(people=[person], role=ROLE, from_date=today, by=by)
    student = Student(person_id=person, reg_no=reg_no, program_id=batch.program_id, batch=batch, group=group)
    student.expected_graduation_year = batch.graduation_year
    for field in YEARS:
        setattr(student, field, years.get(field) or getattr(student, field))
    with rows.refusing(**TAKEN):
        student.save()
    Placement.objects.create(student=student, batch=batch, group=group, from_date=today)
    changes = {"reg_no": [None, reg_no], "batch": [None, batch.pk], "group": [None, group.pk]}
    journal.record("student.created", ("student", student.pk), by=by, changes=changes)
    return student


@unjournaled("the line of the student who is entered with the person says it")
@transaction.atomic
def enter_person(*, person: NewPerson, reg_no: str, batch: Batch, by: Actor) -> int:
    """Enter the person of a student; of two of one first name entered at once, the second takes the next username.

    The caller has asked for its own permission. Gives the person's id. Raises `NotNow` (`national_id_taken`).
    """
    stem, ending = rules.username_stem(person.name, reg_no), f".{batch_code(batch.graduation_year)}"
    return _entered(person, stem, ending, ATTEMPTS, by)


def _entered(person: NewPerson, stem: str, ending: str, attempts: int, by: Actor) -> int:
    username = TakenNames(usernames.in_use([stem])).claim(stem, ending)
    try:
        with rows.refusing(**people.TAKEN):
            return bulk_people.enter(people=[replace(person, proposed_username=username)], by=by)[0]
    except NotNow as refusal:
        if refusal.code != "username_taken" or attempts == 1:
            raise
        return _entered(person, stem, ending, attempts - 1, by)


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Student:
    """Change a student's years and contacts; name, birth and identity as far as the actor may edit persons.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`national_id_taken`).
    """
    student = _student(pk, Perm.STUDENT_EDIT, by)
    rows.must_match(student, version, ("student", pk))
    changes = rows.change(student, {key: each for key, each in values.items() if key not in (*OF_PERSON, *REACHED)})
    faults = rules.graduation_faults(student.actual_graduation_year, student.enrollment_year, "/enrollment_year")
    if faults:
        raise Invalid(faults)
    named = _change_person(student, values, by)
    if changes or named:
        rows.save_changes(student, changes)
        journal.record("student.updated", ("student", pk), by=by, changes={**changes, **named})
    return queries.get(pk, actor=by)


def _change_person(student: Student, values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Change what is told of the person, and name it without the values: the person's own lines have them."""
    described = {field: values[field] for field in OF_PERSON if field in values}
    named: list[str] = []
    if described:
        before = {field: getattr(student.person, field) for field in described}
        person = people.update(pk=student.person_id, version=student.person.version, values=described, by=by)
        named = [field for field in described if getattr(person, field) != before[field]]
    contacts = {kind: value for kind, value in _contacts(values).items() if value != getattr(student, kind)}
    if contacts:
        records.update_many(records={student.person_id: PersonRecord(**contacts)}, by=by)
    return {field: [None, None] for field in (*named, *contacts)}


def _student(pk: int, permission: str, by: Actor) -> Student:
    student = queries.get(pk, actor=by, lock=True)
    reach = by.reach(permission)
    by.demand(permission, within=reach.covers(program=student.program_id, batch=student.batch_id))
    return student


@transaction.atomic
def move(
    *, pk: int, name: str, version: int | None, reason: str | None, actual_graduation_year: int | None, by: Actor
) -> Student:
    """Suspend, reinstate, deactivate or graduate a student; the year of graduation is by default the present one.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`, `out_of_range`), `NotNow`.
    """
    if name not in MOVES:
        raise NotFound()
    student = _student(pk, Perm.STUDENT_STATUS, by)
    rows.must_match(student, version, ("student", pk), required=False)

    def may(permission: str) -> bool:
        return by.reach(permission).covers(program=student.program_id, batch=student.batch_id)

    transition, _ = rules.STUDENT.check(queries.facts(student), name, by, clock.now(), reason=reason, may=may)
    wanted: dict[str, Any] = {"status": transition.target}
    if name == "graduate":
        year = actual_graduation_year or institution.local_today().year
        faults = rules.graduation_faults(year, student.enrollment_year)
        if faults:
            raise Invalid(faults)
        wanted["actual_graduation_year"] = year
    changes = rows.change(student, wanted)
    rows.save_changes(student, changes)
    journal.record("student.status_changed", ("student", pk), by=by, changes=changes, reason=(reason or "").strip())
    return student


@transaction.atomic
def place(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Student:
    """Move a student to a batch and group from a day on, by default today (A9); until a day to come all stays as it is.

    `values`: batch, group, from_date?, reason. Raises `NotFound`, `NotAllowed` (another program needs its own
    permission), `Stale`, `Invalid`, `NotNow` (`overlap`).
    """
    student = _student(pk, Perm.STUDENT_PLACE, by)
    batch, group = _placed(values, by)
    permission = rules.placement_permission(program=student.program_id, to_program=batch.program_id)
    within = by.reach(permission).covers(program=batch.program_id, batch=batch.pk)
    by.demand(permission, within=within, pointer="/batch")
    rows.must_match(student, version, ("student", pk), required=False)
    today = institution.local_today()
    from_date, reason = values.get("from_date") or today, (values.get("reason") or "").strip()
    history = list(Placement.objects.select_for_update().filter(student=student).order_by("from_date", "pk"))
    plan = rules.plan_placement(
        [queries.placement_facts(each) for each in history], batch=batch.pk, group=group.pk, from_date=from_date
    )
    if plan.is_unchanged:
        return student
    _carry_out(plan, student, Placement(student=student, batch=batch, group=group, from_date=from_date, reason=reason))
    wanted = {"program_id": batch.program_id, "batch_id": batch.pk, "group_id": group.pk}
    foreseen = {
        field: [getattr(student, field), new] for field, new in wanted.items() if getattr(student, field) != new
    }
    changes = rows.change(student, wanted) if from_date <= today else {}
    rows.save_changes(student, changes)
    placed = {**foreseen, **changes, "from_date": [None, from_date]}
    journal.record("student.placed", ("student", pk), by=by, changes=placed, reason=reason)
    return queries.get(pk, actor=by)


@transaction.atomic
def settle_placements(*, by: Actor) -> int:
    """Let those whose placement begins today belong to its batch and group; gives how many. Constant queries."""
    found = unplaced.begun(day=institution.local_today())
    students = Student.objects.select_for_update().filter(pk__in=found).order_by("pk")
    moved: dict[int, dict[str, list[Any]]] = {}
    changed, now = [], clock.now()
    for student in students:
        placement = found[student.pk]
        wanted = {
            "program_id": placement.batch.program_id, "batch_id": placement.batch_id, "group_id": placement.group_id
        }  # fmt: skip
        moved[student.pk] = {**rows.change(student, wanted), "version": [student.version, student.version + 1]}
        student.version, student.updated_at = student.version + 1, now
        changed.append(student)
    Student.objects.bulk_update(changed, ["program", "batch", "group", "version", "updated_at"], batch_size=1000)
    journal.record_each("student.placed", "student", moved, by=by)
    return len(changed)


def _carry_out(plan: rules.PlacementPlan, student: Student, placement: Placement) -> None:
    """Close the open placement or write over it, and open the new one."""
    own = Placement.objects.filter(student=student)
    if plan.replace is not None:
        own.filter(pk=plan.replace).update(
            batch_id=placement.batch_id, group_id=placement.group_id, reason=placement.reason
        )
        return
    if plan.close is not None:
        own.filter(pk=plan.close).update(to_date=plan.close_on)
    in_the_way = NotNow("overlap", "Another placement is in the way.")
    with rows.refusing(academics_placement_no_overlap=in_the_way, academics_placement_one_open=in_the_way):
        placement.save()


@transaction.atomic
def switch_study(*, begin: Collection[int], finish: Collection[int], by: Actor) -> int:
    """Take people out of study on the first day of a suspending leave and give them back after its last (D6).

    Both are person ids; people who are no students, and students whose status somebody changed by hand meanwhile,
    stay as they are. Gives how many students were switched; each has a journal line. Constant queries.
    """
    students = Student.objects.select_for_update().filter(person_id__in={*begin, *finish}).order_by("pk")
    switched, changes = [], {}
    now = clock.now()
    for student in students:
        target = _after_leave(student, begin, finish)
        if target is None:
            continue
        version = [student.version, student.version + 1]
        changes[student.pk] = {"status": [student.status, target.value], "version": version}
        student.status, student.version, student.updated_at = target.value, version[1], now
        switched.append(student)
    Student.objects.bulk_update(switched, ["status", "version", "updated_at"], batch_size=1000)
    journal.record_each("student.status_changed", "student", changes, by=by)
    return len(switched)


def _after_leave(student: Student, begin: Iterable[int], finish: Iterable[int]) -> StudentStatus | None:
    """What a leave that ends and one that begins on the same day make of a student together; None for no change."""
    before = status = StudentStatus(student.status)
    if student.person_id in finish:
        status = rules.leave_switch(status, begins=False) or status
    if student.person_id in begin:
        status = rules.leave_switch(status, begins=True) or status
    return None if status is before else status
