"""What upper apps add to the workflows of academics; filled by `config.wiring`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from maristan.kernel.workflow import Requirement

Found = Mapping[int, Sequence[Requirement]]
# Each answers for a whole set of subjects in a constant number of queries; a subject left out has nothing unmet.
ForStudents = Callable[[Collection[int], int], Found]
ForPeriods = Callable[[Collection[int]], Found]
ForRequests = Callable[[Collection[int], str], Found]
GroupsTaught = Callable[[int], Collection[int]]

_for_enrolment: list[ForStudents] = []
_for_closing: list[ForPeriods] = []
_for_requests: list[ForRequests] = []
_groups_taught: list[GroupsTaught] = []


def register_enrolment_requirement(contribute: ForStudents) -> None:
    """Add conditions of enrolling: (student ids, section id) → requirements of each student."""
    if contribute not in _for_enrolment:
        _for_enrolment.append(contribute)


def register_close_requirement(contribute: ForPeriods) -> None:
    """Add conditions of closing a period: (period ids) → requirements of each period."""
    if contribute not in _for_closing:
        _for_closing.append(contribute)


def register_request_requirement(contribute: ForRequests) -> None:
    """Add conditions of handing in a request: (student ids, code of the type) → requirements of each student."""
    if contribute not in _for_requests:
        _for_requests.append(contribute)


def register_groups_taught(groups_of: GroupsTaught) -> None:
    """Tell which groups a person teaches besides those of sections: (person id) → group ids."""
    if groups_of not in _groups_taught:
        _groups_taught.append(groups_of)


def enrolment_requirements(students: Collection[int], section: int) -> dict[int, list[Requirement]]:
    """What every contributor asks of each student."""
    return _merged(students, (contribute(students, section) for contribute in _for_enrolment))


def close_requirements(periods: Collection[int]) -> dict[int, list[Requirement]]:
    """What every contributor asks of each period."""
    return _merged(periods, (contribute(periods) for contribute in _for_closing))


def request_requirements(students: Collection[int], type_code: str) -> dict[int, list[Requirement]]:
    """What every contributor asks of each student for whom a request of a type is handed in."""
    return _merged(students, (contribute(students, type_code) for contribute in _for_requests))


def groups_taught(person_id: int) -> set[int]:
    """Groups that a person teaches by what upper apps know."""
    return {group for groups_of in _groups_taught for group in groups_of(person_id)}


def _merged(subjects: Collection[int], answers: Iterable[Found]) -> dict[int, list[Requirement]]:
    merged: dict[int, list[Requirement]] = {subject: [] for subject in subjects}
    for answer in answers:
        for subject, requirements in answer.items():
            merged[subject].extend(requirements)
    return merged
