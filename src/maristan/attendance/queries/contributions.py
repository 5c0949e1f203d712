"""What upper apps tell attendance of that for which a list was drawn up; filled by `config.wiring`."""

from collections.abc import Callable

HasIt = Callable[[int], bool]
_published: dict[str, HasIt] = {}
_marked: dict[str, HasIt] = {}


def register_published(owner_kind: str, is_there: HasIt) -> None:
    """Tell whether a result of an owner of lists (such as an exam) is published."""
    _published[owner_kind] = is_there


def register_marked(owner_kind: str, has_marks: HasIt) -> None:
    """Tell whether marks of an owner of lists are entered."""
    _marked[owner_kind] = has_marks


def is_published(owner_kind: str, owner_id: int | None) -> bool:
    """Whether a result of the owner is published; never of one that nobody speaks for."""
    return owner_id is not None and owner_kind in _published and _published[owner_kind](owner_id)


def has_marks(owner_kind: str, owner_id: int | None) -> bool:
    """Whether marks of the owner are entered; never of one that nobody speaks for."""
    return owner_id is not None and owner_kind in _marked and _marked[owner_kind](owner_id)
