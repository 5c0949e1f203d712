"""Who decides what somebody else asked for."""

from collections.abc import Iterable

from maristan.directory.queries import holders
from maristan.directory.queries.settings import local_today


def keys(
    permission: str, *, but: int, people: Iterable[int] = (), program: int | None = None, batch: int | None = None
) -> tuple[str, ...]:
    """Audience keys of these people and of whoever holds a permission, except for who asked (`but`).

    Keys of roles follow who comes and goes; where who asked holds such a role, they are those of the others today.
    """
    held = holders.people(permission, day=local_today(), program=program, batch=batch)
    found = {f"person:{each}" for each in {*people} - {but}}
    if but in held:
        return tuple(sorted(found | {f"person:{each}" for each in held - {but}}))
    return tuple(sorted(found | set(holders.keys(permission, program=program, batch=batch))))


def nearest(permission: str, *, but: int, program: int | None = None, batch: int | None = None) -> set[int]:
    """Those whose business it is today before that of everybody who may, except for who asked."""
    return holders.nearest(permission, day=local_today(), program=program, batch=batch) - {but}
