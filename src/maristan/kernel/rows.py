"""What every action does with a row: find it, compare its version, change it, and name what refuses."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError

from maristan.kernel import journal
from maristan.kernel.errors import Invalid, NotFound, NotNow, Refusal, Stale, VersionRequired

M = TypeVar("M", bound=models.Model)


def one(rows: "QuerySet[M]", pk: int, *, lock: bool = False) -> M:
    """The row of that id among visible ones, locked for this transaction if asked; raises `NotFound`."""
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def reference(rows: "QuerySet[M]", pk: int | None, pointer: str) -> M | None:
    """The row that a body refers to, or none for none; raises `Invalid` (`unknown_reference`) at `pointer`."""
    if pk is None:
        return None
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Invalid.unknown(pointer)
    return found


def references(rows: "QuerySet[M]", pks: Iterable[int], pointer: str) -> dict[int, M]:
    """The rows that a list in a body refers to, by id: one query.

    Raises `Invalid` (`unknown_reference`) at `pointer/<position>` for the first unknown one.
    """
    wanted = list(pks)
    found = {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}
    for position, pk in enumerate(wanted):
        if pk not in found:
            raise Invalid.unknown(f"{pointer}/{position}")
    return found


def must_match(row: models.Model, version: int | None, subject: tuple[str, Any], *, required: bool = True) -> None:
    """Raise `Stale`, naming what changed since, unless the writer has seen the row's version.

    Raises `VersionRequired` when none was named, unless `required` is false (a move that overwrites nothing).
    """
    present: int = row.version  # type: ignore[attr-defined]
    if version is None and required:
        raise VersionRequired(detail="Name the version that you have seen, by If-Match or version.")
    if version is not None and version != present:
        raise Stale(
            detail=f"You have seen version {version}; it is now {present}.",
            version=present,
            differing=journal.changed_since(subject, version),
        )


def change(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set what differs on the row and give field → [old, new]; nothing is saved."""
    changes = {}
    for field, value in values.items():
        old = getattr(row, field)
        if old != value:
            changes[field] = [old, value]
            setattr(row, field, value)
    return changes


def save_changes(row: models.Model, changes: dict[str, list[Any]]) -> None:
    """Save the changed fields as the next version; notes the version among the changes."""
    before: int = row.version  # type: ignore[attr-defined]
    row.version = before + 1  # type: ignore[attr-defined]
    row.save(update_fields=[*changes, "version", "updated_at"])
    changes["version"] = [before, before + 1]


@contextmanager
def refusing(**by_constraint: Refusal) -> Iterator[None]:
    """Turn a violation of a named constraint into its refusal; the statement's effects are undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = by_constraint.get(violated(error))
        if refusal is None:
            raise
        raise refusal from error


def violated(error: IntegrityError) -> str:
    """The name of the constraint that a statement violated, or nothing."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def delete(row: models.Model) -> None:
    """Delete what nothing refers to; raises `NotNow` (`PROTECTED_DELETE`) with counts of what does, per kind."""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError) as error:
        found = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
        counts: dict[str, int] = {}
        for each in found:
            counts[each._meta.model_name or ""] = counts.get(each._meta.model_name or "", 0) + 1
        raise NotNow("PROTECTED_DELETE", "Something refers to it.", counts=counts) from error


def tree(found: Iterable[Any]) -> dict[str, Any]:
    """Rows with `parent_id` as one page of roots, each with those `below` it; without its parent a row is a root."""
    nodes = {row.pk: row for row in found}
    for node in nodes.values():
        node.below = []
    roots: list[Any] = []
    for node in nodes.values():
        parent = nodes.get(node.parent_id)
        (roots if parent is None else parent.below).append(node)
    return {"count": len(nodes), "next": None, "previous": None, "results": roots}
