"""What runs of the smoke test left behind."""

from maristan.operations.queries import journal
from maristan.operations.rules.states import SMOKE_RUN


def institution_of_runs() -> int | None:
    """The id under which all runs leave the lines of their journal, also while there is no such institution."""
    last = journal.last_of_the_platform(SMOKE_RUN)
    return last.changes.get("institution") if last else None
