"""What a faculty import is compared with: a constant number of queries for a file of any length."""

from collections.abc import Iterable

from maristan.directory.models import ContactInfo, Department, Membership, Person
from maristan.directory.queries import usernames
from maristan.directory.queries.identity import active_on
from maristan.directory.queries.settings import institution
from maristan.directory.rules.imports import (
    DepartmentFinder,
    KnownDepartment,
    KnownFaculty,
    KnownPerson,
    username_stem,
)
from maristan.directory.rules.states import ContactKind
from maristan.kernel import clock
from maristan.kernel.access import Actor


def known(emails: Iterable[str], names: Iterable[str], *, actor: Actor) -> KnownFaculty:
    """Departments, people with one of these addresses (lower case) or teaching somewhere, and usernames in use like
    those of these names.
    """
    here = institution()
    by_email = ContactInfo.objects.filter(kind=ContactKind.EMAIL, value__in=set(emails))
    held = Membership.objects.filter(
        active_on(clock.today(here.time_zone)), role="faculty", scope_kind="department"
    ).values_list("person_id", "scope_id")
    found: dict[int, tuple[list[str], list[int]]] = {}
    for person, email in by_email.values_list("person_id", "value"):
        found.setdefault(person, ([], []))[0].append(email)
    for person, department in held:
        found.setdefault(person, ([], []))[1].append(department or 0)
    people = Person.objects.filter(pk__in=found).values_list("pk", "name", "is_active")
    return KnownFaculty(
        departments=[KnownDepartment(*row) for row in Department.objects.values_list("pk", "name", "parent_id")],
        people=[
            KnownPerson(pk, name, *found[pk], is_active=is_active, is_importer=pk == actor.person_id)
            for pk, name, is_active in people
        ],
        usernames=usernames.in_use(map(username_stem, names)),
        country=here.country,
    )


def some_department() -> str | None:
    """A department's name as a file writes it, by its whole path; none when there is no department."""
    known = [KnownDepartment(*row) for row in Department.objects.values_list("pk", "name", "parent_id")]
    first = min((each.id for each in known), default=None)
    return DepartmentFinder(known).path(first) if first is not None else None
