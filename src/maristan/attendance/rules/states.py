"""The words of attendance: marks, where they come from, registers, permissions and event types."""

from enum import StrEnum


class Mark(StrEnum):
    """How somebody attended; a line without one is unmarked."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"


ATTENDING = frozenset({Mark.PRESENT, Mark.LATE})


class Source(StrEnum):
    """Where a mark comes from."""

    LIVE = "live"
    BULK = "bulk"
    UPLOAD = "upload"
    SHEET = "sheet"
    CHECK_IN = "check_in"
    PUNCH = "punch"
    EXCUSE = "excuse"
    CORRECTION = "correction"


# What a decision wrote is not overwritten in passing.
PROTECTED = frozenset({Source.EXCUSE, Source.CORRECTION})


class RegisterStatus(StrEnum):
    """How far the register of a session has come; only an OPEN one takes marks, a FORGOTTEN one has no lines."""

    OPEN = "open"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    NOT_HELD = "not_held"
    FORGOTTEN = "forgotten"


class CorrectionStatus(StrEnum):
    """Where a request to correct a mark stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PolicyStatus(StrEnum):
    """Whether a version of a policy is being written or holds; an ACTIVE one never changes."""

    DRAFT = "draft"
    ACTIVE = "active"


class ListStatus(StrEnum):
    """Whether an eligibility list is being drawn up, is evidence, or was followed by the next."""

    DRAFT = "draft"
    FROZEN = "frozen"
    SUPERSEDED = "superseded"


class CondonationStatus(StrEnum):
    """Where a condonation stands."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    REVOKED = "revoked"


class Perm(StrEnum):
    """What an actor may be allowed to do with attendance."""

    VIEW = "attendance.view"
    MARK = "attendance.mark"
    UPLOAD = "attendance.upload"
    SUBMIT = "attendance.submit"
    REPAIR = "attendance.repair"
    UNLOCK = "attendance.unlock"
    CORRECT = "attendance.correct"
    DECIDE = "attendance.decide"
    POLICY = "attendance.policy"
    ELIGIBILITY = "attendance.eligibility"
    CONDONE_REQUEST = "attendance.condone_request"
    CONDONE = "attendance.condone"


EVENTS: dict[str, str] = {
    "register.built": "The roster of a session was fixed.",
    "register.roster_changed": "People were added to or taken from the roster of a session.",
    "register.marked": "Lines of a register were marked.",
    "attendance.uploaded": "Marks of a file were written.",
    "register.submitted": "A register was submitted as complete.",
    "register.reopened": "A submitted register was opened again.",
    "register.locked": "A submitted register was locked because its days had passed.",
    "register.unlocked": "A locked register was opened again.",
    "register.not_held": "A session was found not to have been held.",
    "register.restored": "A session found not held counts again.",
    "register.forgotten": "The lines of a register were removed when the years of keeping them were over.",
    "attendance_policy.drafted": "A version of an attendance policy was drafted.",
    "attendance_policy.changed": "A draft of an attendance policy was changed.",
    "attendance_policy.activated": "A version of an attendance policy holds from its day on.",
    "attendance_summary.taken": "The attendance of a month was kept as a picture.",
    "excuse.filed": "Somebody is excused for a time.",
    "excuse.withdrawn": "An excuse was withdrawn; the marks that it set are as before.",
    "eligibility_list.drafted": "A list of who may sit an exam is being drawn up.",
    "eligibility_list.changed": "A draft of an eligibility list changed.",
    "eligibility_list.frozen": "An eligibility list became evidence.",
    "eligibility_list.superseded": "An eligibility list was followed by the next.",
    "condonation.requested": "Somebody below the threshold shall sit an exam all the same.",
    "condonation.granted": "A condonation was granted.",
    "condonation.refused": "A condonation was refused with a reason.",
    "condonation.revoked": "A condonation was taken back with a reason.",
    "mark_correction.requested": "Somebody asked for a mark to be corrected.",
    "mark_correction.documented": "Who asked for a mark to be corrected gave a file with it.",
    "mark_correction.accepted": "A mark was corrected as asked.",
    "mark_correction.declined": "A correction was declined with a reason.",
    "mark_correction.withdrawn": "A correction was withdrawn, or its session was cancelled.",
}
