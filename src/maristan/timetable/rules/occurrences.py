"""What the journal says of a session that comes into being, changes or is cancelled; the same for every session."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.publication import ExistingSession, PublicationDiff, SessionChange
from maristan.timetable.rules.states import SessionStatus

CREATED = "session_occurrence.created"
CHANGED = "session_occurrence.changed"
CANCELLED = "session_occurrence.cancelled"
PART_OF = "part_of"
# What happens to a session when attendance is recorded: nobody plans or comes otherwise because of it.
HELD = frozenset({"attendance_recorded_at", "status", "version"})


def created(content: Content, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """When, where, by whom, to whom and what is taught, each as `[None, new]`."""
    return {
        "starts_at": [None, starts_at],
        "ends_at": [None, ends_at],
        **{
            name: [None, getattr(content, name)] for name in ("room", "faculty", "groups", "section", "course", "topic")
        },
    }


def changed(change: SessionChange) -> dict[str, Any]:
    """The fields that differ as `[old, new]`; a session that stands again has its `status` among them."""
    found: dict[str, Any] = {each.field: [each.old, each.new] for each in change.changes}
    return found if change.existing.is_live else found | {"status": [SessionStatus.CANCELLED, SessionStatus.SCHEDULED]}


def cancelled(before: SessionStatus) -> dict[str, Any]:
    """The `status` that it had, and that it has now."""
    return {"status": [before, SessionStatus.CANCELLED]}


def renumbered(changes: Mapping[str, Any], before: int) -> dict[str, Any]:
    """The same with the version that followed `before`."""
    return {**changes, "version": [before, before + 1]}


def of_publication(
    diff: PublicationDiff, made: Sequence[int], versions: Mapping[int, int], week_plan: int
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(kind, session, changes) of each session that a publication writes; `made` holds the ids of `diff.create`.

    `part_of` names the week: its own line is the one that people hear of.
    """
    part = {PART_OF: {"week_plan": week_plan}}
    for pk, new in zip(made, diff.create, strict=True):
        yield CREATED, pk, created(new.content, new.starts_at, new.ends_at) | part
    rewritten: list[tuple[str, ExistingSession, dict[str, Any]]] = [
        *((CHANGED, each.existing, changed(each)) for each in (*diff.update, *diff.revive)),
        *((CANCELLED, each, cancelled(each.status)) for each in diff.cancel),
    ]
    for kind, old, changes in rewritten:
        yield kind, old.session, renumbered(changes, versions[old.session]) | part


def stands_alone(changes: Mapping[str, Any]) -> bool:
    """Whether a line is no part of a greater one (a week's, a holiday's) that tells people and settles what waits."""
    return PART_OF not in changes


def concerns_people(kind: str, changes: Mapping[str, Any]) -> bool:
    """Whether a line of a kind stands alone and, of a changed session, says more than that it was held."""
    is_held = changes.keys() <= HELD and SessionStatus.CANCELLED not in changes.get("status", ())
    return stands_alone(changes) and not (kind == CHANGED and is_held)
