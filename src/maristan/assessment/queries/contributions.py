"""What other apps add to the publication of results and the issue of documents, asked once for a set of learners."""

from collections.abc import Callable, Collection, Mapping, Sequence

from maristan.kernel.workflow import Requirement

# (exam, persons) → requirements of each person, in a constant number of queries.
Contribution = Callable[[int, Collection[int]], Mapping[int, Sequence[Requirement]]]
_to_publish: list[Contribution] = []


def register_to_publish(contribution: Contribution) -> None:
    """Add requirements to the publication of results; called by `config.wiring`."""
    if contribution not in _to_publish:
        _to_publish.append(contribution)


def to_publish(exam_id: int, persons: Collection[int]) -> dict[int, tuple[Requirement, ...]]:
    """What is asked of these learners besides the result itself."""
    found: dict[int, tuple[Requirement, ...]] = {}
    for contribution in _to_publish:
        for person, requirements in contribution(exam_id, persons).items():
            found[person] = (*found.get(person, ()), *requirements)
    return found


# (kind of document, persons) → requirements of each person, in a constant number of queries.
ForDocuments = Callable[[str, Collection[int]], Mapping[int, Sequence[Requirement]]]
_to_issue: list[ForDocuments] = []


def register_to_issue(contribution: ForDocuments) -> None:
    """Add requirements to the issue of documents (fees, library); called by `config.wiring`."""
    if contribution not in _to_issue:
        _to_issue.append(contribution)


def to_issue(kind: str, persons: Collection[int]) -> dict[int, tuple[Requirement, ...]]:
    """What is asked of these learners besides what the document itself asks."""
    found: dict[int, tuple[Requirement, ...]] = {}
    for contribution in _to_issue:
        for person, requirements in contribution(kind, persons).items():
            found[person] = (*found.get(person, ()), *requirements)
    return found
