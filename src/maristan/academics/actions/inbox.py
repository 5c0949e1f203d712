"""What waits because of academics: students without an open placement, for whoever places them."""

from collections.abc import Collection

from maristan.academics.queries import unplaced
from maristan.academics.queries.unplaced import Unplaced
from maristan.academics.rules.states import Perm
from maristan.directory.queries import holders
from maristan.directory.queries.settings import local_today
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.work import actions as work

MIRROR = "an inbox item mirrors a cause whose own action writes the line"
KIND, CAUSE = "students_without_placement", "batch"


@unjournaled(MIRROR)
def follow_student(*, line_id: int, by: Actor) -> None:
    """Open or close the items of the batch in which a student stands, and of the one left behind."""
    line = JournalLine.objects.get(pk=line_id)
    left = line.changes.get("batch_id", [])
    _settle({*unplaced.batches_of([int(line.subject_id)]), *(each for each in left if each is not None)}, by)


@unjournaled(MIRROR)
def settle(*, by: Actor) -> None:
    """Bring every item in line with today: a placement may have ended yesterday, whoever wrote its last day."""
    _settle(None, by)


def _settle(batches: Collection[int] | None, by: Actor) -> None:
    items = [_item(each) for each in unplaced.by_batch(day=local_today(), among=batches)]
    work.keep_only(kind=KIND, cause_kind=CAUSE, items=items, among=batches, by=by)


def _item(found: Unplaced) -> work.Waiting:
    return work.Waiting(
        kind=KIND,
        cause_kind=CAUSE,
        cause_id=found.batch,
        audience=holders.keys(Perm.STUDENT_PLACE, program=found.program, batch=found.batch),
        url=f"/academics/students?batch={found.batch}&without_placement=true",
        params={"count": found.count, "batch": found.name, "program": found.program_name},
    )
