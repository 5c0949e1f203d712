"""The only list of who hears what, and of what each app adds to the kernel's registries."""

from collections.abc import Collection

from django.conf import settings

from maristan.academics.actions import application_mails, applying, request_types, student_import
from maristan.academics.actions import students as academics_students
from maristan.academics.queries import admissions, audience, audience_keys, courses, obligations, structure
from maristan.academics.queries import contributions as academics_contributions
from maristan.academics.queries import requests as request_queries
from maristan.academics.queries import students as student_queries
from maristan.academics.queries import told as academics_told
from maristan.academics.rules import messages as academics_messages
from maristan.academics.rules import options as academics_options
from maristan.academics.rules import states as academics_states
from maristan.agenda import rules as agenda_rules
from maristan.assessment.actions import document_mails, mark_files
from maristan.assessment.actions import schemes as grade_schemes
from maristan.assessment.queries import admission, exams, results
from maristan.assessment.queries import told as assessment_told
from maristan.assessment.rules import messages as assessment_messages
from maristan.assessment.rules import options as assessment_options
from maristan.assessment.rules import states as assessment_states
from maristan.assessment.rules.admission import Verdict
from maristan.attendance.actions import policies as attendance_policies
from maristan.attendance.actions import rosters as attendance_rosters
from maristan.attendance.actions import uploads as attendance_uploads
from maristan.attendance.queries import contributions as attendance_contributions
from maristan.attendance.queries import eligibility_lists
from maristan.attendance.queries import told as attendance_told
from maristan.attendance.rules import messages as attendance_messages
from maristan.attendance.rules import options as attendance_options
from maristan.attendance.rules import states as attendance_states
from maristan.comms.actions import deliveries
from maristan.comms.queries import composers, webhooks
from maristan.comms.queries import told as comms_told
from maristan.comms.rules import messages as comms_messages
from maristan.comms.rules import states as comms_states
from maristan.config import inspecting, integrity, second_factor, subscribers
from maristan.config.identity import actor_by_id
from maristan.config.looking import Looking
from maristan.config.roles import TABLE
from maristan.config.verification import asked_by_job
from maristan.directory.actions import faculty_import, invitation_mails, invitations
from maristan.directory.actions.institutions import InstitutionFounded
from maristan.directory.actions.leaves import StudySwitched
from maristan.directory.queries import audiences, contributions, holders, identity, people, places, scoped_people
from maristan.directory.queries import told as directory_told
from maristan.directory.rules import messages as directory_messages
from maristan.directory.rules import options as directory_options
from maristan.directory.rules import states as directory_states
from maristan.kernel import encryption, events, imports, logs, messages, options, reports, search, tenancy
from maristan.kernel.access import platform
from maristan.kernel.mail import MailWanted
from maristan.operations.queries import build, evidence, looks
from maristan.operations.queries import integrity as integrity_checks
from maristan.operations.queries import settings as settings_in_effect
from maristan.operations.queries import told as operations_told
from maristan.operations.rules import messages as operations_messages
from maristan.operations.rules import states as operations_states
from maristan.timetable.actions.sessions import SessionRemoved
from maristan.timetable.queries import sessions, weeks
from maristan.timetable.queries import told as timetable_told
from maristan.timetable.queries.documents import files as timetable_files
from maristan.timetable.rules import messages as timetable_messages
from maristan.timetable.rules import options as timetable_options
from maristan.timetable.rules import states as timetable_states
from maristan.work import rules as work_rules

SUBJECT_SOURCES = (
    directory_told, academics_told, timetable_told, attendance_told, assessment_told, comms_told, operations_told,
)  # fmt: skip
EVENT_SOURCES = (
    directory_states, comms_states, agenda_rules, work_rules, academics_states, timetable_states, attendance_states,
    assessment_states, operations_states,
)  # fmt: skip
OPTION_SOURCES = (directory_options, academics_options, timetable_options, attendance_options, assessment_options)
MESSAGE_SOURCES = (
    directory_messages, comms_messages, academics_messages, timetable_messages, attendance_messages,
    assessment_messages, operations_messages,
)  # fmt: skip


def connect() -> None:
    """Fill the registries; called once when all apps are loaded."""
    for source in EVENT_SOURCES:
        events.declare(source.EVENTS, source.__name__.split(".")[1])
    for told in SUBJECT_SOURCES:
        events.describe(told.SUBJECTS)
    for source in OPTION_SOURCES:
        options.declare(source.OPTIONS, defaults={"timetable.slot_count": settings.TIMETABLE_SLOT_COUNT})
    for source in MESSAGE_SOURCES:
        messages.declare(source.MESSAGES, source.FAMILIES, getattr(source, "DIGESTED", ()))
    subscribers.connect()
    imports.register_actor_of(actor_by_id)
    for module in (faculty_import, student_import, attendance_uploads, mark_files):
        imports.register(module.IMPORTER)
    identity.register_audience(audience.audience_of)
    audiences.register(audiences.SOURCE, *audiences.PREFIXES)
    audiences.register(audience_keys.SOURCE, *audience_keys.PREFIXES)
    holders.register_table(TABLE)
    scoped_people.register_program_people(audience.people_of_programs)
    contributions.register_scope_check("program", structure.program_names)
    contributions.register_scope_check("batch", structure.batch_names)
    contributions.register_week_guard(weeks.any_week_exists)
    contributions.register_leave_sessions(sessions.count_between)
    academics_contributions.register_groups_taught(sessions.groups_taught_by)
    admission.register(_listed)
    admission.register_condition(_owing)
    attendance_contributions.register_published(admission.LIST_OWNER, results.is_any_published)
    attendance_contributions.register_marked(admission.LIST_OWNER, results.marked)
    composers.register(invitations.MAIL, invitation_mails.compose)
    composers.register(applying.LINK_MAIL, application_mails.compose_link)
    composers.register(document_mails.DOCUMENT_MAIL, document_mails.compose)
    composers.register(application_mails.LETTER_MAIL, application_mails.compose_letter)
    events.listen_within(MailWanted, _mail)
    events.listen_within(StudySwitched, _switch_study)
    events.listen_within(SessionRemoved, _forget_register)
    events.listen_within(InstitutionFounded, _begin)
    search.register("students", student_queries.find)
    search.register("people", people.find)
    search.register("courses", courses.find_courses)
    search.register("sections", courses.find_sections)
    search.register("batches", structure.find_batches)
    search.register("applications", admissions.find)
    search.register("requests", request_queries.find)
    search.register("places", places.find_places)
    search.register("departments", places.find_departments)
    search.register("exams", exams.find)
    search.register("weeks", weeks.find)
    reports.register(timetable_files.WEEK_REPORT)
    _connect_operations()


def _connect_operations() -> None:
    """What operations is told of settings, routes, registries and the promises of every app."""
    evidence.register(asked_by_job)
    looks.register(Looking())
    for kept in (*second_factor.KEPT, webhooks.KEPT):
        encryption.keep(kept)
    logs.know("build", lambda: build.running().build_id)
    integrity_checks.register(integrity.CHECKS)
    settings_in_effect.register(inspecting.effective)


def _mail(event: MailWanted) -> None:
    """Apps below the outbox have their mails put into it."""
    deliveries.mail(wanted=event.mails, by=platform(tenancy.current()))


def _switch_study(event: StudySwitched) -> None:
    """Leave takes students out of study, and gives them back."""
    academics_students.switch_study(begin=event.begin, finish=event.finish, by=event.by)


def _listed(exam: int, persons: Collection[int]) -> dict[int, Verdict] | None:
    """What the frozen list of an exam says of its candidates."""
    found = eligibility_lists.admissions(admission.LIST_OWNER, exam)
    return None if found is None else {each: Verdict(*found[each]) for each in persons if each in found}


def _owing(_exam: int, persons: Collection[int]) -> dict[int, str]:
    """Candidates whom an obligation keeps from sitting exams."""
    found = obligations.unmet(persons, obligations.LockPoint.EXAM_ADMISSION)
    return {person: obligations.UNMET for person, unmet in found.items() if unmet}


def _forget_register(event: SessionRemoved) -> None:
    """A session that goes before it starts takes its register along."""
    attendance_rosters.forget(session=event.session, by=event.by)


def _begin(event: InstitutionFounded) -> None:
    """Every institution starts with some types of request, a policy of attendance and grade schemes."""
    request_types.begin(by=event.by)
    attendance_policies.begin(by=event.by)
    grade_schemes.begin(by=event.by)
