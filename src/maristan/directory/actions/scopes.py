"""The deletion of what roles and holidays may be scoped to: a department, a program, a batch."""

from django.db import models, transaction

from maristan.directory.queries import scopes as queries
from maristan.kernel import rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.unjournaled import unjournaled


@unjournaled("its caller writes the line")
@transaction.atomic
def delete(*, row: models.Model, kind: str, by: Actor) -> None:
    """Delete a scope that nothing refers to; its caller has locked it and asked for its own permission.

    Raises `NotNow` (`PROTECTED_DELETE`) with counts of what refers to it, memberships and holidays among them.
    """
    queries.hold(kind, row.pk, to_delete=True)
    counts = queries.uses(kind, row.pk)
    try:
        with transaction.atomic():
            rows.delete(row)
            if counts:
                raise NotNow("PROTECTED_DELETE", "Something refers to it.", counts={})
    except NotNow as refusal:
        raise NotNow(refusal.code, refusal.detail, counts={**refusal.extra["counts"], **counts}) from refusal
