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
