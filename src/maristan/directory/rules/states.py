"""The words of the directory: states, kinds, permissions and event types."""

from enum import StrEnum


class Gender(StrEnum):
    """As the person states it."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


class ContactKind(StrEnum):
    """The way a person is reached; phone numbers are E.164."""

    PHONE = "phone"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    EMERGENCY_CONTACT = "emergency_contact"


class AddressKind(StrEnum):
    """What an address is for."""

    MAILING = "mailing"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    WORK = "work"


class DocumentKind(StrEnum):
    """A paper that proves who someone is; CNIC and BIRTH_FORM have 13 digits."""

    CNIC = "cnic"
    BIRTH_FORM = "birth_form"
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    OTHER = "other"


class DocumentStatus(StrEnum):
    """Whether somebody has compared the paper with the person."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"


class DepartmentKind(StrEnum):
    """What a node of the department tree is."""

    HOSPITAL = "hospital"
    FACULTY = "faculty"
    DEPARTMENT = "department"
    UNIT = "unit"
    OFFICE = "office"


class PlaceKind(StrEnum):
    """What a node of the place tree is."""

    SITE = "site"
    BUILDING = "building"
    FLOOR = "floor"
    ROOM = "room"


class ScopeKind(StrEnum):
    """How far a membership reaches."""

    INSTITUTION = "institution"
    DEPARTMENT = "department"
    PROGRAM = "program"
    BATCH = "batch"


class InvitationPurpose(StrEnum):
    """Whether an invitation opens a first account or sets access anew."""

    JOIN = "join"
    RESET = "reset"


class LeaveKind(StrEnum):
    """Why someone is away; ABSENCE never counts toward graduation."""

    MEDICAL = "medical"
    PERSONAL = "personal"
    ACADEMIC = "academic"
    ABSENCE = "absence"
    ANNUAL = "annual"
    OTHER = "other"


class LeaveStatus(StrEnum):
    """Where a leave stands; a running one is APPROVED, one that is over COMPLETED."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class HolidayKind(StrEnum):
    """Why there is no teaching."""

    PUBLIC = "public"
    INSTITUTION = "institution"
    EXAM_BREAK = "exam_break"


class HolidayScope(StrEnum):
    """For whom a holiday holds."""

    INSTITUTION = "institution"
    PROGRAM = "program"
    BATCH = "batch"


class Perm(StrEnum):
    """Permissions of this app: to see, to keep, to decide."""

    INSTITUTION_VIEW = "institution.view"
    SETTING_VIEW = "setting.view"
    SETTING_MANAGE = "setting.manage"
    PERSON_VIEW = "person.view"
    PERSON_EDIT = "person.edit"
    PERSON_DEACTIVATE = "person.deactivate"
    CONTACT_VIEW = "contact.view"
    CONTACT_EDIT = "contact.edit"
    IDENTITY_VIEW = "identity.view"
    IDENTITY_EDIT = "identity.edit"
    IDENTITY_VERIFY = "identity.verify"
    DEPARTMENT_VIEW = "department.view"
    DEPARTMENT_MANAGE = "department.manage"
    PLACE_VIEW = "place.view"
    PLACE_MANAGE = "place.manage"
    MEMBERSHIP_VIEW = "membership.view"
    MEMBERSHIP_GRANT = "membership.grant"
    INVITATION_SEND = "invitation.send"
    LEAVE_VIEW = "leave.view"
    LEAVE_REQUEST = "leave.request"
    LEAVE_DECIDE = "leave.decide"
    HOLIDAY_VIEW = "holiday.view"
    HOLIDAY_MANAGE = "holiday.manage"
    FACULTY_IMPORT = "faculty.import"


EVENTS: dict[str, str] = {
    "operator.created": "Somebody became an operator of the platform.",
    "institution.founded": "The institution and its first administrator were entered.",
    "institution.updated": "The institution's name, time zone or week was changed.",
    "setting.changed": "A setting of the institution was changed.",
    "person.created": "A person was entered.",
    "person.updated": "A person's record was changed.",
    "person.deactivated": "A person was deactivated; memberships and sessions ended.",
    "person.reactivated": "A deactivated person was taken in again.",
    "contact.created": "A contact of a person was entered.",
    "contact.updated": "A contact of a person was changed.",
    "contact.verified": "Somebody made sure that a person is reached at a contact.",
    "contact.deleted": "A contact of a person was deleted.",
    "address.created": "An address of a person was entered.",
    "address.updated": "An address of a person was changed.",
    "address.deleted": "An address of a person was deleted.",
    "identity_document.created": "An identity document was entered.",
    "identity_document.updated": "An identity document was changed.",
    "identity_document.verified": "An identity document was verified.",
    "identity_document.unverified": "The verification of an identity document was taken back.",
    "identity_document.deleted": "An identity document was deleted.",
    "department.created": "A department was entered.",
    "department.updated": "A department was changed or moved.",
    "department.deleted": "A department nothing referred to was deleted.",
    "place.created": "A place was entered.",
    "place.updated": "A place was changed or moved.",
    "place.deleted": "A place nothing referred to was deleted.",
    "room_feature.created": "Something a room can have was entered.",
    "room_feature.updated": "Something a room can have was renamed.",
    "room_feature.deleted": "Something a room can have was deleted.",
    "membership.granted": "A person was given a role.",
    "membership.updated": "A membership's designation or dates were changed.",
    "membership.revoked": "A person's role was ended.",
    "invitation.sent": "A person was invited to an account.",
    "invitation.expired": "An invitation was not accepted in its time.",
    "invitation.accepted": "A person accepted an invitation.",
    "leave.requested": "Leave was asked for.",
    "leave.updated": "What is attached to a leave was changed.",
    "leave.approved": "Leave was approved.",
    "leave.rejected": "Leave was rejected with a reason.",
    "leave.cancelled": "Leave was cancelled.",
    "leave.ended": "Leave came to its end, or its end was set.",
    "holiday.declared": "A holiday was declared.",
    "holiday.updated": "A holiday was changed.",
    "holiday.withdrawn": "A holiday was withdrawn.",
    "import.previewed": "A file was checked for import; nothing was written.",
    "import.committed": "The rows of a file were imported.",
    "file.read": "Somebody read a file that was handed in.",
}
