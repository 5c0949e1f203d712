"""Where a verification gets its evidence: from whoever knows settings, routes and registries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Gather = Callable[[Mapping[str, Any], bool, Sequence[str]], dict[str, Any]]
_source: list[Gather] = []


def register(source: Gather) -> None:
    """Name the one who gathers."""
    _source[:] = [source]


def gather(manifest: Mapping[str, Any], quick: bool, expect: Sequence[str]) -> dict[str, Any]:
    """Everything that a verification says of a manifest; `expect` names capabilities that were promised."""
    return _source[0](manifest, quick, expect)
