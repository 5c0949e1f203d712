"""What of the syllabus a session teaches."""

from collections.abc import Collection

from maristan.academics.queries import syllabus
from maristan.kernel.access import Actor
from maristan.kernel.errors import Fault, Invalid
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.models import Session, SessionSyllabusItem
from maristan.timetable.queries import sessions


@unjournaled("the line of the session names what it teaches")
def change(*, session: Session, items: Collection[int] | None, by: Actor) -> dict[str, list[list[int]]]:
    """Let a stored session teach these items; None leaves them. Gives the change as a line of the journal has it.

    Raises `Invalid` (`unknown_reference`) naming each item that the actor does not see.
    """
    if items is None:
        return {}
    wanted, before = sorted(set(items)), sessions.items_of(session)
    if wanted == before:
        return {}
    known = set(syllabus.known(wanted, actor=by)) | set(before)
    unknown = [
        Fault(f"/syllabus_items/{at}", "unknown_reference", "There is nothing of that id here.")
        for at, pk in enumerate(items)
        if pk not in known
    ]
    if unknown:
        raise Invalid(unknown)
    SessionSyllabusItem.objects.filter(session=session).exclude(item_id__in=wanted).delete()
    added = [SessionSyllabusItem(session=session, item_id=pk) for pk in wanted if pk not in before]
    SessionSyllabusItem.objects.bulk_create(added)
    return {"syllabus_items": [before, wanted]}
