"""Writes of departments."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.directory.actions import scopes
from maristan.directory.models import Department, Person
from maristan.directory.queries import places
from maristan.directory.queries.trees import parents_to_change
from maristan.directory.rules.states import DepartmentKind, Perm, ScopeKind
from maristan.directory.rules.trees import DEPARTMENT_DEPTH, parent_faults
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow

TAKEN = {
    "directory_department_name_once": NotNow("name_taken", "A department of that name stands here already."),
    "directory_department_code_once": NotNow("code_taken", "A department of that code stands here already."),
    "directory_department_tree": Invalid.at("/parent", "cycle", "It would become its own ancestor."),
}


def _fields(values: Mapping[str, Any], pk: int | None) -> dict[str, Any]:
    """Wire names to columns, with references resolved; raises `Invalid` for unknown ones and for cycles."""
    found = dict(values)
    if "parent" in found:
        rows.reference(Department.objects.all(), found["parent"], "/parent")
        faults = parent_faults(pk, found["parent"], parents_to_change(Department), max_depth=DEPARTMENT_DEPTH)
        if faults:
            raise Invalid(faults)
        found["parent_id"] = found.pop("parent")
    if "head" in found:
        rows.reference(Person.objects.all(), found["head"], "/head")
        found["head_id"] = found.pop("head")
    return found


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Department:
    """Enter a department. Raises `Invalid` for its shape, `NotNow` (`name_taken`, `code_taken`)."""
    by.demand(Perm.DEPARTMENT_MANAGE)
    department = Department(**{"kind": DepartmentKind.DEPARTMENT, **_fields(values, None)})
    with rows.refusing(**TAKEN):
        department.save()
    journal.record(
        "department.created", ("department", department.pk), by=by, changes={"name": [None, department.name]}
    )
    return department


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Department:
    """Change a department. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow`."""
    department = rows.one(places.departments(actor=by), pk, lock=True)
    by.demand(Perm.DEPARTMENT_MANAGE)
    rows.must_match(department, version, ("department", pk))
    changes = rows.change(department, _fields(values, pk))
    if changes:
        with rows.refusing(**TAKEN):
            rows.save_changes(department, changes)
        journal.record("department.updated", ("department", pk), by=by, changes=changes)
    return department


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a department that nothing refers to.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`).
    """
    department = rows.one(places.departments(actor=by), pk, lock=True)
    by.demand(Perm.DEPARTMENT_MANAGE)
    rows.must_match(department, version, ("department", pk), required=False)
    scopes.delete(row=department, kind=ScopeKind.DEPARTMENT, by=by)
    journal.record("department.deleted", ("department", pk), by=by, changes={"name": [department.name, None]})
