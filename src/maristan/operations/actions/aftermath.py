"""In the hour after a deployment its report goes on: what fails now is held against it."""

from pathlib import Path

from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import whole_files
from maristan.operations.queries import aftermath as queries
from maristan.operations.rules import aftermath as rules


@unjournaled("a file beside the row, whose figures have lines of their own")
def follow(*, by: Actor) -> bool:
    """Write what happened since the newest deployment to the end of its report; false where there is none."""
    row = queries.newest()
    file = Path(row.report) if row is not None and row.report else None
    if row is None or file is None or not file.is_file():
        return False
    before, after, minutes = queries.hours(row)
    said = rules.told(before, after, minutes=minutes, command=queries.way_back_from(row))
    whole_files.write(file=file, text=rules.appended(file.read_text(encoding="utf-8"), said), by=by)
    return True
