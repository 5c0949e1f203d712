"""The words of assessment: states, kinds, permissions and event types."""

from enum import StrEnum


class ExamType(StrEnum):
    """The form of an exam."""

    THEORY = "theory"
    PRACTICAL = "practical"
    VIVA = "viva"
    INTERNAL = "internal"
    MIDTERM = "midterm"
    FINAL = "final"
    QUIZ = "quiz"
    ASSIGNMENT = "assignment"


class PassingMode(StrEnum):
    """What decides whether an exam is passed."""

    TOTAL_ONLY = "total_only"
    COMPONENT_WISE = "component_wise"
    HYBRID = "hybrid"


class EntryState(StrEnum):
    """What stands in one cell of the grid."""

    MARKED = "marked"
    ABSENT = "absent"
    EXEMPT = "exempt"


class ComponentOutcome(StrEnum):
    """Whether one component is passed; an exempt one says nothing."""

    PASS = "pass"  # noqa: S105 - an outcome
    FAIL = "fail"
    NA = "na"


class Outcome(StrEnum):
    """Whether an exam is passed; PENDING until that can be said."""

    PASS = "pass"  # noqa: S105 - an outcome
    FAIL = "fail"
    PENDING = "pending"


class SchemeStatus(StrEnum):
    """An ACTIVE version of a grade scheme never changes."""

    DRAFT = "draft"
    ACTIVE = "active"


class ExamStatus(StrEnum):
    """How far an exam has come; a DRAFT is no candidate's business."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    MARKING = "marking"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Admission(StrEnum):
    """Whether a candidate may sit the exam."""

    ADMITTED = "admitted"
    NOT_ELIGIBLE = "not_eligible"
    WITHDRAWN = "withdrawn"


class ResultStatus(StrEnum):
    """How far a result has come; its learner sees it from PUBLISHED on."""

    DRAFT = "draft"
    VERIFIED = "verified"
    PUBLISHED = "published"
    FROZEN = "frozen"


class CorrectionStatus(StrEnum):
    """What became of a proposed correction."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Perm(StrEnum):
    """What an actor may be allowed to do in assessment."""

    EXAM_VIEW = "exam.view"
    EXAM_EDIT = "exam.edit"
    EXAM_SET_RULES = "exam.set_rules"
    EXAM_ANNOUNCE = "exam.announce"
    EXAM_AMEND = "exam.amend"
    RESULT_VIEW = "result.view"
    RESULT_VIEW_DECIDED = "result.view_decided"
    RESULT_ENTER = "result.enter"
    RESULT_VERIFY = "result.verify"
    RESULT_PUBLISH = "result.publish"
    RESULT_FREEZE = "result.freeze"
    RESULT_PROPOSE = "result.propose_correction"
    RESULT_APPROVE = "result.approve_correction"
    GRADEBOOK_MANAGE = "gradebook.manage"
    SCHEME_MANAGE = "grade_scheme.manage"
    DOCUMENT_VIEW = "document.view"
    DOCUMENT_ISSUE = "document.issue"
    DOCUMENT_REVOKE = "document.revoke"
    DOCUMENT_SEND_ELSEWHERE = "document.send_elsewhere"


EVENTS: dict[str, str] = {
    "grade_scheme.created": "A version of a grade scheme was drafted.",
    "grade_scheme.updated": "The draft of a grade scheme was changed.",
    "grade_scheme.activated": "A version of a grade scheme became active.",
    "grade_scheme.deleted": "The draft of a grade scheme was deleted.",
    "exam.created": "An exam was drafted.",
    "exam.updated": "An exam was changed.",
    "exam.amended": "The rules of an exam were changed while it was marked.",
    "exam.deleted": "The draft of an exam was deleted.",
    "exam.announced": "An exam was announced to its candidates.",
    "exam.revised": "An announced exam was taken back to be changed.",
    "exam.marking_started": "An exam has begun and can be marked.",
    "exam.completed": "Every result of an exam is frozen.",
    "exam.cancelled": "An exam was cancelled with a reason.",
    "exam_component.created": "A component was added to an exam.",
    "exam_component.updated": "A component of an exam was changed.",
    "exam_component.deleted": "A component was taken out of an exam.",
    "exam_examiner.named": "Somebody examines an exam.",
    "exam_examiner.removed": "Somebody no longer examines an exam.",
    "exam_candidate.entered": "Candidates were entered for an exam.",
    "exam_candidate.updated": "The seat of a candidate was changed.",
    "exam_candidate.removed": "A candidate was taken off an exam.",
    "exam_candidate.withdrawn": "A candidate was withdrawn from an exam.",
    "exam_candidate.restored": "A withdrawn candidate was entered again.",
    "marks.entered": "Marks of an exam were entered or changed.",
    "result.verified": "Results of an exam were verified.",
    "result.returned": "Verified results were returned to be changed.",
    "result.published": "Results were published to their learners.",
    "result.frozen": "Published results became final.",
    "result.corrected": "A published result was corrected: a next revision took its place.",
    "result_correction.proposed": "Somebody proposed to correct a published result.",
    "result_correction.rejected": "A proposed correction of a result was rejected.",
    "result_correction.withdrawn": "A proposed correction of a result was withdrawn.",
    "gradebook_item.created": "An exam counts towards the grade of a section.",
    "gradebook_item.updated": "The weight of an exam in a section was changed.",
    "gradebook_item.deleted": "An exam no longer counts towards the grade of a section.",
    "exam_candidate.judged": "Whether candidates may sit an exam changed.",
    "transcript.issued": "A transcript or another document was issued under a number.",
    "transcript.sent": "A document was sent again.",
    "transcript.superseded": "A document ceased to hold because a result in it was corrected.",
    "transcript.revoked": "A document was revoked with a reason.",
    "transcript.failed": "A document could not be issued or drawn.",
    "transcript_batch.started": "Transcripts were asked for a whole audience.",
    "transcript_batch.finished": "The transcripts of an audience are there.",
}
