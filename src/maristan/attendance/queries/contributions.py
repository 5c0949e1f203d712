"""What upper apps tell attendance of that for which a list was drawn up; filled by `config.wiring`."""

from collections.abc import Callable, Collection, Iterable

HasIt = Callable[[int], bool]
# (owner ids, whether to lock those owners) → (owner id, person) of whoever has marks, in a constant number of queries.
Marked = Callable[[Collection[int], bool], Collection[tuple[int, int]]]
_published: dict[str, HasIt] = {}
_marked: dict[str, Marked] = {}


def register_published(owner_kind: str, is_there: HasIt) -> None:
    """Tell whether a result of an owner of lists (such as an exam) is published."""
    _published[owner_kind] = is_there


def register_marked(owner_kind: str, marked: Marked) -> None:
    """Tell who has marks of owners of lists."""
    _marked[owner_kind] = marked


def is_published(owner_kind: str, owner_id: int | None) -> bool:
    """Whether a result of the owner is published; never of one that nobody speaks for."""
    return owner_id is not None and owner_kind in _published and _published[owner_kind](owner_id)


def marked(owners: Iterable[tuple[str, int | None]], *, lock: bool = False) -> set[tuple[str, int, int]]:
    """(kind, id, person) of whoever has marks of these owners, each kind asked once.

    With `lock` no marks are entered until the transaction ends. Nobody has any of an owner that nobody speaks for.
    """
    asked: dict[str, set[int]] = {}
    for kind, pk in owners:
        if pk is not None and kind in _marked:
            asked.setdefault(kind, set()).add(pk)
    return {(kind, pk, person) for kind, pks in asked.items() for pk, person in _marked[kind](pks, lock)}
