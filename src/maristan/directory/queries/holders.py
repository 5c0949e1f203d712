"""Who may do something: the people and the audience keys behind a permission in a scope."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from maristan.directory.models import Department, Membership
from maristan.directory.queries.identity import active_on, role_key
from maristan.kernel.access import Extent, Table

_table: list[Table] = []


def register_table(table: Table) -> None:
    """Tell which role carries which permission, and how far; called once by `config.wiring`."""
    _table[:] = [table]


def people(
    permission: str, *, day: date, program: int | None = None, batch: int | None = None, departments: Iterable[int] = ()
) -> set[int]:
    """Persons whose roles on a day carry a permission over this program, batch or one of these departments.

    Those who hold it only over what is their own are not among them. Two queries at most.
    """
    everywhere, scoped = _roles(permission)
    wanted = Q(role__in=everywhere)
    for kind, pk in _scopes(program, batch, departments):
        wanted |= Q(role__in=scoped, scope_kind=kind, scope_id=pk)
    held = Membership.objects.filter(wanted, active_on(day), person__is_active=True)
    return set(held.values_list("person_id", flat=True))


def nearest(permission: str, *, day: date, program: int | None = None, batch: int | None = None) -> set[int]:
    """Those who carry a permission just for this program or batch; without any, those who carry it everywhere."""
    _, scoped = _roles(permission)
    wanted = Q(pk__in=[])
    for kind, pk in _scopes(program, batch, ()):
        wanted |= Q(role__in=scoped, scope_kind=kind, scope_id=pk)
    held = Membership.objects.filter(wanted, active_on(day), person__is_active=True)
    return set(held.values_list("person_id", flat=True)) or people(permission, day=day, program=program, batch=batch)


def keys(
    permission: str, *, program: int | None = None, batch: int | None = None, departments: Iterable[int] = ()
) -> tuple[str, ...]:
    """Audience keys of whoever holds a permission over this program, batch or one of these departments, now or later.

    One query at most.
    """
    everywhere, scoped = _roles(permission)
    scopes = list(_scopes(program, batch, departments))
    found = [f"role:{role}" for role in everywhere]
    found += [role_key(role, kind, pk) for role in scoped for kind, pk in scopes]
    return tuple(sorted(found))


def roles(permission: str) -> frozenset[str]:
    """Roles that carry a permission, however far."""
    return frozenset(_table[0].get(str(permission), {}))


def in_role(role: str, *, day: date, program: int | None = None, batch: int | None = None) -> set[int]:
    """Persons who hold a role on a day, everywhere or over this program or batch. One query."""
    wanted = Q(pk__in=[])
    for kind, pk in _scopes(program, batch, ()):
        wanted |= Q(role=role, scope_kind=kind, scope_id=pk)
    held = Membership.objects.filter(wanted, active_on(day), person__is_active=True)
    return set(held.values_list("person_id", flat=True))


def keys_in_role(role: str, *, program: int | None = None, batch: int | None = None) -> tuple[str, ...]:
    """Audience keys of whoever holds a role everywhere or over this program or batch, now or later."""
    return tuple(sorted(role_key(role, kind, pk) for kind, pk in _scopes(program, batch, ())))


def _roles(permission: str) -> tuple[list[str], list[str]]:
    """Roles that carry it everywhere, and those that carry it within their scope."""
    extents = _table[0].get(str(permission), {})
    return (
        [role for role, extent in extents.items() if extent is Extent.ALL],
        [role for role, extent in extents.items() if extent is Extent.SCOPE],
    )


def _scopes(program: int | None, batch: int | None, departments: Iterable[int]) -> Iterator[tuple[str, int | None]]:
    yield "institution", None
    if program is not None:
        yield "program", program
    if batch is not None:
        yield "batch", batch
    for pk in _with_above(set(departments)):
        yield "department", pk


def _with_above(departments: set[int]) -> list[int]:
    """These departments and those above them: a role in one reaches everything below it."""
    if not departments:
        return []
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    for start in departments:
        at: int | None = start
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return sorted(found)
