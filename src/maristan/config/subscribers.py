"""Who hears what: every subscriber with the kinds of journal line that reach it, each in a job of its own."""

from collections.abc import Callable

from maristan.academics.actions import application_mails, materials, obligation_following, request_following
from maristan.academics.actions import inbox as academics_inbox
from maristan.assessment.actions import admissions, corrected, document_following
from maristan.assessment.actions import inbox as assessment_inbox
from maristan.assessment.actions import messages as assessment_messages
from maristan.attendance.actions import absences as attendance_absences
from maristan.attendance.actions import corrections as attendance_corrections
from maristan.attendance.actions import evidence
from maristan.attendance.actions import excuses as attendance_excuses
from maristan.attendance.actions import inbox as attendance_inbox
from maristan.attendance.actions import rosters as attendance_rosters
from maristan.attendance.rules import rosters as roster_rules
from maristan.comms.actions import webhook_deliveries
from maristan.comms.queries import webhooks
from maristan.comms.rules import webhooks as webhook_rules
from maristan.config import calendar, inbox, messages
from maristan.kernel import events, journal, tenancy
from maristan.kernel.access import platform
from maristan.operations.actions import account_telling
from maristan.timetable.actions import inbox as timetable_inbox
from maristan.timetable.actions import messages as timetable_messages
from maristan.timetable.actions import propagation
from maristan.timetable.rules import occurrences

WEEKS = (
    "week_plan.created", "week_plan.edited", "week_plan.verified", "week_plan.returned", "week_plan.published",
    "week_plan.reverted", "week_plan.deleted",
)  # fmt: skip
SESSIONS = (
    "week_plan.published", "week_plan.amended", "week_plan.reverted", "session_occurrence.changed",
    "session_occurrence.cancelled", "holiday.sessions_cancelled",
)  # fmt: skip
LEAVES = ("leave.approved", "leave.rejected", "leave.cancelled", "leave.ended")
HOLIDAYS = ("holiday.declared", "holiday.updated", "holiday.withdrawn")
PERIODS = (
    "period.created", "period.updated", "period.deleted", "period.laid_out", "period.opened", "period.closed",
)  # fmt: skip
INTAKES = ("intake.created", "intake.updated", "intake.deleted")
DECISIONS = ("application.approved", "application.rejected")
APPLICATIONS = ("application.submitted", "application.reviewed", "application.withdrawn", *DECISIONS)
REQUESTS = (
    "request.submitted", "request.updated", "request.assigned", "request.approved", "request.rejected",
    "request.completed", "request.cancelled", "request_type.updated", "student.placed",
)  # fmt: skip
RESOLVED = ("request.assigned", "request.approved", "request.rejected", "request.completed", "request.remarked")
OWED = ("obligation.submitted", "obligation.verified", "obligation.rejected", "obligation.waived")
MOVED = (
    "student.created", "student.placed", "student.status_changed", "enrolment.created",
    "enrolment.dropped", "enrolment.withdrawn", "enrolment.completed",
)  # fmt: skip
EXAMS = (
    "exam.marking_started", "exam.completed", "exam.cancelled", "exam_examiner.named", "exam_examiner.removed",
    "marks.entered", "result.verified", "result.returned", "result.published",
)  # fmt: skip
PLACES = ("place.updated", "place.deleted")

SUBSCRIBERS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "timetable.tell_published": (timetable_messages.tell_published, ("week_plan.published",)),
    "timetable.tell_amended": (timetable_messages.tell_amended, ("week_plan.amended",)),
    "timetable.tell_reverted": (timetable_messages.tell_reverted, ("week_plan.reverted",)),
    "timetable.tell_verified": (timetable_messages.tell_verified, ("week_plan.verified",)),
    "timetable.tell_returned": (timetable_messages.tell_returned, ("week_plan.returned",)),
    "timetable.tell_session": (
        timetable_messages.tell_session, ("session_occurrence.changed", "session_occurrence.cancelled"),
    ),
    "timetable.tell_holiday": (timetable_messages.tell_holiday, ("holiday.sessions_cancelled",)),
    "timetable.weeks_waiting": (timetable_inbox.follow_week, WEEKS),
    "timetable.sessions_waiting": (timetable_inbox.follow_sessions, (*SESSIONS, *LEAVES, *HOLIDAYS, *PLACES)),
    "timetable.groups_join": (propagation.follow_group, ("group.created",)),
    "attendance.session_rosters": (
        attendance_rosters.follow_session, ("session_occurrence.created", "session_occurrence.changed"),
    ),
    "attendance.week_rosters": (attendance_rosters.follow_week, ("week_plan.published", "week_plan.amended")),
    "attendance.leave_excuses": (attendance_excuses.follow_leave, LEAVES),
    "attendance.registers_waiting": (attendance_inbox.follow_register, ("register.submitted", "register.not_held")),
    "attendance.cancelled_registers": (attendance_inbox.follow_cancelled, ("session_occurrence.cancelled",)),
    "attendance.tell_absent": (attendance_absences.follow_register, ("register.submitted",)),
    "attendance.corrections_cancelled": (attendance_corrections.follow_cancelled, ("session_occurrence.cancelled",)),
    "attendance.corrections_waiting": (
        attendance_inbox.follow_correction,
        ("mark_correction.requested", "mark_correction.accepted", "mark_correction.declined",
         "mark_correction.withdrawn"),
    ),
    "attendance.tell_correction": (
        attendance_inbox.tell_correction,
        ("mark_correction.requested", "mark_correction.accepted", "mark_correction.declined"),
    ),
    "attendance.tell_frozen": (evidence.tell_frozen, ("eligibility_list.frozen",)),
    "attendance.condonations_waiting": (
        evidence.follow_condonation, ("condonation.requested", "condonation.granted", "condonation.refused"),
    ),
    "attendance.tell_condonation": (
        evidence.tell_condonation, ("condonation.granted", "condonation.refused", "condonation.revoked"),
    ),
    "attendance.person_rosters": (attendance_rosters.follow_person, MOVED),
    "attendance.import_rosters": (attendance_rosters.follow_import, ("import.committed",)),
    "assessment.tell_exam": (assessment_messages.tell_exam, ("exam.announced", "exam.revised", "exam.cancelled")),
    "assessment.welcome": (assessment_messages.welcome, ("exam_candidate.entered", "exam_examiner.named")),
    "assessment.tell_results": (assessment_messages.tell_results, ("result.published",)),
    "assessment.follow_lists": (
        admissions.follow_list,
        ("eligibility_list.frozen", "eligibility_list.superseded", "condonation.granted", "condonation.revoked"),
    ),
    "assessment.follow_obligations": (
        admissions.follow_obligation, ("obligation.submitted", "obligation.verified", "obligation.waived"),
    ),
    "assessment.corrections_waiting": (
        corrected.follow_correction,
        ("result_correction.proposed", "result.corrected", "result_correction.rejected", "result_correction.withdrawn"),
    ),
    "assessment.tell_proposed": (corrected.tell_proposed, ("result_correction.proposed",)),
    "assessment.tell_decided": (corrected.tell_decided, ("result.corrected", "result_correction.rejected")),
    "assessment.exams_waiting": (assessment_inbox.follow_exam, EXAMS),
    "academics.placements_waiting": (academics_inbox.follow_student, ("student.placed", "student.status_changed")),
    "academics.requests_waiting": (request_following.follow_request, REQUESTS),
    "academics.tell_request": (request_following.tell_request, RESOLVED),
    "academics.tell_material": (materials.follow, ("material.published", "material.restored")),
    "academics.assign_requirement": (
        obligation_following.assign, ("requirement.created", "requirement.updated"),
    ),
    "academics.obligations_waiting": (obligation_following.follow, OWED),
    "academics.tell_obligation": (
        obligation_following.tell, ("obligation.submitted", "obligation.rejected", "obligation.verified"),
    ),
    "assessment.document_requests": (document_following.follow_request, ("request.approved",)),
    "assessment.corrected_documents": (document_following.follow_corrected, ("result.corrected",)),
    "operations.tell_impersonation": (account_telling.tell_impersonation, ("impersonation.started",)),
    "config.leave_waiting": (inbox.follow_leave, ("leave.requested", *LEAVES)),
    "config.import_waiting": (inbox.follow_import, ("import.committed",)),
    "config.tell_leave": (messages.tell_leave, ("leave.requested", "leave.approved", "leave.rejected")),
    "config.tell_import": (messages.tell_import, ("import.committed",)),
    "config.tell_placement": (messages.tell_placement, ("student.placed",)),
    "config.tell_enrolment": (messages.tell_enrolment, ("enrolment.created",)),
    "config.application_waiting": (inbox.follow_application, APPLICATIONS),
    "config.write_to_applicant": (application_mails.write, ("application.submitted", *DECISIONS)),
    "config.intakes_in_calendar": (calendar.show_intake, INTAKES),
    "config.holidays_in_calendar": (calendar.show_holiday, HOLIDAYS),
    "config.periods_in_calendar": (calendar.show_periods, PERIODS),
}  # fmt: skip
# A session that changes with its week or for a holiday leaves a line of its own, but is told and settled once: by the
# line of the week or the holiday.
CONCERNS: dict[str, Callable[[events.Line], bool]] = {
    # Rosters follow a file of students by the one line of its import.
    "attendance.person_rosters": lambda line: roster_rules.follows_alone(line.kind, line.changes),
} | dict.fromkeys(
    ("timetable.tell_session", "timetable.sessions_waiting", "attendance.session_rosters"),
    lambda line: occurrences.concerns_people(line.kind, line.changes),
)


def connect() -> None:
    """Subscribe them; called once by `config.wiring` when every event is declared."""
    for name, (follow, kinds) in SUBSCRIBERS.items():
        events.subscribe(name, _as_platform(follow), *kinds, concerns=CONCERNS.get(name))
    fan_out = _as_platform(webhook_deliveries.fan_out)
    events.watch("comms.webhooks", fan_out, webhook_rules.patterns_of, webhooks.SUBSCRIBED)


def _as_platform(follow: Callable[..., None]) -> Callable[[int], None]:
    def deliver(line_id: int) -> None:
        follow(line_id=line_id, by=platform(tenancy.current(), caused_by=journal.person_of(line_id)))

    return deliver
