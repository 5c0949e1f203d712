"""The words of the timetable: states, kinds, permissions and event types."""

from enum import StrEnum


class WeekScope(StrEnum):
    """Whether a week plan belongs to the whole institution or to one batch."""

    INSTITUTION = "institution"
    BATCH = "batch"


class WeekStatus(StrEnum):
    """How far a week plan has come; only a PUBLISHED one is seen by its audience."""

    DRAFT = "draft"
    VERIFIED = "verified"
    PUBLISHED = "published"


class CellStatus(StrEnum):
    """What a cell of the grid holds; an EMPTY cell carries no content."""

    EMPTY = "empty"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class SessionStatus(StrEnum):
    """The state of a session; every session that is not CANCELLED is live."""

    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class SessionKind(StrEnum):
    """The form of teaching."""

    LECTURE = "lecture"
    PRACTICAL = "practical"
    TUTORIAL = "tutorial"
    CLINICAL = "clinical"
    OTHER = "other"


class SessionSource(StrEnum):
    """Whether a session was published from a week plan or created on its own."""

    PLAN = "plan"
    DIRECT = "direct"


class OccurrenceState(StrEnum):
    """Whether a published cell still stands or was withdrawn with its week."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"


class AllocationKind(StrEnum):
    """What a session holds so that nothing else holds it at the same time."""

    ROOM = "room"
    FACULTY = "faculty"
    GROUP = "group"
    SECTION = "section"


class AvailabilityLevel(StrEnum):
    """How strongly a weekly time is (un)wanted."""

    UNAVAILABLE = "unavailable"
    AVOID = "avoid"
    PREFER = "prefer"


class AvailabilitySubject(StrEnum):
    """Whose weekly time is declared."""

    PERSON = "person"
    ROOM = "room"
    GROUP = "group"


class OtherKind(StrEnum):
    """What stands on the other side of a conflict."""

    SESSION = "session"
    CELL = "cell"
    BOOKING = "booking"
    LEAVE = "leave"
    HOLIDAY = "holiday"


class HolidayScope(StrEnum):
    """For whom a holiday holds."""

    INSTITUTION = "institution"
    PROGRAM = "program"
    BATCH = "batch"


class PeriodStatus(StrEnum):
    """Whether an academic period admits teaching; only an OPEN one can be published."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class Perm(StrEnum):
    """What an actor may be allowed to do in the timetable."""

    WEEK_VIEW = "week.view"
    WEEK_VIEW_DRAFTS = "week.view_drafts"
    WEEK_EDIT = "week.edit"
    WEEK_VERIFY = "week.verify"
    WEEK_PUBLISH = "week.publish"
    WEEK_AMEND = "week.amend"
    WEEK_REVERT = "week.revert"
    SESSION_MANAGE = "session.manage"
    SESSION_VIEW = "session.view"
    AVAILABILITY_VIEW = "availability.view"
    AVAILABILITY_MANAGE = "availability.manage"
    WEEK_PRINT = "week.print"


EVENTS: dict[str, str] = {
    "week_plan.created": "A week plan was created as a draft.",
    "week_plan.verified": "A draft week was verified and waits for publication.",
    "week_plan.returned": "A verified week was returned to draft with a reason.",
    "week_plan.published": "A week was published; its audience sees it.",
    "week_plan.amended": "A published week was changed with a reason.",
    "week_plan.reverted": "A published week was taken back to draft with a reason.",
    "week_plan.edited": "The grid of a draft or verified week was changed.",
    "week_plan.deleted": "A draft week that was never published was deleted.",
    "holiday.sessions_cancelled": "The sessions of a holiday were cancelled in one action.",
    "session_occurrence.created": "A session came into being.",
    "session_occurrence.changed": "A session's time, place, people or content changed.",
    "session_occurrence.cancelled": "A session was cancelled or deleted.",
    "session_occurrence.completed": "A session was held and completed.",
    "availability.declared": "A weekly time was declared unavailable, to be avoided or preferred.",
    "availability.changed": "A declared weekly time was changed.",
    "availability.withdrawn": "A declared weekly time was withdrawn.",
}
