"""What staff do with applications: enter one from paper, correct, review, reject, and admit (A13)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from maristan.academics.actions import application_forms as forms
from maristan.academics.actions import students
from maristan.academics.models import Application, Group, Intake, Student
from maristan.academics.queries import admissions as queries
from maristan.academics.queries import form_fields, structure
from maristan.academics.rules.admissions import APPLICATION, OPEN, registration_number
from maristan.academics.rules.states import ApplicationStatus, Perm
from maristan.academics.rules.students import REG_NO_LENGTH
from maristan.directory.actions import admitted, invitations
from maristan.directory.actions.bulk_people import NewPerson
from maristan.directory.queries import people
from maristan.directory.queries.settings import setting
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.workflow import require_reason

PATTERN = "academics.reg_no_pattern"
KINDS = {
    "review": "application.reviewed",
    "reject": "application.rejected",
    "approve": "application.approved",
}
STAFF_MOVES = ("submit", "review", "approve", "reject")


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Application:
    """Enter an application from paper as a draft; staff do not wait for the intake to open.

    Raises `NotAllowed`, `Invalid` (`unknown_reference`, ...), `NotNow` (`draft_exists`).
    """
    reach = by.demand(Perm.APPLICATION_SUBMIT)
    intake = rows.reference(Intake.objects.select_related("batch"), values["intake"], "/intake")
    assert intake is not None
    within = reach.covers(program=intake.program_id, batch=intake.batch_id)
    by.demand(Perm.APPLICATION_SUBMIT, within=within, pointer="/intake")
    given = form_fields.normal({field: value for field, value in values.items() if field != "intake"})
    with rows.refusing(**forms.ONE_DRAFT):
        application = forms.draft(intake=intake, email=given["email"], language="", by=by)
    changes = rows.change(application, given)
    if changes:
        application.save(update_fields=[*changes, "updated_at"])
    entered = {"intake": [None, intake.pk], "email": [None, application.email], **changes}
    journal.record("application.started", ("application", application.pk), by=by, changes=entered)
    return rows.one(queries.applications(actor=by), application.pk)


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Application:
    """Correct an application that is not decided, or write a note on it.

    Raises `NotFound`, `NotAllowed`, `VersionRequired`, `Stale`, `Invalid`, `NotNow` (`wrong_status`).
    """
    application = _locked(pk, Perm.APPLICATION_REVIEW, by)
    rows.must_match(application, version, ("application", pk))
    is_note = values.keys() == {"staff_notes"}
    if not is_note and not _is_undecided(application):
        raise forms.DECIDED
    kind = "application.noted" if is_note else "application.saved"
    return forms.change(application=application, values=values, by=by, kind=kind)


def _is_undecided(application: Application) -> bool:
    return application.status in (*OPEN, ApplicationStatus.DRAFT)


@transaction.atomic
def put_paper(*, pk: int, kind: str, content: bytes, by: Actor) -> Application:
    """Attach a paper that was handed in by hand. Raises `NotFound`, `NotAllowed`, `NotNow`, `TooLarge`, `Invalid`."""
    application = _papers_of(pk, by)
    forms.put_paper(application=application, kind=kind, content=content, by=by)
    return application


@transaction.atomic
def remove_paper(*, pk: int, kind: str, by: Actor) -> Application:
    """Take a paper away. Raises `NotFound`, `NotAllowed`, `NotNow` (`wrong_status`)."""
    application = _papers_of(pk, by)
    forms.remove_paper(application=application, kind=kind, by=by)
    return application


def _papers_of(pk: int, by: Actor) -> Application:
    application = _locked(pk, Perm.APPLICATION_REVIEW, by)
    if not _is_undecided(application):
        raise forms.DECIDED
    return application


@transaction.atomic
def submit(*, pk: int, version: int | None, by: Actor) -> Application:
    """Hand in a draft on the applicant's behalf. Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow`."""
    application = _locked(pk, Perm.APPLICATION_SUBMIT, by)
    rows.must_match(application, version, ("application", pk), required=False)
    return forms.hand_in(application=application, by=by)


@transaction.atomic
def move(*, pk: int, name: str, version: int | None, reason: str | None, by: Actor) -> Application:
    """Set an application aside for review, or reject it with a reason.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow` (`wrong_status`).
    """
    application = _locked(pk, APPLICATION.transition(name).permission, by)
    rows.must_match(application, version, ("application", pk), required=False)
    known, now = queries.facts(application, [], has_placement=True), clock.now()
    transition, _ = APPLICATION.check(known, name, by, now, reason=reason)
    values: dict[str, Any] = {"status": transition.target}
    if name == "reject":
        values |= {"decided_at": now, "decided_by": by.name, "decision_reason": (reason or "").strip()}
    return _moved(application, name, values, reason, by)


def _moved(
    application: Application, name: str, values: Mapping[str, Any], reason: str | None, by: Actor
) -> Application:
    changes = rows.change(application, values)
    rows.save_changes(application, changes)
    said = (reason or "").strip()
    journal.record(KINDS[name], ("application", application.pk), by=by, changes=changes, reason=said)
    return application


@transaction.atomic
def approve(
    *,
    pk: int,
    version: int | None,
    group: int | None,
    person: int | None,
    override: bool,
    reason: str | None,
    by: Actor,
) -> Application:
    """Admit an applicant: person, contacts, identity document, student, placement and invitation at once (A13).

    `group` places them (a batch with one group needs none named); `person` is the one known already whom the reviewer
    takes the applicant for; `override` admits in spite of duplicates and needs a reason. Raises `NotFound`,
    `NotAllowed`, `Stale`, `Invalid` (`unknown_reference`, `not_a_duplicate`, `group_not_in_batch`, `REASON_REQUIRED`),
    `NotNow` with what is missing, and `NotNow` (`already_student`, `national_id_taken`, `reg_no_too_long`).
    """
    application = _locked(pk, Perm.APPLICATION_DECIDE, by)
    rows.must_match(application, version, ("application", pk), required=False)
    Intake.objects.select_for_update().get(pk=application.intake_id)  # two who admit take turns for the last seat
    placed = _group(application, group, by)
    found = queries.duplicates(application)
    _chosen(person, found, by)
    if override:
        require_reason(reason)
    known = queries.facts(application, found, has_placement=placed is not None, person=person, overridden=override)
    now = clock.now()
    transition, _ = APPLICATION.check(known, "approve", by, now, reason=reason)
    assert placed is not None
    student = _admit(application, placed, person, by)
    values = {
        "status": transition.target,
        "student_id": student.pk,
        "decided_at": now,
        "decided_by": by.name,
        "decision_reason": (reason or "").strip(),
    }
    return _moved(application, "approve", values, reason, by)


def _chosen(person: int | None, found: Sequence[Mapping[str, Any]], by: Actor) -> None:
    """Raise `Invalid` unless the person is among those whom the applicant resembles."""
    rows.reference(people.visible_to(actor=by), person, "/person")
    if person is not None and person not in {each["person"] for each in found}:
        raise Invalid.at("/person", "not_a_duplicate", "The applicant does not resemble this person.")


def _group(application: Application, group: int | None, by: Actor) -> Group | None:
    """The group asked for, else the only one of the batch."""
    of_batch = Group.objects.select_related("batch").filter(batch=application.intake.batch_id)
    if group is None:
        found = list(of_batch[:2])
        return found[0] if len(found) == 1 else None
    rows.reference(structure.groups(actor=by), group, "/group")
    placed = of_batch.filter(pk=group).first()
    if placed is None:
        raise Invalid.at("/group", "group_not_in_batch", "The group belongs to another batch.")
    return placed


def _admit(application: Application, group: Group, chosen: int | None, by: Actor) -> Student:
    reg_no = _registration_number(application, by)
    person = chosen or _person(application, reg_no, group, by)
    admitted.complete(person=person, known=_known(application), by=by)
    years = {"current_year": application.current_year, "enrollment_year": application.intake.batch.intake_year}
    student = students.enter(person=person, reg_no=reg_no, group=group, years=years, by=by)
    if not people.has_account(person):
        invitations.send(person=person, purpose=None, email=application.email, by=by)
    return student


def _person(application: Application, reg_no: str, group: Group, by: Actor) -> int:
    return students.enter_person(
        person=NewPerson(
            name=application.full_name,
            email=application.email,
            phone=application.mobile,
            father_name=application.father_name,
            gender=application.gender,
            date_of_birth=application.date_of_birth,
            national_id=application.cnic_or_bform,
        ),
        reg_no=reg_no,
        batch=group.batch,
        by=by,
    )


def _known(application: Application) -> admitted.Known:
    front = next((each for each in application.papers.all() if each.kind == "cnic_front"), None)
    return admitted.Known(
        email=application.email,
        phone=application.mobile,
        is_email_proved=application.email_verified_at is not None,
        emergency_phone=application.guardian_phone_whatsapp,
        emergency_name=application.guardian_name,
        address=application.address,
        civic_number=application.cnic_or_bform,
        paper=front.file_id if front else None,
        photo=application.photo_id,
    )


def _registration_number(application: Application, by: Actor) -> str:
    """The next number of the program and year that no student has; the counter's row stays locked."""
    program, year = application.intake.program, application.batch_year
    pattern, key = setting(PATTERN), f"reg_no:{program.pk}:{year}"
    _take_turns(by)
    while True:
        made = registration_number(pattern, program.code, year, forms.next_count(key=key, by=by))
        if len(made) > REG_NO_LENGTH:
            raise NotNow("reg_no_too_long", f"{made} has more than {REG_NO_LENGTH} characters; shorten the pattern.")
        if not Student.objects.filter(reg_no__iexact=made).exists():
            return made


def _take_turns(by: Actor) -> None:
    """Let one number be found at a time: counters of two programs may make the same one of their codes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('academics.reg_no'), %s)", [by.institution_id])


def _locked(pk: int, permission: str, by: Actor) -> Application:
    application = rows.one(queries.applications(actor=by), pk, lock=True)
    by.demand(permission, within=queries.may(by, application, permission))
    return application
