"""The words of academics: states, kinds, permissions and event types."""

from enum import StrEnum


class ProgramStructure(StrEnum):
    """How a program's time is cut; YEARLY and SEMESTER imply periods of 12 and 6 months."""

    YEARLY = "yearly"
    SEMESTER = "semester"
    CUSTOM = "custom"


class ProgramStatus(StrEnum):
    """A program's structure is fixed once it is FINALIZED."""

    DRAFT = "draft"
    FINALIZED = "finalized"
    RETIRED = "retired"


class PeriodKind(StrEnum):
    """What a node of the period tree is."""

    YEAR = "year"
    SEMESTER = "semester"
    BLOCK = "block"
    MODULE = "module"
    ROTATION = "rotation"


class PeriodStatus(StrEnum):
    """Whether a period is taught in, and may still be written to."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class StudentStatus(StrEnum):
    """Only an ACTIVE student may enrol."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ON_LEAVE = "on_leave"
    SUSPENDED = "suspended"
    GRADUATED = "graduated"


class EnrollmentStatus(StrEnum):
    """Only ACTIVE enrolments take a seat."""

    ACTIVE = "active"
    DROPPED = "dropped"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class ApplicationStatus(StrEnum):
    """Where an application for admission stands."""

    DRAFT = "draft"
    PENDING = "pending"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class GuardianRelation(StrEnum):
    """Who the guardian is to the applicant."""

    FATHER = "father"
    MOTHER = "mother"
    GUARDIAN = "guardian"
    OTHER = "other"


class Qualification(StrEnum):
    """The applicant's last school examination."""

    MATRIC = "matric"
    FSC = "fsc"
    A_LEVELS = "a_levels"
    OTHER = "other"


class ApplicationDocument(StrEnum):
    """The papers an applicant may hand in."""

    CNIC_FRONT = "cnic_front"
    CNIC_BACK = "cnic_back"
    DOMICILE = "domicile"
    MATRIC_CERTIFICATE = "matric_certificate"
    FSC_CERTIFICATE = "fsc_certificate"
    MIGRATION_CERTIFICATE = "migration_certificate"
    GUARDIAN_ID_CARD = "guardian_id_card"
    OTHER_DOCUMENT_1 = "other_document_1"
    OTHER_DOCUMENT_2 = "other_document_2"


class RequestStatus(StrEnum):
    """Where a request to the registry stands."""

    PENDING = "pending"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class RequestPriority(StrEnum):
    """How soon a request should be served."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class RequestCode(StrEnum):
    """The types of request every institution starts with; it may add its own."""

    TRANSCRIPT = "transcript"
    BONAFIDE = "bonafide"
    NOC = "noc"
    CORRECTION = "correction"
    OTHER = "other"


class RequirementKind(StrEnum):
    """What somebody owes: a paper, or something for their record."""

    DOCUMENT = "document"
    PROFILE_FIELD = "profile_field"


class ProfileField(StrEnum):
    """What of a person's record may be asked for; it is written once it is verified."""

    PHONE = "phone"
    EMERGENCY_CONTACT = "emergency_contact"
    FATHER_NAME = "father_name"
    NAME_LATIN = "name_latin"
    DATE_OF_BIRTH = "date_of_birth"
    NATIONAL_ID = "national_id"


class LockPoint(StrEnum):
    """Where an obligation that is not met stops a person's own moves."""

    REQUEST = "request"
    DOCUMENT = "document"
    EXAM_ADMISSION = "exam_admission"
    ENROLMENT = "enrolment"


class ObligationStatus(StrEnum):
    """Where an obligation stands."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WAIVED = "waived"


class MaterialKind(StrEnum):
    """What learning material is."""

    FILE = "file"
    LINK = "link"


class MaterialStatus(StrEnum):
    """Only PUBLISHED material is read by its audience."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Perm(StrEnum):
    """Permissions of this app: to see, to keep, to decide."""

    PROGRAM_VIEW = "program.view"
    PROGRAM_MANAGE = "program.manage"
    PROGRAM_FINALIZE = "program.finalize"
    BATCH_VIEW = "batch.view"
    BATCH_MANAGE = "batch.manage"
    PERIOD_VIEW = "period.view"
    PERIOD_MANAGE = "period.manage"
    PERIOD_OPEN = "period.open"
    COURSE_VIEW = "course.view"
    COURSE_MANAGE = "course.manage"
    SECTION_VIEW = "section.view"
    SECTION_MANAGE = "section.manage"
    SYLLABUS_VIEW = "syllabus.view"
    SYLLABUS_MANAGE = "syllabus.manage"
    STUDENT_VIEW = "student.view"
    STUDENT_EDIT = "student.edit"
    STUDENT_PLACE = "student.place"
    STUDENT_PLACE_PROGRAM = "student.place_program"
    STUDENT_STATUS = "student.status"
    STUDENT_IMPORT = "student.import"
    ENROLLMENT_VIEW = "enrollment.view"
    ENROLLMENT_MANAGE = "enrollment.manage"
    ENROLLMENT_SELF = "enrollment.self"
    INTAKE_VIEW = "intake.view"
    INTAKE_MANAGE = "intake.manage"
    APPLICATION_SUBMIT = "application.submit"
    APPLICATION_REVIEW = "application.review"
    APPLICATION_DECIDE = "application.decide"
    REQUEST_TYPE_VIEW = "request_type.view"
    REQUEST_TYPE_MANAGE = "request_type.manage"
    REQUEST_VIEW = "request.view"
    REQUEST_CREATE = "request.create"
    REQUEST_HANDLE = "request.handle"
    OBLIGATION_VIEW = "obligation.view"
    OBLIGATION_SUBMIT = "obligation.submit"
    OBLIGATION_DEFINE = "obligation.define"
    OBLIGATION_VERIFY = "obligation.verify"
    MATERIAL_VIEW = "material.view"
    MATERIAL_PUBLISH = "material.publish"


EVENTS: dict[str, str] = {
    "program.created": "A program was entered as a draft.",
    "program.updated": "A program's description or structure was changed.",
    "program.finalized": "A program's structure was fixed.",
    "program.retired": "A program takes no more batches.",
    "program.deleted": "A program nothing referred to was deleted.",
    "batch.created": "A batch of a program was entered.",
    "batch.updated": "A batch's name, years or activity was changed.",
    "batch.deleted": "A batch nothing referred to was deleted.",
    "group.created": "A group of a batch was entered.",
    "group.updated": "A group's name, capacity or position was changed.",
    "group.deleted": "A group nothing referred to was deleted.",
    "track.created": "A track of a program was entered.",
    "track.updated": "A track was renamed.",
    "track.deleted": "A track nothing referred to was deleted.",
    "period.created": "A node of the period tree was entered.",
    "period.updated": "A node of the period tree was changed.",
    "period.deleted": "A node of the period tree nothing referred to was deleted.",
    "period.generated": "The missing years, semesters or periods of a program were created.",
    "period.laid_out": "A program's period tree was dated for a batch.",
    "period.opened": "A period was opened for teaching and enrolment.",
    "period.closed": "A period was closed for writing.",
    "course.created": "A course was entered.",
    "course.updated": "A course was changed.",
    "course.deleted": "A course nothing referred to was deleted.",
    "section.created": "A section of a course was entered.",
    "section.updated": "A section's teachers, capacity or group was changed.",
    "section.deleted": "A section nothing referred to was deleted.",
    "syllabus_item.created": "A syllabus item was entered.",
    "syllabus_item.updated": "A syllabus item was changed.",
    "syllabus_item.deleted": "A syllabus item was deleted.",
    "syllabus_item.reordered": "Syllabus items were put in another order.",
    "student.created": "A student was entered and placed.",
    "student.updated": "A student's record was changed.",
    "student.placed": "A student was placed in another batch or group.",
    "student.promoted": "Students of a batch moved up a year.",
    "student.status_changed": "A student's status was changed by a move or by leave.",
    "enrolment.created": "A student was enrolled in a section, or enrolled again.",
    "enrolment.dropped": "A student's enrolment was dropped.",
    "enrolment.withdrawn": "A student withdrew from a section.",
    "enrolment.completed": "A student completed a section.",
    "intake.created": "A time to apply for a batch was entered.",
    "intake.updated": "A time to apply for a batch was changed.",
    "intake.deleted": "A time to apply for which nobody applied was deleted.",
    "application.started": "Somebody began an application.",
    "application.saved": "An applicant saved a part of a draft.",
    "application.submitted": "An application was handed in.",
    "application.reviewed": "An application was set aside for review.",
    "application.noted": "Staff wrote a note on an application.",
    "application.approved": "An applicant was admitted as a student.",
    "application.rejected": "An application was rejected with a reason.",
    "application.purged": "A draft whose link was long over was deleted with its papers.",
    "application.withdrawn": "An applicant withdrew an application.",
    "request_type.created": "A type of request was entered.",
    "request_type.updated": "A type of request was changed.",
    "request_type.deleted": "A type of request nobody used was deleted.",
    "request.submitted": "A request was handed in.",
    "request.updated": "A request's title, description, priority or papers were changed.",
    "request.remarked": "Something was said about a request.",
    "request.assigned": "A request was given to somebody to serve.",
    "request.approved": "A request was approved.",
    "request.rejected": "A request was rejected with notes.",
    "request.completed": "An approved request was served.",
    "request.cancelled": "A request was taken back by the one who made it.",
    "requirement.created": "Something that people owe was entered.",
    "requirement.updated": "Something that people owe was changed.",
    "requirement.assigned": "Something that people owe was asked of those of its audience who did not owe it yet.",
    "obligation.submitted": "Somebody handed in what was owed.",
    "obligation.verified": "What somebody handed in was verified.",
    "obligation.rejected": "What somebody handed in was rejected with a reason.",
    "obligation.waived": "Somebody was freed of an obligation.",
    "material.created": "Learning material was drafted.",
    "material.updated": "Learning material was changed.",
    "material.deleted": "A draft of learning material was deleted.",
    "material.published": "Learning material was put before its audience.",
    "material.archived": "Learning material was taken from its audience.",
    "material.restored": "Archived learning material was put before its audience again.",
}
