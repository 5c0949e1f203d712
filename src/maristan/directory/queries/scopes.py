"""Scopes are opaque ids: what keeps them from dangling, since no foreign key does."""

from django.db import connection

from maristan.directory.models import Holiday, Membership
from maristan.directory.queries import contributions


def hold(kind: str, pk: int, *, to_delete: bool = False) -> None:
    """Until the transaction ends nobody deletes the scope, or, `to_delete`, nobody gives anything to it."""
    lock = "pg_advisory_xact_lock" if to_delete else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"directory.scope:{kind}:{pk}"])


def is_here(kind: str, pk: int) -> bool:
    """True when there is such a scope; then nobody deletes it until the transaction ends."""
    hold(kind, pk)
    return pk in contributions.scope_names(kind, [pk])


def uses(kind: str, pk: int) -> dict[str, int]:
    """How many memberships and holidays have the scope, those that have none left out: two queries."""
    counts = {
        "membership": Membership.objects.filter(scope_kind=kind, scope_id=pk).count(),
        "holiday": Holiday.objects.filter(scope_kind=kind, scope_id=pk).count(),
    }
    return {noun: count for noun, count in counts.items() if count}
