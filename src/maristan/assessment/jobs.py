"""Jobs of assessment: exams that begin, and results whose time has come."""

from maristan.assessment.actions import exam_moves, inbox, result_moves
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic


@periodic("assessment.start_marking", "* * * * *")
def start_marking() -> None:
    """Let the exams that have begun be marked."""
    exam_moves.start_due(by=platform(tenancy.current()))


@periodic("assessment.publish_due", "* * * * *")
def publish_due() -> None:
    """Publish what is verified where its time has come."""
    result_moves.publish_due(by=platform(tenancy.current()))


@periodic("assessment.settle_inbox", "27 * * * *")
def settle_inbox() -> None:
    """Bring what waits because of exams in line with how they stand."""
    inbox.settle(by=platform(tenancy.current()))
