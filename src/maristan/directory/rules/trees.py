"""Departments and places are trees: nothing is its own ancestor, and a department is at most six deep."""

from collections.abc import Iterator, Mapping

from maristan.kernel.errors import Fault

DEPARTMENT_DEPTH = 6
PLACE_DEPTH = 6


def ancestors(node: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    """The parent, its parent and so on; stops where a cycle would begin."""
    seen = {node}
    above = parents.get(node)
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        above = parents.get(above)


def subtree(node: int, parents: Mapping[int, int | None]) -> dict[int, int]:
    """The node and all below it, each with its depth below the node (the node itself 0)."""
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    depths = {node: 0}
    waiting = [node]
    while waiting:
        above = waiting.pop()
        for child in children.get(above, ()):
            if child not in depths:
                depths[child] = depths[above] + 1
                waiting.append(child)
    return depths


def parent_faults(
    node: int | None, parent: int | None, parents: Mapping[int, int | None], *, max_depth: int | None = None
) -> list[Fault]:
    """What is wrong with hanging `node` (None for one not yet saved) under `parent`: `cycle` or `too_deep`.

    `parents` has every node of the institution with its present parent; a root has depth 1.
    """
    below = subtree(node, parents) if node is not None else {}
    if parent is not None and parent in below:
        return [Fault("/parent", "cycle", "It would become its own ancestor.")]
    above = 0 if parent is None else 1 + sum(1 for _ in ancestors(parent, parents))
    if max_depth is not None and above + 1 + max(below.values(), default=0) > max_depth:
        return [Fault("/parent", "too_deep", f"At most {max_depth} levels are allowed.")]
    return []
